"""`doctor --strict`: one exit code for all that a watchdog asks."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from hipdrive.cli import watchdog
from hipdrive.cli.watchdog import watch_over
from hipdrive.demo import make_runner
from hipdrive.night import commands
from hipdrive.settings import Home
from hipdrive.warehouse import only_writer
from hipdrive.warehouse.sent_messages import write_sent_message


@pytest.fixture
def well(home: Home) -> Home:
    """A home with a night and runs of these weeks."""
    for name, content in make_runner(weeks=4, seed=1, end=datetime.now(UTC).date()).files:
        (home.inbox / name).write_bytes(content)
    commands.ingest(home, [home.inbox])
    return home


def test_a_home_that_is_well_is_well(well: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert watch_over(well)
    said = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in said] == [
        f"✓ {what}" for what in ("last good night", "newest data", "quarantine", "disk", "lock")
    ]


def a_night_long_ago(home: Home, _: pytest.MonkeyPatch) -> None:
    file = home.data / "nights.jsonl"
    today = datetime.now(UTC)
    text = file.read_text(encoding="utf-8")
    for days in (0, 1):  # a test may run over midnight
        text = text.replace(f"{today - timedelta(days=days):%Y-%m-%d}", "2026-01-01")
    file.write_text(text, encoding="utf-8")


def a_night_that_stopped(home: Home, _: pytest.MonkeyPatch) -> None:
    with only_writer(home.data), pytest.raises(Exception, match="is writing here now"):
        commands.nightly(home)


def no_data_for_long(home: Home, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(watchdog, "local_date", lambda *_: datetime.now(UTC).date() + timedelta(days=30))
    assert home.settings.tell.silence_days < 30


def a_broken_file(home: Home, _: pytest.MonkeyPatch) -> None:
    (home.inbox / "broken.fit").write_bytes(b"this is not a FIT file")
    commands.ingest(home, [home.inbox])


def a_full_disk(home: Home, patch: pytest.MonkeyPatch) -> None:
    assert home.folder.is_dir()
    patch.setattr(watchdog, "LEAST_FREE_BYTES", 10**18)


def a_message_that_got_stuck(home: Home, _: pytest.MonkeyPatch) -> None:
    home.settings_file.write_text('[tell]\ncommand = ["false"]\n', encoding="utf-8")
    write_sent_message(home, "failure", None, "the command of [tell] ended with code 1")


FAULTS: list[tuple[Callable[[Home, pytest.MonkeyPatch], None], str]] = [
    (a_night_long_ago, "last good night"),
    (a_night_that_stopped, "last good night"),
    (no_data_for_long, "newest data"),
    (a_broken_file, "quarantine"),
    (a_full_disk, "disk"),
    (a_message_that_got_stuck, "telling"),
]


def test_each_fault_is_told_alone(
    well: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: object
) -> None:
    """One home, one fault after the other: the file that tells of nights is put back after each."""
    nights = (well.data / "nights.jsonl").read_bytes()
    assert tmp_path
    for fault, what in FAULTS:
        (well.data / "nights.jsonl").write_bytes(nights)
        with monkeypatch.context() as patch:
            fault(well, patch)
            capsys.readouterr()
            assert not watch_over(Home(well.folder)), fault
        bad = [line for line in capsys.readouterr().out.splitlines() if line.startswith("✗")]
        assert [line.split(":")[0] for line in bad][-1] == f"✗ {what}", fault
        assert len(bad) <= 2


def test_a_lock_that_is_held_is_well_until_it_is_held_too_long(well: Home, capsys: pytest.CaptureFixture[str]) -> None:
    lock = well.data / "hipdrive.lock"
    with only_writer(well.data):
        assert watch_over(well)
        then = time.time() - 7 * 3600
        os.utime(lock, (then, then))
        capsys.readouterr()
        assert not watch_over(well)
    assert "has been writing for 7.0 hours" in capsys.readouterr().out


def test_a_home_without_a_night_is_not_well(home: Home) -> None:
    assert not watch_over(home)
