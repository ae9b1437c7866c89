"""One distance a run, repaired before anything is made of it, and one speed: the distance's own.

The device's distance decides. Before that, what the runner did not cover is taken out of it: a count that began again
(joined), what grew while the timer was stopped, leaps, and what a vehicle drove; a stall with the leap that makes up
for it is one even stretch. Where no distance was written, positions give it, else the speed field. The speed field
fills gaps, and how far it lies from the distance is kept (`field_difference_fraction`).
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hipdrive.tidy.run_positions import distance_from_positions
from hipdrive.tidy.run_timer import RESTARTS_BELOW
from hipdrive.tidy.run_vehicles import find_vehicles

Floats = NDArray[np.float64]

MOVING_ABOVE_M_PER_S = 0.5  # slower than any walk; a standing GPS wanders at about 0.2 to 0.4 m/s
RISE_AT_MOST_S = 10.0  # some devices write the distance every few seconds only; a longer stay is a halt
SPEED_CEILING_M_PER_S = 12.5  # no human ran faster over 20 m: faster is a GPS jump (sports on foot only)
LONG_GAP_S, LONG_CEILING_M_PER_S = 100.0, 8.0  # between two records; 800 m in 1:41 is 7.9 m/s
FOOT_SPORTS = ("running", "walking", "hiking")
IN_A_PAUSE = 1.5  # times the usual speed over what of a step the timer ran: more was gained while it stood
CATCHES_UP = (0.5, 1.4)  # times the usual speed: over a stall and its leap together a runner ran so fast
CATCH_UP_FROM = 1.6  # times the usual speed, after a stall with steps
CATCH_UP_RECORDS, CATCH_UP_S = 5, 30.0  # a longer one is not catching up: so many records, or so many seconds
CATCH_UP_WITH_STEPS_S = 300.0  # unless steps are counted through it, so that no car set off
LONG_CATCHES_UP = (0.85, 1.15)  # of a leap that lasts longer in few records: a drive after a rest comes close by chance
PAUSED_LEAP_M = 50.0
_STALL, _LEAP = 1, 2
DRIVEN_FROM_M_PER_S, DRIVEN_LEAST_M = 5.5, 300.0  # below this nothing is looked at more closely


def repair_distances(records: pl.DataFrame) -> pl.DataFrame:
    """Records with the one distance and speed of each, and what was left out of it.

    Replaces `distance` (m since the start; it falls only where the device corrected itself) and
    adds `way_m` (of it, since the record before), `stretch_speed` (m/s, null where no distance tells it), `field_speed`
    (m/s, null where it is missing), `is_moving`, `speed_fault` (`jump`, `vehicle` or null), and of each step
    `paused_m`, `jump_m`, `vehicle_m`, `fallen_m` (a correction, below 0), `is_restart`, `is_caught_up`.

    Args:
        records: of any number of activities, on the timer.
    """
    on_foot = pl.col("sport").is_in(FOOT_SPORTS)
    ceiling = pl.when(pl.col("step_s") > LONG_GAP_S).then(LONG_CEILING_M_PER_S).otherwise(SPEED_CEILING_M_PER_S)
    field = pl.coalesce("enhanced_speed", "speed")
    stepped = _ways(records.with_columns(distance=_source(records)))
    located = stepped.with_columns(stretch_speed=_stretch_speed(stepped)).with_columns(
        is_jump=(on_foot & (pl.col("stretch_speed") > ceiling)).fill_null(value=False),
        field_speed=pl.when(
            ~((field == 0) & (pl.col("stretch_speed") > MOVING_ABOVE_M_PER_S)).fill_null(value=False)
        ).then(field),
    )
    driven = _without_vehicles(_caught_up(_filled_by_the_field(located)))
    jumped = driven.with_columns(
        jump_m=pl.when("is_jump").then("way_m").otherwise(0.0),
        way_m=pl.when("is_jump").then(0.0).otherwise("way_m"),
        speed_fault=pl.when("is_vehicle").then(pl.lit("vehicle")).when("is_jump").then(pl.lit("jump")),
    )
    first = pl.col("distance").drop_nulls().first()
    return jumped.with_columns(
        distance=pl.when(pl.col("distance").is_not_null()).then(
            (first + pl.col("way_m").fill_null(0.0).cum_sum() + pl.col("fallen_m").cum_sum()).over("activity_id")
        ),
        is_moving=(pl.col("step_s") > 0)
        & pl.col("speed_fault").is_null()
        & (pl.coalesce("stretch_speed", "field_speed") > MOVING_ABOVE_M_PER_S).fill_null(value=False),
    )


def _source(records: pl.DataFrame) -> pl.Series:
    """The device's distance; of activities where it never grows that of the positions, else of the speed field."""
    grows = pl.col("distance").max() > pl.col("distance").min()
    by_activity = records.group_by("activity_id").agg(
        grows=grows.fill_null(value=False),
        has_positions=(pl.col("position_lat").n_unique() + pl.col("position_long").n_unique()) > 4,  # noqa: PLR2004
    )
    if by_activity["grows"].all():
        return records["distance"]
    known = records.join(by_activity, on="activity_id", how="left", maintain_order="left")
    degrees = 180 / 2**31
    silent = known.select(pl.col("has_positions") & ~pl.col("grows")).to_series()
    rows = known.filter(silent)
    placed = distance_from_positions(
        rows["activity_id"].rle_id().cast(pl.Int64).to_numpy(),
        (rows["position_lat"] * degrees).fill_null(np.nan).to_numpy(),
        (rows["position_long"] * degrees).fill_null(np.nan).to_numpy(),
    )
    from_positions = np.full(known.height, np.nan)
    from_positions[silent.to_numpy()] = placed
    field = pl.coalesce("enhanced_speed", "speed")
    is_spike = (field < 0) | ((field > SPEED_CEILING_M_PER_S) & pl.col("sport").is_in(FOOT_SPORTS))
    field_m = pl.when(~is_spike).then(field * pl.col("step_s"))
    from_field = pl.when(field_m.is_not_null()).then(field_m.fill_null(0.0).cum_sum().over("activity_id"))
    return known.select(
        pl.when("grows")
        .then("distance")
        .when("has_positions")
        .then(pl.Series(from_positions).fill_nan(None))
        .when((field_m.sum() > 0).over("activity_id"))
        .then(from_field)
        .otherwise("distance")
    ).to_series()


def _ways(records: pl.DataFrame) -> pl.DataFrame:
    """What each record gained on the one before: `way_m`, and what of its rise or fall is none."""
    rise_m = pl.col("distance") - pl.col("before_m")
    # What was gained until a count began again is not written; over a short step it is what the runner usually gains.
    field = pl.coalesce("enhanced_speed", "speed")
    ran_m = pl.coalesce(pl.when(field > 0).then(field), "usual_speed", 0.0) * pl.col("step_s")
    unwritten_m = pl.when(pl.col("step_s") <= RISE_AT_MOST_S).then(ran_m).otherwise(0.0)
    began_m = pl.min_horizontal(pl.max_horizontal("distance", unwritten_m), SPEED_CEILING_M_PER_S * pl.col("step_s"))
    pace = pl.col("rise_m") / pl.col("step_s")
    usual = pace.filter((pl.col("step_s") > 0) & (pace > MOVING_ABOVE_M_PER_S)).median().over("activity_id")
    is_fall = (pl.col("rise_m") < 0).fill_null(value=False)
    most_m = IN_A_PAUSE * pl.col("usual_speed") * pl.col("step_s")
    # Of a step that was mostly run nobody knows what of its way fell into the pause.
    stood = pl.col("clock_step_s") - pl.col("step_s") >= pl.max_horizontal(1.0, "step_s")
    return (
        records.with_columns(before_m=pl.col("distance").forward_fill().shift().over("activity_id"))
        .with_columns(rise_m=rise_m)
        .with_columns(
            usual_speed=usual, is_restart=is_fall & (pl.col("distance") < RESTARTS_BELOW * pl.col("before_m"))
        )
        .with_columns(
            fallen_m=pl.when(is_fall & ~pl.col("is_restart")).then("rise_m").otherwise(0.0),
            rise_m=pl.when("is_restart").then(began_m).otherwise(pl.col("rise_m").clip(0.0)),
        )
        .with_columns(
            way_m=pl.when(stood & (pl.col("rise_m") > most_m)).then(most_m).otherwise("rise_m"),
        )
        .with_columns(paused_m=(pl.col("rise_m") - pl.col("way_m")).fill_null(0.0))
        .drop("before_m", "rise_m")
    )


def _stretch_speed(records: pl.DataFrame) -> pl.Series:
    """Distance over time of the stretch that each record ends or lies in, null where the distance is not known.

    A distance that is written only every few records rises evenly between them: 1 Hz records of 0, 0, 9 and 9 m are
    a run of 3 m/s, not a leap between two halts.
    """
    is_known = pl.col("distance").is_not_null()
    change = pl.when(is_known, (pl.col("way_m") != 0).fill_null(value=True)).then(1)
    rise_m, rise_s = pl.col("ahead_m") - pl.col("behind_m"), pl.col("ahead_s") - pl.col("behind_s")
    return (
        records.select("activity_id", "distance", "way_m", "timer_s", "step_s", "fallen_m", change=change)
        .with_columns(covered_m=pl.col("way_m").fill_null(0.0).cum_sum().over("activity_id"))
        .with_columns(
            change_m=pl.when(pl.col("change").is_not_null()).then("covered_m"),
            change_s=pl.when(pl.col("change").is_not_null()).then("timer_s"),
        )
        .with_columns(
            pl.col("change_m", "change_s").shift().forward_fill().over("activity_id").name.replace("change", "behind"),
            pl.col("change_m", "change_s").backward_fill().over("activity_id").name.replace("change", "ahead"),
        )
        .select(
            # A fall says nothing of speed.
            pl.when(pl.col("step_s") > 0, pl.col("fallen_m") == 0).then(
                pl.when(rise_s > 0, rise_s <= RISE_AT_MOST_S)
                .then(rise_m / rise_s)
                .when(pl.col("way_m").is_not_null())
                .then(pl.col("way_m") / pl.col("step_s"))
            )
        )
        .to_series()
    )


def _filled_by_the_field(records: pl.DataFrame) -> pl.DataFrame:
    """Records before the first and after the last known distance with the way that the speed field tells.

    Within a gap the distance at its end tells the way.
    """
    known = pl.col("distance").is_not_null()
    is_outside = ~(known.cum_max() & known.reverse().cum_max().reverse()).over("activity_id")
    return records.with_columns(
        distance=pl.when(is_outside & pl.col("field_speed").is_not_null())
        .then(pl.coalesce(pl.col("distance"), pl.col("distance").drop_nulls().first().over("activity_id")))
        .otherwise("distance"),
        way_m=pl.when(is_outside).then(pl.col("field_speed").clip(0.0) * pl.col("step_s")).otherwise("way_m"),
    )


def _caught_up(records: pl.DataFrame) -> pl.DataFrame:
    """Stalls of the distance and the leaps that make up for them as one even way, where a runner can have run it."""
    speed, usual = pl.col("stretch_speed"), pl.col("usual_speed")
    on_foot = pl.col("sport").is_in(FOOT_SPORTS)
    is_leap = pl.col("is_jump") | ((speed > CATCH_UP_FROM * usual) & (speed > DRIVEN_FROM_M_PER_S))
    stands_by_steps = (pl.col("cadence") == 0).fill_null(value=False) & (
        (pl.col("cadence") > 0).any().over("activity_id")
    )
    is_stall = on_foot & (speed <= MOVING_ABOVE_M_PER_S) & (pl.col("step_s") > 0) & ~stands_by_steps
    # What a device gains in a pause may be what it had lost before.
    is_leap |= on_foot & (pl.col("paused_m") > PAUSED_LEAP_M)
    marked = records.with_columns(
        is_leap=is_leap.fill_null(value=False), is_stall=is_stall.fill_null(value=False), is_caught_up=pl.lit(False)
    )
    if not marked["is_leap"].any():
        return marked.drop("is_leap", "is_stall")
    way = (marked["way_m"].fill_null(0.0) + marked["paused_m"]).to_numpy().copy()
    speeds = marked["stretch_speed"].to_numpy().copy()
    step, leaps, stalls = marked["step_s"].to_numpy(), marked["is_leap"].to_numpy(), marked["is_stall"].to_numpy()
    steps = (marked["cadence"].fill_null(0.0) > 0).to_numpy()
    activity = marked["activity_id"].rle_id().to_numpy()
    usual_speed = marked["usual_speed"].fill_null(np.nan).to_numpy()
    spread = np.zeros(way.size, np.bool_)
    begin, end, kind = _stretches(activity, np.select([leaps, stalls], [_LEAP, _STALL], 0))
    open_stalls: list[tuple[int, int]] = []
    for first, last, what in zip(begin.tolist(), end.tolist(), kind.tolist(), strict=True):
        if first == 0 or activity[first] != activity[first - 1]:
            open_stalls = []
        if what == _STALL and step[first:last].sum() > RISE_AT_MOST_S:
            open_stalls.append((first, last))
        elif what == _LEAP and open_stalls and _is_short(step[first:last], has_steps=bool(steps[first:last].all())):
            # A car that sets off after a halt gathers speed first; only one record may leap later on.
            near = [stall for stall in open_stalls if last - first == 1 or stall[1] == first]
            rows = _that_make_up(way, step, (first, last), near, usual_speed[first])
            if rows is not None:
                even = way[rows].sum() / step[rows].sum()
                way[rows], speeds[rows], spread[rows] = even * step[rows], even, True
                open_stalls = [stall for stall in open_stalls if not spread[stall[0]]]
    return marked.with_columns(
        way_m=pl.when(pl.Series(spread)).then(pl.Series(way)).otherwise("way_m"),
        stretch_speed=pl.when(pl.Series(spread)).then(pl.Series(speeds)).otherwise("stretch_speed"),
        is_jump=pl.col("is_jump") & ~pl.Series(spread),
        paused_m=pl.when(~pl.Series(spread)).then("paused_m").otherwise(0.0),
        is_caught_up=pl.Series(spread),
    ).drop("is_leap", "is_stall")


def _is_short(step: Floats, *, has_steps: bool) -> bool:
    return step.size <= CATCH_UP_RECORDS or float(step.sum()) <= (CATCH_UP_WITH_STEPS_S if has_steps else CATCH_UP_S)


def _stretches(activity: NDArray[np.uint32], kind: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
    """First row, row after the last, and kind of each stretch of one kind in one activity."""
    begin = np.flatnonzero(np.r_[True, (np.diff(kind) != 0) | (activity[1:] != activity[:-1])])
    return begin, np.r_[begin[1:], kind.size], kind[begin]


def _that_make_up(
    way: Floats, step: Floats, leap: tuple[int, int], stalls: list[tuple[int, int]], usual: float
) -> NDArray[np.int64] | None:
    """Rows of a leap and of the stalls before it that together are an ordinary way; None where none are.

    The nearest stalls go first, as many as it takes.
    """
    rows = np.arange(*leap)
    is_long = step[rows].sum() > CATCH_UP_WITH_STEPS_S
    slowest, fastest = (times * usual for times in (LONG_CATCHES_UP if is_long else CATCHES_UP))
    for first, last in reversed(stalls):
        rows = np.r_[np.arange(first, last), rows]
        even = way[rows].sum() / step[rows].sum()
        if even <= fastest:
            return rows if even >= slowest else None
    return None


def _without_vehicles(records: pl.DataFrame) -> pl.DataFrame:
    """Records with `is_vehicle`, `vehicle_m`; what a vehicle drove does not count as distance."""
    on_foot = pl.col("sport").is_in(FOOT_SPORTS)
    fast_m = pl.when(pl.col("stretch_speed") > DRIVEN_FROM_M_PER_S).then("way_m").otherwise(0.0)
    suspects = (
        records.filter(on_foot)
        .group_by("activity_id")
        .agg(fast_m=fast_m.sum())
        .filter(pl.col("fast_m") >= DRIVEN_LEAST_M)
    )["activity_id"]
    found = np.zeros(records.height, np.bool_)
    if not suspects.is_empty():
        numbered = records.with_row_index("row").filter(pl.col("activity_id").is_in(suspects.to_list()))
        for rows in numbered.partition_by("activity_id", maintain_order=True):
            found[rows["row"].to_numpy()] = find_vehicles(
                rows["timer_s"].to_numpy(),
                rows["way_m"].fill_null(0.0).to_numpy(),
                rows["cadence"].fill_null(np.nan).to_numpy(),
            )
    is_vehicle = pl.Series(found)
    return records.with_columns(
        is_vehicle=is_vehicle,
        vehicle_m=pl.when(is_vehicle).then(pl.col("way_m").fill_null(0.0)).otherwise(0.0),
        way_m=pl.when(is_vehicle).then(0.0).otherwise("way_m"),
        is_jump=pl.col("is_jump") & ~is_vehicle,
    )
