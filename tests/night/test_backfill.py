"""Everything again from the sources."""

from __future__ import annotations

import pytest

from hipdrive.night import commands
from hipdrive.read.archives import Opened, open_offer
from hipdrive.read.inbox import Offer
from hipdrive.settings import Archive, Home
from hipdrive.warehouse import (
    Warehouse,
    ask,
    reread_so_far,
)
from tests.makers.nights import SAMPLE, log, night, put, sets_that_count


def test_a_backfill_reads_everything_again_and_lists_what_moved(home: Home) -> None:
    put(home, "strong.csv", log("2026-03-02 Squat 60 5", "2026-03-04 Hip_Thrust 60 8"))
    put(home, "run.fit", (SAMPLE / "run.fit").read_bytes())
    night(home)
    assert commands.backfill(home).moved == []
    with Warehouse(home) as warehouse:
        warehouse._run("UPDATE run_measures SET distance_m = 2 * distance_m")
        warehouse._run("UPDATE sources SET read_with = 'long ago'")
        warehouse.swap("tampered")
    record = commands.backfill(home)
    moved = {(one.table, one.column): one for one in record.moved}
    distance = moved["runs", "distance_m"]
    assert distance.rows == distance.of == 1
    assert distance.after == pytest.approx((distance.before or 0) / 2)
    assert record.sources["loaded"] == 2
    assert "long ago" not in ask(home, "SELECT read_with FROM sources")["read_with"].to_list()


def test_a_backfill_that_broke_off_is_gone_on_with(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    for day in range(1, 4):
        put(home, f"{day}.csv", log(f"2026-03-0{day} Squat 60 5"))
    night(home)
    monkeypatch.setattr("hipdrive.night.batches.BATCH_FILES", 1)
    opened: list[str] = []
    real = open_offer

    def count(offer: Offer, bounds: Archive) -> Opened:
        if len(opened) == 2 and not broken:
            broken.append(True)
            raise KeyboardInterrupt
        opened.append(offer.name)
        return real(offer, bounds)

    broken: list[bool] = []
    monkeypatch.setattr("hipdrive.night.batches.open_offer", count)
    with pytest.raises(KeyboardInterrupt):
        commands.backfill(home)
    assert reread_so_far(home) == 2
    night(home)  # the next night goes on there
    assert opened == ["data/inbox/1.csv", "data/inbox/2.csv", "data/inbox/3.csv"]
    assert reread_so_far(home) is None
    assert len(sets_that_count(home)) == 3
