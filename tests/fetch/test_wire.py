"""One answer of a service is bounded in size and time, and what it says of waiting is heeded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from time import monotonic

import pytest

from hipdrive.errors import ServiceFault
from hipdrive.fetch.wire import ATTEMPTS, Wire
from hipdrive.settings import Fetch
from tests.fetch.stand_ins import Asked, Reply, StandIn, as_json, serving


class Same(StandIn):
    """Says the same to whatever it is asked, from one of these replies to the next."""

    def __init__(self, *replies: Reply) -> None:
        super().__init__()
        self.replies = replies

    def answer(self, _: Asked) -> Reply:
        """The next reply; the last again and again."""
        return self.replies[min(len(self.asked), len(self.replies)) - 1]


@contextmanager
def wired(*replies: Reply, **bounds: float) -> Iterator[tuple[Wire, Same]]:
    service = Same(*replies)
    with serving(service) as address:
        wire = Wire("hevy", address, Fetch(**{"timeout_s": 2, "patience_s": 0, **bounds}), {})  # type: ignore[arg-type]
        yield wire, service
        wire.close()


def test_a_service_that_is_not_there_is_one_sentence() -> None:
    wire = Wire("hevy", "http://127.0.0.1:9", Fetch(timeout_s=2, patience_s=0), {})
    with pytest.raises(ServiceFault, match=r"cannot be reached \(ConnectError\); check the network") as told:
        wire.json("/")
    assert told.value.may_pass
    assert wire.requests == ATTEMPTS
    wire.close()


def test_an_answer_larger_than_the_setting_is_not_read_to_its_end() -> None:
    with wired(Reply(b" " * 3_000_000), max_body_mb=1) as (wire, service):
        with pytest.raises(ServiceFault, match=r"larger than fetch.max_body_mb = 1 MB"):
            wire.get("/")
        assert len(service.asked) == 1  # it would be as large the next time


def test_an_answer_that_never_ends_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hipdrive.fetch.wire._SLOWEST", 0)
    with wired(as_json([])) as (wire, _), pytest.raises(ServiceFault, match="did not answer in time") as told:
        wire.json("/")
    assert told.value.may_pass


def test_a_passing_fault_is_asked_again_and_a_lasting_one_is_not() -> None:
    with wired(Reply(b"", 503), Reply(b"", 503), as_json(["late"])) as (wire, service):
        assert wire.json("/") == ["late"]
        assert len(service.asked) == ATTEMPTS
    with wired(Reply(b"", 403), as_json(["never"])) as (wire, service):
        with pytest.raises(ServiceFault, match="does not allow this key"):
            wire.json("/")
        assert len(service.asked) == 1


def test_to_be_left_alone_until_a_moment_is_told_in_minutes() -> None:
    moment = format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)
    with wired(Reply(b"", 429, {"Retry-After": moment})) as (wire, service):
        with pytest.raises(ServiceFault, match=r"left alone for 1[12]\d min") as told:
            wire.json("/")
        assert told.value.wait_s == pytest.approx(7200, abs=60)
        assert len(service.asked) == 1


def test_a_short_wait_that_it_asks_for_is_waited() -> None:
    with wired(Reply(b"", 429, {"Retry-After": "0"}), as_json(["then"]), patience_s=1) as (wire, _):
        began = monotonic()
        assert wire.json("/") == ["then"]
        assert monotonic() - began < 1


def test_a_wait_that_nobody_can_read_is_no_wait() -> None:
    with wired(Reply(b"", 429, {"Retry-After": "soon"})) as (wire, service):
        with pytest.raises(ServiceFault, match=r"asked too often \(429\); the next night") as told:
            wire.json("/")
        assert told.value.wait_s is None
        assert len(service.asked) == ATTEMPTS


def test_a_service_without_a_clock_leaves_this_machines() -> None:
    with wired(Reply(b"[]", 200, {"Date": "some day"})) as (wire, _):
        wire.json("/")
        assert wire.clock_error_s == 0
        assert abs(wire.now - datetime.now(UTC)) < timedelta(minutes=1)
