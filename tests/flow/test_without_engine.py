"""Nights that need no engine: what is drawn, what is left to the engine, and what stands in the way of asking."""

from __future__ import annotations

import pytest

from hipdrive.cli.console import Common
from hipdrive.cli.nights import _ask_services, _night_without_engine, nightly
from hipdrive.night import commands
from hipdrive.settings import Home
from hipdrive.warehouse import only_writer
from tests.fetch.filled import named
from tests.makers.nights import log, put


@pytest.fixture(autouse=True)
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)


def test_a_lost_page_is_drawn_again_at_once(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    put(home, "strong.csv", log("2026-03-02 Squat 60 5"))
    commands.nightly(home)
    home.newest_page.unlink()
    capsys.readouterr()
    assert nightly(common=Common(home.folder)) == 0
    assert home.newest_page.is_file()
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "Files: nothing new."
    assert said[-1] == str(home.reports / "latest" / "index.html")
    put(home, "more.csv", log("2026-03-03 Squat 60 5"))
    assert _night_without_engine(home, None) is None  # there is a file to open
    home.inbox.rename(home.data / "elsewhere")
    assert _night_without_engine(home, None) is None  # what is wrong there is for the night to say


def test_what_a_server_is_to_show_is_left_to_it(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    assert _night_without_engine(home, None) is None
    assert _ask_services(home) is None


def test_services_are_asked_by_the_night_itself_where_somebody_else_writes(home: Home) -> None:
    home = named(home, "hevy", "http://127.0.0.1:9")
    with only_writer(home.data):
        assert _ask_services(home) is None
    assert not (home.data / "fetches.jsonl").exists()
