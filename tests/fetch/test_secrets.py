"""Where a key may lie, and what is said of one that cannot be used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError

from hipdrive.errors import ServiceFault
from hipdrive.fetch import keep_secret
from hipdrive.fetch.secrets import read_secret, variable_of
from hipdrive.settings import Fetch


class Safe(KeyringBackend):
    """A safe in memory; a locked one opens for nobody."""

    priority = 1
    is_locked = False

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        self._open()
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._open()
        self.held[service, username] = password

    def _open(self) -> None:
        if self.is_locked:
            raise KeyringError("it is locked")


@pytest.fixture
def bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fetch:
    monkeypatch.delenv("HIPDRIVE_SECRET_HEVY", raising=False)
    return Fetch(secrets=str(tmp_path / "keys"))


@pytest.fixture
def safe() -> Iterator[Safe]:
    before = keyring.get_keyring()
    found = Safe()
    keyring.set_keyring(found)
    yield found
    keyring.set_keyring(before)


def in_file(bounds: Fetch, key: bytes) -> Path:
    file = Path(bounds.secrets) / "me" / "hevy"
    file.parent.mkdir(parents=True)
    file.touch(mode=0o600)
    file.write_bytes(key)
    return file


def test_a_key_goes_into_the_safe_and_its_file_goes(bounds: Fetch, safe: Safe) -> None:
    file = in_file(bounds, b"old")
    assert keep_secret(bounds, "hevy", "me", "new") == "the system's keyring"
    assert not file.exists()
    assert safe.held == {("hipdrive", "hevy"): "new"}
    assert read_secret(bounds, "hevy", "me") == "new"


def test_each_athlete_has_a_key_of_their_own(bounds: Fetch, safe: Safe) -> None:
    keep_secret(bounds, "hevy", "me", "mine")
    keep_secret(bounds, "hevy", "anna", "hers")
    assert len(safe.held) == 2
    assert [read_secret(bounds, "hevy", who) for who in ("me", "anna")] == ["mine", "hers"]
    assert variable_of("hevy", "anna-b") == "HIPDRIVE_SECRET_HEVY_ANNA_B"


def test_a_locked_safe_leaves_the_key_to_a_file_of_its_owner(bounds: Fetch, safe: Safe) -> None:
    safe.is_locked = True
    with pytest.raises(ServiceFault, match="no key is known"):
        read_secret(bounds, "hevy", "me")
    where = Path(keep_secret(bounds, "hevy", "me", "key"))
    assert where.stat().st_mode & 0o777 == 0o600
    assert read_secret(bounds, "hevy", "me") == "key"


def test_what_is_not_a_key_says_how_to_give_one(bounds: Fetch) -> None:
    in_file(bounds, b"my key is\n")
    with pytest.raises(ServiceFault, match="what is kept is not a key; `hipdrive fetch --login hevy`"):
        read_secret(bounds, "hevy", "me")


def test_a_file_that_is_no_text_is_not_quoted(bounds: Fetch) -> None:
    file = in_file(bounds, b"secret\xff\xfe")
    with pytest.raises(ServiceFault, match=r"cannot be read \(UnicodeDecodeError\)") as told:
        read_secret(bounds, "hevy", "me")
    assert str(file) in str(told.value)
    assert "secret\\" not in str(told.value)
