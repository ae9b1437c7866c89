"""The second declared outcome in one sentence, apart from the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hipdrive.estimate.rows import WIDEST_TOLD
from hipdrive.report import words

if TYPE_CHECKING:
    from hipdrive.estimate import Effect

_WHAT = "Late in long runs (minutes 60 to 100 against 10 to 40 of runs of 75 minutes or more)"


def late_sentence(late: Effect | None) -> str:
    """What full weeks of the programme go with late in long runs; empty without a long run."""
    if late is None:
        return ""
    found = late.sustained
    half = found.half_width
    is_told = late.verdict != "cannot_be_estimated" and half is not None and half <= WIDEST_TOLD
    if not is_told or found.estimate is None or found.lo is None or found.hi is None:
        return f"{_WHAT}: {words.count(late.runs, 'such run')} so far, too few or too even to compare."
    ends = f"{words.faster_or_slower(found.lo)} to {words.faster_or_slower(found.hi)}"
    return (
        f"{_WHAT} the full programme goes with a speed at the same heart rate {words.faster_or_slower(found.estimate)} "
        f"({ends}), over {words.count(late.runs, 'such run')}. Declared beforehand beside the main measure, without "
        "a say in the verdict."
    )
