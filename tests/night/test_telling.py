"""Who wants to be told of a night is told, by a command or by an address; nobody else is."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from hipdrive.demo import make_runner, make_sample
from hipdrive.errors import BrokenSettings, HipdriveError
from hipdrive.night import commands
from hipdrive.night.telling import Best, Known, _known, compare
from hipdrive.night.work import quiet_night
from hipdrive.settings import Home
from hipdrive.warehouse import ask, last_message_fault, only_writer

# A command that keeps each message: `[title] text`, one JSON string a line.
KEEP = (
    "import json, os, sys; "
    "open(sys.argv[1], 'a').write(json.dumps([os.environ['HIPDRIVE_TITLE'], sys.stdin.read()]) + chr(10))"
)
TODAY = date(2026, 11, 29)


def listened(home: Home, on: str, more: str = "") -> Home:
    command = json.dumps([sys.executable, "-c", KEEP, str(home.folder / "heard")])
    home.settings_file.write_text(f"[tell]\ncommand = {command}\non = {on}\n{more}", encoding="utf-8")
    return Home(home.folder)


def heard(home: Home) -> list[str]:
    file = home.folder / "heard"
    return [json.loads(line)[1] for line in file.read_text(encoding="utf-8").splitlines()] if file.is_file() else []


def fill(home: Home) -> None:
    for name, content in make_sample():
        (home.inbox / name).write_bytes(content)


def test_nobody_is_told_anything_unless_the_settings_say_so(home: Home) -> None:
    assert not home.settings.tell.is_any
    fill(home)
    commands.nightly(home)
    assert not (home.data / "told.jsonl").exists()


def test_a_failed_night_is_told_and_its_secrets_are_not(home: Home) -> None:
    home = listened(home, '["failure"]')
    fill(home)
    home.warehouse_file.write_bytes(b"this is not a database" * 1000)
    with pytest.raises(HipdriveError):
        commands.nightly(home)
    (said,) = heard(home)
    assert said.startswith("The night failed. ")
    assert "DuckDB cannot open this file" in said
    with only_writer(home.data), pytest.raises(HipdriveError):
        quiet_night(home)
    assert "is writing here now" in heard(home)[1]


def test_a_digest_has_five_lines_each_night(home: Home) -> None:
    home = listened(home, '["digest"]')
    fill(home)
    (home.inbox / "broken.fit").write_bytes(b"this is not a FIT file")
    commands.nightly(home)
    quiet_night(home)
    first, second = heard(home)
    assert [len(said.splitlines()) for said in (first, second)] == [5, 5]
    assert "1 quarantined" in first
    assert str(home.newest_page) in first
    assert "Files: nothing new." in second
    assert json.loads((home.folder / "heard").read_text(encoding="utf-8").splitlines()[0])[0] == "hipdrive"


def test_no_data_are_told_once(home: Home) -> None:
    home = listened(home, '["silence"]', "silence_days = 3\n")
    fill(home)
    commands.nightly(home)
    commands.nightly(home)
    (said,) = heard(home)
    assert said.startswith("No new activity for ")


def test_a_changed_answer_and_a_new_best_are_told_and_old_ones_are_not() -> None:
    old = Best("me", "a", 5000.0, None, 1200.0, 5000 / 1200, TODAY - timedelta(days=400))
    new = Best("me", "b", 5000.0, None, 1190.4, 5000 / 1190.4, TODAY)
    before, after = Known({"me": "no_clear_sign", "bo": "supported"}, [old]), Known({"me": "associated"}, [new])
    assert [str(one) for one in compare(before, after, TODAY)] == [
        "The answer changed from “no clear sign” to “associated”.",
        "A new best: 5 km in 19:50 on 2026-11-29.",
    ]
    assert compare(Known(), after, TODAY) == []
    assert compare(after, after, TODAY) == []
    assert compare(Known(after.verdicts, [new]), Known(after.verdicts, [old]), TODAY) == []


def test_what_was_known_is_what_the_warehouse_says(home: Home) -> None:
    for name, content in make_runner(weeks=10, seed=3).files:
        (home.inbox / name).write_bytes(content)
    commands.ingest(home, [home.inbox])
    bests = _known(home).bests
    query = "SELECT count(*) FROM personal_records WHERE is_standing AND NOT is_doubtful AND gain_fraction IS NOT NULL"
    assert len(bests) == ask(home, query).item() > 0
    assert all(" in " in best.in_words or "/km on " in best.in_words for best in bests)


class Kept(BaseHTTPRequestHandler):
    """A service that takes what it is sent."""

    taken: ClassVar[list[str]] = []
    answer = 200

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.taken.append(self.rfile.read(length).decode())
        self.send_response(self.answer)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def service() -> Iterator[str]:
    """The address of a service in apprise's words, with a key in it."""
    Kept.taken.clear()
    server = HTTPServer(("127.0.0.1", 0), Kept)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"json://me:topsecret@127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # of apprise's own
@pytest.mark.parametrize("answer", [200, 500])
def test_an_address_is_told_and_never_shown(
    home: Home,
    service: str,
    answer: int,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(Kept, "answer", answer)
    monkeypatch.setenv("HIPDRIVE_SECRET_TELL", service)
    home.settings_file.write_text('[tell]\nby_address = true\non = ["digest"]\n', encoding="utf-8")
    fill(home)
    record = commands.nightly(Home(home.folder))
    assert len(Kept.taken) == 1
    assert "topsecret" not in Kept.taken[0]
    is_stuck = answer != 200
    assert (last_message_fault(home) is not None) == is_stuck
    assert (
        any(note.startswith("The message could not be sent: the service did not accept it") for note in record.notes)
        == is_stuck
    )
    written = "".join(path.read_text(errors="replace") for path in home.folder.rglob("*") if path.is_file())
    assert "topsecret" not in written + str(record) + "".join(capfd.readouterr())


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('command = ["/no/such/program", "topsecret"]', "cannot be run (No such file or directory)"),
        ('command = ["false", "topsecret"]', "ended with code 1"),
        ("by_address = true", "no key is known"),
    ],
)
def test_what_cannot_be_told_stops_no_night(
    home: Home, line: str, why: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    home.settings_file.write_text(f'[tell]\n{line}\non = ["digest"]\n', encoding="utf-8")
    record = quiet_night(Home(home.folder))
    (note,) = record.notes
    assert note.startswith("The message could not be sent: ")
    assert why in note
    assert "topsecret" not in note
    assert last_message_fault(home) == note.removeprefix("The message could not be sent: ")


def test_a_setting_of_messages_that_is_wrong_is_not_repeated(home: Home) -> None:
    home.settings_file.write_text('[tell]\ncommand = "curl https://hooks.example.org/topsecret"\n', encoding="utf-8")
    with pytest.raises(BrokenSettings) as caught:
        Home(home.folder)
    assert "tell.command" in str(caught.value)
    assert "topsecret" not in str(caught.value)
