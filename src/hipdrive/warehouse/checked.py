"""The checks of the data (`checks/*.sql`): which rows should not be there, named so that a person finds them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files
from typing import Self

import duckdb

MOST_NAMED = 5  # rows of one check that a sentence names
_CHECKS = files("hipdrive.warehouse") / "checks"


@dataclass(frozen=True)
class OddRow:
    """One row that should not be there.

    Attributes:
        named: its keys and figures in words.
        athlete_id: whose it is; None where it is nobody's.
        source_id: the file that its activity was read from; None for a row that is of no activity.
        local_date: its day, where it has one.
        is_left_out: whether it is a run that no estimate uses.
    """

    named: str
    athlete_id: str | None = None
    source_id: str | None = None
    local_date: date | None = None
    is_left_out: bool = False


@dataclass(frozen=True)
class CheckResult:
    """One check of the data, and the rows that it found."""

    name: str
    is_severe: bool
    sentence: str
    found: tuple[OddRow, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows should not be there."""
        return len(self.found)

    @property
    def rows_in_words(self) -> str:
        """How many rows, and which: the first few by name."""
        more = self.rows - MOST_NAMED
        named = "; ".join(row.named for row in self.found[:MOST_NAMED]) + (f"; and {more} more" if more > 0 else "")
        return f"{self.rows} {'row does' if self.rows == 1 else 'rows do'} not ({named})"

    @property
    def in_words(self) -> str:
        """What was found, in one sentence."""
        return f"{self.sentence}: {self.rows_in_words if self.found else 'so it is'}"

    def only(self, wanted: Callable[[OddRow], bool]) -> Self:
        """The same check with some of its rows."""
        return replace(self, found=tuple(filter(wanted, self.found)))


def run_check(connection: duckdb.DuckDBPyConnection, name: str) -> CheckResult:
    """What a check finds in the tables of a connection, by day and name."""
    query = (_CHECKS / f"{name}.sql").read_text(encoding="utf-8")
    severity, sentence = query.splitlines()[0].removeprefix("-- ").split(": ", 1)
    answer = connection.execute(query)
    columns = [column[0] for column in answer.description or ()]
    rows = [dict(zip(columns, row, strict=True)) for row in answer.fetchall()]
    origins = _origins(connection, [row["activity_id"] for row in rows if "activity_id" in row])
    found = [_odd_row(row, origins) for row in rows]
    in_order = sorted(found, key=lambda row: (row.local_date or date.min, row.named))
    return CheckResult(name, severity == "fail", sentence, tuple(in_order))


def check_names() -> list[str]:
    """Every check there is, in the order of their names."""
    return sorted(file.name.removesuffix(".sql") for file in _CHECKS.iterdir() if file.name.endswith(".sql"))


def _odd_row(row: dict[str, object], origins: dict[object, tuple[str, str]]) -> OddRow:
    athlete, source = origins.get(row.get("activity_id"), (None, None))
    told = row if athlete is None else {"athlete_id": athlete, **row}
    day = row.get("local_date")
    return OddRow(
        named=", ".join(f"{name} {_figure(value)}" for name, value in told.items() if value is not None),
        athlete_id=None if told.get("athlete_id") is None else str(told["athlete_id"]),
        source_id=source,
        local_date=day if isinstance(day, date) else None,
        is_left_out=row.get("unusable_reason") is not None,
    )


def _origins(connection: duckdb.DuckDBPyConnection, activities: Sequence[object]) -> dict[object, tuple[str, str]]:
    """Of activities: whose each is, and the file it was read from."""
    if not activities:
        return {}
    query = "SELECT activity_id, athlete_id, source_id FROM activities WHERE list_contains($wanted, activity_id)"
    found = connection.execute(query, {"wanted": list(activities)}).fetchall()
    return {activity: (athlete, source) for activity, athlete, source in found}


def _figure(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
