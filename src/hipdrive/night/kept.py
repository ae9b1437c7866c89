"""Frozen results as text and back, so that a page can be drawn from the warehouse without estimating again.

Only dataclasses of this project are made from text, never code: a warehouse may come from somebody else.
"""

from __future__ import annotations

import base64
import dataclasses
import importlib
import io
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import polars as pl

_KIND, _VALUE, _OURS = "kind", "value", "hipdrive."


def to_text(value: object) -> str:
    """A dataclass with all that is in it (numbers, texts, dates, tuples, mappings, arrays, frames) as JSON."""
    return json.dumps(_plain(value))


def from_text(text: str) -> Any:  # noqa: ANN401  whatever was kept
    """What `to_text` made text of.

    Raises:
        ValueError: the text is of another making, or names what is not a dataclass of this project.
        TypeError: a dataclass of it has other fields today.
    """
    return _whole(json.loads(text))


def _plain(value: object) -> object:
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    kind, inner = _taken_apart(value)
    return {_KIND: kind, _VALUE: inner}


def _taken_apart(value: object) -> tuple[str, object]:
    """What kind of thing a value is, and what is in it."""
    if isinstance(value, date):
        return "date", value.isoformat()
    if isinstance(value, pl.DataFrame):
        buffer = io.BytesIO()
        value.write_ipc(buffer)
        return "frame", base64.b64encode(buffer.getvalue()).decode()
    if isinstance(value, np.ndarray):
        return "array", [str(value.dtype), value.tolist()]
    if isinstance(value, dict):
        return "mapping", [[_plain(key), _plain(inner)] for key, inner in value.items()]
    if isinstance(value, tuple | list):
        return type(value).__name__ if type(value) in {tuple, list} else "tuple", [_plain(inner) for inner in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return f"{type(value).__module__}:{type(value).__qualname__}", fields
    raise TypeError(f"{type(value).__name__} cannot be kept as text")


_MADE_FROM: dict[str, Callable[[Any], Any]] = {
    "date": date.fromisoformat,
    "frame": lambda inner: pl.read_ipc(io.BytesIO(base64.b64decode(inner))),
    "array": lambda inner: np.array(inner[1], dtype=inner[0]),
    "mapping": lambda inner: {_whole(key): _whole(one) for key, one in inner},
    "tuple": lambda inner: tuple(_whole(one) for one in inner),
    "list": lambda inner: [_whole(one) for one in inner],
}


def _whole(value: Any) -> Any:  # noqa: ANN401
    if not isinstance(value, dict):
        return value
    if value.keys() != {_KIND, _VALUE}:
        raise ValueError("this text was not made of a result of this project")
    kind, inner = value[_KIND], value[_VALUE]
    if kind in _MADE_FROM:
        return _MADE_FROM[kind](inner)
    module, _, name = kind.partition(":")
    try:
        found = getattr(importlib.import_module(module), name, None) if module.startswith(_OURS) else None
    except ImportError:
        found = None
    if not (isinstance(found, type) and dataclasses.is_dataclass(found)):
        raise ValueError(f"{kind} is not a result of this project")
    return found(**{key: _whole(one) for key, one in inner.items()})
