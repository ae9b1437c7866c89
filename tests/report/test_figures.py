from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from hipdrive.estimate.check_result import CheckResult
from hipdrive.report.efforts import efforts_of_one_quarter
from hipdrive.report.figures.attacks import draw_attacks, draw_stride_changes
from hipdrive.report.figures.calendar import draw_calendar
from hipdrive.report.figures.doing import draw_dose, draw_items
from hipdrive.report.figures.efforts import draw_best_efforts
from hipdrive.report.figures.exposure import draw_exposure
from hipdrive.report.figures.measures import AS_IT_WAS, STRIDE, draw_measure
from hipdrive.report.figures.running import draw_speed
from hipdrive.report.figures.theme import DOTTED, Figure, Gap
from hipdrive.report.figures.tightening import draw_nights
from hipdrive.report.figures.together import draw_associations, draw_estimate, draw_lags
from hipdrive.report.page import draw_figures

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipdrive.report import Findings

UNITS = re.compile(
    r"min/km|\bmin\b|steps/min|\bcm\b|\bms\b|%|(?:programme|full) = 1|correlation r|weeks?\b|share|quarter of the year"
)


def _walk(node: object) -> Iterator[Mapping[str, object]]:
    if isinstance(node, Mapping):
        yield node
        for value in node.values():
            yield from _walk(value)
    elif isinstance(node, list):
        for value in node:
            yield from _walk(value)


def _channels(figure: Figure, *names: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for node in _walk(figure.spec):
        encoding = node.get("encoding")
        if isinstance(encoding, Mapping):
            yield from ((name, encoding[name]) for name in names if isinstance(encoding.get(name), Mapping))


def _drawn(findings: Findings) -> list[Figure]:
    drawn = draw_figures(findings).values()
    return [figure for section in drawn for figure in section if isinstance(figure, Figure)]


@pytest.fixture(params=[{"weeks": 4}, {"weeks": 104, "is_demo": True}], ids=str)
def figures(request: pytest.FixtureRequest, make_findings: Callable[..., Findings]) -> list[Figure]:
    return _drawn(make_findings(**request.param))


def test_every_field_is_in_the_table_or_computed_in_the_chart(figures: list[Figure]) -> None:
    for figure in figures:
        computed = {node["as"] for node in _walk(figure.spec) if "calculate" in node}
        fields = {node["field"] for node in _walk(figure.spec) if "field" in node}
        assert fields, figure.key
        assert fields <= set(figure.table.columns) | computed, figure.key


def test_every_axis_with_a_title_names_its_unit(figures: list[Figure]) -> None:
    for figure in figures:
        titles = [channel["title"] for _, channel in _channels(figure, "x", "y") if channel.get("title")]
        titles += [
            axis["title"]
            for _, channel in _channels(figure, "x", "y")
            if isinstance(axis := channel.get("axis"), Mapping) and axis.get("title")
        ]
        # The curve's unit stands in the big number above it, that of the parts at each tick.
        assert titles or figure.key in {"curve", "parts"}, figure.key
        assert all(UNITS.search(str(title)) for title in titles), (figure.key, titles)


def test_bars_and_areas_from_zero_start_at_zero(make_findings: Callable[..., Findings]) -> None:
    dose, items = draw_dose(make_findings(20)), draw_items(make_findings(20))
    assert isinstance(dose, Figure)
    assert isinstance(items, Figure)
    assert {"datum": 0} in [channel for _, channel in _channels(dose, "y2")]
    assert [channel["scale"] for _, channel in _channels(dose, "y") if "scale" in channel] == [{"zero": True}]
    domains = [channel["scale"] for _, channel in _channels(items, "x") if "scale" in channel]
    assert domains == [{"domain": [0, 1]}]


def test_correlations_are_drawn_on_their_whole_range(make_findings: Callable[..., Findings]) -> None:
    for outcome in ("pace_s_per_km", "cadence_spm"):
        figure = draw_lags(make_findings(60), outcome)
        assert isinstance(figure, Figure)
        assert all(
            channel["scale"] == {"domain": [-1, 1]} for _, channel in _channels(figure, "y") if "scale" in channel
        )


def test_the_zero_line_is_always_in_the_picture_of_the_estimate(
    make_findings: Callable[..., Findings], with_effect: Callable[..., Findings]
) -> None:
    for interval in ((0.04, 0.02, 0.06), (-0.04, -0.06, -0.02), (0.0, -0.01, 0.01)):
        figure = draw_estimate(with_effect(make_findings(60), interval))
        assert isinstance(figure, Figure)
        (domain,) = [channel["scale"]["domain"] for _, channel in _channels(figure, "x") if "scale" in channel]
        assert domain[0] < 0 < domain[1]
        assert domain[0] < interval[1] * 100 < interval[2] * 100 < domain[1]


def test_faster_is_up_wherever_pace_is_drawn(make_findings: Callable[..., Findings]) -> None:
    for figure in (draw_speed(make_findings(30)), draw_measure(make_findings(30), AS_IT_WAS[0])):
        assert isinstance(figure, Figure)
        paces = [channel for _, channel in _channels(figure, "y") if "_s_per_km" in channel.get("field", "")]
        scales = [channel["scale"] for channel in paces if "scale" in channel]
        assert scales
        assert all(scale["reverse"] for scale in scales)


def test_the_planted_value_stands_beside_the_full_programme_only(make_findings: Callable[..., Findings]) -> None:
    demo, real = draw_estimate(make_findings(104, is_demo=True)), draw_estimate(make_findings(104))
    assert isinstance(demo, Figure)
    assert isinstance(real, Figure)
    assert demo.table["planted_percent"].to_list() == [None, 4.0, 4.0]
    assert "planted_percent" not in real.table.columns


def test_weeks_without_a_log_are_shaded_and_have_no_bar(make_findings: Callable[..., Findings]) -> None:
    stopped, whole = draw_dose(make_findings(60, log_ends_weeks_ago=10)), draw_dose(make_findings(60))
    assert isinstance(stopped, Figure)
    assert isinstance(whole, Figure)
    assert stopped.table.filter(~pl.col("dose_known"))["hip_dose"].null_count() == 10
    assert "no strength log covers" in stopped.note
    assert len(stopped.spec["layer"]) == len(whole.spec["layer"]) + 1  # type: ignore[arg-type]


def test_what_cannot_be_drawn_says_what_is_needed(make_findings: Callable[..., Findings]) -> None:
    nothing = make_findings(20, has_log=False)
    for gap in (draw_dose(nothing), draw_items(nothing), draw_estimate(nothing), draw_nights(nothing)):
        assert isinstance(gap, Gap)
        assert gap.sentence.endswith(".")
    (gap,) = draw_associations(nothing)
    assert isinstance(gap, Gap)
    assert isinstance(draw_speed(make_findings(20, has_runs=False)), Gap)


def test_a_watch_without_contact_time_is_told_so(
    make_findings: Callable[..., Findings], with_frames: Callable[..., Findings]
) -> None:
    findings = make_findings(20)
    runs = findings.runs.with_columns(contact_time_at_reference_speed_s=pl.lit(None, dtype=pl.Float64))
    gap = draw_measure(with_frames(findings, runs=runs), STRIDE[0])
    assert isinstance(gap, Gap)
    assert gap.sentence.startswith("Ground contact: no run tells it at one speed. It needs a watch, strap or pod")


def test_stride_at_one_speed_is_the_mean_of_a_weeks_runs_and_names_the_pace(
    make_findings: Callable[..., Findings],
) -> None:
    findings = make_findings(20)
    figure = draw_measure(findings, STRIDE[1])
    assert isinstance(figure, Figure)
    assert figure.title.startswith("Cadence at 5:23/km: 1")  # 1000 / 3.1 s
    monday = findings.weeks["week_start"][3]
    of_week = findings.runs.filter(pl.col("local_date").is_between(monday, monday + timedelta(days=6)))
    shown = figure.table.filter(pl.col("week_start") == monday)["cadence_at_reference_speed_spm"]
    assert shown.to_list() == pytest.approx([of_week["cadence_at_reference_speed_spm"].mean()])
    assert figure.note == ""


def test_another_watch_is_marked_in_stride(
    make_findings: Callable[..., Findings], with_frames: Callable[..., Findings]
) -> None:
    findings = make_findings(20)
    changed = findings.runs["activity_id"][30]
    runs = findings.runs.with_columns(is_device_change=pl.col("activity_id") == changed)
    figure = draw_measure(with_frames(findings, runs=runs), STRIDE[0])
    assert isinstance(figure, Figure)
    assert figure.table["is_device_change"].sum() == 1
    assert figure.note == DOTTED


def test_best_efforts_stand_by_quarter_and_the_title_names_the_best(
    make_findings: Callable[..., Findings], with_frames: Callable[..., Findings]
) -> None:
    findings = make_findings(60)
    rows = {
        "athlete_id": "me",
        "season_start": [date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1)],
        "over_next_fraction": [0.01, None, 0.02],
        "is_doubtful": [False, False, False],
        "target_m": 5000.0,
        "target_s": None,
        "time_s": [1500.0, 1471.0, 1519.0],
        "speed_m_per_s": [5000 / 1500, 5000 / 1471, 5000 / 1519],
        "pace_s_per_km": [300.0, 294.2, 303.8],
        "activity_id": "a-0",
        "local_date": [date(2026, 5, 2), date(2026, 8, 9), date(2026, 11, 1)],
    }
    (figure,) = draw_best_efforts(with_frames(findings, best_efforts=pl.DataFrame(rows)))
    assert isinstance(figure, Figure)
    assert figure.title == "Fastest 5 km: 24:31, on 9 Aug 2026; this quarter 25:19"
    assert "quarter from 1 Apr 2026: 25:00" in figure.text
    assert figure.table["time_s"].to_list() == [1500.0, 1471.0, 1519.0]


def test_without_a_run_of_a_kilometre_best_efforts_say_what_is_needed(
    make_findings: Callable[..., Findings], with_frames: Callable[..., Findings]
) -> None:
    findings = make_findings(20)
    none = with_frames(findings, best_efforts=findings.best_efforts.clear())  # type: ignore[union-attr]
    (gap,) = draw_best_efforts(none)
    assert isinstance(gap, Gap)
    assert "a kilometre" in gap.sentence


def test_every_text_alternative_holds_numbers(figures: list[Figure]) -> None:
    for figure in figures:
        assert len(re.findall(r"\d", figure.text)) >= 4, figure.key
        assert re.search(r"\d", figure.title) or figure.title.startswith("Nothing skipped"), figure.key


def test_dates_are_read_in_the_same_zone_everywhere(figures: list[Figure]) -> None:
    for figure in figures:
        for _, channel in _channels(figure, "x"):
            if channel.get("type") == "temporal":
                assert channel["scale"]["type"] == "utc", figure.key


def test_the_level_is_the_mean_of_the_runs_around(make_findings: Callable[..., Findings]) -> None:
    findings = make_findings(30)
    figure = draw_speed(findings)
    assert isinstance(figure, Figure)
    week = figure.table.row(15, named=True)
    middle = pl.lit(week["week_start"]) + pl.duration(days=3)
    speeds = findings.runs.filter("is_usable", (pl.col("local_date") - middle).abs() <= pl.duration(days=28))[
        "speed_at_reference_hr_m_per_s"
    ]
    assert 1000 / week["level_s_per_km"] == pytest.approx(_geometric_mean(speeds))
    assert week["level_lo_s_per_km"] < week["level_s_per_km"] < week["level_hi_s_per_km"]


def _geometric_mean(speeds: pl.Series) -> float:
    return float(math.prod(speeds.to_list()) ** (1 / speeds.len()))


def test_the_calendar_counts_days_not_runs(make_findings: Callable[..., Findings]) -> None:
    findings = make_findings(60)
    figure = draw_calendar(findings)
    assert isinstance(figure, Figure)
    days = figure.table
    assert days["local_date"].n_unique() == days.height == 26 * 7 + 3  # the record ends on a Wednesday
    both = days.filter(pl.col("run_distance_m") > 0, pl.col("hip_dose") > 0).height
    assert figure.title.endswith(f"{both} with both")
    assert days.filter(pl.col("local_date") == findings.tonight)["weekday"].to_list() == ["Wed"]


def test_days_that_no_log_speaks_for_are_not_days_without_hip_work(make_findings: Callable[..., Findings]) -> None:
    stopped, in_part = (
        draw_calendar(make_findings(60, has_log=False)),
        draw_calendar(make_findings(60, log_ends_weeks_ago=10)),
    )
    assert isinstance(stopped, Figure)
    assert stopped.title.endswith("with a run, and no strength log that covers them")
    assert isinstance(in_part, Figure)
    assert re.search(r"; \d+ days without a strength log$", in_part.title)


def test_figures_of_running_begin_with_the_first_run(
    make_findings: Callable[..., Findings], with_frames: Callable[..., Findings]
) -> None:
    findings = make_findings(30)
    late = findings.weeks["week_start"][20]
    since = pl.col("week_start") >= late
    weeks = findings.weeks.with_columns(
        pl.when(since).then(pl.col(name)).name.keep() for name in ("pace_s_per_km", "speed_at_reference_hr_m_per_s")
    )
    for figure in (
        draw_measure(with_frames(findings, weeks=weeks), AS_IT_WAS[0]),
        draw_speed(with_frames(findings, weeks=weeks)),
    ):
        assert isinstance(figure, Figure)
        assert figure.table["week_start"][0] == late


def test_one_quarter_alone_is_told_in_words(make_findings: Callable[..., Findings]) -> None:
    findings = make_findings(4)
    assert draw_best_efforts(findings) == []
    said = efforts_of_one_quarter(findings)
    assert len(said) == 2
    assert said[0].startswith("Fastest 1 km: ")
    assert efforts_of_one_quarter(make_findings(60)) == []


def test_the_line_of_lasting_dose_is_the_estimate(make_findings: Callable[..., Findings]) -> None:
    findings = make_findings(60)
    figure = draw_exposure(findings)
    assert isinstance(figure, Figure)
    assert findings.effect is not None
    assert findings.effect.sustained.estimate is not None
    line = figure.table.drop_nulls("line_s_per_km")
    low, high = line.row(0, named=True), line.row(-1, named=True)
    rise = math.log(low["line_s_per_km"] / high["line_s_per_km"]) / (high["exposure"] - low["exposure"])
    assert math.expm1(rise) == pytest.approx(findings.effect.sustained.estimate)
    assert figure.table.drop_nulls("pace_s_per_km").height == findings.effect.weeks_with_runs


def test_a_hopeless_check_is_left_out(make_findings: Callable[..., Findings]) -> None:
    findings = make_findings(60)
    assert findings.effect is not None
    wide = CheckResult("upper_body_dose", estimate=1.0, lo=-0.9, hi=90.0)
    loose = CheckResult("future_dose", estimate=0.01, lo=-0.2, hi=0.2)
    checked = dataclasses.replace(findings.effect, checks=(wide, loose))
    figure = draw_attacks(dataclasses.replace(findings, effect=checked))
    assert isinstance(figure, Figure)
    assert figure.table["check"].to_list() == ["the estimate, full programme", "strength work still to come"]
    (domain,) = [channel["scale"]["domain"] for _, channel in _channels(figure, "x") if "scale" in channel]
    first = figure.table.row(0, named=True)
    assert domain[1] <= 3.5 * max(abs(first["lo_percent"]), abs(first["hi_percent"]))


def test_a_stride_without_an_interval_is_not_drawn(make_findings: Callable[..., Findings]) -> None:
    figure = draw_stride_changes(make_findings(60))
    assert isinstance(figure, Figure)
    assert figure.table["measure"].to_list() == ["Ground contact time", "Cadence", "Step length"]
    assert figure.title.endswith("cadence and step length moved")
    assert isinstance(draw_stride_changes(make_findings(16)), Gap)


def test_nights_with_the_same_weeks_count_once(
    make_findings: Callable[..., Findings], with_frames: Callable[..., Findings]
) -> None:
    findings = make_findings(60)
    last = findings.effects.filter(pl.col("weeks") == pl.col("weeks").max())
    again = last.with_columns(run_id=pl.lit("later"), estimate_fraction=pl.lit(0.123))
    figure = draw_nights(with_frames(findings, effects=pl.concat([findings.effects, again])))
    assert isinstance(figure, Figure)
    assert figure.table["weeks"].is_unique().all()
    assert figure.table["estimate_percent"][-1] == pytest.approx(12.3)


def test_a_record_that_ended_long_ago_still_has_its_calendar(make_findings: Callable[..., Findings]) -> None:
    later = dataclasses.replace(make_findings(30), tonight=date(2030, 1, 1))
    figure = draw_calendar(later)
    assert isinstance(figure, Figure)
    assert figure.table["local_date"].max() == later.days["local_date"].max()


def test_a_programme_that_was_never_begun_is_not_told_in_percent(
    make_findings: Callable[..., Findings], with_frames: Callable[..., Findings]
) -> None:
    findings = make_findings(20)
    nothing = findings.programme_weeks.with_columns(done_sets=pl.lit(0.0), adherence_fraction=pl.lit(0.0))
    figure = draw_items(with_frames(findings, programme_weeks=nothing))
    assert isinstance(figure, Figure)
    assert figure.title == ("Hip work came from other exercises; none of the five over the last 12 weeks of your log")
    idle = findings.weeks.with_columns(hip_dose=pl.lit(0.0))
    figure = draw_items(with_frames(findings, programme_weeks=nothing, weeks=idle))
    assert isinstance(figure, Figure)
    assert figure.title == "None of the five exercises done over the last 12 weeks of your log"


def test_no_number_stands_beside_the_sentence_that_nothing_can_be_estimated(
    make_findings: Callable[..., Findings],
) -> None:
    early, demo = make_findings(16), make_findings(16, is_demo=True)
    assert early.effect is not None
    assert early.effect.verdict == "cannot_be_estimated"
    gap = draw_estimate(early)
    assert isinstance(gap, Gap)
    assert "There is no estimate yet" in gap.sentence
    assert draw_figures(early)["together"] == []
    assert isinstance(draw_estimate(demo), Figure)
