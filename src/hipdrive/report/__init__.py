"""The report room: tables in, one offline page out. Human units, plain words and pictures begin here."""

from hipdrive.report.findings import OPENED_RUNS, Findings, Planted
from hipdrive.report.folders import StagedReport, forget_pages, stage_report, write_page
from hipdrive.report.leads import one_line
from hipdrive.report.page import draw_page

__all__ = [
    "OPENED_RUNS",
    "Findings",
    "Planted",
    "StagedReport",
    "draw_page",
    "forget_pages",
    "one_line",
    "stage_report",
    "write_page",
]
