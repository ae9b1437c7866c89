"""Files of one JSON object a line, which outlive the warehouse: a line is added whole, and nothing is ever changed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO


def append_line(path: Path, row: Mapping[str, object]) -> None:
    """Add one object as a line, on disk when this returns; dates and times are written in ISO 8601."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as file:
        # A line that broke off in a crash has no end, and the next must not be lost with it.
        broke_off = file.tell() > 0 and _last_byte(file) != b"\n"
        line = json.dumps(row, default=lambda value: value.isoformat()) + "\n"
        file.write((b"\n" if broke_off else b"") + line.encode())
        file.flush()
        os.fsync(file.fileno())


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Every object told so far, the oldest first; a line that broke off in a crash is left out."""
    if not path.is_file():
        return []
    rows = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            continue
        if isinstance(row, dict):
            rows.append(row)
    return rows


def keep_lines(path: Path, is_kept: Callable[[Mapping[str, Any]], bool]) -> None:
    """Leave only the objects that a question is answered with yes for; the file is replaced whole."""
    if not path.is_file():
        return
    kept = [json.dumps(row) for row in read_lines(path) if is_kept(row)]
    half = path.with_name(f"{path.name}.next")
    half.write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")
    sync(half)
    half.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Bring a file, or the names in a folder, onto the disk: a power cut after that takes nothing of it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _last_byte(file: BinaryIO) -> bytes:
    file.seek(-1, os.SEEK_END)
    return file.read(1)
