"""`report --share` on a home full of what nobody wants to hand on: nothing of it is in any page or folder's name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hipdrive.demo import make_sample
from tests.flow.test_cli import DONE, NEEDS_A_PERSON, run_hipdrive

SERIAL_NUMBERS = ("20240101", "20240102")  # of the sample's watch and strap
CLOCK_TIMES = ("20:20", "17:12", "18:12")  # of its workouts and its run, in UTC and on the athlete's clock
PRIVATE = (
    "anna_example",
    "ben_example",
    "anna.surname@mail.example",
    "Clinic Street",
    "Evening with Carla",
    "my left knee hurt",
    "Secret lift of mine",
    "Ankle of 2019",
    "Blue shoes from Dora",
)


def _export(name: str, log: bytes) -> bytes:
    """The sample's log with a title, a note and an exercise that only its owner would write."""
    text = log.decode().replace("Hip programme", f"Evening with Carla {name}")
    first = text.splitlines()[1].split(",")
    date = first[0]
    return (text + f'{date},Evening with Carla,18m,Secret lift of mine,1,0,8,0,0,"my left knee hurt",,\n').encode()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("full")
    assert run_hipdrive(home, "init").returncode == DONE
    settings = home / "hipdrive.toml"
    team = "\n".join(f'[athletes.{name}]\ntime_zone = "Europe/Berlin"\n' for name in ("anna_example", "ben_example"))
    settings.write_text(f"{settings.read_text(encoding='utf-8')}\n{team}", encoding="utf-8")
    sample = dict(make_sample())
    for name in ("anna_example", "ben_example"):
        inbox = home / "data" / "inbox" / name
        inbox.mkdir(parents=True)
        (inbox / "anna.surname@mail.example_7788.fit").write_bytes(
            sample["run.fit"] + (b"" if "anna" in name else b"\0")
        )
        (inbox / "Clinic Street.csv").write_bytes(_export(name, sample["strong.csv"]))
        (inbox / "Clinic Street broken.fit").write_bytes(
            b"\x0e\x10\x00\x00\x10\x00\x00\x00.FIT\x00\x00" + name.encode()
        )
    diary = "local_date,kind,text,athlete_id\n2026-11-03,injury,Ankle of 2019,anna_example\n"
    diary += "2026-11-02,shoes,Blue shoes from Dora,anna_example\n"
    (home / "data" / "diary.csv").write_text(diary, encoding="utf-8")
    assert "Traceback" not in run_hipdrive(home, "ingest", "data/inbox").stderr
    return home


def _pages(home: Path, where: str = "latest") -> str:
    """Every page of the newest night and its folders' names, without the bundle, the style and the page's code."""
    (night,) = (home / "reports").glob(where)
    pages = [path.read_text(encoding="utf-8") for path in sorted(night.rglob("index.html"))]
    folders = [str(path.relative_to(night)) for path in sorted(night.rglob("*"))]
    return re.sub(r"<style>.*?</style>|<script>.*?</script>", "", "\n".join([*folders, *pages]), flags=re.DOTALL)


def test_the_runners_own_pages_name_what_is_theirs(home: Path) -> None:
    assert run_hipdrive(home, "report").returncode in {DONE, NEEDS_A_PERSON}
    own = _pages(home)
    assert all(text in own for text in ("anna_example", "ben_example", "Clinic Street", "Secret lift of mine"))


def test_shared_pages_hold_nothing_private(home: Path) -> None:
    done = run_hipdrive(home, "report", "--share")
    assert done.returncode in {DONE, NEEDS_A_PERSON}
    shared = _pages(home, "shared/*")
    assert shared.count("<!doctype html>") == 3  # two athletes and their index
    for text in (*PRIVATE, *SERIAL_NUMBERS, *CLOCK_TIMES, "@"):
        assert text not in shared, text
    assert re.findall(r"\d:\d\d(?::\d\d)? ?UTC|UTC ?\d", shared) == []
    cards = [path.read_text(encoding="utf-8") for path in (home / "reports" / "shared").rglob("card.svg")]
    assert [text for card in cards for text in PRIVATE if text in card] == []
    assert "athlete-1" in shared
    assert "athlete-2" in shared


def test_one_athletes_shared_page_is_the_nights_index(home: Path) -> None:
    assert run_hipdrive(home, "report", "--share", "--athlete", "anna_example").returncode in {DONE, NEEDS_A_PERSON}
    shared = _pages(home, "shared/*")
    assert shared.count("<!doctype html>") == 1
    assert not any(text in shared for text in PRIVATE)
