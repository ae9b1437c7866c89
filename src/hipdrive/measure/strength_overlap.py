"""A strength history counts once, whatever files it came in.

Three rules, in this order. Of two exports of one app the later owns the span that both cover (`strength_exports`). Of
two logs of different apps, or made by hand, each workout that both hold counts once, in the richer (`strength_groups`);
neither owns anything. And a written log beats the watch (`strength_watch`). What the user ruled goes before all of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import dataframely as dy
import polars as pl

from hipdrive.measure.strength_exports import find_deleted, order_of_making
from hipdrive.measure.strength_groups import count_once
from hipdrive.measure.strength_pairs import match_logs
from hipdrive.measure.strength_sessions import KIND, NOT_SETS, count_kinds, list_sessions
from hipdrive.measure.strength_watch import cover_watch
from hipdrive.tables.strength import StrengthSet, TidyStrengthSet
from hipdrive.tables.strength_overlap import (
    LogOverlap,
    LogRuling,
    StrengthActivity,
    StrengthLog,
    SupersededWorkout,
)

ID_LETTERS = 16
_DAY_S = 86400.0


@dataclass(frozen=True)
class Overlaps:
    """Which workouts do not count because another file's stand for them, and which logs overlap."""

    superseded: dy.DataFrame[SupersededWorkout]
    logs: dy.DataFrame[LogOverlap]


def find_overlaps(
    sets: dy.DataFrame[TidyStrengthSet],
    logs: dy.DataFrame[StrengthLog] | None = None,
    rulings: dy.DataFrame[LogRuling] | None = None,
    activities: dy.DataFrame[StrengthActivity] | None = None,
) -> Overlaps:
    """What of the strength logs of any number of athletes counts, and what another log holds too.

    The result depends neither on the order of the files nor on how often a night was run.

    Args:
        sets: every set of every source that is loaded.
        logs: what the ledger knows of each written source; one that is missing counts as made by hand.
        rulings: what the user says of pairs of logs.
        activities: strength workouts that a watch timed, with or without sets.
    """
    logs = StrengthLog.create_empty() if logs is None else logs
    rulings = LogRuling.create_empty() if rulings is None else rulings
    activities = StrengthActivity.create_empty() if activities is None else activities
    sessions, kinds = list_sessions(sets), count_kinds(sets)
    found = []
    for athlete in sessions["athlete_id"].unique().sort():
        own = pl.col("athlete_id") == athlete
        history = _History(sessions.filter(own), kinds.filter(own), logs.filter(own), rulings.filter(own))
        history.settle_exports()
        history.settle_logs()
        history.settle_watch(activities.filter(own))
        found.append((history.superseded(), history.overlaps()))
    superseded = [SupersededWorkout.create_empty(), *(one for one, _ in found)]
    overlaps = [LogOverlap.create_empty(), *(one for _, one in found)]
    return Overlaps(
        SupersededWorkout.validate(pl.concat(superseded), cast=True),
        LogOverlap.validate(pl.concat(overlaps), cast=True),
    )


def count_counted(sets: dy.DataFrame[StrengthSet]) -> pl.DataFrame:
    """How many sets of each source count, and how many another source has: `athlete_id source_id counted covered`.

    Rests and notes are neither.
    """
    is_covered, is_set = pl.col("superseded_by").is_not_null(), ~pl.col("set_type").is_in(NOT_SETS)
    counts = {"counted": is_set & ~is_covered, "covered": is_set & is_covered}
    sums = {name: chosen.sum().cast(pl.Int64) for name, chosen in counts.items()}
    return sets.group_by("athlete_id", "source_id").agg(**sums).sort(pl.all())


class _History:
    """One athlete's workouts while it is settled which of them count."""

    def __init__(
        self,
        sessions: pl.DataFrame,
        kinds: pl.DataFrame,
        logs: pl.DataFrame,
        rulings: pl.DataFrame,
    ) -> None:
        self.athlete = str(sessions["athlete_id"][0])
        self.sessions = sessions.with_columns(id=pl.int_range(pl.len()))
        of_workout = self.sessions.select("workout_id", "id", "source_id", "log_kind")
        self.kinds = kinds.join(of_workout, on="workout_id").select("id", "source_id", "log_kind", *KIND, "count")
        is_written = pl.col("log_kind") == "written"
        self.by_source = _by_source(self.sessions.filter(is_written))
        self.kinds_of = _by_source(self.kinds.filter(is_written))
        self.logs = _complete(logs, self.by_source, self.athlete)
        self.app: dict[str, str | None] = dict(self.logs.select("source_id", "app").iter_rows())
        exported_s = pl.col("exported_utc").dt.epoch("us") / 1e6
        self.exported_s: dict[str, float | None] = dict(self.logs.select("source_id", exported_s).iter_rows())
        times = self.sessions.group_by("source_id").agg(first=pl.col("start_s").min(), last=pl.col("start_s").max())
        self.spans = {source: (first, last) for source, first, last in times.iter_rows()}
        self.both, self.loses_to = set[frozenset[str]](), set[tuple[str, str]]()
        for first, second, verdict in rulings.select("first_source_id", "second_source_id", "verdict").iter_rows():
            if verdict == "both":
                self.both.add(frozenset((first, second)))
            else:
                self.loses_to.add((second, first) if verdict == "first" else (first, second))
        self.gone: dict[int, int | str] = {}  # workout → the one that counts, or the export that deleted it
        self.notes: list[pl.DataFrame] = []

    def settle_exports(self) -> None:
        """Of the exports of one app, from the latest back, what a later one replaces."""
        order = order_of_making(self.logs, self.sessions)
        for app in sorted({app for app in self.app.values() if app is not None}):
            exports = [source for source in order if self.app[source] == app]
            exports = self._by_ruling(exports)
            for place, earlier in enumerate(exports[:-1]):
                for later in reversed(exports[place + 1 :]):
                    self._replace(earlier, later)

    def _by_ruling(self, exports: list[str]) -> list[str]:
        """The order of making, but that what the user prefers is later."""
        for loser, winner in sorted(self.loses_to):
            if loser in exports and winner in exports and exports.index(loser) > exports.index(winner):
                exports = [source for source in exports if source != loser]
                exports.insert(exports.index(winner), loser)
        return exports

    def _replace(self, earlier: str, later: str) -> None:
        standing = self._standing(earlier)
        if standing.is_empty() or not self._may_overlap(earlier, later):
            return
        matched = self._match(earlier, later)
        is_ruled = (earlier, later) in self.loses_to
        if matched.is_empty() and not is_ruled:
            return
        deleted = find_deleted(standing, self.by_source[later], matched, self.exported_s[later], is_ruled=is_ruled)
        matched = matched.filter(pl.col("x").is_in(standing["id"].implode())).unique(
            "x", keep="first", maintain_order=True
        )
        self.gone |= dict(matched.select("x", "y").iter_rows())
        self.gone |= dict.fromkeys(deleted, later[:ID_LETTERS])
        rule = "ruled" if is_ruled else "later_export"
        self._note(matched, later, rule)
        self._note(pl.DataFrame({"x": deleted}, schema={"x": pl.Int64}), later, rule)

    def settle_logs(self) -> None:
        """Of logs that own nothing of each other, each workout once."""
        sources = [source for source in sorted(self.by_source) if not self._standing(source).is_empty()]
        matches = []
        for place, first in enumerate(sources):
            for second in sources[place + 1 :]:
                is_one_app = self.app[first] is not None and self.app[first] == self.app[second]
                if not is_one_app and self._may_overlap(first, second):
                    matches.append(self._of_what_stands(self._match(first, second)))
        if not matches:
            return
        rank = {source: place for place, source in enumerate(order_of_making(self.logs, self.sessions))}
        members = self.sessions.with_columns(
            is_app=pl.col("source_id").replace_strict({s: a is not None for s, a in self.app.items()}, default=False),
            rank=pl.col("source_id").replace_strict(rank, default=-1),
        )
        decided = count_once(pl.concat(matches), members, self.loses_to)
        self.gone |= dict(decided.select("x", "y").iter_rows())
        self._note_each(decided, "richer")

    def settle_watch(self, activities: pl.DataFrame) -> None:
        """What of the watch a written log, or another file of the watch, holds."""
        watch = self.sessions.filter(pl.col("log_kind") == "watch")
        if watch.is_empty():
            return
        deleted = [one for one, by in self.gone.items() if isinstance(by, str)]
        logs = {source: part.filter(~pl.col("id").is_in(deleted)) for source, part in self.by_source.items()}
        covered = cover_watch(watch, logs, self.kinds, activities)
        self.gone |= dict(covered.select("x", "y").iter_rows())
        for (rule,), part in covered.partition_by("rule", as_dict=True).items():
            self._note_each(part, str(rule))

    def superseded(self) -> pl.DataFrame:
        """The workouts that do not count, each with the one that does at the end of the chain."""
        names = self.sessions["workout_id"].to_list()
        roots = ((one, self._root(one)) for one in self.gone)
        rows = [(self.athlete, names[one], by if isinstance(by, str) else names[by]) for one, by in roots]
        types = {name: column.dtype for name, column in SupersededWorkout.columns().items()}
        return pl.DataFrame(rows, schema=types, orient="row").sort("workout_id")

    def overlaps(self) -> pl.DataFrame:
        """Which logs give way to which, one row a pair."""
        if not self.notes:
            return LogOverlap.create_empty()
        notes = pl.concat(self.notes).join(self.sessions, left_on="x", right_on="id", maintain_order="left")
        is_matched = pl.col("shared").is_not_null()
        overlaps = notes.group_by("source_id", "other_source_id").agg(
            pl.col("rule").first(),
            first_date=pl.col("local_date").min(),
            last_date=pl.col("local_date").max(),
            workouts=is_matched.sum(),
            deleted_workouts=(~is_matched).sum(),
            differing_sets=(pl.col("sets") - pl.col("shared")).clip(0).sum(),
            shift_min_s=pl.col("delta_s").min(),
            shift_max_s=pl.col("delta_s").max(),
        )
        columns = list(LogOverlap.create_empty().schema)
        return LogOverlap.cast(overlaps.with_columns(athlete_id=pl.lit(self.athlete)).select(columns).sort(columns[:3]))

    def _match(self, first: str, second: str) -> pl.DataFrame:
        """The workouts that two written logs share, those included that give way to a third: they show the clock."""
        return match_logs(self.by_source[first], self.by_source[second], self.kinds_of[first], self.kinds_of[second])

    def _of_what_stands(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """Pairs of the workouts that count in place of these; what was deleted has none."""
        rows = [(self._root(x), self._root(y), *rest) for x, y, *rest in pairs.iter_rows()]
        kept = [row for row in rows if isinstance(row[0], int) and isinstance(row[1], int)]
        return pl.DataFrame(kept, schema=pairs.schema, orient="row")

    def _root(self, one: int) -> int | str:
        by: int | str = one
        while isinstance(by, int) and by in self.gone:
            by = self.gone[by]
        return by

    def _standing(self, source: str) -> pl.DataFrame:
        return self.by_source[source].filter(~pl.col("id").is_in(list(self.gone)))

    def _may_overlap(self, first: str, second: str) -> bool:
        (begin, end), (other_begin, other_end) = self.spans[first], self.spans[second]
        is_near = begin - _DAY_S <= other_end and other_begin - _DAY_S <= end
        return is_near and frozenset((first, second)) not in self.both

    def _note(self, pairs: pl.DataFrame, other: str, rule: str) -> None:
        """Keep what gave way, for the list of overlaps: `x shared delta_s`."""
        columns = {"shared": pl.Int64, "delta_s": pl.Float64}
        missing = [pl.lit(None, kind).alias(name) for name, kind in columns.items() if name not in pairs.columns]
        noted = pairs.with_columns(*missing, other_source_id=pl.lit(other), rule=pl.lit(rule))
        self.notes.append(noted.select("x", "shared", "delta_s", "other_source_id", "rule"))

    def _note_each(self, pairs: pl.DataFrame, rule: str) -> None:
        """The same for pairs `x y shared delta_s` of any logs."""
        source = self.sessions["source_id"]
        named = pairs.with_columns(source=source.gather(pairs["x"]), other=source.gather(pairs["y"]))
        for (first, second), part in named.partition_by("source", "other", as_dict=True).items():
            is_ruled = (str(first), str(second)) in self.loses_to
            self._note(part, str(second), "ruled" if is_ruled else rule)


def _by_source(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    return {str(source): part for (source,), part in frame.partition_by("source_id", as_dict=True).items()}


def _complete(logs: pl.DataFrame, sources: Iterable[str], athlete: str) -> dy.DataFrame[StrengthLog]:
    """A row for each source that has workouts; what nobody knows of is made by hand."""
    named = pl.DataFrame({"source_id": list(sources)}, schema={"source_id": pl.String})
    logs = named.join(logs, on="source_id", how="left").with_columns(
        athlete_id=pl.lit(athlete), path=pl.col("path").fill_null("")
    )
    return StrengthLog.validate(logs.select(list(StrengthLog.create_empty().schema)), cast=True)
