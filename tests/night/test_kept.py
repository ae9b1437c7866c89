"""Results that are kept as text: what may be made of them, and when they are estimated anew."""

from __future__ import annotations

import dataclasses
import hashlib
import importlib
import pkgutil
import tomllib
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import hipdrive.estimate
from hipdrive.estimate.quantity import Quantity
from hipdrive.night.answers import Answers, kept_answers
from hipdrive.night.freshness import ANSWERS_EDITION
from hipdrive.night.kept import from_text, to_text
from hipdrive.settings import Home
from hipdrive.tables.estimates import StoredAnswers
from hipdrive.warehouse import Warehouse
from tests.makers.nights import SAMPLE, night, put

GOLDEN = Path(__file__).parents[1] / "golden" / "answers.toml"


def _digest() -> str:
    """A fingerprint of the names of all classes of results and of their fields."""
    modules = pkgutil.walk_packages(hipdrive.estimate.__path__, "hipdrive.estimate.")
    classes = [
        value
        for module in modules
        for value in vars(importlib.import_module(module.name)).values()
        if isinstance(value, type) and dataclasses.is_dataclass(value) and value.__module__ == module.name
    ]
    shapes = sorted(
        f"{one.__module__}:{one.__qualname__} {[field.name for field in dataclasses.fields(one)]}"
        for one in (*classes, Answers)
    )
    return hashlib.sha256("\n".join(shapes).encode()).hexdigest()


def test_another_name_in_the_kept_answers_raises_their_edition() -> None:
    golden = tomllib.loads(GOLDEN.read_text(encoding="utf-8"))
    found = _digest()
    now = f'edition = {ANSWERS_EDITION}\ndigest = "{found}"\n'
    if found != golden["digest"]:
        assert golden["edition"] != ANSWERS_EDITION, (
            "classes or fields of the estimate have other names than before: raise ANSWERS_EDITION in "
            f"night/freshness.py, so that answers are estimated again, and write into {GOLDEN.name}:\n{now}"
        )
    assert (golden["edition"], golden["digest"]) == (ANSWERS_EDITION, found), f"write into {GOLDEN.name}:\n{now}"


@pytest.mark.parametrize(
    "kind",
    [
        "os:system",
        "hipdrive.estimate.no_such_module:Effect",
        "hipdrive.estimate.effect:NoSuchClass",
        "hipdrive.settings:Settings",
    ],
)
def test_a_class_that_is_not_a_result_of_this_version_is_one_error(kind: str) -> None:
    with pytest.raises(ValueError, match="not a result of this project"):
        from_text(f'{{"kind": "{kind}", "value": {{}}}}')


def test_what_was_kept_comes_back() -> None:
    kept = {"weeks": (1, 2.5, None), "said": ["yes", True]}
    assert from_text(to_text(kept)) == kept


def test_answers_that_another_version_kept_count_as_none(home: Home) -> None:
    put(home, "run.fit", (SAMPLE / "run.fit").read_bytes())
    night(home)
    with Warehouse(home) as warehouse:
        rows = warehouse.read("answers", StoredAnswers, "me")
        older = rows.with_columns(pl.col("answers").str.replace("hipdrive.estimate.effect:", "hipdrive.estimate.gone:"))
        warehouse.replace_of("me", "answers", StoredAnswers.validate(older))
        assert rows["answers"].item() != older["answers"].item()
        assert kept_answers(warehouse, "me") is None


def test_every_kind_of_value_comes_back_as_it_was() -> None:
    frame = pl.DataFrame({"day": [date(2026, 3, 2)], "dose": [0.5]})
    value = {
        "number": np.int64(3),
        "day": date(2026, 3, 2),
        "array": np.array([[1, 2], [3, 4]], dtype=np.int32),
        "tuple": (1, "two", None, True),
        "list": [frame],
        3: Quantity(0.01, -0.01, 0.03),
    }
    found = from_text(to_text(value))
    assert list(found) == list(value)
    assert (found["number"], found["day"], found["tuple"]) == (3, date(2026, 3, 2), (1, "two", None, True))
    assert found["array"].dtype == np.int32
    assert found["array"].tolist() == [[1, 2], [3, 4]]
    assert found["list"][0].equals(frame)
    assert found[3] == Quantity(0.01, -0.01, 0.03)


def test_what_cannot_come_back_is_not_kept() -> None:
    with pytest.raises(TypeError, match="Path cannot be kept as text"):
        to_text((Path("a"),))
    with pytest.raises(TypeError, match="type cannot be kept as text"):
        to_text(Quantity)
