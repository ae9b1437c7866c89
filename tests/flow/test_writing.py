"""What the runner writes down from the terminal is in the warehouse after the next night."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from hipdrive.cli.app import app
from hipdrive.cli.new_home import make_home
from hipdrive.cli.writing import alias, settle
from hipdrive.errors import WrongUse
from hipdrive.settings import Home
from hipdrive.warehouse import ask

HIPDRIVE = str(Path(sys.executable).with_name("hipdrive"))


def run_hipdrive(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "HIPDRIVE"))}
    return subprocess.run(
        [HIPDRIVE, *words], cwd=folder, capture_output=True, text=True, check=False, env=environment, timeout=120
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    make_home(tmp_path)
    return tmp_path


def test_five_exercises_at_home_need_no_app(home: Path) -> None:
    for words in (
        ("log", "programme", "--sets", "1", "--on", "2026-03-02"),
        ("log", "hip thrust", "3x8@60", "--on", "2026-03-03", "--rpe", "8"),
        ("note", "illness", "2026-03-01", "cold"),
        ("ingest", "data/inbox"),
    ):
        done = run_hipdrive(home, *words)
        assert done.returncode == 0, done.stderr
    sets = ask(Home(home), "SELECT exercise, reps, weight_kg, rpe FROM strength_sets ORDER BY local_date, set_index")
    assert sets["exercise"].to_list()[:2] == ["band_drive_back", "sl_glute_bridge"]
    assert sets.filter(pl.col("exercise") == "hip_thrust").rows() == [("hip_thrust", 8.0, 60.0, 8.0)] * 3
    assert (home / "data" / "diary.csv").read_text(encoding="utf-8").splitlines()[1].startswith("2026-03-01,illness")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("log", "zorbing", "3x8"), "“zorbing” is not an exercise that hipdrive knows"),
        (("log", "hip thrust"), "how many sets"),
        (("log", "hip thrust", "5-8"), "write sets like 3x8@60"),
        (("log", "none", "2026-03-08", "2026-03-02"), "write days in order"),
        (("log", "hip thrust", "3x8", "--on", "yesterday"), "write it as 2026-03-01"),
        (("log", "hip thrust", "3x8", "--side", "up"), "left or right"),
        (("note", "party"), "the kinds are illness"),
        (
            ("alias", "Hip Thing", "hip_trust"),
            "hipdrive alias: “hip_trust” is not an exercise; the nearest are hip_thrust",
        ),
        (("alias", "Hip Thing", "Hip Thrust"), "the nearest are hip_thrust"),
    ],
)
def test_what_cannot_be_written_is_told_in_a_sentence_and_nothing_is_written(
    home: Path, words: tuple[str, ...], said: str
) -> None:
    before = (home / "hipdrive.toml").read_bytes()
    with pytest.raises(WrongUse) as caught:
        app([*words, "--home", str(home)], exit_on_error=False, print_error=False, result_action="return_value")
    assert said in str(caught.value)
    assert list((home / "data" / "inbox").iterdir()) == []
    assert (home / "hipdrive.toml").read_bytes() == before


def test_settling_asks_for_each_name_and_leaves_it_without_an_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = Home(make_home(tmp_path))
    answers = iter(["1", "", "nonsense", "glute_bridge"])
    names = [("Cable kickback", 16), ("Otto's Special", 3), ("Zorb", 2), ("Bridge thing wobble", 1), ("Never asked", 1)]

    def answer(_question: str) -> str:
        try:
            return next(answers)
        except StopIteration:
            raise EOFError from None

    assert settle(home, names, answer) == 2
    assert Home(tmp_path).settings.aliases == {
        "Cable kickback": "glute_kickback",
        "Bridge thing wobble": "glute_bridge",
    }
    assert "could be glute_kickback or triceps_kickback" in capsys.readouterr().out


def test_a_name_may_be_settled_again(tmp_path: Path) -> None:
    home = Home(make_home(tmp_path))
    alias(home, "Hip Thing", "hip_thrust")
    alias(Home(tmp_path), "Hip Thing", "glute_bridge")
    assert Home(tmp_path).settings.aliases == {"Hip Thing": "glute_bridge"}
