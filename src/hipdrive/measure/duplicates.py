"""One run from two devices or two exports: the richer recording is kept, the other names it.

What counts is the time the timer ran: nobody can run two runs at once, and what another device recorded while this
one's timer stood is another run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import dataframely as dy
import polars as pl

from hipdrive.tables.runs import Activity, TimerSpan

OVERLAP_FRACTION = 0.5  # of the shorter timer, and more: two true sessions of one athlete cannot overlap at all
COVERED_FRACTION = 0.5  # of a recording's timer that richer ones must cover for it to say nothing of its own
SHORT_PAUSE_S = 300.0  # two devices pause by themselves at different corners; nobody goes for a run in between
DAY_S = 86_400
FIT = "fit"

Span = tuple[float, float]


@dataclass(frozen=True)
class Recording:
    """One activity as one file has it.

    Attributes:
        activity_id: its id.
        source_id: the file.
        spans: when its timer ran, in seconds since 1970, short pauses filled.
        length_s: how long in all.
    """

    activity_id: str
    source_id: str
    spans: list[Span]
    length_s: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "length_s", sum(end - begin for begin, end in self.spans))

    def is_same(self, other: Recording) -> bool:
        """Whether both recorded one activity."""
        if self.source_id == other.source_id:
            return False
        shorter_s = min(self.length_s, other.length_s)
        if shorter_s <= 0:
            return self.spans[0][0] == other.spans[0][0]
        return _overlap_s(self.spans, other.spans) > OVERLAP_FRACTION * shorter_s


def mark_duplicates(activities: dy.DataFrame[Activity], timer_spans: dy.DataFrame[TimerSpan]) -> dy.DataFrame[Activity]:
    """Activities with `duplicate_of` settled, in the order given.

    Two activities of one athlete and sport, from different files, are the same when their timers ran together for more
    than half of the shorter one's time. Kept is that of a FIT file before that of TCX or GPX, then the one with more
    values, then the longer, then the first by id; but one that stands for less than half of a longer recording of its
    kind makes way for it.

    Args:
        activities: all of any number of athletes.
        timer_spans: theirs; an activity without one is taken to have run from start to end.
    """
    recordings = list_recordings(activities, timer_spans)
    is_fit = pl.col("file_format") == FIT
    best_first = activities.sort(
        is_fit, "richness", pl.col("elapsed_time_s").fill_null(0.0), "activity_id", descending=[True, True, True, False]
    )
    of_watches = set(activities.filter(is_fit)["activity_id"])
    kept: dict[tuple[str, str, int], list[Recording]] = {}
    duplicate_of: dict[str, str | None] = {}
    for activity_id, athlete, sport in best_first.select("activity_id", "athlete_id", "sport").iter_rows():
        one = recordings[activity_id]
        days = [(athlete, sport, day) for day in _days(one)]
        rivals = {rival.activity_id: rival for day in days for rival in kept.get(day, []) if one.is_same(rival)}
        if rivals:
            # What a FIT file holds of a run goes before what others hold, however much that is.
            is_other = activity_id not in of_watches
            watched = [rival for name, rival in rivals.items() if is_other and name in of_watches]
            better = watched[0] if watched else _better_ones(one, list(rivals.values()))
            duplicate_of[activity_id] = better.activity_id if better else None
            if better:
                continue
            followers = {name for name, of in duplicate_of.items() if name in rivals or of in rivals}
            duplicate_of |= dict.fromkeys(followers, activity_id)
            kept = {day: [other for other in ones if other.activity_id not in rivals] for day, ones in kept.items()}
        duplicate_of[activity_id] = None
        for day in days:
            kept.setdefault(day, []).append(one)
    settled = activities.with_columns(
        duplicate_of=pl.col("activity_id").replace_strict(duplicate_of, return_dtype=pl.String)
        if duplicate_of
        else pl.lit(None, dtype=pl.String)
    )
    return Activity.validate(settled)


def list_recordings(activities: dy.DataFrame[Activity], timer_spans: dy.DataFrame[TimerSpan]) -> dict[str, Recording]:
    """Activity → when its timer ran; one without a span is taken to have run from start to end."""
    spans = _spans(timer_spans)
    found = {}
    for activity_id, source, start, elapsed in activities.select(
        "activity_id", "source_id", "start_utc", "elapsed_time_s"
    ).iter_rows():
        whole = [(start.timestamp(), start.timestamp() + (elapsed or 0.0))]
        found[activity_id] = Recording(activity_id, source, spans.get(activity_id, whole))
    return found


def _better_ones(one: Recording, rivals: list[Recording]) -> Recording | None:
    """Of richer recordings of the same activity the nearest; None where they leave out more than half of it."""
    nearest = max(rivals, key=lambda rival: (_overlap_s(one.spans, rival.spans), rival.length_s, rival.activity_id))
    covered_s = _overlap_s(one.spans, _joined([span for rival in rivals for span in rival.spans], 0.0))
    is_covered = covered_s >= COVERED_FRACTION * one.length_s or nearest.length_s >= one.length_s
    return nearest if is_covered else None


def _spans(timer_spans: dy.DataFrame[TimerSpan]) -> dict[str, list[Span]]:
    """Activity → when its timer ran, in seconds since 1970, short pauses filled."""
    seconds = (pl.col(name).dt.epoch("us") / 1e6 for name in ("start_utc", "end_utc"))
    by_activity: dict[str, list[Span]] = {}
    for activity_id, begin, end in timer_spans.select("activity_id", *seconds).iter_rows():
        by_activity.setdefault(activity_id, []).append((begin, end))
    return {name: _joined(spans, SHORT_PAUSE_S) for name, spans in by_activity.items()}


def _joined(spans: list[Span], within_s: float) -> list[Span]:
    """Spans in order, those put together that overlap or lie no further apart than that."""
    joined: list[Span] = []
    for begin, end in sorted(spans):
        if joined and begin - joined[-1][1] <= within_s:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((begin, end))
    return joined


def _overlap_s(one: list[Span], other: list[Span]) -> float:
    """Seconds that lie in a span of both; the spans of each do not overlap."""
    return sum(max(0.0, min(end, ends) - max(begin, begins)) for begin, end in one for begins, ends in other)


def _days(recording: Recording) -> Iterator[int]:
    """The days, by number, that it touches."""
    seen = -1
    for begin, end in recording.spans:
        for day in range(int(begin // DAY_S), int(end // DAY_S) + 1):
            if day > seen:
                seen = day
                yield day
