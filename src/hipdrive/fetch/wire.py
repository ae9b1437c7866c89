"""The one way to a service: bounded in time, size and number, patient where waiting helps, silent about keys."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpx
import stamina

from hipdrive.errors import ServiceFault
from hipdrive.settings import Fetch

T = TypeVar("T")
ATTEMPTS = 3
_MEGABYTE = 1_000_000
_FIRST_WAIT_S = 0.5
_SLOWEST = 10  # times the longest silence: one answer takes no longer in all
_STATUS: dict[int, str] = {
    httpx.codes.UNAUTHORIZED: "it does not accept the key: it is mistyped, expired or revoked; make a new one there",
    httpx.codes.FORBIDDEN: "it does not allow this key to read that; check what the key may do and whether it is yours",
    httpx.codes.NOT_FOUND: "it has nothing at that address; if this goes on, update hipdrive",
    httpx.codes.TOO_MANY_REQUESTS: "it was asked too often",
}


@dataclass(frozen=True)
class Answer:
    """What came: the bytes as sent inside HTTP, and whether HTTP itself vouches for their number."""

    data: bytes
    is_counted: bool


class Wire:
    """Asks one service, one request after the other.

    Args:
        service: its name, for sentences.
        base: its address.
        bounds: time-outs, sizes, numbers.
        headers: what tells it who asks; sent to `base` alone, since no redirection is followed.
    """

    def __init__(self, service: str, base: str, bounds: Fetch, headers: Mapping[str, str]) -> None:
        self.service, self.requests = service, 0
        self.headers = dict(headers)
        self.renew: Callable[[], None] | None = None
        self._base, self._bounds = base.rstrip("/"), bounds
        self._served_at: datetime | None = None
        self._heard_at = datetime.now(UTC)
        self._client = httpx.Client(timeout=bounds.timeout_s, headers={"Accept-Encoding": "gzip"})

    def close(self) -> None:
        """Let the connection go."""
        self._client.close()

    @property
    def now(self) -> datetime:
        """The time by the service's clock where it told one: this machine's may be wrong."""
        return self._served_at or datetime.now(UTC)

    @property
    def clock_error_s(self) -> float:
        """By how much this machine's clock is ahead of the service's, as of the last answer."""
        return 0.0 if self._served_at is None else (self._heard_at - self._served_at).total_seconds()

    def json(self, path: str, params: Mapping[str, str | int] | None = None) -> object:
        """An answer in JSON.

        Raises:
            ServiceFault: there is none.
        """
        return self._patiently(lambda: self._as_json(self._once("GET", path, params, "application/json")))

    def get(self, path: str, accept: str = "*/*") -> Answer:
        """An answer as bytes.

        Raises:
            ServiceFault: there is none.
        """
        return self._patiently(lambda: self._once("GET", path, None, accept))

    def post(self, path: str) -> Answer:
        """The answer to an empty order.

        Raises:
            ServiceFault: there is none.
        """
        return self._patiently(lambda: self._once("POST", path, None, "*/*"))

    def _patiently(self, ask: Callable[[], T]) -> T:
        try:
            return self._again_and_again(ask)
        except ServiceFault as fault:
            if fault.status != httpx.codes.UNAUTHORIZED or self.renew is None:
                raise
        renew, self.renew = self.renew, None  # once a night: what is refused after that is refused
        renew()
        return self._again_and_again(ask)

    def _again_and_again(self, ask: Callable[[], T]) -> T:
        patience_s = self._bounds.patience_s
        caller = stamina.RetryingCaller(
            attempts=ATTEMPTS,
            timeout=None,
            wait_initial=min(_FIRST_WAIT_S, patience_s),
            wait_max=patience_s,
            wait_jitter=min(_FIRST_WAIT_S, patience_s),
        )
        return caller(self._wait_s, ask)

    def _wait_s(self, error: Exception) -> bool | float:
        """How long to wait before asking again; False: not at all, True: as long as backoff says."""
        if not isinstance(error, ServiceFault) or not error.may_pass or error.status == 0:
            return False
        if error.wait_s is None:
            return True
        return error.wait_s if error.wait_s <= self._bounds.patience_s else False

    def _as_json(self, answer: Answer) -> object:
        try:
            return json.loads(answer.data)
        except ValueError:
            if answer.data.lstrip()[:1] == b"<":
                raise self._fault("a web page came in place of an answer", may_pass=True) from None
            raise self._fault("an answer is broken or cut off", may_pass=True) from None

    def _once(self, method: str, path: str, params: Mapping[str, str | int] | None, accept: str) -> Answer:
        if self.requests >= self._bounds.max_requests:
            reason = f"more than fetch.max_requests = {self._bounds.max_requests} requests; the next night goes on"
            raise ServiceFault(self.service, reason, status=0, may_pass=True)
        self.requests += 1
        headers = {**self.headers, "Accept": accept}
        try:
            with self._client.stream(method, self._base + path, params=params, headers=headers) as answer:
                return self._taken(answer)
        except httpx.TimeoutException:
            raise self._fault("it did not answer in time", may_pass=True) from None
        except httpx.RemoteProtocolError:
            raise self._fault("an answer was cut off", may_pass=True) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            reason = f"it cannot be reached ({type(error).__name__}); check the network"
            raise self._fault(reason, may_pass=True) from None

    def _taken(self, answer: httpx.Response) -> Answer:
        self._set_clock(answer.headers.get("date"))
        if answer.status_code != httpx.codes.OK:
            raise self._refusal(answer)
        ends_at = time.monotonic() + _SLOWEST * self._bounds.timeout_s
        pieces, size = [], 0
        for piece in answer.iter_bytes():
            pieces.append(piece)
            size += len(piece)
            if size > self._bounds.max_body_mb * _MEGABYTE:
                raise self._fault(f"an answer is larger than fetch.max_body_mb = {self._bounds.max_body_mb} MB")
            if time.monotonic() > ends_at:
                raise self._fault("it did not answer in time", may_pass=True)
        is_counted = "content-length" in answer.headers or "transfer-encoding" in answer.headers
        return Answer(b"".join(pieces), is_counted)

    def _refusal(self, answer: httpx.Response) -> ServiceFault:
        status = answer.status_code
        if status == httpx.codes.TOO_MANY_REQUESTS or status >= httpx.codes.INTERNAL_SERVER_ERROR:
            wait_s = _seconds(answer.headers.get("retry-after"), self.now)
            told = _STATUS.get(status, "it has trouble of its own")
            when = f"; it asks to be left alone for {wait_s / 60:.0f} min" if wait_s and wait_s >= 60 else ""  # noqa: PLR2004
            reason = f"{told} ({status}){when}; the next night asks again"
            return ServiceFault(self.service, reason, status=status, may_pass=True, wait_s=wait_s)
        if answer.is_redirect:
            told = "it sends hipdrive to another address, where no key is sent; update hipdrive"
        else:
            told = _STATUS.get(status, "it refuses the request; if this goes on, update hipdrive")
        return self._fault(f"{told} ({status})", status=status)

    def _fault(self, reason: str, *, status: int | None = None, may_pass: bool = False) -> ServiceFault:
        return ServiceFault(self.service, reason, status=status, may_pass=may_pass)

    def _set_clock(self, told: str | None) -> None:
        moment = _http_date(told)
        if moment is not None:
            self._served_at, self._heard_at = moment, datetime.now(UTC)


def _http_date(told: str | None) -> datetime | None:
    try:
        return None if told is None else parsedate_to_datetime(told).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None


def _seconds(told: str | None, now: datetime) -> float | None:
    """What Retry-After says, as seconds or as a moment."""
    if told is None:
        return None
    if told.strip().isdecimal():
        return float(told.strip()[:6])
    until = _http_date(told)
    return None if until is None else max(0.0, (until - now).total_seconds())
