"""What a file is, by its bytes and, for FIT alone, by its name: FIT, TCX, GPX, a strength log, a service's list.

What it says is never told: strangers' words have no place in a ledger.
"""

from __future__ import annotations

from hipdrive.read import garmin_export, strava_export, tracks, wellness
from hipdrive.read.runs import is_fit
from hipdrive.read.strength import recognise_format

# Marks, in lower case, of things that people keep beside their exports and that are not a log.
_NOT_WANTED = {
    b"%pdf": "a PDF",
    b"\x89png": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"gif8": "a picture",
    b"<!doctype html": "a web page",
    b"<html": "a web page",
}
_MARK_WITHIN = 400


def recognise(data: bytes, name: str) -> str | None:
    """The name of what these bytes are; None for what hipdrive reads nothing of.

    Args:
        data: unpacked.
        name: of the file; one that ends in `.fit` is taken for FIT whatever it holds.
    """
    if is_fit(data) or name.lower().endswith((".fit", ".fit.gz")):
        return "fit"
    return (
        tracks.recognise(data) or garmin_export.recognise(data) or strava_export.recognise(data)
        or wellness.recognise(data) or recognise_format(data)
    )  # fmt: skip


def not_wanted(data: bytes) -> str | None:
    """What a file that nobody wants read is, such as a picture; None where it cannot be told."""
    head = data[:_MARK_WITHIN].lower()
    return next((what for mark, what in _NOT_WANTED.items() if mark in head), None)


def described(data: bytes) -> str:
    """What kind of bytes these are; never what they say."""
    head = data[:_MARK_WITHIN].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] in {b"{", b"["}:
        return "it looks like JSON"
    if head[:1] == b"<":
        return "it looks like XML"
    if b"\0" in head:
        return "it is not text"
    lines = len(data.splitlines())
    return f"it is text of {lines} {'line' if lines == 1 else 'lines'}"
