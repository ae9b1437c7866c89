"""The same messages, fields and values as the official SDK on every real file that it can read."""

from __future__ import annotations

from collections import Counter

import pytest

from hipdrive.fit import decode
from tests.fit.corpus import FILES, content, needs_corpus
from tests.fit.sdk import differences, read_with_sdk

CHUNKS = 24  # so that several processes can share the work
IN_THE_SUITE = 3  # the SDK takes minutes for all


@needs_corpus
@pytest.mark.parametrize(
    "chunk",
    [pytest.param(chunk, marks=pytest.mark.campaign if chunk >= IN_THE_SUITE else ()) for chunk in range(CHUNKS)],
)
def test_the_sdk_gives_the_same_but_for_known_reasons(chunk: int) -> None:
    unexplained = []
    for name in FILES[chunk::CHUNKS]:
        data = content(name)
        theirs, errors = read_with_sdk(data)
        decoded = decode(data)
        found = [difference for difference in differences(decoded, theirs) if difference.reason is None]
        if errors:  # it stops at the first fault: then we have at least what it has
            found = [d for d in found if d.column != "(messages)" or d.ours < d.theirs]
        unexplained += [(name, *difference) for difference in found[:3]]
    assert not unexplained


@needs_corpus
def test_the_known_reasons_do_occur_so_that_none_is_kept_in_vain() -> None:
    names = (
        "mixed/GoldenCheetah__2024-10-14-070422-Pool_Swim-BingiWatch.fit",
        "mixed/GoldenCheetah__Garmin920_withFirstbeat.fit",
        "mixed/muktihari__ActivityDevFields.fit",
        "mixed/muktihari__triathlon_summary_last.fit",
    )
    reasons: Counter[str] = Counter()
    for name in names:
        data = content(name)
        reasons.update(d.reason for d in differences(decode(data), read_with_sdk(data)[0]) if d.reason)
    assert len(reasons) == 5
