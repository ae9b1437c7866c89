"""`hipdrive fetch`, `nightly` and `doctor` as commands, against a stand-in: keys are kept, used and never shown."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hipdrive.night import commands
from hipdrive.settings import Home
from tests.fetch.filled import named, workout
from tests.fetch.stand_ins import KEY, Hevy, serving
from tests.flow.test_light import loaded_by


def told(home: Home, *words: str, given: str = "") -> tuple[int, str]:
    environment = {**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring", "NO_PROXY": "127.0.0.1"}
    environment.pop("HIPDRIVE_SECRET_HEVY", None)
    command = [sys.executable, "-m", "hipdrive", *words, "--home", str(home.folder)]
    done = subprocess.run(command, env=environment, input=given, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_a_key_is_asked_once_and_nights_use_it(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    service = Hevy()
    service.events = [workout(number) for number in range(3)]
    said = ""
    with serving(service) as address:
        code, words = told(home, "fetch")
        assert (code, "the settings name no service" in words) == (2, True)
        named(home, "hevy", address, secrets=f'"{tmp_path / "keys"}"')
        code, words = told(home, "doctor")
        assert (code, "hipdrive fetch --login hevy" in words) == (1, True)
        code, words = told(home, "fetch", "--login", "hevy", given=f"{KEY}\n")
        assert code == 0, words
        assert (tmp_path / "keys" / "me" / "hevy").stat().st_mode & 0o777 == 0o600
        said += words
        code, words = told(home, "fetch")
        assert (code, "hevy: 1 new file" in words) == (0, True), words
        said += words
        commands.nightly(Home(home.folder))
        service.events += [workout(3)]  # this night is quiet but for what the service brings
        code, words = told(home, "nightly")
        assert code == 0, words
        assert "hevy: 1 new file" in words
        said += words
        # A night to which its services bring nothing loads no engine.
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.delenv("HIPDRIVE_SECRET_HEVY", raising=False)
        asked = len(service.asked)
        ended, *loaded = loaded_by(home, "nightly").split()
        assert (ended, "prefect" in loaded, len(service.asked) > asked) == ("0", False, True)
        said += told(home, "doctor")[1]
        assert "service hevy: last success" in said
    assert KEY not in said
    for path in home.folder.rglob("*"):
        assert not path.is_file() or KEY.encode() not in path.read_bytes(), path
