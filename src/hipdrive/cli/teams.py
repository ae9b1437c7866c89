"""`hipdrive team nightly | estimate` and `hipdrive plan --team`: many athletes' nights, and what they tell together."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from importlib.util import find_spec

from rich.console import Console

from hipdrive.cli.console import COMMON, DONE, NEEDS_A_PERSON, Common
from hipdrive.errors import MissingEngine, WrongUse
from hipdrive.night.calendar import local_date
from hipdrive.night.team import declare_team, estimate_team
from hipdrive.report import words
from hipdrive.report.folders import write_team_page
from hipdrive.report.habits import written_for
from hipdrive.report.team import draw_team_page, team_sentences
from hipdrive.settings import Home

_ANSWERS_WITHIN_S = 5


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


def nightly(*, common: Common = COMMON) -> int:
    """One night of all athletes who have news, on the engine of the settings: here, or on Dask's workers."""
    from hipdrive.cli import nights
    from hipdrive.cli.server import own_server, use_prefect

    home = Home(common.folder)
    if home.settings.engine.kind == "here" or not home.is_team:
        return nights.nightly(common=common)
    if find_spec("prefect_dask") is None:
        raise WrongUse("team", "the engine of the settings is dask, which is not here", "pip install 'hipdrive[team]'")
    if home.settings.engine.address is not None:
        _must_answer(home.settings.engine.address)
    use_prefect(home.folder, common)
    with own_server(home):
        # Prefect reads its settings when it is imported: after the server has its address.
        from hipdrive.flows.team import cluster, team_night

        with cluster(home) as client:
            night = team_night(home, client)
    nights.tell_night(night)
    _console().print(night.sentence)
    _console().print(str(home.newest_page))
    return NEEDS_A_PERSON if night.needs_a_person else DONE


def _must_answer(address: str) -> None:
    """Ask for a scheduler before anything is started for it.

    Raises:
        MissingEngine: nobody listens there.
    """
    host, _, port = address.rpartition("://")[2].rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=_ANSWERS_WITHIN_S).close()
    except OSError as error:
        raise MissingEngine(address, error.strerror or "nobody answers") from None


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
    console.print("Before their start nobody does hip-extension work; everything else goes on as before.")


def _console() -> Console:
    return Console(soft_wrap=True, highlight=False, markup=False)
