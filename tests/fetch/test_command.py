"""`hipdrive fetch` and what the doctor says of services, for what is typed wrong or was never done."""

from __future__ import annotations

import getpass
import io
from pathlib import Path

import pytest

from hipdrive.cli.console import Common
from hipdrive.cli.fetching import fetch as command
from hipdrive.cli.fetching import say_of_services
from hipdrive.errors import WrongUse
from hipdrive.settings import Home
from tests.fetch import stand_ins
from tests.fetch.filled import named, on
from tests.fetch.stand_ins import Reply, serving


class Terminal(io.StringIO):
    """Somebody sits before it."""

    def isatty(self) -> bool:
        return True


def test_a_service_nobody_knows_is_told_with_those_there_are(home: Home) -> None:
    with pytest.raises(WrongUse, match="no service “strava”; there are garmin, intervals, hevy, tell"):
        command(login="strava", common=Common(home.folder))


@pytest.mark.parametrize("typed", ["", "two words", "ключ"])
def test_what_cannot_be_a_key_is_not_kept(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    home = named(home, "hevy", "http://127.0.0.1:9", secrets=f'"{tmp_path / "keys"}"')
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{typed}\n"))
    with pytest.raises(WrongUse, match="that is not a key"):
        command(login="hevy", common=Common(home.folder))
    assert not (tmp_path / "keys").exists()


def test_a_key_typed_at_a_terminal_is_not_shown(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = named(home, "hevy", "http://127.0.0.1:9", secrets=f'"{tmp_path / "keys"}"')
    asked: list[str] = []

    def unseen(question: str) -> str:
        asked.append(question)
        return " a-key \n"

    monkeypatch.setattr(getpass, "getpass", unseen)
    monkeypatch.setattr("sys.stdin", Terminal("never read"))
    assert command(login="hevy", common=Common(home.folder)) == 0
    assert asked == ["Paste the API key of Hevy Pro (Settings, Developer): "]
    assert (tmp_path / "keys" / "me" / "hevy").read_text(encoding="utf-8") == "a-key"
    assert "a-key" not in capsys.readouterr().out


def test_what_passes_and_what_needs_a_person_are_told_apart(
    home: Home, filled: dict[str, stand_ins.StandIn], capsys: pytest.CaptureFixture[str]
) -> None:
    service = filled["hevy"]
    with serving(service) as address:
        home = named(home, "hevy", address)
        assert list(say_of_services(home)) == [(False, "service hevy: not asked yet; run `hipdrive fetch`")]
        service.faults = on("/events", Reply(b"", 500))
        assert command(common=Common(home.folder)) == 0
        assert "hevy: it has trouble of its own (500)" in capsys.readouterr().out
        ((is_good, said),) = say_of_services(home)
        assert (is_good, "no success yet; hevy: it has trouble" in said) == (False, True)
        service.faults = on("/events", Reply(b"", 401))
        assert command(common=Common(home.folder)) == 1
        assert "Worth a look: hevy: it does not accept the key" in capsys.readouterr().out
        service.faults = lambda _: None
        assert command(common=Common(home.folder)) == 0
        ((is_good, said),) = say_of_services(home)
        assert (is_good, said.startswith("service hevy: last success")) == (True, True)
