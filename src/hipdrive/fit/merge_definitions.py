"""Plans of several definitions as one: of one message whose definition changes, or of several messages at once.

Where only the places differ at which the same fields lie, a message can be read in one go whatever definition it has:
each element then starts where the message's own definition puts it.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hipdrive.fit.batch_layout import JoinedShape
from hipdrive.fit.plan import ELEMENT, Condition, Plan, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from hipdrive.fit.plan import Rows
    from hipdrive.fit.shape import Column


MISSING = -(1 << 20)  # stands where a definition does not have an element
NOWHERE = -8  # before the message: there are always eight bytes to read there


class MergedDefinitions(NamedTuple):
    """One plan for a message of several definitions; the tables have a row per element and a column per definition."""

    plan: Plan
    starts: npt.NDArray[np.int64]
    present: npt.NDArray[np.bool_] | None  # None where every definition has every field
    texts: tuple[tuple[Text | None, ...], ...]  # for each text column, by definition
    definitions: tuple[tuple[tuple[int, int], ...], ...]  # by definition, the elements it has and where they start


class Joined(NamedTuple):
    """One plan for several messages."""

    plan: Plan
    shape: JoinedShape
    members: npt.NDArray[np.int64]  # for each element, which of the messages it is cut out of
    rows: tuple[npt.NDArray[np.int64], ...]  # for each message, where its elements have gone


@lru_cache(maxsize=512)
def merge_definitions(plans: tuple[Plan, ...]) -> MergedDefinitions | None:
    """One plan for the definitions of one message; None where a field is not stored alike in all of them."""
    count, row = len(plans), 0
    found: dict[str, tuple[bytes, Column]] = {}
    parts: list[npt.NDArray[np.void]] = []
    starts: list[list[int]] = []
    texts: list[list[Text | None]] = []
    maps: list[list[int]] = []
    for g, plan in enumerate(plans):
        if plan.big_endian != plans[0].big_endian:
            return None
        own = [0] * len(plan.elements)
        for column, signature, places in plan.signatures:
            known = found.get(column.name)
            if known is None:
                is_text = column.kind == "text"
                known = found[column.name] = signature, column._replace(first=len(texts) if is_text else row)
                if is_text:
                    texts.append([None] * count)
                else:
                    parts.append(plan.elements[column.first : column.first + column.count])
                    starts += [[MISSING] * count for _ in places]
                    row += column.count
            elif known[0] != signature:
                return None
            first = known[1].first
            if column.kind == "text":
                texts[first][g] = plan.texts[column.first]
                continue
            for i, place in enumerate(places):
                starts[first + i][g] = place
                own[column.first + i] = first + i
        maps.append(own)
    elements = _together(parts) if parts else plans[0].elements
    order = np.argsort(elements["section"], kind="stable")
    moved = np.empty_like(order)
    moved[order] = np.arange(len(order))
    hidden = {column.name for plan in plans for column in plan.hidden}
    placed = [c if c.kind == "text" else c._replace(first=int(moved[c.first])) for _, c in found.values()]
    merged = Plan(
        [column for column in placed if column.name not in hidden],
        elements[order],
        big_endian=plans[0].big_endian,
        hidden=[column for column in placed if column.name in hidden],
    )
    for own, source in zip(maps, plans, strict=True):
        _relate(merged, source, moved[own])
    table = np.array(starts, np.int64).reshape(-1, count)[order]
    present = table > MISSING
    definitions = tuple(
        tuple((row, start) for row, start in enumerate(places) if start > MISSING) for places in table.T.tolist()
    )
    return MergedDefinitions(
        merged,
        np.where(present, table, NOWHERE),
        None if present.all() else present,
        tuple(map(tuple, texts)),
        definitions,
    )


@lru_cache(maxsize=256)
def join(plans: tuple[Plan, ...], names: tuple[str, ...]) -> Joined:
    """One plan for messages of these names; its shape is that of all their frames."""
    elements = _together([plan.elements for plan in plans])
    order = np.argsort(elements["section"], kind="stable")
    moved = np.empty_like(order)
    moved[order] = np.arange(len(order))
    ends = np.cumsum([0, *(len(plan.elements) for plan in plans)]).tolist()
    rows = tuple(moved[first:last] for first, last in pairwise(ends))
    joined = Plan([], elements[order])
    for plan, own in zip(plans, rows, strict=True):
        _relate(joined, plan, own)
    members = np.repeat(np.arange(len(plans)), [len(plan.elements) for plan in plans])[order]
    return Joined(joined, JoinedShape(names, [plan.shape for plan in plans], rows), members, rows)


def _together(parts: Sequence[npt.NDArray[np.void]]) -> npt.NDArray[np.void]:
    """The elements one after another; joined as plain bytes, because numpy would compare their fields each time."""
    return np.frombuffer(b"".join(part.tobytes() for part in parts), ELEMENT)


def _relate(plan: Plan, source: Plan, rows: npt.NDArray[np.int64]) -> None:
    """Takes over what the elements of a plan have to do with each other; `rows` says where each of them has gone."""
    for one in source.wholes:
        if not any(np.array_equal(rows[one], known) for known in plan.wholes):  # type: ignore[arg-type]  # all arrays here
            plan.wholes.append(rows[one])
    _add_pairs(plan.packed, source.packed, rows)
    _add_pairs(plan.coalesced, source.coalesced, rows)
    for some, references in source.conditions:
        if not any(np.array_equal(rows[some], known.rows) for known in plan.conditions):  # type: ignore[arg-type]
            moved = tuple((int(rows[row]), values) for row, values in references)
            plan.conditions.append(Condition(rows[some], moved))
    for some, entry in source.accumulations:
        known = [np.asarray(one) for one, other in plan.accumulations if other == entry]
        plan.accumulations = [(one, other) for one, other in plan.accumulations if other != entry]
        plan.accumulations.append((np.unique(np.concatenate([rows[some], *known])), entry))
    if source.time_row is not None:
        plan.time_row = int(rows[source.time_row])
    plan.time_is_compressed |= source.time_is_compressed


def _add_pairs(known: list[tuple[Rows, Rows]], pairs: list[tuple[Rows, Rows]], rows: npt.NDArray[np.int64]) -> None:
    for one, other in pairs:
        moved = rows[one], rows[other]
        if not any(np.array_equal(moved[0], k[0]) and np.array_equal(moved[1], k[1]) for k in known):  # type: ignore[arg-type]
            known.append(moved)
