"""Our measures of real runs against what their watches wrote into the session: `python -m benchmarks.watches CORPUS`.

Compared like with like: a session's averages are over the whole timer, standing included, so distance, timer, heart
rate and cadence are taken so here, from the samples, and step length, contact time and vertical ratio as plain means of
the records that have them. The means of `runs` differ on purpose: they are over moving time, and `in_runs` gives them.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import polars as pl

from hipdrive.errors import UnreadableFile
from hipdrive.measure.grade import measure_grade
from hipdrive.measure.runs import measure_runs
from hipdrive.measure.stride import measure_strides
from hipdrive.measure.windows import measure_run_windows
from hipdrive.read.runs import RawRun, concat_runs, read_run
from hipdrive.tidy.runs import tidy_runs

TOLERANCE = 0.005
NEARLY = 0.015
SHORT_S = 300.0
A_GAP_S = 10.0
FEWEST_STRIDES = 300
WALKS_BELOW_M_PER_S = 2.0
_TOLD = {
    "distance": "total_distance",
    "timer": "total_timer_time",
    "heart rate": "avg_heart_rate",
    "cadence": "avg_cadence",
    "step length": "avg_step_length",
    "contact time": "avg_stance_time",
    "vertical ratio": "avg_vertical_ratio",
}
_LEFT_OUT = ("jump_distance_m", "paused_distance_m", "vehicle_distance_m")
HELD_EQUAL = ("distance", "timer", "heart rate", "cadence")


def compare_with_watches(corpus: Path) -> pl.DataFrame:
    """One row a running session of the corpus and quantity that its watch tells.

    Columns: `file`, `session_index`, `device`, `quantity`, `ours`, `theirs` (SI units), `difference_fraction`, `reason`
    (why they differ by more than 0.5 %, null where they do not, `unexplained` where no rule fits), and for the stride
    `in_runs`, the value of the table `runs`.

    Args:
        corpus: the folder with `MANIFEST.csv`.
    """
    facts = _facts(corpus)
    ours = {
        "distance": "recorded_m",
        "timer": "recorded_s",
        "heart rate": "heart_rate_bpm",
        "cadence": "cadence_spm",
        "step length": "plain_step_length_m",
        "contact time": "plain_contact_time_s",
        "vertical ratio": "plain_vertical_ratio_fraction",
    }
    parts = [
        facts.filter(pl.col(told) > 0, pl.col(ours[name]).is_not_null()).select(
            file="source_id",
            session_index="session_index",
            device=pl.coalesce("device", pl.lit("unknown")),
            quantity=pl.lit(name),
            ours=ours[name],
            theirs=told,
            difference_fraction=pl.col(ours[name]) / pl.col(told) - 1,
            reason=_reason(name, ours[name], told),
            in_runs=pl.lit(None, dtype=pl.Float64) if name in HELD_EQUAL else pl.col(ours[name].removeprefix("plain_")),
        )
        for name, told in _TOLD.items()
    ]
    return pl.concat(parts).sort("file", "session_index", "quantity")


def cadence_by_strides(corpus: Path) -> pl.DataFrame:
    """One row a running session whose watch counts strides: `ours_spm` of `runs`, and 2 x strides over moving time.

    Args:
        corpus: the folder with `MANIFEST.csv`.
    """
    counted = _facts(corpus).filter(pl.col("total_strides") > FEWEST_STRIDES, pl.col("mean_cadence_spm").is_not_null())
    theirs = 120 * pl.col("total_strides") / pl.col("moving_time_s")
    return counted.select(
        file="source_id",
        is_at_a_run=pl.col("distance_m") > WALKS_BELOW_M_PER_S * pl.col("moving_time_s"),
        ours_spm="mean_cadence_spm",
        theirs_spm=theirs,
        difference_fraction=pl.col("mean_cadence_spm") / theirs - 1,
    )


def _facts(corpus: Path) -> pl.DataFrame:
    """One row a running session: what we measure of it and what its watch tells."""
    runs = list(_read(corpus))
    raw = concat_runs(runs)
    tidy = tidy_runs(raw.files, raw.sessions, raw.laps, raw.timer_events, raw.records, {"me": "UTC"})
    samples = measure_strides(measure_grade(tidy.samples))
    measured = measure_runs(tidy.activities, samples, measure_run_windows(tidy.activities, samples))
    return (
        tidy.activities.select("activity_id", "source_id", "session_index", "device", "distance_m", *_LEFT_OUT)
        .join(_over_the_timer(samples), on="activity_id")
        .join(
            measured.select(
                "activity_id",
                "step_length_m",
                "contact_time_s",
                "vertical_ratio_fraction",
                "is_step_length_measured",
                "moving_time_s",
                mean_cadence_spm="cadence_spm",
            ),
            on="activity_id",
        )
        .join(pl.concat(_told(run) for run in runs), on=["source_id", "session_index"])
        .join(_masked_strides(tidy.rejects), on="source_id", how="left")
        # A session holds what is left out here, a treadmill's session what its records are scaled to.
        .with_columns(recorded_m=pl.col("recorded_m") + pl.sum_horizontal(_LEFT_OUT))
    )


def _reason(name: str, ours: str, told: str) -> pl.Expr:  # noqa: C901  one line a rule
    """Why ours and theirs differ by more than 0.5 %: the first rule that holds."""
    share = pl.col(ours) / pl.col(told) - 1
    off = share.abs() > TOLERANCE
    distance = pl.col(ours) - pl.col(told)
    rules: dict[str, pl.Expr] = {}
    if name == "heart rate":
        off &= distance.abs() >= 1.0  # stored as a whole number, by some makers cut and not rounded
    if name == "cadence":
        off &= ~(pl.col("is_whole_cadence") & (distance.abs() < 2.0))  # noqa: PLR2004  one whole turn is two steps
    if name == "distance":
        rules["the recorded distance leaps"] = pl.col("jump_distance_m") > TOLERANCE * pl.col(told)
    if name in {"step length", "vertical ratio"}:
        rules["the device measured under half of the steps"] = ~pl.col("is_step_length_measured")
    if name == "vertical ratio":
        rules["the watch's ratio is of other seconds than the rise and the step beside it"] = (
            pl.col("ratio_of_records") / pl.col(told) - 1
        ).abs() < TOLERANCE
    if name not in HELD_EQUAL:
        rules["values that are masked here stand in the watch's mean"] = pl.col("masked_strides") > 0
    rules["too short: its first or last second is more than 0.5 % of it"] = pl.col("recorded_s") < SHORT_S
    if name == "timer":
        rules["two starts without the stop between them"] = pl.col("has_lost_stop")
    rules["written by a phone, which averages over other values than it records"] = pl.col("device").str.starts_with(
        "development"
    )
    if name == "heart rate":
        rules["artefacts that are masked here stand in the watch's mean"] = pl.col("masked_s") > 0
    if name in {"cadence", "heart rate"}:
        rules["two starts without the stop between them"] = pl.col("has_lost_stop")
        rules["recorded every few seconds; the watch counted between the records"] = pl.col("mean_step_s") > 1.2  # noqa: PLR2004
        rules["the watch averages over what it calls moving"] = (
            (pl.col("mean_cadence_spm") / pl.col(told) - 1).abs() < share.abs() if name == "cadence" else pl.lit(False)
        )
        rules["not the mean of its own records, by another 1.5 % at most"] = (
            pl.col(ours) / pl.col(told) - 1
        ).abs() < 0.015  # noqa: PLR2004
    why = pl.lit("unexplained")
    for words, rule in reversed(rules.items()):
        why = pl.when(rule.fill_null(value=False)).then(pl.lit(words)).otherwise(why)
    return pl.when(off).then(why)


def _read(corpus: Path) -> Iterator[RawRun]:
    seen = set()
    with (corpus / "MANIFEST.csv").open(encoding="utf-8") as manifest:
        for row in csv.DictReader(manifest):
            path = corpus / row["path"]
            if "running" not in row["sport_sub_sport"] or path.suffix == ".zip":
                continue
            data = path.read_bytes()
            data = gzip.decompress(data) if path.suffix == ".gz" else data
            sha = hashlib.sha256(data).hexdigest()
            if sha in seen:
                continue
            seen.add(sha)
            try:
                run = read_run(data, path.name, source_id=row["path"], content_sha256=sha, athlete_id="me")
            except UnreadableFile:
                continue
            if run.not_an_activity is None and "session" in run.frames:
                yield run


def _masked_strides(rejects: pl.DataFrame) -> pl.DataFrame:
    of_strides = rejects.filter(
        pl.col("reason").str.contains("^(step length|contact time|vertical oscillation) outside")
    )
    return of_strides.group_by("source_id").agg(masked_strides=pl.col("rows").sum())


def _over_the_timer(samples: pl.DataFrame) -> pl.DataFrame:
    step = pl.col("timer_s").diff().over("activity_id").clip(0.0)
    timed = samples.with_columns(step_s=step.fill_null(0.0))
    known_s = pl.col("step_s").filter(pl.col("cadence_spm").is_not_null()).sum()
    # Between two records far apart nothing was counted where the runner did not get on.
    stood = (pl.col("step_s") > A_GAP_S) & ~pl.col("is_moving")
    steps_spm = pl.when(stood).then(0.0).otherwise("cadence_spm")
    beating_s = pl.col("step_s").filter(pl.col("heart_rate_bpm").is_not_null()).sum()
    return timed.group_by("activity_id").agg(
        recorded_m=pl.col("distance_m").max() - pl.col("distance_m").min(),
        recorded_s=pl.col("timer_s").max(),
        cadence_spm=pl.when(known_s > 0).then((steps_spm * pl.col("step_s")).sum() / known_s),
        mean_step_s=pl.col("step_s").filter(pl.col("step_s") > 0).mean(),
        heart_rate_bpm=pl.when(beating_s > 0).then((pl.col("heart_rate_bpm") * pl.col("step_s")).sum() / beating_s),
        masked_s=pl.col("step_s").filter(pl.col("heart_rate_fault").is_not_null()).sum(),
        plain_step_length_m=pl.col("step_length_m").mean(),
        plain_contact_time_s=pl.col("contact_time_s").mean(),
        plain_vertical_ratio_fraction=pl.col("vertical_ratio_fraction").mean(),
    )


def _told(run: RawRun) -> pl.DataFrame:
    session = run.frames["session"]
    scale = {"avg_step_length": 1 / 1000, "avg_stance_time": 1 / 1000, "avg_vertical_ratio": 1 / 100}

    def value(name: str) -> pl.Expr:
        if name not in session.columns:
            return pl.lit(None, dtype=pl.Float64)
        column = pl.col(name).list.first() if isinstance(session.schema[name], pl.List) else pl.col(name)
        return column.cast(pl.Float64, strict=False) * scale.get(name, 1.0)

    whole = "avg_fractional_cadence" not in session.columns
    events = run.frames.get("event", pl.DataFrame(schema={"event": pl.String, "event_type": pl.String}))
    kinds = events.filter(pl.col("event").cast(pl.String) == "timer")["event_type"].cast(pl.String).to_list()
    lost = any(one == other == "start" for one, other in pairwise(kinds))
    turns = pl.coalesce(value("avg_running_cadence"), value("avg_cadence"))
    start = pl.col("start_time").cast(pl.Datetime("us", "UTC")) if "start_time" in session.columns else pl.lit(0)
    return (
        session.with_columns(_start=start)
        .sort("_start", maintain_order=True)
        .select(
            pl.lit(run.source_id).alias("source_id"),
            pl.int_range(pl.len()).alias("session_index"),
            *(value(name).alias(name) for name in _TOLD.values() if name != "avg_cadence"),
            (2 * (turns + value("avg_fractional_cadence").fill_null(0.0))).alias("avg_cadence"),
            pl.lit(whole).alias("is_whole_cadence"),
            pl.lit(lost).alias("has_lost_stop"),
            value("total_strides").alias("total_strides"),
            pl.lit(_mean_ratio(run.frames.get("record", pl.DataFrame())), dtype=pl.Float64).alias("ratio_of_records"),
        )
    )


def _mean_ratio(records: pl.DataFrame) -> float | None:
    """The mean of the ratio that the watch itself wrote into its records."""
    if "vertical_ratio" not in records.columns:
        return None
    mean = records.select(pl.col("vertical_ratio").cast(pl.Float64, strict=False).mean() / 100).item()
    return None if mean is None else float(mean)


def summary(compared: pl.DataFrame) -> str:
    """Two tables in Markdown: equality with the reasons of the others, and the stride of `runs` by device."""
    lines = [
        "| quantity | sessions | within 0.5 % | median difference | the others |",
        "| --- | ---: | ---: | ---: | --- |",
    ]
    for name in _TOLD:
        rows = compared.filter(pl.col("quantity") == name)
        reasons = rows.drop_nulls("reason").group_by("reason").len().sort("len", "reason", descending=[True, False])
        others = "; ".join(f"{count} {reason}" for reason, count in reasons.iter_rows())
        median = 100 * float(str(rows["difference_fraction"].median()))
        lines.append(
            f"| {name} | {rows.height} | {rows['reason'].null_count()} | {median:+.3f} % | {others or 'none'} |"
        )
    stride = compared.filter(~pl.col("quantity").is_in(HELD_EQUAL))
    by_device = (
        stride.with_columns(off=100 * (pl.col("in_runs") / pl.col("theirs") - 1))
        .drop_nulls("off")
        .group_by("device", "quantity")
        .agg(runs=pl.len(), median=pl.col("off").median(), lowest=pl.col("off").min(), highest=pl.col("off").max())
        .sort("device", "quantity")
    )
    lines += ["", "| device | measure | runs | median | from | to |", "| --- | --- | ---: | ---: | ---: | ---: |"]
    lines += [
        f"| {device} | {quantity} | {runs} | {median:+.2f} % | {lowest:+.2f} % | {highest:+.2f} % |"
        for device, quantity, runs, median, lowest, highest in by_device.iter_rows()
    ]
    return "\n".join(lines)


def strides_in_words(by_strides: pl.DataFrame) -> str:
    """How far the cadence of `runs` lies from the watch's own count of strides."""
    said = []
    for what, rows in (
        ("run", by_strides.filter("is_at_a_run")),
        ("walked", by_strides.filter(~pl.col("is_at_a_run"))),
    ):
        off = rows["difference_fraction"].abs()
        median, ninth = 100 * float(str(off.median())), 100 * float(str(off.quantile(0.9)))
        said.append(f"{rows.height} sessions {what}: median {median:.1f} %, nine of ten within {ninth:.1f} %")
    return "; ".join(said)


if __name__ == "__main__":
    found = compare_with_watches(Path(sys.argv[1]))
    print(summary(found))
    print(strides_in_words(cadence_by_strides(Path(sys.argv[1]))))
    with pl.Config(tbl_rows=-1, fmt_str_lengths=80, tbl_width_chars=200):
        print(found.filter(pl.col("reason") == "unexplained"))
