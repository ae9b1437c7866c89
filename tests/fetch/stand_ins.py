"""Stand-ins of the services on loopback, by their published descriptions; faults are laid on a path."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

KEY = "3f1b7a52-secret-0f6c"


@dataclass
class Reply:
    """What is sent: `cut` promises more bytes than come, `wait_s` is silence before, `plain` leaves out the length."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int = 0
    wait_s: float = 0.0
    plain: bool = False


@dataclass
class Asked:
    """One request."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes = b""


def as_json(value: object, status: int = 200) -> Reply:
    """An answer in JSON."""
    return Reply(json.dumps(value).encode(), status, {"Content-Type": "application/json"})


class StandIn:
    """What every stand-in does: keeps what it was asked, and breaks as it is told.

    Attributes:
        faults: asked before the service itself; gives a reply in its place, or None.
        asked: every request so far.
        ahead: how far its clock is ahead.
    """

    def __init__(self) -> None:
        self.faults: Callable[[Asked], Reply | None] = lambda _: None
        self.asked: list[Asked] = []
        self.ahead = timedelta()

    def answer(self, asked: Asked) -> Reply:
        """What the service answers."""
        raise NotImplementedError


@contextmanager
def serving(service: StandIn) -> Iterator[str]:
    """The service on loopback; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet; two would wait for each other, 40 ms an answer

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", 0)))
            asked = Asked(parts.path, dict(parse_qsl(parts.query)), headers, body)
            service.asked.append(asked)
            reply = service.faults(asked) or service.answer(asked)
            time.sleep(reply.wait_s)
            self.send_response_only(reply.status)
            date = format_datetime(datetime.now(UTC) + service.ahead, usegmt=True)
            self.send_header("Date", reply.headers.pop("Date", date))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if not reply.plain:
                self.send_header("Content-Length", str(len(reply.body) + reply.cut))
            if reply.plain or reply.cut:
                self.send_header("Connection", "close")
                self.close_connection = True
            self.end_headers()
            self.wfile.write(reply.body)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


class Hevy(StandIn):
    """`/v1/workouts/events` as Hevy's OpenAPI has it; `past_end` and `empty_count` where it is silent."""

    def __init__(self, *, past_end: int = 200, empty_count: int = 1) -> None:
        super().__init__()
        self.events: list[dict[str, Any]] = []
        self.past_end, self.empty_count = past_end, empty_count

    def answer(self, asked: Asked) -> Reply:
        """By the published description."""
        if asked.headers.get("api-key") != KEY:
            return Reply(b"InvalidApiKey", 401, {"Content-Type": "text/html"})
        since = datetime.fromisoformat(asked.query.get("since", "1970-01-01T00:00:00Z"))
        page, size = int(asked.query.get("page", 1)), int(asked.query.get("pageSize", 5))
        assert 1 <= size <= 10
        assert page >= 1
        moments = [(_moment(event), event) for event in self.events]
        found = [event for when, event in sorted(moments, key=lambda pair: pair[0], reverse=True) if when >= since]
        pages = -(-len(found) // size) or self.empty_count
        if page > max(pages, 1) and self.past_end != 200:
            return as_json({}, self.past_end)
        return as_json({"page": page, "page_count": pages, "events": found[(page - 1) * size : page * size]})


def _moment(event: dict[str, Any]) -> datetime:
    told = event["workout"]["updated_at"] if event["type"] == "updated" else event["deleted_at"]
    return datetime.fromisoformat(told)


class Intervals(StandIn):
    """Lists, files and wellness of intervals.icu as its OpenAPI description has them."""

    def __init__(self, wrap: Callable[[bytes], Reply] = Reply, *, is_newest_in: bool = True) -> None:
        super().__init__()
        self.rows: dict[str, dict[str, Any]] = {}
        self.files: dict[str, bytes] = {}
        self.days: list[dict[str, Any]] = []
        self.wrap, self.is_newest_in = wrap, is_newest_in

    def answer(self, asked: Asked) -> Reply:
        """By the published description."""
        if asked.headers.get("authorization") != "Basic " + base64.b64encode(f"API_KEY:{KEY}".encode()).decode():
            return as_json({"status": 403, "error": "Access denied"}, 403)
        if asked.path == "/athlete/0/activities":
            oldest, newest = asked.query["oldest"], asked.query.get("newest", "9999")
            until = newest + ("T99" if self.is_newest_in and len(newest) == 10 else "")
            rows = [row for row in self.rows.values() if oldest <= row["start_date_local"] <= until]
            rows.sort(key=lambda row: row["start_date_local"], reverse=True)
            return as_json(rows[: int(asked.query.get("limit", 10_000))])
        if asked.path == "/athlete/0/wellness":
            return as_json([day for day in self.days if asked.query["oldest"] <= day["id"] <= asked.query["newest"]])
        key = asked.path.split("/")[2]
        if self.rows.get(key, {}).get("source") == "STRAVA":
            return as_json({"status": 422, "error": "Cannot read Strava activities via the API"}, 422)
        if key not in self.files:
            return as_json({"timestamp": "x", "status": 404, "error": "Not Found", "path": asked.path}, 404)
        return self.wrap(self.files[key])


class Garmin(StandIn):
    """Garmin's Personal API by its own Python client: a token for a key, list, ZIPs, daily heart rate."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, dict[str, Any]] = {}
        self.files: dict[str, bytes] = {}
        self.days: dict[str, int] = {}
        self.tokens = 0

    @property
    def token(self) -> str:
        """The newest token."""
        head, body = (base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (b'{"alg":"x"}', b'{"exp":1}'))
        return f"{head}.{body}.secret{self.tokens}"

    def answer(self, asked: Asked) -> Reply:
        """By the published client."""
        who = asked.headers.get("authorization")
        if asked.path.endswith("/personal-api-key/token"):
            if who != f"ApiKey {KEY}":
                return Reply(b"", 401)
            self.tokens += 1
            return Reply(self.token.encode())
        if who != f"Bearer {self.token}":
            return Reply(b"", 401)
        if asked.path == "/activitylist-service/activities/search/activities":
            rows = [row for row in self.rows.values() if row["startTimeLocal"] >= asked.query.get("startDate", "")]
            rows.sort(key=lambda row: row["startTimeLocal"], reverse=True)
            start = int(asked.query["start"])
            return as_json(rows[start : start + int(asked.query["limit"])])
        if asked.path == "/wellness-service/wellness/dailyHeartRate":
            day = asked.query["date"]
            return as_json({"calendarDate": day, "restingHeartRate": self.days.get(day)})
        key = asked.path.rsplit("/", 1)[1]
        return (
            Reply(self.files[key], 200, {"Content-Type": "application/zip"}) if key in self.files else Reply(b"", 404)
        )


class GarminConnect(Garmin):
    """What the library `garminconnect` talks to: a sign-in with a second factor, tokens that end, then as above.

    By the library's own code and tests, 0.3.2 and 0.3.12. `jwt` is the token that is good now.
    """

    EMAIL, PASSWORD, CODE = "kim@example.org", "pass-secret-9", "123456"

    def __init__(self) -> None:
        super().__init__()
        self.renewals = 0
        self.is_renewable = True
        self.name = "Kim R"

    def jwt(self, *, lasts: bool = True) -> str:
        """A token that tells its own end."""
        claims = {"exp": 4_000_000_000 if lasts else 1_000_000_000, "client_id": "C"}
        parts = (b'{"alg":"x"}', json.dumps(claims).encode())
        head, body = (base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)
        return f"{head}.{body}.secret{self.renewals}"

    def store(self, *, lasts: bool = True) -> str:
        """What a sign-in leaves."""
        return json.dumps({"di_token": self.jwt(lasts=lasts), "di_refresh_token": "secret-r", "di_client_id": "C"})

    def answer(self, asked: Asked) -> Reply:
        """By the library's requests."""
        if asked.path == "/di-oauth2-service/oauth/token":
            if b"refresh_token=" in asked.body and not self.is_renewable:
                return as_json({"error": "invalid_grant"}, 400)
            self.renewals += 1
            return as_json({"access_token": self.jwt(), "refresh_token": "secret-r"})
        if "/api/" in asked.path:
            return self._sign_in(asked.path, json.loads(asked.body))
        if asked.headers.get("authorization") != f"Bearer {self.jwt()}":
            return as_json({"error": "unauthorized"}, 401)
        if asked.path == "/userprofile-service/socialProfile":
            return as_json({"displayName": self.name})
        asked.headers["authorization"] = f"Bearer {self.token}"
        if asked.path.startswith("/wellness-service/wellness/dailyHeartRate/"):
            asked.path = asked.path.rsplit("/", 1)[0]
        return super().answer(asked)

    def _sign_in(self, path: str, given: dict[str, Any]) -> Reply:
        answer: dict[str, Any] = {"responseStatus": {"type": "SUCCESSFUL"}, "serviceTicketId": "ST-1"}
        if path.endswith("/login"):
            is_right = (given["username"], given["password"]) == (self.EMAIL, self.PASSWORD)
            kind = "MFA_REQUIRED" if is_right else "INVALID_USERNAME_PASSWORD"
            answer = {"responseStatus": {"type": kind}, "customerMfaInfo": {"mfaLastMethodUsed": "email"}}
        elif given["mfaVerificationCode"] != self.CODE:
            answer = {"responseStatus": {"type": "MFA_CODE_INVALID"}}
        return as_json(answer)
