"""The commands with which the runner writes something down: sets, a line of the diary, what a name stands for."""

from __future__ import annotations

from hipdrive.cli import writing
from hipdrive.cli.console import COMMON, DONE, Common, whose
from hipdrive.settings import Home


def log(
    what: str,
    *amounts: str,
    on: str | None = None,
    sets: int = 1,
    rpe: float | None = None,
    side: str | None = None,
    notes: str | None = None,
    athlete: str | None = None,
    common: Common = COMMON,
) -> int:
    """Write into your own log what you did: an exercise and its sets, `programme`, or `none` for no strength work.

    Args:
        what: An exercise, `programme` for the article's five, or `none`.
        amounts: Sets like 3x8@60, 2x15, 30s or 50m; with `none`, the first and the last day.
        on: The day, like 2026-03-01; today by default.
        sets: Of each item of the programme.
        rpe: How hard it was, 1 to 10.
        side: left or right, where only one was done.
        notes: A note to remember.
        athlete: Whose; by default the first athlete of the settings.
    """
    home = Home(common.folder)
    who = whose(home, athlete, "log")
    writing.log(home, what, amounts, athlete=who, on=on, sets=sets, rpe=rpe, side=side, notes=notes)
    return DONE


def note(
    kind: str, day: str | None = None, text: str | None = None, *, athlete: str | None = None, common: Common = COMMON
) -> int:
    """Write a line into your diary: illness, injury, race, shoes, resting_heart_rate or note.

    Args:
        kind: One of these words.
        day: Like 2026-03-01; today by default.
        text: What to say; of resting_heart_rate the beats a minute.
        athlete: Whose; by default the first athlete of the settings.
    """
    home = Home(common.folder)
    writing.note(home, kind, day, text, whose(home, athlete, "note"))
    return DONE


def alias(name: str, exercise: str, *, common: Common = COMMON) -> int:
    """Say which exercise a name in your log stands for, once and for all years.

    Args:
        name: As your log writes it.
        exercise: A key of the catalogue; `hipdrive exercises` lists them.
    """
    writing.alias(Home(common.folder), name, exercise)
    return DONE
