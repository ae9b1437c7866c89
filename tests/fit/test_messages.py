"""Some messages of a file: their frames are those of the whole file, and nothing else is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipdrive.demo import make_runner
from hipdrive.fit import Decoded, decode
from tests.fit.build import FILE_ID, HR, NOON, RECORD, TIMESTAMP, UINT8, UINT16, UINT32, data, definition, file
from tests.fit.corpus import FILES, content, needs_corpus
from tests.fit.test_pieces import CASES

# What a strap kept: rates from an anchor on, merged into the records.
LATE_RATES = file(
    definition(0, RECORD, [TIMESTAMP]),
    *[data(0, "<I", NOON + i) for i in range(40)],
    definition(1, HR, [TIMESTAMP, (0, 2, UINT16), (6, 1, UINT8), (9, 4, UINT32)]),
    *[data(1, "<IHBI", NOON + i, 0, 120 + i, 1024 * i) for i in range(30)],
)
SOME = ("record", "session", "lap", "event", "file_id", "device_info", "hr", "sport", "activity", "nothing")
MADE = {**CASES, "late rates": LATE_RATES}


def assert_equal(part: Decoded, whole: Decoded, asked: frozenset[str]) -> None:
    """What was asked for is what the whole file gives, lots of one message included; the rest is not there."""

    def is_asked(name: str) -> bool:
        base, _, lot = name.rpartition("_")
        return name in asked or (lot.isdigit() and base in asked)

    expected = {name: frame for name, frame in whole.frames.items() if is_asked(name)}
    assert list(part.frames) == list(expected)
    for name, frame in expected.items():
        assert part.frames[name].schema == frame.schema, name
        assert part.frames[name].equals(frame), name
        assert part.units[name] == whole.units[name]
        assert part.developer.get(name) == whole.developer.get(name)
        assert part.offsets(name).tolist() == whole.offsets(name).tolist()
    assert part.faults == whole.faults


@pytest.fixture(scope="module")
def made_up() -> list[bytes]:
    """A run and a workout of the made-up runner."""
    files = dict(make_runner(weeks=4).files)
    return [next(files[name] for name in files if name.endswith(end)) for end in ("-run.fit", "-strength.fit")]


@given(asked=st.frozensets(st.sampled_from(SOME)), case=st.sampled_from(sorted(MADE)))
def test_some_messages_are_those_of_the_whole_file(asked: frozenset[str], case: str) -> None:
    assert_equal(decode(MADE[case], messages=asked), decode(MADE[case]), asked)


@pytest.mark.parametrize("asked", [("record",), ("set", "session"), ("file_id", "lap", "event"), SOME, ()])
def test_of_a_made_up_runner_too(made_up: list[bytes], asked: tuple[str, ...]) -> None:
    for whole in made_up:
        assert_equal(decode(whole, messages=asked), decode(whole), frozenset(asked))


def test_what_is_not_asked_for_is_known_to_be_there() -> None:
    found = decode(LATE_RATES, messages=())
    assert not found.frames
    assert set(found.starts) == {"record", "hr"}
    assert len(found.offsets("record")) == 40


def test_the_rates_of_a_strap_go_into_the_records_that_are_asked_for() -> None:
    alone = decode(LATE_RATES, messages=("record",))
    assert list(alone.frames) == ["record"]
    assert alone.frames["record"]["heart_rate"].drop_nulls().len() > 20


def test_faults_of_the_whole_file_are_told() -> None:
    torn = file(definition(0, FILE_ID, [(0, 1, UINT8)]), data(0, "B", 4), definition(1, RECORD, [TIMESTAMP]))
    torn = torn[:-3] + b"\x0f" + torn[-3:]
    assert decode(torn, messages=("file_id",)).faults == decode(torn).faults != []


@needs_corpus
@pytest.mark.parametrize("name", FILES[::16])
def test_some_messages_of_real_files(name: str) -> None:
    whole = decode(content(name))
    for asked in (SOME, tuple(whole.frames)[::2]):
        assert_equal(decode(content(name), messages=asked), whole, frozenset(asked))
