"""The bar in Prefect follows the steps of a night, and lets pass what is shown beside them."""

from __future__ import annotations

from uuid import uuid4

import pytest

from hipdrive.flows import watched
from hipdrive.night.night import followed, seen
from hipdrive.night.order import STEPS


def test_the_bar_follows_the_steps_and_what_is_beside_them_leaves_it_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(watched, "create_progress_artifact", lambda *_, **__: uuid4())
    monkeypatch.setattr(watched, "update_progress_artifact", lambda _, __, said: shown.append(said))
    with watched.Progress(STEPS):
        assert seen(lambda: "found", "Looking into the inbox") == "found"
        with followed((1, 2), STEPS[1].label) as units:
            assert list(units) == [1, 2]
        seen(lambda: None, "Writing to the disk")
    assert shown == ["Settling: 0 of 2", "Settling: 1 of 2", "done"]
