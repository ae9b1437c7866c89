"""What its athlete knows better than a file: values put right, each counted, before anything is made of them.

A correction names what stands there. Where that no longer stands there, the file is another one than the athlete saw,
and nothing of it is read until they have looked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

import polars as pl

from hipdrive.errors import UnreadableFile
from hipdrive.read.corrections import FILE, Correction

_REMEDY = f"mend or take out that line of {FILE}"


def correct_frames(
    frames: Mapping[str, pl.DataFrame], lines: Sequence[Correction], name: str
) -> tuple[dict[str, pl.DataFrame], int]:
    """The messages of a file with `message.field` put right, and how many values were.

    Raises:
        UnreadableFile: a line does not fit what stands in the file.
    """
    found, count = dict(frames), 0
    for line in lines:
        message, _, column = line.field.rpartition(".")
        if message not in found:
            raise _misfit(line, name, f"it holds no “{message or line.field}”")
        found[message], some = _correct(found[message], column, line, name)
        count += some
    return found, count


def correct_columns(frame: pl.DataFrame, lines: Sequence[Correction], name: str) -> tuple[pl.DataFrame, int]:
    """The rows of a log with columns put right, and how many values were.

    Raises:
        UnreadableFile: a line does not fit what stands in the log.
    """
    count = 0
    for line in lines:
        frame, some = _correct(frame, line.field, line, name)
        count += some
    return frame, count


def refuse_all(lines: Sequence[Correction], name: str) -> None:
    """What corrections of a file mean in which nothing can be corrected.

    Raises:
        UnreadableFile: there is one.
    """
    for line in lines:
        raise _misfit(line, name, "nothing can be corrected in a file of this kind")


def _correct(frame: pl.DataFrame, column: str, line: Correction, name: str) -> tuple[pl.DataFrame, int]:
    if column not in frame.columns or frame.schema[column].is_nested():
        raise _misfit(line, name, f"it has no value “{column}”")
    dtype = frame.schema[column]
    try:
        was, becomes = _typed(line.was, dtype), _typed(line.becomes, dtype)
        new = pl.Series([becomes], dtype=dtype, strict=True).first()
    except (ValueError, TypeError, pl.exceptions.PolarsError):
        raise _misfit(line, name, "one of its values cannot stand there") from None
    fits = _is(pl.col(column), was, dtype)
    count = int(frame.select(fits.sum()).item())
    if not count:
        raise _misfit(line, name, f"no “{column}” in it is what the line says it was")
    return frame.with_columns(pl.when(fits).then(pl.lit(new, dtype=dtype)).otherwise(column).alias(column)), count


def _is(value: pl.Expr, was: object, dtype: pl.DataType) -> pl.Expr:
    if was is None:
        return value.is_null()
    if dtype.is_float():
        number = float(str(was))
        return ((value - number).abs() <= 1e-9 * max(1.0, abs(number))).fill_null(value=False)
    if isinstance(dtype, pl.Enum | pl.Categorical):
        return (value.cast(pl.String) == str(was)).fill_null(value=False)
    return (value == pl.lit(was, dtype=dtype)).fill_null(value=False)


def _typed(text: str, dtype: pl.DataType) -> object:
    """What a line says as a value of a column: times in ISO 8601, in UTC where they name no zone; nothing for empty."""
    if not text:
        return None
    if isinstance(dtype, pl.Datetime):
        time = datetime.fromisoformat(text)
        return (time.replace(tzinfo=UTC) if time.tzinfo is None else time) if dtype.time_zone else time
    if isinstance(dtype, pl.Date):
        return date.fromisoformat(text)
    if isinstance(dtype, pl.Boolean):
        return text.lower() == "true"
    if dtype.is_integer():
        return int(text)
    return float(text) if dtype.is_float() else text


def _misfit(line: Correction, name: str, why: str) -> UnreadableFile:
    return UnreadableFile(name, f"line {line.line} of {FILE} does not fit this file: {why}; {_REMEDY}")
