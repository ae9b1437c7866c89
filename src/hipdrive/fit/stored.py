"""Values in the profile's units and names → the numbers that a FIT file stores: the inverse of scaling and naming."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

from hipdrive.fit.profile import ENUMS, BaseType, Field

FIT_EPOCH_S = 631_065_600  # 1989-12-31T00:00:00Z, the zero of FIT time, in seconds since 1970


def stored_numbers(message: str, series: pl.Series, entry: Field, base: BaseType) -> npt.NDArray[np.generic]:
    """A column as stored numbers of shape (rows,), nulls as the base type's mark for “no value”.

    Args:
        message: for the words of an error.
        series: in the profile's unit; times, enum names or numbers.
        entry: the profile's field, with scale and offset.
        base: what it is stored in.

    Raises:
        ValueError: a value that the base type cannot hold, or a name that the enum does not know.
    """
    dtype = np.dtype(base.code)
    values, missing = _plain(message, series, entry)
    is_scaled = entry.scale != 1 or entry.offset != 0
    if is_scaled:
        values = (values + entry.offset) * entry.scale  # type: ignore[operator]  # numbers by now
    if base.name in ("float32", "float64"):
        return _with_float_marks(values.astype(dtype), missing)
    if values.dtype.kind == "f":
        values = np.rint(values)
    limits = np.iinfo(dtype)
    present = values if missing is None else values[~missing]
    if len(present) and not (
        limits.min <= present.min() and present.max() <= limits.max and base.invalid not in present
    ):
        raise ValueError(
            f"{message}.{entry.name}: a value lies outside what {base.name} can hold with scale {entry.scale:g} and "
            f"offset {entry.offset:g} ({base.invalid} is its mark for “no value”); correct it or make it null"
        )
    if missing is None:
        return values.astype(dtype)
    stored = np.full(len(values), base.invalid, dtype)
    stored[~missing] = present
    return stored


def _plain(
    message: str, series: pl.Series, entry: Field
) -> tuple[npt.NDArray[np.generic], npt.NDArray[np.bool_] | None]:
    """The column as numbers, and where it has none; times as seconds of FIT time, enum names as their numbers.

    Methods of a Series that polars carries out as a query are avoided: in a small block they would cost more than the
    rest.
    """
    dtype = series.dtype
    missing: npt.NDArray[np.bool_] | None
    if isinstance(dtype, (pl.String, pl.Categorical, pl.Enum, pl.Null, pl.Boolean)):
        numbers = _enum_numbers(message, series.to_list(), entry)
        missing = np.array([number is None for number in numbers], bool)
        return np.array([number or 0 for number in numbers], np.int64), missing if missing.any() else None
    if dtype.is_integer() and series.null_count():
        return series.fill_null(0).to_numpy(), series.is_null().to_numpy()
    values = series.to_numpy()
    if isinstance(dtype, pl.Datetime):
        missing = np.isnat(values) if series.null_count() else None
        return values.astype("datetime64[s]").astype(np.int64) - FIT_EPOCH_S, missing
    if values.dtype.kind == "f":
        missing = np.isnan(values)
        return values, missing if missing.any() else None
    return values, None


def _with_float_marks(
    values: npt.NDArray[np.floating], missing: npt.NDArray[np.bool_] | None
) -> npt.NDArray[np.floating]:
    """Missing values as all bits set, which is the mark, not as the NaN that arithmetic makes."""
    if missing is not None:
        bits = values.view(f"u{values.itemsize}")
        bits[missing] = np.iinfo(bits.dtype).max
    return values


@cache
def _enum_values(kind: str) -> dict[object, int]:
    """Name → number of an enum type, and true and false."""
    return {True: 1, False: 0, **{label: value for value, label in ENUMS.get(kind, {}).items()}}


def _enum_numbers(message: str, labels: Sequence[object], entry: Field) -> list[int | None]:
    values = _enum_values(entry.type)
    numbers = []
    for label in labels:
        number = values.get(label)
        if number is None and label is not None:
            if not str(label).isdigit():
                raise ValueError(
                    f"{message}.{entry.name}: “{label}” is not a value of the type {entry.type}; use its name or number"
                )
            number = int(str(label))
        numbers.append(number)
    return numbers
