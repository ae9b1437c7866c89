"""JSON of a log's app: one document, or one a line, as people save what an app's interface answers."""

from __future__ import annotations

import json
from collections.abc import Iterator

from hipdrive.errors import UnreadableFile
from hipdrive.read.strength.delimited import decode_text


def is_json(data: bytes) -> bool:
    """Whether these bytes begin as JSON does."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"[", b"{"}


def load_json(data: bytes, path: str) -> Iterator[object]:
    """Every document in a file of JSON or of JSON lines.

    Raises:
        UnreadableFile: it is not JSON; the sentence names the line.
    """
    text = decode_text(data)
    decoder = json.JSONDecoder()
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        try:
            document, at = decoder.raw_decode(text, at)
        except (json.JSONDecodeError, RecursionError) as error:
            line, why = text.count("\n", 0, getattr(error, "pos", at)) + 1, getattr(error, "msg", "nested too deeply")
            raise UnreadableFile(path, f"line {line}: this is not valid JSON ({why}); export it again") from None
        yield document
