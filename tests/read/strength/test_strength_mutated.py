"""Mutated logs, a few of the campaign's (`benchmarks/fuzz_strength.py`): nothing is raised, no row is lost."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.fuzz_strength import made_up_logs, mutated, outcome
from hipdrive.catalogue import Resolver, load_catalogue

LOGS, RESOLVER = made_up_logs(), Resolver(load_catalogue(), {})
SEED, A_FEW = 7_000_000, 50


@pytest.mark.parametrize("name", sorted(LOGS))
def test_each_log_is_read_before_it_is_changed(name: str) -> None:
    assert outcome(name, LOGS[name], RESOLVER) not in {"unknown", "refused"}


@pytest.mark.parametrize("start", range(0, 4 * A_FEW, A_FEW))
def test_a_changed_log_is_read_refused_or_unknown(start: int) -> None:
    fates = Counter(outcome(*mutated(LOGS, SEED + seed), RESOLVER) for seed in range(start, start + A_FEW))
    assert sum(fates.values()) == A_FEW
    assert sum(count for fate, count in fates.items() if fate not in {"unknown", "refused"}) > A_FEW / 4
