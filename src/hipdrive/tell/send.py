"""One message, sent. Neither a command nor an address is ever repeated: both may hold a key."""

from __future__ import annotations

import logging
import os
import subprocess
from collections.abc import Sequence

_WITHIN_S = 60


def by_command(command: Sequence[str], title: str, text: str) -> str | None:
    """Run a command with the message on its standard input and the title as `HIPDRIVE_TITLE`.

    Returns:
        Why it did not go out; None where the command ended well.
    """
    try:
        done = subprocess.run(  # noqa: S603  the user's own command
            list(command),
            input=text,
            text=True,
            timeout=_WITHIN_S,
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HIPDRIVE_TITLE": title},
        )
    except subprocess.TimeoutExpired:
        return f"the command of [tell] did not end within {_WITHIN_S} s"
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        return f"the command of [tell] cannot be run ({reason or type(error).__name__}); try it in a terminal"
    return f"the command of [tell] ended with code {done.returncode}; try it in a terminal" if done.returncode else None


def by_address(address: str, title: str, text: str) -> str | None:
    """Send to an address in the language of apprise, such as `mailto://` or `ntfy://`.

    Returns:
        Why it did not go out; None where the service took it.
    """
    try:
        import apprise  # noqa: PLC0415  an extra, and half a second: only who is told something needs it
    except ImportError:
        return "apprise is not installed; install hipdrive[notify], or name a command in [tell]"
    logging.getLogger("apprise").disabled = True  # its log quotes addresses
    sender = apprise.Apprise()
    if not sender.add(address):
        return "apprise does not know this kind of address; `hipdrive fetch --login tell` asks for it anew"
    try:
        is_sent = sender.notify(body=text, title=title)
    except Exception as error:  # noqa: BLE001  a hundred services, each with errors of its own
        return f"the service did not accept it ({type(error).__name__})"
    return None if is_sent else "the service did not accept it; check the address and the network"
