"""Versions of one path: a newer content replaces only what it covers."""

from __future__ import annotations

import gzip
import io
import shutil
import warnings
import zipfile

from hipdrive.night import commands
from hipdrive.settings import Home
from hipdrive.warehouse import (
    ask,
)
from tests.makers.nights import TONIGHT, fates, log, night, put, sets_that_count


def test_a_corrected_log_wins_by_when_it_was_offered(home: Home) -> None:
    for order_of_weights in ((600, 60), (60, 600)):
        shutil.rmtree(home.data)
        home.inbox.mkdir(parents=True)
        for number, weight in enumerate(order_of_weights):
            put(home, "strong.csv", log(f"2026-03-02 Squat {weight} 5"), changed=1000 + number)
            night(home)
        assert sets_that_count(home) == [("2026-03-02", f"{order_of_weights[1]}.0", "5.0")]


def test_a_to_b_to_a_returns_to_a(home: Home) -> None:
    texts = [log("2026-03-02 Squat 60 5"), log("2026-03-02 Squat 70 5")]
    for number, text in enumerate([texts[0], texts[1], texts[0]]):
        put(home, "strong.csv", text, changed=1000 + number % 2)  # the third is the first again, time of change too
        night(home)
    assert sets_that_count(home) == [("2026-03-02", "60.0", "5.0")]
    assert ask(home, "SELECT status, counted FROM sources ORDER BY ALL").rows() == [("loaded", 1), ("replaced", 0)]


def test_a_newer_content_replaces_only_the_days_that_it_covers(home: Home) -> None:
    put(home, "strong.csv", log("2026-01-05 Squat 60 5", "2026-03-02 Squat 62 5", "2026-03-04 Squat 64 5"))
    night(home)
    put(home, "strong.csv", log("2026-03-02 Squat 62 5", "2026-03-06 Squat 66 5"), changed=2000)
    night(home)
    assert [row[:2] for row in sets_that_count(home)] == [
        ("2026-01-05", "60.0"),
        ("2026-03-02", "62.0"),
        ("2026-03-06", "66.0"),
    ]
    (reason,) = ask(home, "SELECT reason FROM sources WHERE status = 'replaced'")["reason"]
    assert "1 sets of earlier days still count" in reason


def test_losing_over_a_quarter_of_a_logs_sets_is_told(home: Home) -> None:
    rows = [f"2026-03-{day:02} Squat 60 5" for day in range(1, 13)]
    put(home, "strong.csv", log(*rows))
    assert night(home) == []
    put(home, "strong.csv", log(rows[0], *rows[6:]), changed=2000)
    (warning,) = night(home)
    assert "had 12 sets that counted and now has 7" in warning


def test_an_empty_content_replaces_nothing(home: Home) -> None:
    put(home, "strong.csv", log("2026-03-02 Squat 60 5"))
    night(home)
    put(home, "strong.csv", "", changed=2000)
    night(home)
    assert len(sets_that_count(home)) == 1


def test_another_run_under_an_old_name_is_another_run(home: Home, two_runs: tuple[bytes, bytes]) -> None:
    for number, run in enumerate(two_runs):
        put(home, "latest.fit", run, changed=1000 + number)
        night(home)
    assert ask(home, "SELECT count(*) AS n FROM runs").item() == 2
    put(home, "latest.fit", two_runs[1] + b"\0\0", changed=3000)  # the same run once more, in other bytes
    night(home)
    assert ask(home, "SELECT count(*) AS n FROM runs").item() == 2


def test_members_of_one_archive_never_replace_each_other(home: Home) -> None:
    """Exports of two phones in one zip may bear one name."""
    first, second, later = log("2026-03-02 Squat 60 5"), log("2026-03-01 Squat 70 5"), log("2026-03-01 Squat 80 5")
    put(home, "both.zip", zipped(("log.csv", first), ("log.csv", second)))
    for _ in range(2):
        assert night(home) == []
        assert sets_that_count(home) == [("2026-03-01", "70.0", "5.0"), ("2026-03-02", "60.0", "5.0")]
    put(home, "both.zip", zipped(("log.csv", first), ("log.csv", later)), changed=10**18)
    night(home)
    assert sets_that_count(home) == [("2026-03-01", "80.0", "5.0"), ("2026-03-02", "60.0", "5.0")]


def zipped(*members: tuple[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # two members of one name are what is tried
        for name, text in members:
            archive.writestr(name, text)
    return packed.getvalue()


def test_a_log_that_comes_back_packed_is_the_same_log_under_its_new_name(home: Home) -> None:
    text = log("2026-03-02 Squat 60 5", "2026-03-03 Squat many 5")
    ids = "SELECT DISTINCT source_id FROM strength_sets UNION SELECT DISTINCT source_id FROM rejects"
    path = put(home, "strong.csv", text)
    commands.ingest(home, [home.inbox], TONIGHT)
    before, counted = ask(home, ids)["source_id"].to_list(), sets_that_count(home)
    assert len(before) == 1
    path.unlink()
    put(home, "strong.csv.gz", gzip.compress(text.encode()))
    night(home)
    assert fates(home) == {"data/inbox/strong.csv": "duplicate", "data/inbox/strong.csv.gz": "loaded"}
    (now,) = ask(home, ids)["source_id"]
    assert now != before[0]
    assert ask(home, "SELECT source_id FROM sources WHERE status = 'loaded'")["source_id"].to_list() == [now]
    assert sets_that_count(home) == counted
