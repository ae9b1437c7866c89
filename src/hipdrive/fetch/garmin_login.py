"""Garmin Connect for who has no key: signed in once by e-mail and password, with the library `garminconnect`.

The library signs in, asks for the second factor, and renews its token; lists and files are asked for as of the Personal
API, over the same bounded wire. It is an extra (`hipdrive[garmin]`), loaded only where somebody signed in.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx

from hipdrive.errors import ServiceFault
from hipdrive.fetch.garmin import Garmin
from hipdrive.settings import Fetch

_PROFILE = "/userprofile-service/socialProfile"
_REST = "/wellness-service/wellness/dailyHeartRate"
_RUN_OUT = "the sign-in has run out; `hipdrive fetch --login garmin` signs in anew"


class GarminByLogin(Garmin):
    """The adapter.

    Args:
        bounds: of the settings.
        tokens: what the sign-in, or the last night, left.
        keep: takes them as they are after the library renewed them.
    """

    address = "https://connectapi.garmin.com"

    def __init__(self, bounds: Fetch, tokens: str, keep: Callable[[str], object]) -> None:
        self._client, self._kept, self._keep = _client(bounds), tokens, keep
        try:
            self._client.loads(tokens)
        except Exception:  # noqa: BLE001  the library's own errors differ from version to version
            raise ServiceFault(self.name, _RUN_OUT) from None
        super().__init__(bounds, "")

    def _sign_in(self) -> None:
        """Let the library renew its token where it must; it does so when it asks for something."""
        try:
            profile = self._client.connectapi(_PROFILE)
            headers = dict(self._client.get_api_headers())
        except Exception as error:  # noqa: BLE001  as above; its words may hold what nobody else should read
            raise _fault(error) from None
        finally:
            self._keep_renewed()
        name = profile.get("displayName") if isinstance(profile, dict) else None
        if not name:
            raise ServiceFault(self.name, "its profile has a shape that hipdrive does not know; update hipdrive")
        self.rest = f"{_REST}/{quote(str(name), safe='')}"
        self.wire.headers = {key: value for key, value in headers.items() if key.lower() != "accept"}

    def _keep_renewed(self) -> None:
        tokens = self._client.dumps()
        if tokens != self._kept and json.loads(tokens).get("di_token"):
            self._keep(tokens)
            self._kept = tokens


def sign_in(bounds: Fetch, email: str, password: str, ask_code: Callable[[], str]) -> str:
    """Sign in once; gives the tokens that later nights use. Never tried twice: Garmin counts sign-ins.

    Args:
        bounds: of the settings.
        email: of the account.
        password: likewise; kept nowhere.
        ask_code: asks for the second factor where the account has one.

    Raises:
        ServiceFault: the library is not installed, or the sign-in failed.
    """
    client = _client(bounds)
    try:
        client.login(email, password, prompt_mfa=ask_code)
        tokens = str(client.dumps())
    except Exception as error:  # noqa: BLE001
        kind = type(error).__name__
        if "TooManyRequests" in kind:
            told = "it refuses sign-ins just now (429); wait a day before the next try"
        elif "Authentication" in kind:
            told = "it does not accept this e-mail and password, or the code"
        else:
            told = f"the sign-in failed ({kind}); try again later, or use a key of the Personal API"
        raise ServiceFault("garmin", told) from None
    if not json.loads(tokens).get("di_token"):
        raise ServiceFault("garmin", "the sign-in gave no token that lasts; try again later")
    return tokens


def _client(bounds: Fetch) -> Any:  # noqa: ANN401  the library ships no types
    try:
        import garminconnect  # noqa: PLC0415  an extra, and slow to load
    except ImportError:
        reason = "to sign in by e-mail, the extra is needed: pip install 'hipdrive[garmin]'"
        raise ServiceFault("garmin", reason) from None
    # What the library logs may quote answers of the service.
    logging.getLogger("garminconnect").setLevel(logging.CRITICAL + 1)
    client = garminconnect.Garmin().client
    if "garmin" in bounds.addresses:
        client._connectapi = client._sso = bounds.addresses["garmin"]  # noqa: SLF001  it offers no other way
    return client


def _fault(error: Exception) -> ServiceFault:
    """The library's error as a sentence; it tells the status in an attribute, in its cause or in its words."""
    answers = (getattr(one, "response", None) for one in (error, error.__cause__))
    told = next((int(answer.status_code) for answer in answers if answer is not None), None)
    found = re.search(r"API Error (\d{3})", str(error))
    status = told or (int(found[1]) if found else None)
    if status == httpx.codes.UNAUTHORIZED or (status is None and "Authentication" in type(error).__name__):
        return ServiceFault("garmin", _RUN_OUT, status=status)
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return ServiceFault("garmin", "it was asked too often (429); the next night asks again", may_pass=True)
    if status is not None and status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return ServiceFault("garmin", f"it has trouble of its own ({status}); the next night asks again", may_pass=True)
    if status is not None:
        return ServiceFault("garmin", f"it refuses the request ({status}); if this goes on, update hipdrive")
    if isinstance(error, ValueError):
        return ServiceFault("garmin", "a web page came in place of an answer", may_pass=True)
    return ServiceFault("garmin", f"it cannot be reached ({type(error).__name__}); check the network", may_pass=True)
