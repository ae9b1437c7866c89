"""`hipdrive team estimate` and `hipdrive plan --team`: what many athletes tell together."""

from __future__ import annotations

from datetime import UTC, datetime

from rich.console import Console

from hipdrive.cli.console import COMMON, DONE, Common
from hipdrive.night.calendar import local_date
from hipdrive.night.team import declare_team, estimate_team
from hipdrive.report import words
from hipdrive.report.folders import write_team_page
from hipdrive.report.habits import written_for
from hipdrive.report.team import draw_team_page, team_sentences
from hipdrive.settings import Home


def estimate(*, common: Common = COMMON) -> int:
    """Pool what the last nights found of each athlete: the mean, how far runners lie apart, who was left out."""
    home = Home(common.folder)
    found = estimate_team(home, datetime.now(UTC))
    tonight = local_date(home.settings, home.settings.first_athlete, datetime.now(UTC))
    with written_for(home.settings.habits_of(home.settings.first_athlete)):
        drawn = draw_team_page(found.effect, found.pooled, found.left_out, found.starts, found.members, tonight)
        page = write_team_page(drawn, home.reports)
    console = _console()
    for one in found.members:
        if one.attention:
            console.print(f"{one.athlete}: {'; '.join(one.attention)}")
    with written_for(home.settings.habits_of(home.settings.first_athlete)):
        sentences = team_sentences(found.effect, found.pooled, found.left_out)
    for sentence in sentences:
        console.print(sentence)
    console.print(f"The page: {page}")
    return DONE


def show_starts(home: Home) -> None:
    """Draw the order in which athletes take up the programme, keep it, and tell it."""
    starts = declare_team(home, datetime.now(UTC))
    console = _console()
    console.print(f"Drawn by lot with seed {starts['seed'][0]}, kept, and never changed:")
    with written_for(home.settings.habits_of(home.settings.first_athlete)):
        for row in starts.sort("place").iter_rows(named=True):
            console.print(
                f"  {row['place']:>2}  {row['athlete_id']}: the programme from {words.day(row['start_date'])}"
            )
    console.print("Before their start nobody does hip-extension work; all else goes on as before.")


def _console() -> Console:
    return Console(soft_wrap=True, highlight=False, markup=False)
