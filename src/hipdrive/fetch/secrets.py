"""Ways into the services: from the environment, a file that only its owner can read, or the system's keyring."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

import keyring
from keyring.errors import KeyringError

from hipdrive.errors import ServiceFault
from hipdrive.settings import DEFAULT_ATHLETE, Fetch

SIGNED_IN = "garmin"  # the service that can also be entered by e-mail and password
_IN_KEYRING = "hipdrive"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def variable_of(service: str, athlete: str) -> str:
    """The environment's variable that may hold a key."""
    whose = "" if athlete == DEFAULT_ATHLETE else "_" + re.sub(r"\W", "_", athlete).upper()
    return f"HIPDRIVE_SECRET_{service.upper()}{whose}"


def file_of(fetch: Fetch, service: str, athlete: str) -> Path:
    """The file that may hold it."""
    return Path(fetch.secrets).expanduser() / athlete / service


def tokens_of(fetch: Fetch, athlete: str) -> Path:
    """The file that may hold what a sign-in left."""
    return Path(fetch.secrets).expanduser() / athlete / f"{SIGNED_IN}_tokens.json"


def way_in(fetch: Fetch, service: str, athlete: str) -> tuple[str, bool]:
    """An athlete's way into a service: a key, or else the tokens that a sign-in left; and whether it is those.

    Raises:
        ServiceFault: there is none, others can read its file, or it is not a key.
    """
    try:
        return read_secret(fetch, service, athlete), False
    except ServiceFault:
        tokens = _from_file(service, tokens_of(fetch, athlete)) if service == SIGNED_IN else None
        if not tokens:
            raise
    return tokens, True


def read_secret(fetch: Fetch, service: str, athlete: str) -> str:
    """An athlete's key of a service.

    Raises:
        ServiceFault: there is none, others can read its file, or it is not a key.
    """
    variable, file = variable_of(service, athlete), file_of(fetch, service, athlete)
    key = os.environ.get(variable) or _from_file(service, file) or _from_keyring(service, athlete)
    if not key:
        reason = f"no key is known; `hipdrive fetch --login {service}` asks for it, or set {variable}"
        raise ServiceFault(service, reason)
    key = key.strip()
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise ServiceFault(service, f"what is kept is not a key; `hipdrive fetch --login {service}` asks for it anew")
    return key


def keep_secret(fetch: Fetch, service: str, athlete: str, key: str) -> str:
    """Keep a key in the keyring, or in a file of mode 0600 where there is none; gives where it lies."""
    try:
        keyring.set_password(_IN_KEYRING, _name(service, athlete), key)
        if _from_keyring(service, athlete) == key:
            file_of(fetch, service, athlete).unlink(missing_ok=True)
            return "the system's keyring"
    except (KeyringError, RuntimeError):
        pass  # a machine without a safe of its own
    file = file_of(fetch, service, athlete)
    _write(file, key)
    return str(file)


def keep_tokens(fetch: Fetch, athlete: str, tokens: str) -> str:
    """Keep what a sign-in left, for its owner alone; they change too often for a keyring. Gives where they lie."""
    file = tokens_of(fetch, athlete)
    _write(file, tokens)
    return str(file)


def _write(file: Path, secret: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = file.with_name(file.name + ".next")
    aside.unlink(missing_ok=True)
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(secret)
    aside.replace(file)


def _name(service: str, athlete: str) -> str:
    return service if athlete == DEFAULT_ATHLETE else f"{athlete}/{service}"


def _from_file(service: str, file: Path) -> str | None:
    try:
        mode, key = file.stat().st_mode, file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise ServiceFault(service, f"{file} cannot be read ({type(error).__name__})") from None
    if mode & _OTHERS:
        raise ServiceFault(service, f"others can read {file}, which holds a key; run `chmod 600 {file}`")
    return key


def _from_keyring(service: str, athlete: str) -> str | None:
    try:
        return keyring.get_password(_IN_KEYRING, _name(service, athlete))
    except (KeyringError, RuntimeError):
        return None
