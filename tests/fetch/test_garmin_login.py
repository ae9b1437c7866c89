"""Garmin by e-mail and password: signed in once, tokens for their owner alone, and no password at night."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hipdrive.cli.console import Common
from hipdrive.cli.fetching import fetch as command
from hipdrive.errors import ServiceFault
from hipdrive.fetch import keep_tokens, sign_in
from hipdrive.fetch.garmin_login import GarminByLogin
from hipdrive.settings import Fetch, Home
from tests.fetch.filled import HTML, add_garmin, asks, held, named, on
from tests.fetch.stand_ins import Asked, GarminConnect, Reply, serving

garminconnect = pytest.importorskip("garminconnect", reason="the extra hipdrive[garmin] is not installed")


@pytest.fixture(autouse=True)
def no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("HIPDRIVE_SECRET_GARMIN", raising=False)


@pytest.fixture
def service() -> GarminConnect:
    service = GarminConnect()
    for number in range(3):
        add_garmin(service, number)
    service.days = {f"{datetime.now(UTC):%Y-%m-%d}": 48}
    return service


@pytest.fixture
def at(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Home]:
    """The home, told where the service is, and the library, told where tokens are renewed."""

    def settle(address: str) -> Home:
        monkeypatch.setattr("garminconnect.client.DI_TOKEN_URL", f"{address}/di-oauth2-service/oauth/token")
        return named(home, "garmin", address, secrets=f'"{tmp_path / "keys"}"')

    return settle


def token_file(home: Home) -> Path:
    return Path(home.settings.fetch.secrets) / "me" / "garmin_tokens.json"


def signed_in(home: Home, service: GarminConnect, *, lasts: bool = True) -> Home:
    keep_tokens(home.settings.fetch, "me", service.store(lasts=lasts))
    return home


def assert_only_its_owner_reads(file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_sign_in_with_its_code_is_asked_once_and_nights_need_no_password(
    service: GarminConnect,
    at: Callable[[str], Home],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(service) as address:
        home = at(address)
        given = f"\n{service.EMAIL}\n{service.PASSWORD}\n{service.CODE}\n"
        monkeypatch.setattr("sys.stdin", io.StringIO(given))
        assert command(login="garmin", common=Common(home.folder)) == 0
        assert_only_its_owner_reads(token_file(home))
        service.asked.clear()
        monkeypatch.setattr("sys.stdin", io.StringIO(""))
        assert command(common=Common(home.folder)) == 0
        assert held(home, "garmin") == 3
        assert (home.fetched("me", "garmin") / "wellness.json").is_file()
        add_garmin(service, 3)
        asks(home, "garmin")
        assert held(home, "garmin") == 4
        assert not [asked for asked in service.asked if "login" in asked.path or "mfa" in asked.path]
    said = capsys.readouterr().out + caplog.text
    kept = [path.read_bytes().decode("utf-8", "replace") for path in home.folder.rglob("*") if path.is_file()]
    for secret in (service.PASSWORD, service.EMAIL, ".secret1", "secret-r"):
        assert secret not in said, secret
        assert not any(secret in text for text in kept), secret


@pytest.mark.parametrize(
    ("email", "password", "code"),
    [
        (GarminConnect.EMAIL, "wrong", "123456"),
        (GarminConnect.EMAIL, GarminConnect.PASSWORD, "000000"),
    ],
)
def test_a_sign_in_that_fails_is_one_sentence_and_is_not_tried_again(
    service: GarminConnect,
    at: Callable[[str], Home],
    monkeypatch: pytest.MonkeyPatch,
    email: str,
    password: str,
    code: str,
) -> None:
    with serving(service) as address:
        home = at(address)
        monkeypatch.setattr("sys.stdin", io.StringIO(f"\n{email}\n{password}\n{code}\n"))
        with pytest.raises(ServiceFault, match="does not accept this e-mail and password, or the code") as told:
            command(login="garmin", common=Common(home.folder))
        assert password not in str(told.value)
        assert len([asked for asked in service.asked if asked.path == "/mobile/api/login"]) == 1
        assert not token_file(home).exists()


def test_a_token_that_ends_is_renewed_and_kept(service: GarminConnect, at: Callable[[str], Home]) -> None:
    with serving(service) as address:
        home = signed_in(at(address), service, lasts=False)
        assert asks(home, "garmin").warnings == []
        assert held(home, "garmin") == 3
        assert service.renewals == 1
        assert_only_its_owner_reads(token_file(home))
        asks(home, "garmin")
        assert service.renewals == 1


def test_a_sign_in_that_has_run_out_says_what_to_do(service: GarminConnect, at: Callable[[str], Home]) -> None:
    service.is_renewable = False
    with serving(service) as address:
        home = signed_in(at(address), service, lasts=False)
        before = token_file(home).read_bytes()
        (said,) = asks(home, "garmin").warnings
        assert said == "garmin: the sign-in has run out; `hipdrive fetch --login garmin` signs in anew"
        assert token_file(home).read_bytes() == before


def test_a_token_revoked_midway_is_renewed_once(service: GarminConnect, at: Callable[[str], Home]) -> None:
    def revoke(asked: Asked) -> Reply | None:
        if "activities/search" in asked.path and service.renewals == 0:
            service.renewals = 1
        return None

    service.faults = revoke
    with serving(service) as address:
        home = signed_in(at(address), service)
        assert asks(home, "garmin").warnings == []
        assert held(home, "garmin") == 3


FAULTS = {
    "403": (Reply(b"{}", 403), "refuses the request (403)"),
    "404": (Reply(b"{}", 404), "refuses the request (404)"),
    "429": (Reply(b"{}", 429), "asked too often"),
    "500": (Reply(b"{}", 500), "trouble of its own"),
    "a web page": (HTML, "a web page came"),
    "cut off": (Reply(b'{"displayName"', cut=50), "cannot be reached"),
    "another shape": (Reply(b"[]"), "shape that hipdrive does not know"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_profile_is_one_sentence_and_no_new_sign_in(
    service: GarminConnect, at: Callable[[str], Home], fault: str
) -> None:
    reply, words = FAULTS[fault]
    service.faults = on("socialProfile", reply)
    with serving(service) as address:
        home = signed_in(at(address), service)
        told = asks(home, "garmin")
        (said,) = (line for line in [*told.notes, *told.warnings] if words in line)
        assert said.startswith("garmin: ")
        service.faults = lambda _: None
        asks(home, "garmin")
        assert held(home, "garmin") == 3


@pytest.mark.parametrize("fault", [Reply(b"", 429, {"Retry-After": "7200"}), Reply(b"", 500), HTML])
def test_a_fault_of_the_list_is_met_as_of_the_official_way(
    service: GarminConnect, at: Callable[[str], Home], fault: Reply
) -> None:
    service.faults = on("activities/search", fault)
    with serving(service) as address:
        home = signed_in(at(address), service)
        told = asks(home, "garmin")
        assert len([*told.notes, *told.warnings]) == 1
        assert held(home, "garmin") == 0


def test_a_list_that_repeats_ends(service: GarminConnect, at: Callable[[str], Home]) -> None:
    honest = service.answer

    def stuck(asked: Asked) -> Reply | None:
        if "activities/search" not in asked.path:
            return None
        return honest(Asked(asked.path, {**asked.query, "start": "0"}, asked.headers))

    service.faults = stuck
    with serving(service) as address:
        home = signed_in(at(address), service)
        told = asks(home, "garmin")
        assert any("repeats itself" in line for line in told.notes)
        assert len(service.asked) < 20


@pytest.mark.parametrize("tokens", ["", "{}", "no json", '{"di_token": null}', "[]"])
def test_a_spoilt_store_asks_for_a_new_sign_in(service: GarminConnect, at: Callable[[str], Home], tokens: str) -> None:
    with serving(service) as address:
        home = at(address)
        keep_tokens(home.settings.fetch, "me", tokens)
        (said,) = asks(home, "garmin").warnings
        assert "hipdrive fetch --login garmin" in said
        assert not service.asked


def test_a_store_that_others_can_read_is_refused(service: GarminConnect, at: Callable[[str], Home]) -> None:
    with serving(service) as address:
        home = signed_in(at(address), service)
        token_file(home).chmod(0o644)
        (said,) = asks(home, "garmin").warnings
        assert "chmod 600" in said
        assert not service.asked


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (garminconnect.GarminConnectTooManyRequestsError("secret"), "it refuses sign-ins just now (429); wait a day"),
        (garminconnect.GarminConnectConnectionError("secret"), "the sign-in failed (GarminConnectConnectionError)"),
        (None, "the sign-in gave no token that lasts"),
    ],
)
def test_a_sign_in_that_the_service_does_not_do_now_says_when_to_try_again(
    monkeypatch: pytest.MonkeyPatch, fault: Exception | None, words: str
) -> None:
    """The library waits minutes between its ways to sign in; what it says at their end is enough here."""

    def login(*_: object, **__: object) -> None:
        if fault is not None:
            raise fault

    monkeypatch.setattr("garminconnect.client.Client.login", login)
    with pytest.raises(ServiceFault) as told:
        sign_in(Fetch(), "kim@example.org", "secret", lambda: "")
    assert words in str(told.value)
    assert "secret" not in str(told.value)


def test_without_the_library_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "garminconnect", None)
    with pytest.raises(ServiceFault, match=r"pip install 'hipdrive\[garmin\]'"):
        sign_in(Fetch(), "kim@example.org", "secret", lambda: "")


def test_tokens_that_are_none_are_seen_before_anything_is_asked() -> None:
    with pytest.raises(ServiceFault, match="the sign-in has run out"):
        GarminByLogin(Fetch(), "{}", lambda _: None)
