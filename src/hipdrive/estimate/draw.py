"""The draw's own test: had the lot fallen otherwise, would the blocks look as much as if the work made one faster?

The order within each pair of blocks was drawn, and nothing else was: so the share of all orders with a statistic at
least as large is an exact p, whatever fitness did. "Faster" was claimed before, so the test is one-sided. Only the
experiment's own weeks enter; what was done before them acts on as earlier dose. The fatigue of the last days' work
comes after the draw, so it is not a covariate here; nor is the cost of hip work taken out of the runs, because its own
uncertainty would fall on the blocks on alone, and the test would not be exact any more.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from hipdrive.estimate.history import ACUTE
from hipdrive.estimate.state_space import most_likely_point, project, whitening_grid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hipdrive.estimate.history import History

Pair = tuple[tuple[int, ...], tuple[int, ...]]

DRAW_LAGS_WEEKS = (5, 7, 9)
TIES_WITHIN = 1e-9  # rounding must not break a tie
MOST_EXPLAINED = 1 - 1e-12  # keeps t finite where a series is a formula and not a measurement


def draw_p_value(history: History, pairs: Sequence[Pair]) -> float | None:
    """Share of the orders that could have come out whose mean t over three lags is at least the true one's.

    Args:
        history: the experiment's weeks alone.
        pairs: its weeks on and off, counted from the first of them; which of the two came first was drawn.

    Returns:
        None without a pair, or where the weeks are too few to fit.
    """
    own = history.without(ACUTE)
    freedom = own.rows - own.design.shape[1] - 1
    if not pairs or freedom < 1:
        return None
    point = most_likely_point(whitening_grid(own.week, own.runs), own.as_run, own.design)
    doses = _orders(own.dose, pairs)
    total = np.zeros(doses.shape[1])
    for mean_lag in DRAW_LAGS_WEEKS:
        exposures = own.exposure(mean_lag, doses)
        columns = project(point, own.design, np.column_stack([own.as_run, exposures])).columns[0]
        rest, spread = columns[:, 0], columns[:, 1:]
        lengths = (spread**2).sum(axis=0) * float(rest @ rest)
        alike = np.divide(rest @ spread, np.sqrt(lengths), out=np.zeros_like(total), where=lengths > 0)
        total += alike * np.sqrt(freedom / (1 - np.minimum(alike**2, MOST_EXPLAINED)))
    return float(np.mean(total >= total[0] - TIES_WITHIN * max(1.0, abs(float(total[0])))))


def _orders(dose: NDArray[np.float64], pairs: Sequence[Pair]) -> NDArray[np.float64]:
    """The dose under every order, shape (weeks, orders), the true one first; 1 on and 0 off inside the pairs."""
    orders = []
    for swaps in product((False, True), repeat=len(pairs)):
        drawn = dose.copy()
        for swapped, (on, off) in zip(swaps, pairs, strict=True):
            drawn[list(on)], drawn[list(off)] = (0.0, 1.0) if swapped else (1.0, 0.0)
        orders.append(drawn)
    return np.column_stack(orders)
