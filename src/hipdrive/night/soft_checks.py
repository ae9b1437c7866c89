"""Which findings of the soft checks need a person, and which are only told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from hipdrive.warehouse import CheckResult, OddRow

# Of a newer run one knows what happened, and a watch that tells nonsense can be put right [a choice].
REMEMBERED_DAYS = 28


def needs_a_person(row: OddRow, known: frozenset[str], tonight: date) -> bool:
    """Whether a person can settle what a check found, and was not told of it by an earlier night.

    A line of the diary can be put right whenever. A run is for a person only while it is new: first read tonight,
    run lately, and used by an estimate.

    Args:
        row: what was found.
        known: `source_id` of what earlier nights have read.
        tonight: the athlete's date.
    """
    if row.source_id is None:
        return True
    is_new = row.source_id not in known and not row.is_left_out
    return is_new and row.local_date is not None and row.local_date > tonight - timedelta(days=REMEMBERED_DAYS)


def sort_out(checks: Sequence[CheckResult], is_for_a_person: Callable[[OddRow], bool]) -> tuple[list[str], list[str]]:
    """What the checks found, in words: what needs a person, and what is only told."""
    warnings = [check.only(is_for_a_person) for check in checks]
    notes = [check.only(lambda row: not is_for_a_person(row)) for check in checks]
    return [check.in_words for check in warnings if check.found], [check.in_words for check in notes if check.found]
