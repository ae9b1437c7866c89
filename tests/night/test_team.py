"""A team: pooled from the nights' answers, kept, drawn; starts by lot, kept and forgotten."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from hipdrive.cli import teams
from hipdrive.cli.app import app
from hipdrive.cli.console import Common
from hipdrive.cli.settings_template import settings_template
from hipdrive.errors import MissingWarehouse, WrongUse
from hipdrive.estimate import estimate_effect
from hipdrive.estimate.day_after import estimate_day_after
from hipdrive.night import commands
from hipdrive.night.answers import Answers
from hipdrive.night.kept import to_text
from hipdrive.night.plans import declare
from hipdrive.night.shards import settle_catalogue
from hipdrive.night.team import declare_team, estimate_team
from hipdrive.report.team import draw_team_page
from hipdrive.settings import Home
from hipdrive.tables.estimates import PacePart, Race, StoredAnswers
from hipdrive.warehouse import Warehouse, ask, drop_plans_of, read_team_starts

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
NAMES = ("anna", "bo", "cy", "di")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    sections = "".join(f"\n[athletes.{name}]\n" for name in NAMES)
    (tmp_path / "hipdrive.toml").write_text(settings_template() + sections, encoding="utf-8")
    home = Home(tmp_path)
    for name in NAMES:
        (home.inbox / name).mkdir(parents=True)
        (home.inbox / name / "log.csv").write_text("date,exercise,reps\n2026-03-02,squat,5\n", encoding="utf-8")
    return home


def weeks(seed: int, effect: float, length: int = 80) -> pl.DataFrame:
    """A runner who takes strength work up once, and whom it makes faster by so much."""
    rng = np.random.default_rng(seed)
    dose = (np.arange(length) >= length // 2).astype(float)
    lagged = np.convolve(dose, np.exp(-np.arange(30) / 6) / np.exp(-np.arange(30) / 6).sum())[:length]
    level = np.log(3) + np.cumsum(rng.normal(0, 0.001, length)) + rng.normal(0, 0.01, length) + effect * lagged
    return pl.DataFrame(
        {
            "week_start": [date(2024, 1, 1) + timedelta(weeks=week) for week in range(length)],
            "runs": rng.integers(3, 6, length),
            "speed_at_reference_hr_m_per_s": np.exp(level),
            "heat_c": rng.uniform(0, 8, length),
            "ctl": rng.uniform(6, 9, length),
            "atl": rng.uniform(5, 10, length),
            "acute_hip_dose": rng.uniform(0, 0.5, length),
            "hip_dose": dose,
            "upper_dose": rng.uniform(0, 1, length),
        }
    )


def keep(home: Home, athlete: str, seen: pl.DataFrame) -> None:
    """What a night would have kept of an athlete with these weeks."""
    answers = Answers(
        effect=estimate_effect(seen),
        look=None,
        weeks=seen,
        races=Race.create_empty(),
        parts=PacePart.create_empty(),
        day_after=estimate_day_after(
            pl.DataFrame(schema={"local_date": pl.Date, "bounded_speed_at_reference_hr_m_per_s": pl.Float64}),
            pl.DataFrame(schema={"local_date": pl.Date, "hip_dose": pl.Float64}),
        ),
        at_present_rhythm=None,
        in_blocks=None,
        remedies=None,
        teaches_most=None,
        mechanisms=(),
        coupling=None,
        stride_seen=None,
    )
    rows = {"athlete_id": [athlete], "run_id": ["n"], "answers": [to_text(answers)]}
    with Warehouse(home.of(athlete)) as warehouse:
        warehouse.replace_of(athlete, "answers", StoredAnswers.validate(pl.DataFrame(rows)))
        warehouse.build_views()
        warehouse.swap(f"n-{athlete}")
    with commands.begun(home) as night:
        settle_catalogue(night, [athlete])


def test_a_team_is_pooled_from_its_answers_and_says_who_was_left_out(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    commands.ingest(home, [home.inbox], date(2026, 11, 30))
    for seed, name in enumerate(NAMES[:3]):
        keep(home, name, weeks(seed, 0.03))
    keep(home, "di", weeks(9, 0.03, 20))
    found = estimate_team(home, NOW)
    assert found.effect is not None
    assert (found.pooled, [one.athlete_id for one in found.left_out]) == (3, ["di"])
    row = ask(home, "SELECT * FROM team_effects").row(0, named=True)
    assert row["estimate_fraction"] == pytest.approx(found.effect.pooled.estimate)
    assert row["lo_fraction"] < row["estimate_fraction"] < row["hi_fraction"]
    assert (row["athletes"], row["left_out"]) == (3, 1)
    members = ask(home, "SELECT athlete_id, weight_fraction, left_out_reason FROM team_members ORDER BY ALL")
    assert members["weight_fraction"].sum() == pytest.approx(1)
    assert members.filter(pl.col("athlete_id") == "di")["left_out_reason"].item() == "few_weeks"
    teams.estimate(common=Common(home=home.folder))
    said = " ".join(capsys.readouterr().out.split())
    assert "Over 3 athletes the full programme kept up goes with a speed at reference heart rate" in said
    assert "Left out: di (20 weeks of known dose; it takes 26)." in said
    page = (home.reports / "team" / "index.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 1
    assert all(f">{name}</text>" in page or f">{name}<" in page for name in NAMES[:3])
    assert "no runs" in page
    assert "anna: no runs" in said
    assert 'href="../latest/anna/index.html"' in page
    assert 'href="team/index.html"' in (home.reports / "index.html").read_text(encoding="utf-8")
    assert "http" not in page.replace("http://www.w3.org", "").replace("http-equiv", "")


def test_a_team_of_nobody_has_no_number_and_no_home_no_team(home: Home) -> None:
    with pytest.raises(MissingWarehouse):
        estimate_team(home, NOW)
    commands.ingest(home, [home.inbox], date(2026, 11, 30))
    found = estimate_team(home, NOW)
    assert found.effect is None
    assert len(found.left_out) == len(NAMES)
    assert ask(home, "SELECT estimate_fraction, athletes FROM team_effects").row(0) == (None, 0)
    assert "0 athletes can be pooled; it takes three" in draw_team_page(None, 0, found.left_out, found.starts)


def test_starts_are_drawn_once_kept_told_and_forgotten_with_an_athlete(home: Home) -> None:
    drawn = declare_team(home, NOW)
    assert set(drawn["athlete_id"]) == set(NAMES)
    assert read_team_starts(home).equals(drawn)
    with pytest.raises(WrongUse, match="never changed"):
        declare_team(home, NOW + timedelta(days=30))
    commands.ingest(home, [home.inbox], date(2026, 11, 30))
    found = estimate_team(home, NOW)
    assert ask(home, "SELECT count(*) FROM team_starts").item() == len(NAMES)
    assert "bo: from " in draw_team_page(None, 0, (), found.starts)
    drop_plans_of(home, "bo")
    assert "bo" not in read_team_starts(home)["athlete_id"].to_list()


def test_starts_and_an_experiment_of_ones_own_do_not_go_together(home: Home) -> None:
    declare(home, "bo", NOW)
    with pytest.raises(WrongUse, match=r"bo until 1 October 2028.*draw the starts after") as refused:
        declare_team(home, NOW)
    assert "\n" not in str(refused.value)
    assert read_team_starts(home).is_empty()
    after = NOW + timedelta(weeks=97)
    last = declare_team(home, after)["start_date"].max()
    assert isinstance(last, date)
    with pytest.raises(WrongUse, match=r"bo has a start in a team, the last of which is on .*after that day"):
        declare(home, "bo", after)
    declare(home, "me", after)  # has no start
    declare(home, "bo", datetime(last.year, last.month, last.day, 12, tzinfo=UTC) + timedelta(days=1))


def test_an_experiment_from_before_there_was_a_team_counts(tmp_path: Path) -> None:
    (tmp_path / "hipdrive.toml").write_text(settings_template(), encoding="utf-8")
    declare(Home(tmp_path), "me", NOW)
    (tmp_path / "athletes.csv").write_text("id\nme\nanna\nbo\n", encoding="utf-8")
    with pytest.raises(WrongUse, match="me until 1 October 2028"):
        declare_team(Home(tmp_path), NOW)


def test_two_athletes_are_no_team(tmp_path: Path) -> None:
    (tmp_path / "hipdrive.toml").write_text(settings_template() + "\n[athletes.anna]\n", encoding="utf-8")
    with pytest.raises(WrongUse, match=r"name every athlete in athletes\.csv or hipdrive\.toml"):
        declare_team(Home(tmp_path), NOW)


def test_the_command_line_has_both(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    app(["plan", "--team", "--home", str(home.folder)], result_action="return_value", exit_on_error=False)
    assert "Drawn by lot with seed" in capsys.readouterr().out
    app(["team", "--help"], result_action="return_value", exit_on_error=False)
    assert "estimate" in capsys.readouterr().out
