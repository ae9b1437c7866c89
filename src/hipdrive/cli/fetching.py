"""`hipdrive fetch`: services asked now, or a key of one kept; and what the doctor says of them."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator

import polars as pl

from hipdrive.cli.console import COMMON, DONE, NEEDS_A_PERSON, Common, out, whose
from hipdrive.errors import ServiceFault, WrongUse
from hipdrive.fetch import SIGNED_IN, keep_secret, keep_tokens, sign_in, way_in
from hipdrive.night.services import fetch as fetch_one
from hipdrive.night.services import services_of
from hipdrive.settings import DEFAULT_ATHLETE, Home
from hipdrive.warehouse import only_writer, read_fetches

_KEYS = {
    "garmin": "a key of Garmin's Personal API (developer.garmin.com, Garmin Connect, personal)",
    "intervals": "the API key of intervals.icu (Settings, Developer settings)",
    "hevy": "the API key of Hevy Pro (Settings, Developer)",
    "tell": "an address of apprise that messages of the night go to, such as ntfy://… or mailto://…",
}


def fetch(*, login: str | None = None, athlete: str | None = None, common: Common = COMMON) -> int:
    """Ask the services that the settings name for new runs and sets, into data/inbox/fetched/.

    Args:
        login: Keep the key of this service (garmin, intervals, hevy) or the address of [tell] (tell); it is asked for,
            and never shown.
        athlete: Whose.
    """
    home = Home(common.folder)
    if login is not None:
        return _log_in(home, login, whose(home, athlete, "fetch"))
    asked = [pair for pair in services_of(home.settings) if athlete in {None, pair[0]}]
    if not asked:
        raise WrongUse("fetch", "the settings name no service", 'set services = ["garmin"] in [fetch] of hipdrive.toml')
    needs_a_person = False
    with only_writer(home.data):
        for pair in asked:
            told = fetch_one(home.of(pair[0]), *pair)
            out.print(told.sentence)
            for note in told.notes:
                out.print(note)
            for warning in told.warnings:
                out.print(f"Worth a look: {warning}")
            needs_a_person |= bool(told.warnings)
    return NEEDS_A_PERSON if needs_a_person else DONE


def _log_in(home: Home, service: str, athlete: str) -> int:
    if service not in _KEYS:
        raise WrongUse("fetch", f"there is no service “{service}”", f"there are {', '.join(_KEYS)}")
    instead = ", or press Enter to sign in by e-mail" if service == SIGNED_IN else ""
    key = _asked(f"Paste {_KEYS[service]}{instead}: ")
    if not key and instead:
        email, password = _asked("E-mail: ", is_shown=True), _asked("Password, which is kept nowhere: ")
        tokens = sign_in(
            home.settings.fetch, email, password, lambda: _asked("The code that Garmin sent: ", is_shown=True)
        )
        out.print(f"Signed in; the tokens are kept in {keep_tokens(home.settings.fetch, athlete, tokens)}.")
        return DONE
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise WrongUse("fetch", "that is not a key", "paste it as the service shows it, without blanks")
    out.print(f"The key of {service} is kept in {keep_secret(home.settings.fetch, service, athlete, key)}.")
    return DONE


def _asked(question: str, *, is_shown: bool = False) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    return (input(question) if is_shown else getpass.getpass(question)).strip()


def say_of_services(home: Home) -> Iterator[tuple[bool, str]]:
    """For the doctor: of each service the last success, what is wrong, and what to do."""
    for athlete, service in services_of(home.settings):
        place = f"service {service}" + ("" if athlete == DEFAULT_ATHLETE else f" of {athlete}")
        try:
            way_in(home.settings.fetch, service, athlete)
        except ServiceFault as fault:
            yield False, f"{place}: {fault.reason}"
            continue
        mine = (
            read_fetches(home.of(athlete))
            .filter(pl.col("athlete_id") == athlete, pl.col("service") == service)
            .sort("asked_utc")
        )
        if mine.is_empty():
            yield False, f"{place}: not asked yet; run `hipdrive fetch`"
            continue
        good = mine.filter("is_success")
        when = f"last success {good[-1, 'asked_utc']:%Y-%m-%d %H:%M} UTC" if good.height else "no success yet"
        last = mine.row(-1, named=True)
        yield last["fault"] is None, f"{place}: {when}" + (f"; {last['fault']}" if last["fault"] else "")
