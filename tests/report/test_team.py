from __future__ import annotations

from dataclasses import replace
from datetime import date

from hipdrive.estimate.team import LeftOut
from hipdrive.report.lists import MOST_ROWS
from hipdrive.report.members import Member
from hipdrive.report.team import draw_team_night, why_left_out
from hipdrive.tables.teams import LEFT_OUT


def test_every_reason_to_be_left_out_has_words() -> None:
    said = [why_left_out(LeftOut("a", reason, 3)) for reason in LEFT_OUT]
    assert len(set(said)) == len(LEFT_OUT)
    assert why_left_out(LeftOut("a", "few_weeks", 20)) == "20 weeks of known dose; it takes 26"


def test_a_team_of_thousands_has_a_row_for_the_first_of_them_and_a_link_for_each() -> None:
    names = [f"runner-{number:04d}" for number in range(3_000)]
    members = [Member(one, None, "5:10", is_old=False, dose="1.0", state="not yet", attention=()) for one in names]
    members[2_500] = replace(members[2_500], attention=("no run for a month",))
    page = draw_team_night(members, date(2026, 11, 29), names)
    assert page.count('<th scope="row">') == MOST_ROWS
    assert page.index("runner-2500") < page.index("runner-0000")
    assert all(page.count(f'href="{one}/index.html"') == 1 for one in names)
    assert f"{3_000 - MOST_ROWS} more" in page
    few = draw_team_night(members[:MOST_ROWS], date(2026, 11, 29), names)
    assert "<details>" not in few
