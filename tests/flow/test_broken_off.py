"""Nights that are broken off, met by others, or meet a file of another time: nothing half is seen."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from hipdrive.demo import make_sample
from hipdrive.errors import LockedHome, NewerWarehouse
from hipdrive.night import commands
from hipdrive.night.plans import declare
from hipdrive.settings import Home
from hipdrive.warehouse import Warehouse, ask, build_of, connect, page_is_older

HIPDRIVE = str(Path(sys.executable).with_name("hipdrive"))
STOPPED = 3
TONIGHT = date(2026, 11, 30)
# A command that comes to the moment before the swap, says so, and waits there.
WAIT = """
import sys, time
from hipdrive.cli import app
from hipdrive.warehouse import Warehouse
def wait(*_, **__):
    print("here", flush=True)
    time.sleep(60)
Warehouse.swap = wait
sys.argv = ["hipdrive", *sys.argv[1:]]
app.main()
"""


@pytest.fixture
def night(home: Home) -> Home:
    """A home after a night, with a file that waits for the next."""
    *first, last = make_sample()
    for name, content in first:
        (home.inbox / name).write_bytes(content)
    commands.nightly(home, TONIGHT)
    (home.inbox / last[0]).write_bytes(last[1])
    return home


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_night_that_is_told_to_end_clears_up_and_is_recorded(night: Home, number: signal.Signals) -> None:
    before = build_of(night.warehouse_file)
    command = [sys.executable, "-c", WAIT, "ingest", str(night.inbox), "--home", str(night.folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    while process.stdout.readline().strip() not in {"here", ""}:
        pass
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == STOPPED
    assert said.splitlines()[-1] == "Stopped by you; the warehouse and the report are as they were."
    assert "Traceback" not in said
    assert build_of(night.warehouse_file) == before
    assert not list(night.data.glob("*.next*"))
    told = (night.data / "nights.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(told[-1])["status"] == "stopped"
    commands.ingest(night, [night.inbox], TONIGHT)
    assert ask(night, "SELECT count(*) FROM sources").item() == len(make_sample())


def test_a_reader_keeps_the_file_that_it_opened_through_twenty_swaps(night: Home) -> None:
    query = "SELECT count(*), sum(distance_m) FROM samples"
    held = connect(night)
    first = held.execute(query).fetchall()
    for number in range(20):
        with Warehouse(night) as copy:
            copy._run("DELETE FROM samples")
            copy.swap(f"swap {number}")
        assert held.execute(query).fetchall() == first
    held.close()
    assert ask(night, "SELECT count(*) FROM samples").item() == 0


def test_an_older_program_refuses_a_newer_file_in_one_sentence(night: Home) -> None:
    with duckdb.connect(str(night.warehouse_file)) as connection:
        connection.execute("UPDATE about SET value = '9999_of_next_year.sql' WHERE key = 'schema'")
        connection.execute("UPDATE about SET value = 'later' WHERE key = 'build'")
    content = night.warehouse_file.read_bytes()
    with pytest.raises(NewerWarehouse, match=r"made by a newer version of hipdrive .* Nothing was changed"):
        commands.nightly(night, TONIGHT)
    done = subprocess.run(
        [HIPDRIVE, "nightly", "--home", str(night.folder)], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == STOPPED
    assert done.stderr.count("\n") == 1
    assert "9999_of_next_year" in done.stderr
    assert night.warehouse_file.read_bytes() == content


def test_a_clock_that_was_set_back_stops_no_night(night: Home) -> None:
    file = night.data / "nights.jsonl"
    file.write_text(file.read_text(encoding="utf-8").replace("2026-", "2036-"), encoding="utf-8")
    record = commands.nightly(night, date(2026, 11, 20))
    assert record.sources
    assert not page_is_older(night)
    assert ask(night, "SELECT count(*) FROM sources").item() == len(make_sample())
    commands.nightly(night, date(2026, 11, 21))
    assert (night.reports / "2026-11-21").is_dir()


def test_of_two_nights_begun_together_one_does_the_work(night: Home) -> None:
    ended: list[object] = []
    together = threading.Barrier(2)

    def one() -> None:
        together.wait()
        try:
            ended.append(commands.nightly(Home(night.folder), TONIGHT).sources)
        except Exception as error:  # noqa: BLE001  it is looked at below
            ended.append(type(error).__name__)

    both = [threading.Thread(target=one) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert "LockedHome" in ended or {} in ended
    assert ask(night, "SELECT count(*) FROM sources").item() == len(make_sample())
    assert not page_is_older(night)


@pytest.mark.parametrize("words", [("ingest", "inbox"), ("report",), ("plan", "--start")])
def test_while_one_command_writes_the_others_are_refused_and_readers_go_on(night: Home, words: tuple[str, ...]) -> None:
    before, question = night.warehouse_file.read_bytes(), "SELECT count(*) FROM sources"
    known = ask(night, question).item()
    command = [sys.executable, "-c", WAIT, *words, "--home", str(night.folder)]
    command = [str(night.inbox) if word == "inbox" else word for word in command]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        while process.stdout.readline().strip() not in {"here", ""}:
            pass
        other_commands = (
            lambda: commands.nightly(night, TONIGHT),
            lambda: commands.report(night, TONIGHT),
            lambda: declare(night, "me", datetime.now(UTC)),
        )
        for other in other_commands:
            with pytest.raises(LockedHome, match=f"process {process.pid} "):
                other()
        assert ask(night, question).item() == known
        assert night.warehouse_file.read_bytes() == before
    finally:
        process.kill()
        process.communicate()
    commands.nightly(night, TONIGHT)
    assert ask(night, question).item() == len(make_sample())
    assert not page_is_older(night)
