"""Keys in the environment, and three services with three files each."""

from __future__ import annotations

import pytest

from tests.fetch import stand_ins
from tests.fetch.filled import add_garmin, add_intervals, workout
from tests.fetch.stand_ins import KEY, Garmin, Hevy, Intervals


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for name in ("GARMIN", "INTERVALS", "HEVY"):
        monkeypatch.setenv(f"HIPDRIVE_SECRET_{name}", KEY)


@pytest.fixture
def filled() -> dict[str, stand_ins.StandIn]:
    garmin, intervals, hevy = Garmin(), Intervals(), Hevy()
    for number in range(3):
        add_garmin(garmin, number)
        add_intervals(intervals, number)
    hevy.events = [workout(number) for number in range(3)]
    return {"garmin": garmin, "intervals": intervals, "hevy": hevy}
