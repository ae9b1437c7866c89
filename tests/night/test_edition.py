"""The edition of reading, tidying and measuring is raised when their output changes, so that files are read again."""

from __future__ import annotations

import hashlib
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from hipdrive.catalogue import Resolver, load_catalogue
from hipdrive.night.batches import ingest_batch
from hipdrive.night.provenance import EDITION
from hipdrive.read.inbox import Offer
from hipdrive.settings import Settings

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "edition.toml"
DIGITS = 6  # figures that are the same on every machine


def _digest() -> str:
    """A fingerprint of all rows that the project's own sample and golden files give."""
    files = sorted(
        path
        for folder in (ROOT / "data" / "sample", ROOT / "tests" / "golden")
        for path in folder.rglob("*")
        if path.suffix in {".fit", ".csv", ".txt", ".toml", ".json"} and path != GOLDEN
    )
    offers = [Offer(path, path.name, path.stat().st_size, 1) for path in files]
    batch = ingest_batch(offers, Settings(), {}, datetime(2026, 11, 29, tzinfo=UTC), Resolver(load_catalogue(), {}))
    digest = hashlib.sha256()
    for name in sorted(batch.tables):
        frame = batch.tables[name]
        plain = frame.with_columns(pl.selectors.float().round_sig_figs(DIGITS) + 0.0).select(sorted(frame.columns))
        digest.update(f"{name}\n{plain.sort(pl.all()).write_csv()}".encode())
    return digest.hexdigest()


def test_a_change_of_what_is_read_or_measured_raises_the_edition() -> None:
    golden = tomllib.loads(GOLDEN.read_text(encoding="utf-8"))
    found = _digest()
    now = f'edition = {EDITION}\ndigest = "{found}"\n'
    if found != golden["digest"]:
        assert golden["edition"] != EDITION, (
            "reading, tidying or measuring gives other rows than before: raise EDITION in night/provenance.py, so that "
            f"people's files are read again, and write into {GOLDEN.name}:\n{now}"
        )
    assert (golden["edition"], golden["digest"]) == (EDITION, found), f"write into {GOLDEN.name}:\n{now}"
