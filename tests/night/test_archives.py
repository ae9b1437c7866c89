"""What of an archive is opened, and what is said of the rest and of one that changes or goes while it is looked at."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime

import polars as pl

from hipdrive.night import commands
from hipdrive.night.archives import expand_archives
from hipdrive.night.news import Ledger
from hipdrive.read.corrections import Corrections
from hipdrive.read.inbox import Offer, list_offers
from hipdrive.settings import Home
from hipdrive.tables.sources import Source
from hipdrive.warehouse import ask
from tests.makers.nights import TONIGHT, log, put, sets_that_count

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def packed(members: Mapping[str, str | bytes], link: str | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        if link is not None:
            entry = zipfile.ZipInfo(link)
            entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
            archive.writestr(entry, "/elsewhere")
    return out.getvalue()


def expanded(home: Home, offers: list[Offer]) -> tuple[list[Offer], pl.DataFrame]:
    ledger = Ledger(Source.create_empty(), home.settings, Corrections())
    return expand_archives(offers, home.settings, NOW, ledger)


def test_a_link_in_an_archive_is_counted_and_not_followed(home: Home) -> None:
    put(home, "export.zip", packed({"strong.csv": log("2026-03-02 Squat 60 5"), "photo.jpg": b"\xff\xd8"}, "a.fit"))
    found, rows = expanded(home, list_offers(home, [home.inbox], None).offers)
    assert [offer.name for offer in found] == ["data/inbox/export.zip/strong.csv"]
    said = dict(rows.select("path", "reason").iter_rows())
    assert said["data/inbox/export.zip/*(links and devices)"].startswith("1 member: neither runs nor logs")
    assert said["data/inbox/export.zip/*.jpg"].startswith("1 member of this kind")


def test_an_archive_that_changes_while_it_is_looked_at_waits(home: Home) -> None:
    path = put(home, "export.zip", packed({"strong.csv": log("2026-03-02 Squat 60 5")}))
    offers = list_offers(home, [home.inbox], None).offers
    os.utime(path, ns=(0, offers[0].modified_ns + 1))
    found, rows = expanded(home, offers)
    assert found == []
    ((status, reason),) = rows.select("status", "reason").iter_rows()
    assert status == "skipped"
    assert "still being written" in reason


def test_a_file_that_goes_while_it_is_looked_at_is_left_to_who_reads_it(home: Home) -> None:
    path = put(home, "export.zip", packed({"strong.csv": log("2026-03-02 Squat 60 5")}))
    offers = list_offers(home, [home.inbox], None).offers
    path.unlink()
    found, rows = expanded(home, offers)
    assert (found, rows.height) == (offers, 0)


def test_an_archive_that_grew_has_its_new_members_read_and_a_broken_one_told(home: Home) -> None:
    first = {"strong.csv": log("2026-03-02 Squat 60 5")}
    put(home, "export.zip", packed(first), changed=1_000_000_000)
    commands.ingest(home, [home.inbox], TONIGHT)
    whole = packed({**first, "more.csv": log("2026-03-03 Squat 60 5"), "lost.csv": log("2026-03-04 Squat 70 5")})
    place = whole.index(b"2026-03-04")
    put(home, "export.zip", whole[:place] + b"2027" + whole[place + 4 :], changed=2_000_000_000)
    record = commands.ingest(home, [home.inbox], TONIGHT)
    assert record.sources.get("quarantined") == 1
    assert [row[:1] for row in sets_that_count(home)] == [("2026-03-02",), ("2026-03-03",)]
    (told,) = ask(home, "SELECT path FROM sources WHERE status = 'quarantined'")["path"]
    assert told == "data/inbox/export.zip/lost.csv"
