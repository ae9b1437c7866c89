"""Does the estimate keep its word? False alarms, coverage and power on made-up runners, beside its rivals.

`python -m benchmarks.calibration --histories 60 --raw answers.csv` draws, estimates and writes one line an answer;
`--summary docs/calibration.csv --chart docs/calibration.svg --page src/hipdrive/report/calibration.csv` makes the
tables and the picture of what `--raw` holds (without `--raw`, of what the summary holds).
Interrupted, it goes on where the file ends. One process; about 0.06 CPU-seconds a history with one BLAS thread.
Race cycles are drawn twice: with their races told (`race_cycles`) and without (`race_cycles_untold`).
"""

from __future__ import annotations

import argparse
import csv
import math
import time
from pathlib import Path
from typing import TYPE_CHECKING

import altair as alt
import numpy as np
import polars as pl

from benchmarks.histories import CONFOUNDED, EXTRA, UNCONFOUNDED, MadeHistory, make_history
from benchmarks.rivals import ar1_gls, best_lag_p, newey_west, pearson_p
from hipdrive.estimate import Effect
from hipdrive.estimate.effect import estimate_outcome
from hipdrive.estimate.exposure import KERNEL_PRIOR, MEAN_LAGS_WEEKS, expose
from hipdrive.estimate.history import History, read_history
from hipdrive.estimate.interim_analyses import is_look
from hipdrive.estimate.prior import inform_with_studies
from hipdrive.estimate.quantity import quantity
from hipdrive.estimate.races import with_races
from hipdrive.estimate.repairs import repair_weeks
from hipdrive.estimate.state_space import Posterior, fit, whitening_grid

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LEVEL = 0.05
LENGTHS = (104, 52)
EFFECTS = (0.0, 0.02, 0.04)
FIRST_SEED = 30_000  # of runners that no earlier campaign drew
ALL = "all unconfounded"
COLUMNS = (
    "kind",
    "weeks",
    "effect",
    "seed",
    "method",
    "p_value",
    "is_covered",
    "half_width",
    "estimate",
    "truth",
    "verdict",
)
RIVALS = ("newey_west", "ar1_gls", "pearson_this_week", "pearson_lagged", "best_of_13_lags")
UNTOLD = "race_cycles_untold"
STUDIES_SDS = (0.015, 0.02, 0.025, 0.03)
TOLD = ("achieved", "sustained", "newey_west", "ar1_gls", *(f"headline_{sd:g}" for sd in STUDIES_SDS))
LABELS = {
    "achieved": "hipdrive",
    "circular_shift": "the same, log moved in time",
    "ar1_gls": "regression, errors that follow each other",
    "newey_west": "regression, errors mended afterwards",
    "pearson_this_week": "correlation, dose and pace of one week",
    "pearson_lagged": "correlation, lasting dose and speed",
    "best_of_13_lags": "best of 13 delays",
}

Row = tuple[str, int, float, int, str, float | None, bool | None, float | None, float | None, float | None, str]
Own = tuple[str, float | None, bool | None, float | None, float | None, float | None, str]


def prepared(made: MadeHistory, *, is_told: bool) -> pl.DataFrame:
    """The weeks as a night hands them to the estimate: runs repaired, races told or not."""
    weeks = repair_weeks(made.weeks, made.runs, made.days)
    races = pl.DataFrame({"local_date": made.races, "is_counted": [True] * len(made.races)}) if made.races else None
    return weeks if races is None or not is_told else with_races(weeks, races)


def answers(kind: str, weeks: int, effect: float, seed: int, *, with_rivals: bool) -> Iterator[Row]:
    """Every method's answer for one made-up runner."""
    made = make_history(kind.removesuffix("_untold"), weeks, effect, seed)
    seen = prepared(made, is_told=kind != UNTOLD)
    found, history = estimate_outcome(seen), read_history(seen)
    if history is None or found.p_value is None:
        return
    cell = (kind, weeks, effect, seed)
    yield from ((*cell, *rest) for rest in _own(made, found, history))
    if with_rivals:
        yield from ((*cell, *rest) for rest in _rivals(made, effect))
    if effect == 0:
        looks = [look for look in range(1, weeks) if is_look(look)]
        smallest = min([_p_value(history.within(0, look - 1)) for look in looks] + [found.p_value])
        yield (*cell, "ever_at_a_look", smallest, None, None, None, None, "")


def _rivals(made: MadeHistory, effect: float) -> Iterator[Own]:
    """What others would do of the weeks as they are."""
    history = read_history(made.weeks)
    if history is None:
        return
    past, truth = expose(history.dose, 6)[history.week], math.log1p(effect)
    for name, method in (("newey_west", newey_west), ("ar1_gls", ar1_gls)):
        answer = method(history.outcome, history.design, past)
        width = 1.98 * answer.error
        yield (name, answer.p_value, abs(answer.slope - truth) <= width, width, answer.slope, truth, "")
    pace = np.log(made.weeks["pace_s_per_km"].to_numpy()[history.week])
    ps = {
        "pearson_this_week": pearson_p(pace, history.dose[history.week]),
        "pearson_lagged": pearson_p(history.outcome, past),
        "best_of_13_lags": best_lag_p(history.week, history.outcome, history.dose),
    }
    yield from ((name, p, None, None, None, None, "") for name, p in ps.items())


def _own(made: MadeHistory, found: Effect, history: History) -> Iterator[Own]:
    low, high = np.quantile(made.true_exposure[history.week], [0.1, 0.9])
    full = math.log1p(made.effect)
    said = ":".join([found.verdict, *(found.decision.grounds if found.verdict == "check_failed" else ())])
    for name, one, truth in (
        ("achieved", found.achieved, full * float(high - low)),
        ("sustained", found.sustained, full),
    ):
        lo, hi = math.log1p(one.lo or 0.0), math.log1p(one.hi or 0.0)
        estimate = math.log1p(one.estimate or 0.0)
        yield name, found.p_value, lo <= truth <= hi, (hi - lo) / 2, estimate, truth, said
    yield "circular_shift", found.shift_p_value, None, None, None, None, ""
    yield "lead", found.lead_p_value, None, None, None, None, ""
    posterior = _posterior(history)
    if posterior is None:
        return
    for sd in STUDIES_SDS:
        one = quantity(inform_with_studies(posterior, sd).posterior)
        lo, hi = math.log1p(one.lo or 0.0), math.log1p(one.hi or 0.0)
        estimate = math.log1p(one.estimate or 0.0)
        yield f"headline_{sd:g}", None, lo <= full <= hi, (hi - lo) / 2, estimate, full, found.verdict


def _posterior(history: History) -> Posterior | None:
    exposures = np.column_stack([history.exposure(lag) for lag in MEAN_LAGS_WEEKS])
    grid = whitening_grid(history.week, history.weight)
    return fit(grid, history.outcome, history.design, exposures, KERNEL_PRIOR)


def _p_value(history: History) -> float:
    posterior = _posterior(history)
    return 1.0 if posterior is None else posterior.of([1.0] * len(MEAN_LAGS_WEEKS)).p_value


def draw(raw: Path, seeds: Sequence[int], kinds: Sequence[str], weeks: Sequence[int], *, with_rivals: bool) -> None:
    """Append answers until every cell has its number of histories; 4 % is planted over two years only."""
    done: set[tuple[str, int, float, int]] = set()
    if raw.exists():
        done = set(pl.read_csv(raw).select("kind", "weeks", "effect", "seed").unique().rows())
    cells = [
        (kind, length, effect)
        for length in weeks
        for effect in (EFFECTS if length == max(LENGTHS) else EFFECTS[:2])
        for kind in kinds
    ]
    started = time.process_time()
    with raw.open("a", newline="") as file:
        writer = csv.writer(file)
        if not done:
            writer.writerow(COLUMNS)
        for seed in seeds:
            for cell in cells:
                if (*cell, seed) not in done:
                    writer.writerows(answers(*cell, seed, with_rivals=with_rivals))
            file.flush()
    print(f"{time.process_time() - started:.0f} CPU-seconds")


def summarise(raw: Path) -> pl.DataFrame:
    """Share of rejections and of covered truths per cell and method, with the Monte-Carlo error of the first."""
    everything = pl.read_csv(raw, schema_overrides={"is_covered": pl.Boolean})
    pooled = everything.filter(pl.col("kind").is_in(UNCONFOUNDED)).with_columns(kind=pl.lit(ALL))
    has_coverage = pl.col("method").is_in(list(TOLD))
    error = pl.col("estimate") - pl.col("truth")
    return (
        pl.concat([everything, pooled])
        .group_by("kind", "weeks", "effect", "method")
        .agg(
            histories=pl.len(),
            rejected_fraction=(pl.col("p_value") < LEVEL).mean(),
            covered_fraction=pl.col("is_covered").filter(has_coverage).mean(),
            median_half_width=pl.col("half_width").filter(has_coverage).median(),
            mean_error=error.mean(),
            root_mean_square_error=(error**2).mean().sqrt(),
        )
        .with_columns(
            rejected_error_fraction=(
                pl.col("rejected_fraction") * (1 - pl.col("rejected_fraction")) / pl.col("histories")
            ).sqrt(),
            covered_error_fraction=(
                pl.col("covered_fraction") * (1 - pl.col("covered_fraction")) / pl.col("histories")
            ).sqrt(),
        )
        .with_columns(pl.col(pl.Float64).round(4))
        .sort("weeks", "effect", "method", "kind")
    )


def with_kept(summary: pl.DataFrame, earlier: pl.DataFrame) -> pl.DataFrame:
    """The summary with an earlier one's rows of the usual ways, where they were not asked this time."""
    kept = earlier.filter(pl.col("method").is_in(list(RIVALS))).join(
        summary, on=["kind", "weeks", "effect", "method"], how="anti"
    )
    return pl.concat([summary, kept], how="diagonal_relaxed").sort("weeks", "effect", "method", "kind")


def count_verdicts(raw: Path) -> pl.DataFrame:
    """How often which verdict, and what the two numbers come to beside the truth where it is given."""
    everything = pl.read_csv(raw, schema_overrides={"is_covered": pl.Boolean})
    pooled = everything.filter(pl.col("kind").is_in(UNCONFOUNDED)).with_columns(kind=pl.lit(ALL))
    cell = ["kind", "weeks", "effect"]
    rows = pl.concat([everything, pooled]).filter(pl.col("method") == "achieved")
    share = pl.col("runners") / pl.col("runners").sum().over(cell)
    return (
        rows.group_by(*cell, "verdict")
        .agg(runners=pl.len(), mean_estimate=pl.col("estimate").mean(), mean_truth=pl.col("truth").mean())
        .with_columns(
            share_fraction=share, error_fraction=(share * (1 - share) / pl.col("runners").sum().over(cell)).sqrt()
        )
        .with_columns(pl.col(pl.Float64).round(4))
        .sort("weeks", "effect", "kind", "verdict")
    )


def for_the_page(summary: pl.DataFrame) -> pl.DataFrame:
    """What the report's method section draws: two years, each method's false alarms and what it finds of 2 %."""
    two_years = summary.filter(pl.col("weeks") == summary["weeks"].max(), pl.col("method").is_in(list(LABELS)))
    null = two_years.filter(pl.col("effect") == 0)
    pooled, kinds = null.filter(pl.col("kind") == ALL), null.filter(pl.col("kind").is_in(UNCONFOUNDED))
    found = two_years.filter(pl.col("effect") == EFFECTS[1], pl.col("kind") == ALL)
    extremes = kinds.group_by("method").agg(
        lowest_kind_fraction=pl.col("rejected_fraction").min(), highest_kind_fraction=pl.col("rejected_fraction").max()
    )
    return (
        pl.DataFrame({"method": list(LABELS)})
        .join(pooled, on="method", how="left", maintain_order="left")
        .join(extremes, on="method", how="left", maintain_order="left")
        .join(
            found.select("method", found_fraction="rejected_fraction"), on="method", how="left", maintain_order="left"
        )
        .select(
            pl.col("method").replace_strict(LABELS),
            "histories",
            false_alarm_fraction="rejected_fraction",
            error_fraction="rejected_error_fraction",
            lowest_kind_fraction="lowest_kind_fraction",
            highest_kind_fraction="highest_kind_fraction",
            found_fraction="found_fraction",
        )
    )


def draw_chart(summary: pl.DataFrame) -> alt.LayerChart | alt.FacetChart:
    """False alarms of every method, kind by kind, at 104 weeks and no effect."""
    shown = summary.filter(
        (pl.col("weeks") == summary["weeks"].max()) & (pl.col("effect") == 0) & pl.col("method").is_in(list(LABELS))
    ).with_columns(method=pl.col("method").replace_strict(LABELS))
    names = list(LABELS.values())
    base = alt.Chart(shown).encode(y=alt.Y("method:N", sort=names, title=None))
    each = base.transform_filter(alt.datum.kind != ALL).mark_tick(thickness=2, opacity=0.6, color="#4c78a8")
    pool = base.transform_filter(alt.datum.kind == ALL).mark_point(filled=True, size=90, color="#e45756")
    axis = {"format": "%"}
    percent = alt.X("rejected_fraction:Q", title="false alarms (share of runners without an effect)", axis=axis)
    nominal = alt.Chart(pl.DataFrame({"level": [LEVEL]})).mark_rule(strokeDash=[4, 3]).encode(x="level:Q")
    return alt.layer(each.encode(x=percent), pool.encode(x=percent), nominal).properties(
        width=520,
        height=220,
        title={
            "text": "Two of seven methods keep their five per cent, and hipdrive reports both",
            "subtitle": "104 weeks, no effect; ticks: kinds of made-up runners, dot: all without a hidden cause",
        },
    )


def main() -> None:
    """Draw, summarise, show."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--histories", type=int, default=0, help="a cell")
    parser.add_argument(
        "--kinds", nargs="+", default=[*UNCONFOUNDED, *CONFOUNDED, *EXTRA, UNTOLD], help="of made-up runners"
    )
    parser.add_argument("--weeks", nargs="+", type=int, default=LENGTHS, help="lengths of histories")
    parser.add_argument("--first-seed", type=int, default=FIRST_SEED)
    parser.add_argument("--rivals", action="store_true", help="ask the usual ways too")
    parser.add_argument("--verdicts", type=Path, help="CSV of how often which verdict")
    parser.add_argument("--raw", type=Path, help="CSV of answers, appended to; without it --summary is read")
    parser.add_argument("--summary", type=Path, help="CSV of rates")
    parser.add_argument("--page", type=Path, help="CSV for the report's method section")
    parser.add_argument("--chart", type=Path, help="SVG or PNG")
    wanted = parser.parse_args()
    if wanted.raw:
        seeds = range(wanted.first_seed, wanted.first_seed + wanted.histories)
        draw(wanted.raw, seeds, wanted.kinds, wanted.weeks, with_rivals=wanted.rivals)
        summary = summarise(wanted.raw)
    else:
        summary = pl.read_csv(wanted.summary, infer_schema_length=None)
    if wanted.raw and wanted.summary and wanted.summary.exists() and not wanted.rivals:
        summary = with_kept(summary, pl.read_csv(wanted.summary, infer_schema_length=None))
    with pl.Config(tbl_rows=-1, tbl_cols=-1):
        print(summary.filter(pl.col("kind") == ALL))
    if wanted.summary:
        summary.write_csv(wanted.summary)
    if wanted.verdicts and wanted.raw:
        count_verdicts(wanted.raw).write_csv(wanted.verdicts)
    if wanted.page:
        for_the_page(summary).write_csv(wanted.page)
    if wanted.chart:
        draw_chart(summary).save(wanted.chart)


if __name__ == "__main__":
    main()
