"""Damaged and foreign files: good rows are kept, bad ones listed, what is not a log is refused in one sentence."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hipdrive.errors import UnknownColumn, UnreadableFile
from hipdrive.read.strength import RawStrength, read_strength, recognise_format

HEADER = "Date,Workout Name,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes"
GOOD = '2026-03-02 18:30:00,Hips,Hip Thrust,1,60,10,0,0,"",""'


def strong(*rows: str) -> bytes:
    return "\n".join([HEADER, *rows]).encode()


def read(*rows: str) -> RawStrength:
    return read_strength(strong(*rows), "strong.csv")


@pytest.mark.parametrize(
    ("row", "cause"),
    [
        ('2026-03-02 18:30:00,Hips,Hip Thrust,1,heavy,10,0,0,"",""', "weight “heavy” is not a number"),
        ('2026-03-02 18:30:00,Hips,Hip Thrust,1,60,ten,0,0,"",""', "Reps “ten” is not a number"),
        (
            '2026-13-02 18:30:00,Hips,Hip Thrust,1,60,10,0,0,"",""',
            "“2026-13-02 18:30:00” is not a date of the calendar",
        ),
        ('yesterday,Hips,Hip Thrust,1,60,10,0,0,"",""', "“yesterday” is not a date that hipdrive can read"),
        (',Hips,Hip Thrust,1,60,10,0,0,"",""', "there is no date"),
        ("2026-03-02 18:30:00,Hips,Hip Thrust", "the row has 3 fields, the header 10"),
        (GOOD + ",,,surplus", "the row has 13 fields, the header 10"),
        ('2026-03-02 18:30:00,Hips,Hip Thrust,1,nan,10,0,0,"",""', "weight “nan” is not a number"),
    ],
)
def test_a_bad_row_is_listed_and_its_neighbours_are_kept(row: str, cause: str) -> None:
    log = read(GOOD, row, GOOD)
    assert log.rejects.rows() == [(3, cause)]
    assert log.sets["line"].to_list() == [2, 4]
    assert log.rows == 3


def test_a_quote_that_never_closes_costs_its_own_line_only() -> None:
    log = read(GOOD, '2026-03-02 18:30:00,Hips,Hip Thrust,1,60,10,0,0,"open,', GOOD, GOOD)
    assert log.sets["line"].to_list() == [2, 4, 5]
    assert log.rejects["line"].to_list() == [3]
    assert "a quote opens in this line" in log.rejects["reason"][0]


def test_two_quotes_that_never_close_do_not_make_one_row_of_two() -> None:
    broken = '2026-03-02 18:30:00,"Hips,Hip Thrust,1,60,10,0,0,,'
    log = read(GOOD, broken, broken, GOOD)
    assert log.sets["line"].to_list() == [2, 5]
    assert log.rejects["line"].to_list() == [3, 4]


def test_a_note_with_line_breaks_is_one_row_and_lines_are_those_of_the_file() -> None:
    log = read(GOOD, '2026-03-02 18:30:00,Hips,Plank,1,0,0,0,60,"one\ntwo\n\nthree",""', GOOD)
    assert log.sets["line"].to_list() == [2, 3, 7]
    assert log.sets["notes"][1] == "one\ntwo\n\nthree"


def test_a_file_cut_in_mid_row_keeps_what_comes_before() -> None:
    whole = strong(GOOD, GOOD, GOOD)
    log = read_strength(whole[: len(whole) - 30], "strong.csv")
    assert log.sets.height == 2
    assert log.rejects.rows() == [(4, "the file breaks off in this row, after 2 of 10 fields")]


def test_a_file_cut_within_a_letter_keeps_what_comes_before() -> None:
    data = strong(GOOD, "2026-03-02 18:30:00,Hüfte")
    log = read_strength(data[: data.rindex(b"\xc3") + 1], "strong.csv")
    assert log.sets.height == 1
    assert log.rejects.height == 1


def test_zero_bytes_and_blank_lines_are_passed_over() -> None:
    log = read_strength(strong(GOOD, "", "   ", GOOD).replace(b"Hips", b"Hi\0ps"), "strong.csv")
    assert log.sets.height == 2
    assert log.rejects.is_empty()


def test_dates_that_could_be_two_days_are_not_guessed() -> None:
    row = '03/04/2026 18:30,Hips,Hip Thrust,1,60,10,0,0,"",""'
    with pytest.raises(UnreadableFile, match=r"line 2: “…” could be two days"):
        read(row)


@pytest.mark.parametrize(("other", "month"), [("25/04/2026 18:30", 4), ("04/25/2026 18:30", 3)])
def test_another_date_of_the_file_settles_which_day_it_is(other: str, month: int) -> None:
    rows = [f'{day},Hips,Hip Thrust,1,60,10,0,0,"",""' for day in ("03/04/2026 18:30", other)]
    assert read(*rows).sets["started_local"][0].month == month


def test_decimal_commas_and_points_may_stand_side_by_side() -> None:
    log = read(
        '2026-03-02 18:30:00,Hips,Hip Thrust,1,"62,5",10,0,0,"",""',
        '2026-03-02 18:30:00,Hips,Hip Thrust,1,62.5,10,0,0,"",""',
        '2026-03-02 18:30:00,Hips,Hip Thrust,1,"1.062,5",10,0,0,"",""',
    )
    assert log.sets["weight"].to_list() == [62.5, 62.5, 1062.5]


def test_thousands_are_told_from_decimals_by_the_rest_of_the_column() -> None:
    log = read(
        '2026-03-02 18:30:00,Hips,Leg Press,1,"1,000",10,0,0,"",""',
        '2026-03-02 18:30:00,Hips,Leg Press,2,262.5,10,0,0,"",""',
    )
    assert log.sets["weight"].to_list() == [1000.0, 262.5]


def test_lines_that_all_end_with_a_delimiter_have_no_column_more() -> None:
    data = f"{HEADER},\n{GOOD},\n{GOOD}\n".encode()
    assert read_strength(data, "strong.csv").sets["line"].to_list() == [2, 3]


def test_a_comma_in_an_unquoted_name_is_told_from_a_closing_one() -> None:
    header = "Date,Exercise,Category,Weight (kgs),Reps,Distance,Distance Unit,Time,"
    rows = "2026-03-02,Hip Thrust,Legs,60,10,,,,\n2026-03-02,Hip Thrust, Barbell,Legs,60,10,,,,"
    log = read_strength(f"{header}\n{rows}\n".encode(), "fitnotes.csv")
    assert log.sets["exercise_name"].to_list() == ["Hip Thrust", "Hip Thrust, Barbell"]
    assert log.sets["reps"].to_list() == [10.0, 10.0]


def test_the_word_null_is_nothing() -> None:
    log = read("2026-03-02 18:30:00,Hips,Plank,1,null,null,null,60,null,null")
    assert log.sets.select("weight", "reps", "distance", "hold_s", "notes").row(0) == (None, None, None, 60.0, None)


def test_a_rating_or_length_that_cannot_be_read_costs_no_set() -> None:
    header = HEADER + ",RPE,Duration"
    row = '2026-03-02 18:30:00,Hips,Hip Thrust,1,60,10,0,0,"","",{},{}'
    data = "\n".join([header, row.format("8", "1h"), row.format("8-9", "long"), row.format("hard", "1h")])
    log = read_strength(data.encode(), "strong.csv")
    assert log.sets["rpe"].to_list() == [8.0, None, None]
    assert log.rejects.is_empty()
    assert log.remarks[:2] == (
        "Duration cannot be read in 1 rows (“long”); the sets are kept",
        "RPE cannot be read in 2 rows (“8-9”); the sets are kept",
    )


def test_the_settings_decide_a_date_that_could_be_two_days() -> None:
    data = strong('03/04/2026 18:30,Hips,Hip Thrust,1,60,10,0,0,"",""')
    log = read_strength(data, "strong.csv", day_first=False)
    assert log.sets["started_local"][0].month == 3
    assert log.remarks[0] == ("“03/04/2026 18:30” is read month first, as strength.date_order in hipdrive.toml says")


GYMBOOK = (
    "Date,Workout,Time,Exercise,Region,Primary,Secondary,Sets / Warm-up Sets / Cool-down Sets,"
    "Repetitions / Time,Weight / Distance,Notes,Skipped\n3/4/25,Hips,{},Hip Thrust,Legs,,,Sets,8 reps,100 lbs,,No\n"
)


def test_gymbook_writes_the_day_first_where_the_clock_has_24_hours() -> None:
    log = read_strength(GYMBOOK.format("18:30").encode(), "gymbook.csv")
    assert log.sets["started_local"][0].month == 4
    assert "day first, as this app writes them" in log.remarks[0]
    with pytest.raises(UnreadableFile, match="could be two days"):
        read_strength(GYMBOOK.format("6:30 PM").encode(), "gymbook.csv")


@pytest.mark.parametrize(
    ("label", "seconds", "kind"),
    [
        ("Rest Timer", 0, "rest"),
        ("Temporizador de descanso", 90, "rest"),
        ("Chronomètre", 90, "rest"),
        ("Anotação", 0, "note"),
        ("W", 0, "warmup"),
        ("w", 0, "warmup"),
        ("Warmup", 0, "warmup"),
        ("D", 0, "drop"),
        ("F", 0, "failure"),
        ("3", 0, "normal"),
    ],
)
def test_the_set_order_of_strong_says_what_a_row_is(label: str, seconds: int, kind: str) -> None:
    assert read(f'2026-03-02 18:30:00,Hips,Hip Thrust,{label},60,10,0,{seconds},"",""').sets["set_type"][0] == kind


def test_windows_letters_are_read() -> None:
    data = strong(GOOD.replace("Hip Thrust", "Hüftstoß")).decode().encode("cp1252")
    assert read_strength(data, "strong.csv").sets["exercise_name"].to_list() == ["Hüftstoß"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"hello",
        b"\x0e\x10\xd9\x07\x00\x00\x00\x00.FIT",
        b"a,b,c\n1,2,3\n",
        b"local_date,kind,text\n2026-03-02,note,tired\n",
        b"Activity Type,Date,Favorite,Title,Distance,Time\nRunning,2026-03-02 07:00:00,false,Run,10.0,00:50:00\n",
        b'{"a": 1}',
        b"[athlete]\nmass_kg = 70\n",
        b"PK\x03\x04\x14\x00",
    ],
)
def test_what_is_no_strength_log_is_told_as_such(data: bytes) -> None:
    assert recognise_format(data) is None
    with pytest.raises(UnreadableFile, match="this is not a strength log that hipdrive knows"):
        read_strength(data, "x")


def test_a_known_app_with_a_missing_column_names_it() -> None:
    data = b"Date,Exercise,Reps,isWarmup\n2026-03-02,Plank,1,false\n"
    with pytest.raises(UnknownColumn, match="the column “Weight” is missing"):
        read_strength(data, "fitbod.csv")


def test_a_log_with_a_header_alone_is_an_empty_log() -> None:
    log = read()
    assert (log.rows, log.sets.height, log.rejects.height) == (0, 0, 0)


def test_a_broken_toml_says_where() -> None:
    with pytest.raises(UnreadableFile, match=r"not valid TOML \(.*line 3"):
        read_strength(b"[[workout]]\ndate = 2026-03-02\nname = \n", "log.toml")


@pytest.mark.parametrize(
    ("entry", "cause"),
    [
        ('exercise = "Plank"\nhold = 60', "“hold” is not a field of a set"),
        ("reps = 10", "the set names no exercise"),
        ('exercise = "Plank"\nreps = [1, 2, 3]\nweight_kg = [1, 2]', "Plank: the lists differ in length"),
        (
            'exercise = "Plank"\nreps = 10\nsets = 0',
            "Plank: the lists differ in length, or sets is not between 1 and 50",
        ),
    ],
)
def test_a_bad_entry_of_a_toml_log_is_listed(entry: str, cause: str) -> None:
    good = '[[workout.sets]]\nexercise = "Plank"\nhold_s = 60\n'
    log = read_strength(f"[[workout]]\ndate = 2026-03-02\n{good}[[workout.sets]]\n{entry}\n{good}".encode(), "log.toml")
    assert log.sets.height == 2
    assert log.rejects["reason"].to_list()[0].startswith(cause)


def test_a_session_that_a_jefit_file_lacks_is_a_cause() -> None:
    text = '### EXERCISE LOGS ###\nbelongsession,ename,logs\n9,"Squat","60x5"\n'
    with pytest.raises(UnreadableFile, match="its session “…” is not in the file"):
        read_strength(text.encode(), "jefit.csv")


@settings(deadline=None, max_examples=60)
@given(data=st.binary(max_size=400))
def test_no_bytes_raise_anything_but_our_own_error(data: bytes) -> None:
    for content in (data, strong().replace(b"Workout Notes", b"Workout Notes\n" + data)):
        try:
            read_strength(content, "x")
        except UnreadableFile:
            continue


@settings(deadline=None, max_examples=60)
@given(cut=st.integers(0, 400))
def test_cutting_a_file_never_adds_or_changes_a_set(cut: int) -> None:
    whole = strong(*[GOOD] * 4)
    before = read_strength(whole, "x").sets
    if len(HEADER) < cut:
        try:
            after = read_strength(whole[:cut], "x").sets
        except UnreadableFile:
            return
        assert after.height <= before.height
        assert after.drop("notes").equals(before.head(after.height).drop("notes"))


def test_numbers_that_are_none_cost_their_own_set_in_every_format() -> None:
    jefit = (
        b"### WORKOUT SESSIONS ###\n_id,mydate,starttime,total_time\n1,2026-03-01,1772388000,3600\n"
        b'### EXERCISE LOGS ###\nbelongsession,ename,logs\n1,"Barbell Squat","NaNxNaN,infx5,60x10"\n'
    )
    log = read_strength(jefit, "jefit.csv")
    assert log.sets["reps"].to_list() == [10.0]
    assert [line for line, _ in log.rejects.rows()] == [6, 6]
    toml = b"""
[[workout]]
date = 2026-03-15
[[workout.sets]]
exercise = "Hip Thrust"
reps = nan
[[workout.sets]]
exercise = "Hip Thrust"
reps = [10, 8]
weight = 1e400
[[workout.sets]]
exercise = "Hip Thrust"
reps = [10, 8]
"""
    written = read_strength(toml, "mine.toml")
    assert written.sets["reps"].to_list() == [10.0, 8.0]
    assert written.rejects.rows() == [(5, "“nan” is not a number"), (8, "“inf” is not a number")]


def test_a_jefit_session_far_in_the_future_is_no_start() -> None:
    rows = b"### WORKOUT SESSIONS ###\n_id,mydate,starttime,total_time\n1,,%s,9%s\n" % (b"9" * 5000, b"9" * 5000)
    logs = b"### EXERCISE LOGS ###\nbelongsession,ename,logs\n1,Squat,60x10\n%s,Squat,60x10\n" % (b"9" * 5000)
    with pytest.raises(UnreadableFile, match="its session “…” is not in the file, and it has no date"):
        read_strength(rows + logs, "jefit.csv")
