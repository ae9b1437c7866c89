"""The corpus of real files, where there is one: `$HIPDRIVE_CORPUS`, or `shared/corpus` beside the checkout."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from pathlib import Path

import pytest

CORPUS = Path(os.environ.get("HIPDRIVE_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus") / "fit"
FILES = sorted(
    path.relative_to(CORPUS).as_posix() for path in CORPUS.glob("*/*") if path.suffix in (".fit", ".gz", ".zip")
)
needs_corpus = pytest.mark.skipif(
    not FILES, reason="no corpus of real files here: set $HIPDRIVE_CORPUS to have it read"
)


def content(name: str) -> bytes:
    """The bytes of a file, out of its gzip or zip."""
    data = (CORPUS / name).read_bytes()
    if data.startswith(b"\x1f\x8b"):
        return gzip.decompress(data)
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.read(archive.namelist()[0])
    return data
