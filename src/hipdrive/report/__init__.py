"""The report room: tables in, one offline page out. Human units, plain words and pictures begin here."""

from hipdrive.report.card import draw_card
from hipdrive.report.findings import OPENED_RUNS, Findings, Planted
from hipdrive.report.folders import (
    StagedReport,
    forget_pages,
    publish_pages,
    stage_report,
    write_page,
    write_team_page,
)
from hipdrive.report.habits import written_for
from hipdrive.report.headlines import one_line
from hipdrive.report.members import Member, describe_member, member_of
from hipdrive.report.page import draw_page

__all__ = [
    "OPENED_RUNS",
    "Findings",
    "Member",
    "Planted",
    "StagedReport",
    "describe_member",
    "draw_card",
    "draw_page",
    "forget_pages",
    "member_of",
    "one_line",
    "publish_pages",
    "stage_report",
    "write_page",
    "write_team_page",
    "written_for",
]
