"""Does the estimate keep its word? False alarms, coverage and power on made-up runners, beside its rivals.

`python -m benchmarks.calibration --histories 60 --raw answers.csv` draws, estimates and writes one line an answer;
`--summary docs/calibration.csv --chart docs/calibration.svg --page src/hipdrive/report/calibration.csv` makes the
tables and the picture of what `--raw` holds (without `--raw`, of what the summary holds).
Interrupted, it goes on where the file ends. One process; about 0.08 CPU-seconds a history with one BLAS thread.
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
from hipdrive.estimate import Effect, estimate_effect
from hipdrive.estimate.exposure import KERNEL_PRIOR, MEAN_LAGS_WEEKS, expose
from hipdrive.estimate.history import History, read_history
from hipdrive.estimate.level import fit, whitening_grid
from hipdrive.estimate.looks import is_look

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LEVEL = 0.05
ALL = "all unconfounded"
COLUMNS = ("kind", "weeks", "effect", "seed", "method", "p_value", "is_covered", "half_width", "verdict")
LABELS = {
    "achieved": "hipdrive",
    "circular_shift": "circular shift",
    "ar1_gls": "AR(1) GLS",
    "newey_west": "Newey-West",
    "pearson_this_week": "Pearson, pace on this week's dose",
    "pearson_lagged": "Pearson, speed on lagged exposure",
    "best_of_13_lags": "best of 13 lags",
}

Row = tuple[str, int, float, int, str, float | None, bool | None, float | None, str]


def answers(kind: str, weeks: int, effect: float, seed: int) -> Iterator[Row]:
    """Every method's answer for one made-up runner."""
    made = make_history(kind, weeks, effect, seed)
    found, history = estimate_effect(made.weeks), read_history(made.weeks)
    if history is None or found.p_value is None:
        return
    cell = (kind, weeks, effect, seed)
    yield from ((*cell, *rest) for rest in _own(made, found, history))
    past = expose(history.dose, 6)[history.week]
    truth = math.log1p(effect)
    for name, method in (("newey_west", newey_west), ("ar1_gls", ar1_gls)):
        answer = method(history.outcome, history.design, past)
        width = 1.98 * answer.error
        yield (*cell, name, answer.p_value, abs(answer.slope - truth) <= width, width, "")
    pace = made.weeks["pace_s_per_km"].to_numpy()[history.week]
    yield (*cell, "pearson_this_week", pearson_p(np.log(pace), history.dose[history.week]), None, None, "")
    yield (*cell, "pearson_lagged", pearson_p(history.outcome, past), None, None, "")
    yield (*cell, "best_of_13_lags", best_lag_p(history.week, history.outcome, history.dose), None, None, "")
    if effect == 0:
        looks = [look for look in range(1, weeks) if is_look(look)]
        smallest = min([_p_value(made.weeks.head(look)) for look in looks] + [found.p_value])
        yield (*cell, "ever_at_a_look", smallest, None, None, "")


def _own(made: MadeHistory, found: Effect, history: History) -> Iterator[tuple[str, float | None, bool, float, str]]:
    low, high = np.quantile(made.true_exposure[history.week], [0.1, 0.9])
    truths = (math.log1p(made.effect) * float(high - low), math.log1p(made.effect))
    for name, one, truth in zip(("achieved", "sustained"), (found.achieved, found.sustained), truths, strict=True):
        lo, hi = math.log1p(one.lo or 0.0), math.log1p(one.hi or 0.0)
        yield name, found.p_value, lo <= truth <= hi, (hi - lo) / 2, found.verdict
    yield "circular_shift", found.shift_p_value, False, 0.0, ""
    yield "lead", found.lead_p_value, False, 0.0, ""


def _p_value(weeks: pl.DataFrame) -> float:
    history = read_history(weeks)
    if history is None:
        return 1.0
    exposures = np.column_stack([expose(history.dose, lag)[history.week] for lag in MEAN_LAGS_WEEKS])
    grid = whitening_grid(history.week, history.runs)
    posterior = fit(grid, history.outcome, history.design, exposures, KERNEL_PRIOR)
    return 1.0 if posterior is None else posterior.of([1.0] * len(MEAN_LAGS_WEEKS)).p_value


def draw(raw: Path, histories: int, kinds: Sequence[str]) -> None:
    """Append answers until every cell has its number of histories."""
    done: set[tuple[str, int, float, int]] = set()
    if raw.exists():
        done = set(pl.read_csv(raw).select("kind", "weeks", "effect", "seed").unique().rows())
    cells = [
        (kind, weeks, effect)
        for weeks, effects in ((104, (0.0, 0.02)), (52, (0.0, 0.02)))
        for effect in effects
        for kind in kinds
    ]
    started = time.process_time()
    with raw.open("a", newline="") as file:
        writer = csv.writer(file)
        if not done:
            writer.writerow(COLUMNS)
        for seed in range(histories):
            for cell in cells:
                if (*cell, seed) not in done:
                    writer.writerows(answers(*cell, seed))
            file.flush()
    print(f"{time.process_time() - started:.0f} CPU-seconds")


def summarise(raw: Path) -> pl.DataFrame:
    """Share of rejections and of covered truths per cell and method, with the Monte-Carlo error of the first."""
    everything = pl.read_csv(raw, schema_overrides={"is_covered": pl.Boolean})
    pooled = everything.filter(pl.col("kind").is_in(UNCONFOUNDED)).with_columns(kind=pl.lit(ALL))
    has_coverage = pl.col("method").is_in(["achieved", "sustained", "newey_west", "ar1_gls"])
    return (
        pl.concat([everything, pooled])
        .group_by("kind", "weeks", "effect", "method")
        .agg(
            histories=pl.len(),
            rejected_fraction=(pl.col("p_value") < LEVEL).mean(),
            covered_fraction=pl.col("is_covered").filter(has_coverage).mean(),
            median_half_width=pl.col("half_width").filter(has_coverage).median(),
        )
        .with_columns(
            rejected_error_fraction=(
                pl.col("rejected_fraction") * (1 - pl.col("rejected_fraction")) / pl.col("histories")
            ).sqrt()
        )
        .with_columns(pl.col(pl.Float64).round(4))
        .sort("weeks", "effect", "method", "kind")
    )


def for_the_page(summary: pl.DataFrame) -> pl.DataFrame:
    """What the report's method section draws: two years, each method's false alarms and what it finds of 2 %."""
    two_years = summary.filter(pl.col("weeks") == summary["weeks"].max(), pl.col("method").is_in(list(LABELS)))
    null = two_years.filter(pl.col("effect") == 0)
    pooled, kinds = null.filter(pl.col("kind") == ALL), null.filter(pl.col("kind").is_in(UNCONFOUNDED))
    found = two_years.filter(pl.col("effect") > 0, pl.col("kind") == ALL)
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
    parser.add_argument("--kinds", nargs="+", default=[*UNCONFOUNDED, *CONFOUNDED, *EXTRA], help="of made-up runners")
    parser.add_argument("--raw", type=Path, help="CSV of answers, appended to; without it --summary is read")
    parser.add_argument("--summary", type=Path, help="CSV of rates")
    parser.add_argument("--page", type=Path, help="CSV for the report's method section")
    parser.add_argument("--chart", type=Path, help="SVG or PNG")
    wanted = parser.parse_args()
    if wanted.raw:
        draw(wanted.raw, wanted.histories, wanted.kinds)
        summary = summarise(wanted.raw)
    else:
        summary = pl.read_csv(wanted.summary)
    with pl.Config(tbl_rows=-1, tbl_cols=-1):
        print(summary.filter(pl.col("kind") == ALL))
    if wanted.summary:
        summary.write_csv(wanted.summary)
    if wanted.page:
        for_the_page(summary).write_csv(wanted.page)
    if wanted.chart:
        draw_chart(summary).save(wanted.chart)


if __name__ == "__main__":
    main()
