"""How often the interval between two neighbouring periods holds zero on made records that wander and know of no effect.

`python -m benchmarks.two_periods` draws records of 26, 104 and 300 weeks, each a wandering level and the noise of its
weeks, and compares two periods of 6, 12 and 26 weeks at a random place: once with the page's interval, once with weeks
taken as independent. The rule is that of `hipdrive/estimate/two_periods.py`, worked out here a second time in numpy.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from hipdrive.estimate.two_periods import Wander, wander_of

RECORDS = 500
PERSISTENCE_AND_SHARE = ((0.0, 0.0), (0.5, 1.0), (0.8, 1.0), (0.95, 0.5), (0.95, 0.8), (0.98, 0.5))


def half_of_interval(first: NDArray[np.int64], second: NDArray[np.int64], wander: Wander) -> float:
    """Half of the 95 % interval of the difference of two periods, by the numbers of their weeks."""
    week = np.concatenate([first, second])
    weight = np.concatenate([np.full(first.size, -1 / first.size), np.full(second.size, 1 / second.size)])
    alike = np.array([1.0, *wander.alike, 0.0])
    correlation = alike[np.minimum(np.abs(week[:, None] - week[None, :]), alike.size - 1)]
    least = (1 - (wander.alike[0] if wander.alike else 0.0)) * float(weight @ weight)
    return (wander.reach or np.inf) * float(np.sqrt(max(least, float(weight @ correlation @ weight))))


def half_as_independent(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """The same as the two-sample t-test has it."""
    error = first.var(ddof=1) / first.size + second.var(ddof=1) / second.size
    return float(stdtrit(first.size + second.size - 2, 0.975) * np.sqrt(error))


def draw_record(weeks: int, persistence: float, share: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """A stationary first-order level of this share of the variance, and white noise."""
    level = np.zeros(weeks)
    level[0] = rng.normal()
    for week in range(1, weeks):
        level[week] = persistence * level[week - 1] + np.sqrt(1 - persistence**2) * rng.normal()
    return np.sqrt(share) * level + np.sqrt(1 - share) * rng.normal(size=weeks)


def main() -> None:
    """One line a kind of record and length of period."""
    rng = np.random.default_rng(1)
    for weeks in (26, 104, 300):
        for persistence, share in PERSISTENCE_AND_SHARE:
            for length in (6, 12, 26):
                if 2 * length > weeks:
                    continue
                held: dict[str, list[bool]] = {"ours": [], "as independent": []}
                for _ in range(RECORDS):
                    record = draw_record(weeks, persistence, share, rng)
                    begin = int(rng.integers(0, weeks - 2 * length + 1))
                    first, second = np.arange(begin, begin + length), np.arange(begin + length, begin + 2 * length)
                    apart = abs(float(record[second].mean() - record[first].mean()))
                    held["ours"].append(apart <= half_of_interval(first, second, wander_of(record)))
                    held["as independent"].append(apart <= half_as_independent(record[first], record[second]))
                told = ", ".join(f"{name} {np.mean(one):.3f}" for name, one in held.items())
                print(f"{weeks} weeks, persistence {persistence}, share {share}, periods of {length}: {told}")


if __name__ == "__main__":
    main()
