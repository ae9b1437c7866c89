"""Vega, Vega-Lite and Vega-Embed as one script, made once a version and kept in the user's cache folder.

To make it takes a second of CPU, more than all else on a page, and it is the same every night.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

import altair as alt


@cache
def vega_bundle() -> str:
    """The script, which leaves one global name, `vegaEmbed`: the kept one if it is whole, else a new one.

    A cache that cannot be read or written costs time and nothing else.
    """
    kept_in = cache_folder() / f"vega-altair-{alt.__version__}-vl-convert-{version('vl-convert-python')}.js"
    kept = _kept(kept_in)
    if kept is not None:
        return kept
    bundle = _make()
    with suppress(OSError):
        _keep(bundle, kept_in)
    return bundle


def cache_folder() -> Path:
    """Where the platform keeps what may be lost: `$XDG_CACHE_HOME/hipdrive` and its like."""
    if named := os.environ.get("XDG_CACHE_HOME"):
        return Path(named) / "hipdrive"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or tempfile.gettempdir()) / "hipdrive" / "cache"
    home = Path(os.path.expanduser("~"))  # noqa: PTH111  Path.home() fails for a user without one
    return home / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "hipdrive"


def _make() -> str:
    import vl_convert  # noqa: PLC0415  loaded once a version, not every night

    wanted = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    # Wrapped, because its many short global names clash with those of the page's own script.
    bundle = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=wanted)
    return f"(function () {{\n{bundle}\n}})();"


def _kept(file: Path) -> str | None:
    """The kept script; None where there is none, or only a part of one: its digest stands before it."""
    try:
        digest, script = file.read_bytes().split(b"\n", 1)
    except (OSError, ValueError):
        return None
    return script.decode() if digest.decode("ascii", "replace") == hashlib.sha256(script).hexdigest() else None


def _keep(bundle: str, file: Path) -> None:
    script = bundle.encode()
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as part:
        part.write(hashlib.sha256(script).hexdigest().encode() + b"\n" + script)
    Path(part.name).replace(file)
