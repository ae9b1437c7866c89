"""On every real file at hand: at least as many records as the best of three other decoders, and no word raised."""

from __future__ import annotations

import csv
import gzip
import io
import os
import re
import zipfile
from pathlib import Path

import pytest

from hipdrive import fit

CORPUS = Path(os.environ.get("HIPDRIVE_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus") / "fit"
MANIFEST = CORPUS / "MANIFEST.csv"
OTHERS = ("garmin_fit_sdk", "fitparse", "fitdecode")
GROUPS = ("large", "mixed", "series_a", "series_b", "series_c")


def content(path: Path) -> bytes:
    data = path.read_bytes()
    if data.startswith(b"\x1f\x8b"):
        return gzip.decompress(data)
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.read(archive.namelist()[0])
    return data


def best_of_others(row: dict[str, str]) -> int:
    counts = [re.search(r"(\d+) records", row[name]) for name in OTHERS]
    return max(int(found[1]) if found else 0 for found in counts)


@pytest.mark.skipif(not MANIFEST.is_file(), reason="no corpus of real files here: set $HIPDRIVE_CORPUS to have it read")
@pytest.mark.parametrize("group", GROUPS)
def test_no_file_gives_fewer_records_than_another_decoder_reads(group: str) -> None:
    with MANIFEST.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["path"].startswith(f"{group}/")]
    assert rows
    short = {}
    for row in rows:
        frames = fit.decode(content(CORPUS / row["path"])).frames
        count = frames["record"].height if "record" in frames else 0
        if count < best_of_others(row):
            short[row["path"]] = (count, best_of_others(row))
    assert not short
