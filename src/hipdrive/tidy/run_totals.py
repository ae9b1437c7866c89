"""A session's own totals held against its records: which of them count, and what has to be said of it.

What the records and the timer show wins; of a treadmill the session's calibrated distance wins and scales the records.
Both are kept. Where what is left unexplained exceeds 5 %, or the speed field lies so far off the distance, the run is
not to be believed (`contradiction`).
"""

from __future__ import annotations

import polars as pl

from hipdrive.tidy.run_speed import field_compares

AGREE_FRACTION = 0.05
TIMER_AGREES_S, TIMER_AGREES_FRACTION = (
    10.0,
    0.02,
)  # of the told timer and the records'; a watch's last second is not in them
SPAN_AGREES_S = 2.0
MOVING_FRACTION = 0.01  # by which the moving time may exceed a timer that is still believed
WITHOUT_GROUND = ("treadmill", "indoor_running", "virtual_activity")  # FIT sub sports whose speed is a guess
COMPARED_AT_LEAST_S = 60.0
CALIBRATES = (0.5, 2.0)  # a treadmill's session over its records: within this it is a calibration
SAID_FROM_FRACTION, SAID_FROM_M = 0.01, 50.0  # less is not worth a word
_LEFT_OUT = {
    "paused_distance_m": "gained while the timer stood",
    "jump_distance_m": "gained in leaps",
    "vehicle_distance_m": "driven by a vehicle",
}
DOUBLED = (1.9, 2.1)


def calibrate_treadmills(records: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Records of treadmill runs scaled to the session's distance: way, distance, speeds and the step that was measured.

    The runner read the belt and told the watch. Adds `calibration`, 1 for all others.

    Args:
        records: with `way_m`, `fallen_m`.
        told: `activity_id`, `sub_sport`, `told_distance_m`.
    """
    recorded_m = (pl.col("way_m").sum() + pl.col("fallen_m").sum()).over("activity_id")
    factor = pl.col("told_distance_m") / recorded_m
    scales = pl.col("sub_sport").is_in(WITHOUT_GROUND) & factor.is_between(*CALIBRATES)
    known = records.join(told, on="activity_id", how="left", maintain_order="left").with_columns(
        calibration=pl.when(scales.fill_null(value=False)).then(factor).otherwise(1.0)
    )
    first = pl.col("distance").drop_nulls().first().over("activity_id")
    scaled = ("way_m", "fallen_m", "stretch_speed", "field_speed", "step_length")
    return known.with_columns(
        pl.col(scaled) * pl.col("calibration"),
        distance=first + (pl.col("distance") - first) * pl.col("calibration"),
    ).drop(name for name in told.columns if name != "activity_id")


def sum_records(records: pl.DataFrame) -> pl.DataFrame:
    """One row an activity: what its records come to, and what was left out of them.

    Args:
        records: repaired, on the timer, calibrated.
    """
    compares = field_compares()
    compared_s = pl.col("step_s").filter(compares).sum()
    by_field_m, by_distance_m = (
        (pl.col(name) * pl.col("step_s")).filter(compares).sum() for name in ("field_speed", "stretch_speed")
    )
    gained_m, has_distance = pl.col("way_m").sum(), pl.col("distance").is_not_null().any()
    return records.group_by("activity_id").agg(
        gained_m=pl.when(has_distance).then(gained_m),
        fallen_m=pl.col("fallen_m").sum(),
        recorded_s=pl.col("timer_s").max(),
        moving_s=pl.col("step_s").filter("is_moving").sum(),
        span_s=pl.col("clock_step_s").sum(),
        restarts=pl.col("is_restart").sum(),
        caught_up_m=pl.col("way_m").filter("is_caught_up").sum(),
        paused_distance_m=pl.col("paused_m").sum(),
        jump_distance_m=pl.col("jump_m").sum(),
        vehicle_distance_m=pl.col("vehicle_m").sum(),
        calibration=pl.col("calibration").first(),
        field_over_distance=pl.when(compared_s >= COMPARED_AT_LEAST_S, by_distance_m > 0).then(
            by_field_m / by_distance_m
        ),
    )


def reconcile_totals(activities: pl.DataFrame) -> pl.DataFrame:
    """Activities with the totals that count, and why where the session tells others.

    Adds `distance_m`, `timer_time_s`, `elapsed_time_s`, `field_difference_fraction`, `reason`, `contradiction`.

    Args:
        activities: with `told_distance_m`, `told_timer_time_s`, `told_elapsed_time_s`, and the sums of `sum_records`,
            null where an activity has no record.
    """
    told_m, net_m = pl.col("told_distance_m"), pl.col("gained_m") + pl.col("fallen_m")
    # A fall is a correction, but where the session adds up what was gained before and after it.
    adds_up = _agree(told_m, pl.col("gained_m")) & ~_agree(told_m, net_m)
    recorded_m = pl.when(adds_up.fill_null(value=False)).then("gained_m").otherwise(net_m.clip(0.0))
    told_s, recorded_s = pl.col("told_timer_time_s"), pl.col("recorded_s")
    apart_s = pl.max_horizontal(TIMER_AGREES_S, TIMER_AGREES_FRACTION * recorded_s)
    timers_agree = (told_s - recorded_s).abs() <= apart_s
    # A watch that pauses by itself may write on while it stands: its timer then leaves out what was stood.
    stood = told_s.is_between(pl.col("moving_s") * (1 - MOVING_FRACTION), recorded_s) & _agree(told_m, net_m)
    records_count = ~(timers_agree | stood) & (pl.col("moving_s") > 0)
    has_way = pl.sum_horizontal("recorded_m", *_LEFT_OUT) > 0
    return (
        activities.with_columns(
            recorded_m=recorded_m,
            timer_time_s=pl.when(records_count.fill_null(value=False))
            .then(recorded_s)
            .otherwise(pl.coalesce(told_s, recorded_s)),
        )
        .with_columns(
            distance_m=pl.when(has_way.fill_null(value=False))
            .then("recorded_m")
            .otherwise(pl.coalesce(told_m, "recorded_m")),
            elapsed_time_s=_elapsed(),
            field_difference_fraction=pl.col("field_over_distance") * pl.col("gained_m") / pl.col("recorded_m") - 1,
        )
        .with_columns(contradiction=_contradiction())
        .with_columns(reason=_reason())
    )


def _elapsed() -> pl.Expr:
    """As told, but never shorter than the records' own span, nor than the timer."""
    told, span = pl.col("told_elapsed_time_s"), pl.col("span_s")
    longer = pl.when(span > told + SPAN_AGREES_S).then(span).otherwise(pl.coalesce(told, span))
    return pl.max_horizontal(longer, "timer_time_s")


def _agree(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    return (one - other).abs() <= AGREE_FRACTION * pl.max_horizontal(one, other)


def _told_is_explained() -> pl.Expr:
    """Whether the told distance is the records', or differs by what was left out, or is that of a part of the run."""
    told, recorded = pl.col("told_distance_m"), pl.col("recorded_m")
    with_all = recorded + pl.sum_horizontal(*_LEFT_OUT)
    is_a_part = _agree(told / pl.col("told_timer_time_s"), recorded / pl.col("recorded_s"))
    alike = [_agree(told, recorded + pl.col(name)) for name in _LEFT_OUT]
    return (
        (told - recorded).abs().le(SAID_FROM_M)
        | _agree(told, recorded)
        | pl.any_horizontal(alike)
        | _agree(told, with_all)
        | is_a_part
    )


def _contradiction() -> pl.Expr:
    off = pl.col("field_difference_fraction")
    is_told_off = ~_told_is_explained() & (pl.col("told_distance_m") > 0) & (pl.col("recorded_m") > 0)
    kilometres = [(pl.col(name) / 1000).round(2) for name in ("told_distance_m", "recorded_m", "vehicle_distance_m")]
    percent = (100 * off).round(0).cast(pl.Int64)
    return (
        pl.when(pl.col("vehicle_distance_m") > 0)
        .then(pl.format("a vehicle drove {} km of it", kilometres[2]))
        .when((1 + off).is_between(*DOUBLED))
        .then(pl.lit("two speeds: its speed field is twice what its distance says"))
        .when((1 / (1 + off)).is_between(*DOUBLED))
        .then(pl.lit("two speeds: its distance is twice what its speed field says"))
        .when(off.abs() > AGREE_FRACTION)
        .then(pl.format("two speeds: its speed field lies {} % off what its distance says", percent))
        .when(is_told_off.fill_null(value=False))
        .then(pl.format("two distances: its session says {} km, its records {} km", *kilometres[:2]))
    )


def _reason() -> pl.Expr:
    """What was done, in words; null where the session and its records agree and nothing was left out."""
    told_km, recorded_km = ((pl.col(name) / 1000).round(2) for name in ("told_distance_m", "recorded_m"))
    told_s, timer_s = (pl.col(name).round(0).cast(pl.Int64) for name in ("told_timer_time_s", "timer_time_s"))
    least_m = pl.max_horizontal(SAID_FROM_M, SAID_FROM_FRACTION * pl.col("distance_m"))
    timer_off = (pl.col("told_timer_time_s") - pl.col("timer_time_s")).abs() > TIMER_AGREES_S
    apart_m = (pl.col("told_distance_m") - pl.col("distance_m")).abs()
    distance_off = ~_agree(pl.col("told_distance_m"), pl.col("distance_m")) & (apart_m > SAID_FROM_M)
    said = [
        (
            (pl.col("calibration") - 1).abs() > SAID_FROM_FRACTION,
            pl.format(
                "its records say {} km and were scaled to the calibrated {} km",
                (pl.col("recorded_m") / pl.col("calibration") / 1000).round(2),
                told_km,
            ),
        ),
        (pl.col("restarts") > 0, pl.format("the distance began again {} times and was joined", "restarts")),
        (pl.col("caught_up_m") > least_m, pl.lit("the distance stalled and caught up; it was spread evenly")),
        *((pl.col(name) > least_m, _left_out(name, what)) for name, what in _LEFT_OUT.items()),
        (-pl.col("fallen_m") > least_m, pl.format("the device took back {} m", _metres(-pl.col("fallen_m")))),
        (distance_off, pl.format("its session says {} km, its records {} km: the records count", told_km, recorded_km)),
        (timer_off, pl.format("its session says {} s, its records {} s: the records count", told_s, timer_s)),
    ]
    words = pl.concat_str(
        [pl.when(holds.fill_null(value=False)).then(what) for holds, what in said], separator="; ", ignore_nulls=True
    )
    return pl.when(words != "").then(words)


def _left_out(name: str, what: str) -> pl.Expr:
    return pl.format("{} m " + what + " were left out", _metres(pl.col(name)))


def _metres(value: pl.Expr) -> pl.Expr:
    return value.round(0).cast(pl.Int64)
