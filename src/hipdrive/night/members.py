"""An athlete's row of the team's list: kept beside their tables by the night that drew their page, or made of tables.

So a list of thousands is put together without gathering everybody anew, and nobody is missing from it of whom no night
of this version has drawn a page: whose tables came from a single home, and who has no file yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from hipdrive.estimate.readiness import measure_readiness
from hipdrive.estimate.speed_path import follow_speed
from hipdrive.night.answers import kept_answers
from hipdrive.night.kept import from_text, to_text
from hipdrive.report import Member, describe_member
from hipdrive.settings import Home
from hipdrive.tables.questions import UnknownName
from hipdrive.tables.run_history import EfficiencySlope, Run
from hipdrive.tables.strength import LogSpan
from hipdrive.tables.weeks import Week
from hipdrive.warehouse import StoredTables

_MEMBER = "member.json"


def keep_members(shard: Home, members: Sequence[Member]) -> None:
    """Let an athlete's row lie beside their tables."""
    half = shard.data / f"{_MEMBER}.next"
    half.write_text(to_text(tuple(members)), encoding="utf-8")
    half.replace(shard.data / _MEMBER)


def kept_member(shard: Home) -> Member | None:
    """The row that was kept; None where there is none that this version can read."""
    try:
        (found,) = from_text((shard.data / _MEMBER).read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError):
        return None
    return found if isinstance(found, Member) else None


def make_member(tables: StoredTables, athlete: str, tonight: date) -> Member:
    """The row of a few tables and of what the last night answered; who has nothing yet has one that says so."""
    answers = kept_answers(tables, athlete)
    weeks, runs = tables.read("weeks", Week, athlete), tables.read("runs", Run, athlete)
    effect = None if answers is None else answers.effect
    stands = None if answers is None else answers.look or answers.effect
    return describe_member(
        athlete,
        tonight,
        weeks=weeks,
        runs=runs,
        log_span=tables.read("log_spans", LogSpan, athlete),
        path=follow_speed(runs, tables.read("efficiency_slopes", EfficiencySlope, athlete), tonight),
        readiness=measure_readiness(weeks, effect.decision.facts if effect else None, tonight),
        verdict=stands.verdict if stands else None,
        unknown_sets=int(tables.read("unknown_names", UnknownName, athlete)["sets"].sum()),
    )
