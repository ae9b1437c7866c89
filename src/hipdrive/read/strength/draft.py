"""A table's columns → a raw strength log: each cell is read once, each row that cannot be is listed with its cause."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import dataframely as dy
import polars as pl

from hipdrive.errors import UnknownColumn
from hipdrive.read.strength.cells import Load, parse_distance, parse_load
from hipdrive.read.strength.delimited import Table
from hipdrive.read.strength.headings import heading
from hipdrive.read.strength.moments import Moment, date_order, parse_moments
from hipdrive.read.strength.raw import RawStrength
from hipdrive.read.strength.units import Quantity, unit_in_header, unit_of
from hipdrive.read.strength.values import YES, grouping_mark, parse_duration_s, parse_number, ungrouped
from hipdrive.tables.strength import RawStrengthSet, RejectedRow

SETS_A_ROW_MAX = 50
RPE_OF_FAILURE = 10.0  # no repetition in reserve
_CLOCK_IN_UTC = pl.Datetime("us", "UTC")


class Draft:
    """Reads a table's columns by the names an app gives them.

    Args:
        table: the rows as text.
        names: what a column is → the names it has in headers, without case, accents and punctuation.
    """

    def __init__(self, table: Table, names: Mapping[str, Sequence[str]]) -> None:
        self.table = table
        self.remarks: list[str] = []
        self._bad: dict[int, str] = {}
        column_of = {heading(column): column for column in reversed(table.header)}
        self._column = {
            meaning: column_of[heading(name)]
            for meaning, spellings in names.items()
            for name in reversed(spellings)
            if heading(name) in column_of
        }

    def has(self, meaning: str) -> bool:
        """Whether the table has such a column."""
        return meaning in self._column

    def header_of(self, meaning: str) -> str:
        """The column's name as the header writes it."""
        return self._column[meaning]

    def require(self, *meanings: str) -> None:
        """Refuse a table that lacks one of these columns.

        Raises:
            UnknownColumn: it does.
        """
        for meaning in meanings:
            if not self.has(meaning):
                raise UnknownColumn(self.table.path, meaning, self.table.header)

    def text(self, meaning: str) -> pl.Series:
        """A column as text, all null where the table has none."""
        if not self.has(meaning):
            return pl.repeat(None, self.table.frame.height, dtype=pl.String, eager=True)
        return self.table.frame[self._column[meaning]]

    def number(self, meaning: str) -> pl.Series:
        """A column as numbers; a row with a text that is none is listed as bad."""
        return self.numbers_of(meaning, self.text(meaning))

    def numbers_of(self, meaning: str, texts: pl.Series) -> pl.Series:
        """The same from texts that the reader took apart."""
        return self._parse(meaning, texts, parse_number, "number")

    def rating(self, rpe: str, in_reserve: str | None = None) -> pl.Series:
        """A rating of effort, also from repetitions in reserve; what cannot be read is null and said, its set kept."""
        ratings = self._read(rpe, self.text(rpe), parse_number)
        if in_reserve is None:
            return ratings
        return ratings.fill_null(RPE_OF_FAILURE - self._read(in_reserve, self.text(in_reserve), parse_number))

    def truth(self, meaning: str) -> pl.Series:
        """A column of yes and no; blank, unknown and missing are no."""
        return self.text(meaning).str.to_lowercase().is_in(YES).fill_null(value=False)

    def seconds(self, meaning: str) -> pl.Series:
        """A column as durations in seconds; a row with a text that is none is listed as bad."""
        return self.durations_of(meaning, self.text(meaning))

    def length(self, meaning: str) -> pl.Series:
        """How long the workout took, in seconds; what cannot be read is null and said, its set kept."""
        return self._read(meaning, self.text(meaning), parse_duration_s)

    def durations_of(self, meaning: str, texts: pl.Series) -> pl.Series:
        """The same from texts that the reader took apart."""
        return self._parse(meaning, texts, parse_duration_s, "duration")

    def count(self, meaning: str) -> pl.Series | None:
        """How many sets a row stands for, or null where the table has no such column; impossible counts are listed."""
        if not self.has(meaning):
            return None
        counts = self.number(meaning).fill_null(1.0)
        impossible = ~counts.is_between(1, SETS_A_ROW_MAX) | (counts != counts.round(0))
        self.refuse_where(impossible, f"a row cannot stand for so many {meaning}")
        return counts.set(impossible, 1.0).cast(pl.Int64)

    def measured(
        self, kind: Quantity, columns: Mapping[str | None, str], *, unit_column: str = "", otherwise: str | None = None
    ) -> tuple[pl.Series, pl.Series]:
        """A weight or distance and its unit, as the cell states it, else a column of units, else the header.

        A unit of another quantity beside a number makes the row bad; beside nothing or a zero it says nothing.

        Args:
            kind: of the two.
            columns: unit, or null for a header without one → the column's meaning; the first that is filled counts.
            unit_column: the meaning of a column of units.
            otherwise: the unit where nothing states one; null leaves it to the settings.
        """
        height = self.table.frame.height
        values = pl.repeat(None, height, dtype=pl.Float64, eager=True)
        units = pl.repeat(None, height, dtype=pl.String, eager=True)
        for place, (unit, meaning) in enumerate(columns.items()):
            if not self.has(meaning):
                continue
            numbers, stated = self._loads(kind, meaning)
            here = values.is_null() & numbers.is_not_null() & ((numbers != 0) | (place == 0))
            values = values.zip_with(~here, numbers)
            units = units.zip_with(~here, stated.fill_null(unit) if unit else stated)
        if unit_column and self.has(unit_column):
            units = units.fill_null(self._units(kind, unit_column, values))
        return values, units.fill_null(otherwise) if otherwise else units

    def quantity(self, kind: Quantity, meaning: str, *, otherwise: str | None = None) -> tuple[pl.Series, pl.Series]:
        """The same of one column, whose header may state the unit, with `meaning Unit` beside it where there is one."""
        in_header = unit_in_header(self.header_of(meaning), kind) if self.has(meaning) else None
        return self.measured(kind, {in_header: meaning}, unit_column=f"{meaning} Unit", otherwise=otherwise)

    def _units(self, kind: Quantity, meaning: str, values: pl.Series) -> pl.Series:
        words = self.text(meaning)
        known = {word: unit_of(word, kind) for word in words.drop_nulls().unique()}
        for word in sorted(word for word, unit in known.items() if unit is None):
            self.refuse_where((words == word) & (values != 0), f"“{word}” is not a unit of {kind}")
        return words.replace_strict(known, default=None, return_dtype=pl.String)

    def _loads(self, kind: Quantity, meaning: str) -> tuple[pl.Series, pl.Series]:
        """Numbers and the units in their cells; a row with a text that is neither is listed as bad."""
        texts = self.text(meaning)
        quick = _finite(texts)
        odd = texts.filter(texts.is_not_null() & quick.is_null()).unique().to_list()
        if not odd:
            return quick, pl.repeat(None, texts.len(), dtype=pl.String, eager=True)
        mark = grouping_mark(texts.drop_nulls().unique().to_list())
        parse = parse_load if kind == "weight" else parse_distance
        found = {text: parse(ungrouped(text, mark) if mark else text) for text in odd}
        for text, cause in found.items():
            if isinstance(cause, str):
                self.refuse_where(texts == text, cause)
        loads = {text: load for text, load in found.items() if isinstance(load, Load)}
        values = texts.replace_strict(
            {text: load.value for text, load in loads.items()}, default=None, return_dtype=pl.Float64
        )
        units = texts.replace_strict(
            {text: load.unit for text, load in loads.items()}, default=None, return_dtype=pl.String
        )
        if mark:
            grouped = texts.replace_strict(
                {
                    text: parse_number(ungrouped(text, mark))
                    for text in texts.drop_nulls().unique()
                    if text not in found
                },
                default=None,
                return_dtype=pl.Float64,
            )
            quick = grouped.fill_null(quick)
        return values.fill_null(quick), units

    def _parse(self, meaning: str, texts: pl.Series, parse: Callable[[str], float | None], noun: str) -> pl.Series:
        """The values of texts; a row with a text that is none is listed as bad."""
        values = _values(texts, parse)
        for index in (texts.is_not_null() & values.is_null()).arg_true():
            self.refuse(index, f"{meaning} “{texts[index]}” is not a {noun}")
        return values

    def _read(self, meaning: str, texts: pl.Series, parse: Callable[[str], float | None]) -> pl.Series:
        """The values of texts that a set can do without; how many could not be read is a remark."""
        values = _values(texts, parse)
        lost = texts.filter(values.is_null()).drop_nulls()
        if not lost.is_empty():
            self.remarks.append(f"{meaning} cannot be read in {lost.len()} rows (“{lost[0]}”); the sets are kept")
        return values

    def moments(self, meaning: str, *, day_first: bool | None = None) -> dict[str, pl.Series]:
        """`started_local`, `started_utc` and `has_clock` from a column of dates; bad ones are listed."""
        return self.moments_of(self.text(meaning), day_first=day_first)

    def optional_moments(self, meaning: str) -> dict[str, pl.Series]:
        """Dates that a set can do without: what cannot be read is null."""
        return self._read_moments(self.text(meaning), day_first=None)[0]

    def workout_starts(
        self, day: str, clock: str, title: str, *, day_first: bool | None = None
    ) -> dict[str, pl.Series]:
        """Starts of workouts where each set has its own time: the first time of the same day and title."""
        days, clocks = self.text(day), self.text(clock)
        texts = pl.select(pl.concat_str([days, clocks.fill_null("")], separator=" ").str.strip_chars()).to_series()
        moments = self.moments_of(texts, day_first=day_first)
        first = pl.DataFrame({"day": days, "title": self.text(title), **moments}).with_columns(
            pl.col("started_local", "started_utc").min().over("day", "title")
        )
        return {name: first[name] for name in moments}

    def moments_of(self, texts: pl.Series, *, day_first: bool | None = None) -> dict[str, pl.Series]:
        """The same from texts put together by the reader."""
        moments, bad = self._read_moments(texts, day_first=day_first)
        for index in texts.is_null().arg_true():
            self.refuse(index, "there is no date")
        if bad:
            for index in texts.is_in(list(bad)).arg_true():
                self.refuse(index, bad[texts[index]])
        return moments

    def _read_moments(self, texts: pl.Series, *, day_first: bool | None) -> tuple[dict[str, pl.Series], dict[str, str]]:
        unique = texts.drop_nulls().unique(maintain_order=True).to_list()
        order = date_order(unique, by_settings=self.table.day_first, by_format=day_first)
        if order.remark and order.remark not in self.remarks:
            self.remarks.append(order.remark)
        parsed = parse_moments(unique, order)
        good = {text: moment for text, moment in parsed.items() if isinstance(moment, Moment)}
        moments = {
            "started_local": texts.replace_strict(
                {text: moment.local for text, moment in good.items()}, default=None, return_dtype=pl.Datetime("us")
            ),
            "started_utc": texts.replace_strict(
                {text: moment.utc for text, moment in good.items()}, default=None, return_dtype=_CLOCK_IN_UTC
            ),
            "has_clock": texts.replace_strict(
                {text: moment.has_clock for text, moment in good.items()}, default=False, return_dtype=pl.Boolean
            ),
        }
        return moments, {text: cause for text, cause in parsed.items() if isinstance(cause, str)}

    def refuse(self, index: int, cause: str) -> None:
        """List a row as bad; the first cause counts."""
        self._bad.setdefault(index, cause)

    def refuse_where(self, bad: pl.Series, cause: str) -> None:
        """List every row where `bad` is true."""
        for index in bad.fill_null(value=False).arg_true():
            self.refuse(index, cause)

    def finish(
        self,
        format_name: str,
        columns: Mapping[str, pl.Series | pl.Expr | str | None],
        repeats: pl.Series | None = None,
    ) -> RawStrength:
        """The log from its columns; what is not given is null, the set type `normal`, the log written.

        Args:
            format_name: the app.
            columns: raw column → values.
            repeats: how many sets each row stands for.
        """
        lines = self.table.frame["line"]
        good = pl.Series([True]).new_from_index(0, lines.len())
        if self._bad:
            good = good.scatter(list(self._bad), False)
        sets = build_sets(lines, columns)
        if repeats is not None and (repeats > 1).any():
            rows = pl.int_range(sets.height, eager=True).repeat_by(repeats).explode()
            sets, good = sets[rows], good[rows]
        sets = sets.filter(good)
        return RawStrength(
            format_name, RawStrengthSet.validate(sets), self.rejected(), self.table.rows, tuple(self.remarks)
        )

    def rejected(self) -> dy.DataFrame[RejectedRow]:
        """The rows left out so far, with line and cause."""
        lines = self.table.frame["line"]
        return rejected([*self.table.rejects, *((lines[index], cause) for index, cause in self._bad.items())])


def _values(texts: pl.Series, parse: Callable[[str], float | None]) -> pl.Series:
    """Texts as numbers: plain ones at once, each different other spelling parsed once; what is none is null."""
    quick = _finite(texts)
    missing = texts.is_not_null() & quick.is_null()
    if not missing.any():
        return quick
    unique = texts.drop_nulls().unique().to_list()
    mark = grouping_mark(unique)
    parsed = {text: parse(ungrouped(text, mark) if mark else text) for text in unique}
    return texts.replace_strict(parsed, default=None, return_dtype=pl.Float64)


def _finite(texts: pl.Series) -> pl.Series:
    """Texts that are plain finite numbers, the others null."""
    numbers = texts.cast(pl.Float64, strict=False)
    return numbers.set(numbers.is_nan() | numbers.is_infinite(), None)


def moment_of(moments: Mapping[str, pl.Series]) -> pl.Series:
    """Moments on one clock, for taking one from the other: in UTC where the file states it, else the athlete's own."""
    return moments["started_utc"].dt.replace_time_zone(None).fill_null(moments["started_local"])


def build_sets(lines: pl.Series, columns: Mapping[str, pl.Series | pl.Expr | str | None]) -> pl.DataFrame:
    """A frame in the raw schema: given columns cast, the others null, `set_type` normal and `log_kind` written."""
    given: dict[str, pl.Series | pl.Expr | str | None] = {
        "set_type": "normal",
        "log_kind": "written",
        "has_clock": pl.lit(True),
        **columns,
    }
    frame = lines.alias("line").to_frame()
    for name, dtype in RawStrengthSet.create_empty().schema.items():
        value = given.get(name)
        if name != "line":
            column = value if isinstance(value, (pl.Series, pl.Expr)) else pl.lit(value)
            frame = frame.with_columns(column.cast(dtype).alias(name))
    return frame


def rejected(rejects: Sequence[tuple[int, str]]) -> dy.DataFrame[RejectedRow]:
    """The rows left out as a frame, in the order of their lines."""
    return RejectedRow.validate(
        pl.DataFrame(sorted(rejects), schema={"line": pl.Int64, "reason": pl.String}, orient="row")
    )
