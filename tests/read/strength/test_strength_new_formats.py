"""Formats built by hand after what their exports look like; each case is one that real files show."""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest

from hipdrive.errors import UnreadableFile
from hipdrive.read.strength import RawStrength, read_strength, recognise_format
from hipdrive.read.strength.workbook import read_sheets
from tests.makers.strength_logs import make_fitnotes_backup
from tests.makers.workbooks import Cell, make_workbook

STRONGLIFTS = (
    "Date (yyyy/mm/dd),Workout,Workout Name,Program Name,Body Weight ({unit}),Exercise,Sets\u00d7Reps,Sets\u00d7Time,"
    "Top Set (Reps\u00d7{unit}),e1RM ({unit}),Reps,Volume ({unit}),Workout Volume ({unit}),Duration (hours),"
    "Start Time (h:mm),End Time (h:mm),Notes,Set 1 (Reps), Set 1 ({unit}),Set 2 (Reps), Set 2 ({unit})\n"
)
LIFTOSAUR = (
    "Workout DateTime,Program,Day Name,Exercise,Is Warmup Set?,Required Reps,Completed Reps,Is AMRAP?,Required RPE,"
    "Completed RPE,Log RPE?,Required Weight Value,Required Weight Unit,Completed Weight Value,Completed Weight Unit,"
    "Ask Weight?,Completed Reps Time,Target Muscles,Synergist Muscles,Notes\n"
)


def read(data: bytes | str, name: str = "log.csv") -> RawStrength:
    return read_strength(data.encode() if isinstance(data, str) else data, name)


def shown(log: RawStrength, *columns: str) -> list[tuple[object, ...]]:
    return log.sets.select(columns).rows()


@pytest.mark.parametrize(("unit", "stored"), [("KG", "kg"), ("LB", "lb")])
def test_stronglifts_has_its_sets_in_pairs_of_columns(unit: str, stored: str) -> None:
    rows = (
        '"2026/02/03","7","Workout A","",70,"Squat","2x5","","5x80","93","10","800","","0.75","6:30 PM","7:15 PM",'
        '"tired, slow","5","80","4","82.5"\n'
        '"2026/02/03","7","Workout A","",70,"Chinups","1x10","","","","","","","0.75","6:30 PM","7:15 PM","",'
        '"10","-5","0","-5"\n'
        '"2026/02/03","7","Workout A","",70,"Deadlift","","","","","","","","0.75","6:30 PM","7:15 PM","",'
        '"0","100","",""\n'
    )
    log = read("\ufeff" + STRONGLIFTS.format(unit=unit) + rows)
    assert recognise_format(("\ufeff" + STRONGLIFTS.format(unit=unit)).encode()) == "stronglifts"
    assert shown(log, "exercise_name", "reps", "weight", "weight_unit") == [
        ("Squat", 5.0, 80.0, stored),
        ("Squat", 4.0, 82.5, stored),
        ("Chinups", 10.0, -5.0, stored),
    ]
    assert log.sets["started_local"].unique().to_list() == [datetime(2026, 2, 3, 18, 30)]  # noqa: DTZ001
    assert log.sets["duration_s"].unique().to_list() == [2700.0]
    assert log.rejects.rows() == [(4, "no set of this row was done")]
    assert log.rows == 3


def test_stronglifts_of_2018_has_a_row_a_workout() -> None:
    blocks = ",".join(f"Exercise {number},Weight (KG),Weight (LB),Set 1,Set 2" for number in (1, 2))
    log = read(
        f"Date,Note,Body Weight (KG),Body Weight (LB),{blocks}\n"
        "03/25/18,,70,,Squat,80,,5,4,Barbell Row,,110,5,\n03/28/18,,70,,Squat,82.5,,5,5,,,,,\n"
    )
    assert log.format == "stronglifts"
    assert shown(log, "exercise_name", "reps", "weight", "weight_unit") == [
        ("Squat", 5.0, 80.0, "kg"),
        ("Squat", 4.0, 80.0, "kg"),
        ("Barbell Row", 5.0, 110.0, "lb"),
        ("Squat", 5.0, 82.5, "kg"),
        ("Squat", 5.0, 82.5, "kg"),
    ]


def test_liftosaur_tells_what_was_done_from_what_was_planned() -> None:
    row = '2026-02-03T17:30:00.000Z,Plan,Day 1,"Romanian Deadlift, Barbell",{},8,{},0,,{},0,70,kg,{},{},0,,,,"a\nb"\n'
    log = read(
        LIFTOSAUR
        + row.format(1, 5, "", 40, "kg")
        + row.format(0, 7, 8, 155, "lb")
        + row.format(0, "", "", "", "")
        + row.format(0, 6, "", "", "")
    )
    assert log.format == "liftosaur"
    assert shown(log, "set_type", "reps", "weight", "weight_unit", "rpe") == [
        ("warmup", 5.0, 40.0, "kg", None),
        ("normal", 7.0, 155.0, "lb", 8.0),
        ("normal", 6.0, 70.0, "kg", None),
    ]
    assert log.rejects["reason"].to_list() == ["the app marks this set as not done"]


def test_an_older_liftosaur_has_one_weight() -> None:
    log = read(
        "Workout DateTime,Program,Day Name,Exercise,Is Warmup Set?,Required Reps,Completed Reps,RPE,Is AMRAP?,"
        "Weight Value,Weight Unit,Completed Reps Time,Target Muscles,Synergist Muscles,Notes\n"
        "2022-02-03T17:30:00.000Z,Plan,Day 1,Squat,0,5,5,9,0,225,lb,,,,\n"
    )
    assert shown(log, "reps", "weight", "weight_unit", "rpe") == [(5.0, 225.0, "lb", 9.0)]


def workout(number: int, **more: object) -> dict[str, object]:
    warmup = {"index": 0, "type": "warmup", "weight_kg": 40, "reps": 8, "distance_meters": None, "rpe": None}
    sets = [warmup, {"index": 1, "type": "dropset", "weight_kg": 60.5, "reps": 10, "rpe": 8.5}]
    exercise = {"index": 0, "title": "Hip Thrust (Barbell)", "notes": "", "superset_id": None, "sets": sets}
    start = f"2026-01-{number:02d}T18:30:00+01:00"
    return {
        "id": f"w{number}",
        "title": "Legs",
        "start_time": start,
        "end_time": start,
        "exercises": [exercise],
        **more,
    }


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"page": 1, "page_count": 1, "workouts": [workout(5)]}),
        json.dumps([workout(5)]),
        json.dumps({"workout": workout(5)}),
        json.dumps({"events": [{"type": "updated", "workout": workout(5)}, {"type": "deleted", "id": "x"}]}),
        json.dumps([{"workouts": [workout(5)]}, {"workouts": [workout(5)]}], indent=2),
        json.dumps(workout(5)) + "\n" + json.dumps(workout(5)) + "\n",
    ],
)
def test_what_hevys_interface_answers_is_a_log_however_it_was_saved(text: str) -> None:
    log = read(text, "hevy.json")
    assert log.format == "hevy_api"
    assert shown(log, "set_type", "reps", "weight", "weight_unit", "rpe") == [
        ("warmup", 8.0, 40.0, "kg", None),
        ("drop", 10.0, 60.5, "kg", 8.5),
    ]
    assert log.sets["started_utc"].dt.strftime("%H:%M").unique().to_list() == ["17:30"]


def test_of_two_versions_of_a_workout_the_newer_counts() -> None:
    old, new = workout(5, updated_at="2026-01-05"), workout(5, updated_at="2026-01-06", exercises=[])
    with_set = workout(6)
    log = read(json.dumps({"workouts": [new, old, with_set]}), "hevy.json")
    assert log.sets.height == 2


def test_a_set_that_cannot_be_read_costs_itself_only() -> None:
    bad = workout(5)
    bad["exercises"][0]["sets"][0]["reps"] = "many"  # type: ignore[index]
    log = read(json.dumps([bad]), "hevy.json")
    assert log.sets.height == 1
    assert log.rejects.rows() == [(1, "the set cannot be read (“many” is not a number)")]


def test_a_plan_of_hevy_is_no_log() -> None:
    plan = {"routines": [{"title": "Legs", "exercises": [{"title": "Squat", "sets": [{"weight_kg": 60, "reps": 5}]}]}]}
    assert recognise_format(json.dumps(plan).encode()) is None


BACKUP = [
    {"exercise": "Barbell Squat", "date": "2026-03-02", "metric_weight": 102.05828325, "reps": 5, "note": "deep"},
    {"exercise": "Plank", "date": "2026-03-02", "duration_seconds": 60},
    {"exercise": "Farmer's Walk", "date": "2026-03-04", "metric_weight": 24, "distance": 40, "is_complete": 1},
    {"exercise": "Barbell Squat", "date": "2026-03-04", "metric_weight": 100, "reps": 5},
]


def test_a_fitnotes_backup_is_read_in_memory_and_planned_sets_are_not_done() -> None:
    log = read(make_fitnotes_backup(BACKUP), "FitNotes_Backup.fitnotes")
    assert log.format == "fitnotes_backup"
    assert shown(log, "line", "exercise_name", "weight", "reps", "hold_s", "distance", "notes") == [
        (1, "Barbell Squat", 102.05828325, 5.0, 0.0, 0.0, "deep"),
        (2, "Plank", 0.0, 0.0, 60.0, 0.0, None),
        (3, "Farmer's Walk", 24.0, 0.0, 0.0, 40.0, None),
    ]
    assert log.rejects.rows() == [(4, "the app marks this set as not done")]
    assert not log.sets["has_clock"].any()


@pytest.mark.parametrize(
    "statements",
    [
        ["ALTER TABLE training_log DROP COLUMN is_complete"],
        ["ALTER TABLE training_log DROP COLUMN distance", "ALTER TABLE training_log DROP COLUMN duration_seconds"],
        ["DROP TABLE Comment"],
    ],
)
def test_an_older_backup_lacks_columns(statements: list[str]) -> None:
    log = read(make_fitnotes_backup(BACKUP, statements=statements), "old.fitnotes")
    assert log.sets["exercise_name"].to_list()[0] == "Barbell Squat"


def test_a_backup_that_was_written_ahead_opens_too() -> None:
    data = bytearray(make_fitnotes_backup(BACKUP))
    data[18:20] = b"\x02\x02"
    assert read(bytes(data), "x.fitnotes").sets.height == 3


def test_a_damaged_backup_is_refused_in_a_sentence() -> None:
    data = bytearray(make_fitnotes_backup(BACKUP * 200))
    data[4096:12288] = b"\xff" * 8192
    with pytest.raises(UnreadableFile, match=r"x\.fitnotes: this FitNotes backup is damaged"):
        read(bytes(data), "x.fitnotes")


GARMIN = (
    '"Set","Exercise Name","Time","Rest","Reps","Weight","Volume"\n'
    '"1","Barbell Hip Thrust with Bench","0:42.5","1:30","10","60.0 kg","600.0 kg"\n'
    '"2","BARBELL_HIP_THRUST_WITH_BENCH","0:40","1:30","8","135 lbs","--"\n"3","Plank","1:00","--","--","--","--"\n'
    '"Summary","","2:22","3:00","18","--","1,089"\n'
)


def test_garmins_table_of_a_workout_takes_its_day_from_the_files_name() -> None:
    log = read(GARMIN, "data/inbox/2026-03-02 strength.csv")
    assert log.format == "garmin_csv"
    assert shown(log, "exercise_name", "reps", "weight", "weight_unit", "hold_s") == [
        ("Barbell Hip Thrust with Bench", 10.0, 60.0, "kg", 42.5),
        ("BARBELL HIP THRUST WITH BENCH", 8.0, 135.0, "lb", 40.0),
        ("Plank", None, None, None, 60.0),
    ]
    assert log.sets["started_local"].dt.date().unique().to_list() == [date(2026, 3, 2)]


def test_garmins_table_without_a_day_says_what_to_do() -> None:
    with pytest.raises(UnreadableFile, match=r"put the day into the file's name"):
        read(GARMIN, "activity_12345678901.csv")


def test_a_tool_may_have_added_the_day_to_garmins_table() -> None:
    header, *rows = GARMIN.splitlines()
    text = "\n".join([header + ',"SessionStart"', *(f'{row},"2026-03-02 18:30:00"' for row in rows)])
    assert read(text).sets["started_local"].unique().to_list() == [datetime(2026, 3, 2, 18, 30)]  # noqa: DTZ001


STRONG_FRENCH = (
    "Date,Nom de l'entraînement,Durée,Nom de l'exercice,Ordre de la série,Poids,Réps,Distance,Secondes,Notes,"
    "Notes d'entraînement,RPE"
)
STRONG_JAPANESE = "日付,ワークアウト名,期間,エクササイズ名,セット順,重量,回数,距離,秒,メモ,ワークアウトのメモ,RPE"
STRONG_DUTCH = (
    "Datum,Naam van de training,Duur,Oefening,Setvolgorde,Gewicht,Herhalingen,Afstand,Seconden,Notities,"
    "Trainingsnotities,RPE"
)
STRONG_SWEDISH = (
    "Datum,Träningens namn,Varaktighet,Övning,Setordning,Vikt,Repetitioner,Avstånd,Sekunder,Anteckningar,"
    "Träningsanteckningar,RPE"
)
STRONG_POLISH = (
    "Data,Nazwa treningu,Czas trwania,Nazwa ćwiczenia,Kolejność serii,Ciężar,Powtórzenia,Dystans,Sekundy,Notatki,"
    "Notatki z treningu,RPE"
)


@pytest.mark.parametrize(
    ("header", "rest"),
    [
        (STRONG_FRENCH, "Minuteur de repos"),
        (STRONG_JAPANESE, "休憩タイマー"),
        (STRONG_DUTCH, "Rusttimer"),
        (STRONG_SWEDISH, "Vilotimer"),
        (STRONG_POLISH, "Minutnik przerwy"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_strong_speaks_the_phones_language(header: str, rest: str, delimiter: str) -> None:
    rows = [
        '2026-01-05 18:30:12,"Jambes",35min,"Hip Thrust (Barbell)",W,40.0,10,0,0,"","",',
        '2026-01-05 18:30:12,"Jambes",35min,"Hip Thrust (Barbell)",1,80.0,10,0,0,"","",8',
        f'2026-01-05 18:30:12,"Jambes",35min,"Hip Thrust (Barbell)",{rest},0,0,0,120,"","",',
    ]
    log = read("\n".join([header, *rows]).replace(",", delimiter))
    assert log.format == "strong"
    assert shown(log, "set_type", "reps", "weight", "hold_s") == [
        ("warmup", 10.0, 40.0, 0.0),
        ("normal", 10.0, 80.0, 0.0),
        ("rest", 0.0, 0.0, 120.0),
    ]


@pytest.mark.parametrize(
    ("mark", "set_type"),
    [
        ("WARM_UP", "warmup"),
        ("Warm-up", "warmup"),
        ("Échauffement", "warmup"),
        ("ウォームアップ", "warmup"),
        ("DROP_SET", "drop"),
        ("FAILURE", "failure"),
        ("Échec", "failure"),
        ("12", "normal"),
        ("NORMAL", "normal"),
        ("Rest Timer", "rest"),
        ("Note", "note"),
        ("メモ", "note"),
    ],
)
def test_a_mark_is_understood_as_letter_and_as_word(mark: str, set_type: str) -> None:
    header = "Date,Workout Name,Exercise Name,Set Order,Weight,Reps,Distance,Seconds"
    seconds = 60 if set_type == "rest" else 0
    log = read(f"{header}\n2026-03-02 18:30:00,Hips,Hip Thrust,{mark},60,10,0,{seconds}")
    assert log.sets["set_type"].to_list() == [set_type]


@pytest.mark.parametrize(
    "text",
    [
        '2026-01-05 18:30:12;"Legs";"Hip Thrust (Barbell)";1;60;kg;10;;;;0;"";""',
        '2026-01-05 18:30:12;"Legs";"Hip Thrust (Barbell)";1;60;kg;10;;;;0;;;1h 2m',
        '2026-01-05 18:30:12,"Legs",52m,"Hip Thrust (Barbell)",1,60,10,0,0,"","",8',
        '2026-01-05 18:30:12,"Legs",52m,"Hip Thrust (Barbell)",1,60.0,10,0,0,',
        '2026-01-05 18:30:12,"Legs","Hip Thrust (Barbell)",1,60,10,0,0,"",""',
        '"3";"2026-01-05 18:30:12";"Legs";"3324";"Hip Thrust (Barbell)";"1";"60";"10";"";"";"";"";""',
    ],
)
def test_strong_without_its_header_is_told_by_its_shape(text: str) -> None:
    log = read(f"{text}\n{text}\n")
    assert (log.format, log.rows, log.sets.height) == ("strong", 2, 2)
    assert shown(log, "exercise_name", "reps", "weight")[0] == ("Hip Thrust (Barbell)", 10.0, 60.0)
    assert log.sets["line"].to_list() == [1, 2]


def test_a_table_of_something_else_that_begins_with_a_date_is_no_log() -> None:
    assert recognise_format(b"2026-01-05;Bakery;-4,20;EUR\n2026-01-06;Rent;-900;EUR\n") is None


def test_equipment_none_is_none() -> None:
    header = "Name,StartTime,EndTime,Exercise,Equipment,Reps,Weight,Time,Distance,Status,IsWarmup\n"
    row = "Legs,2026-02-23T10:13:53Z,,{},{},5,,,,Done,false\n"
    log = read(header + row.format("Trap bar DL", "None") + row.format("Hip Thrust", "Barbell"))
    assert log.sets["exercise_name"].to_list() == ["Trap bar DL", "Hip Thrust (Barbell)"]


LOG_ROWS: list[list[Cell]] = [
    ["Date", "Exercise", "Sets", "Reps", "Weight (kg)"],
    [date(2026, 3, 2), "Hip Thrust", 3, 10, 62.5],
    [datetime(2026, 3, 4, 18, 30), "Hip Thrust", None, date(2026, 8, 5), 65],  # noqa: DTZ001
    ["2026-03-05", "Plank", None, "30 s", None],
]


def test_a_workbook_holds_any_table_that_is_known_as_text() -> None:
    data = make_workbook({"Notes": [["hello"]], "Log": [["My training"], [], *LOG_ROWS]})
    log = read(data, "log.xlsx")
    assert recognise_format(data) == log.format == "plain_csv"
    assert shown(log, "line", "exercise_name", "reps", "hold_s", "weight") == [
        (4, "Hip Thrust", 10.0, None, 62.5),
        (4, "Hip Thrust", 10.0, None, 62.5),
        (4, "Hip Thrust", 10.0, None, 62.5),
        (6, "Plank", None, 30.0, None),
    ]
    assert log.rejects.rows() == [
        (5, "reps “2026-08-05 00:00:00” is not a count of repetitions; a spreadsheet turned it into a date")
    ]


def test_sheets_of_one_app_are_one_log() -> None:
    data = make_workbook({"January": LOG_ROWS[:2], "March": LOG_ROWS[:2], "Chart": [["a", "b"], [1, 2]]})
    assert read(data, "log.xlsx").sets.height == 6


def test_a_broken_workbook_is_refused_in_a_sentence() -> None:
    data = make_workbook({"Log": LOG_ROWS})
    broken = data[:300] + b"\0" * 200 + data[500:]
    assert recognise_format(broken) in {"workbook", None}
    with pytest.raises(UnreadableFile):
        read(broken, "log.xlsx")


def test_a_workbook_is_bounded_and_its_empty_sheets_are_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    data = make_workbook({"Empty": [], "Log": LOG_ROWS})
    assert [name for name, _ in read_sheets(data, "log.xlsx")] == ["Log"]
    for unpacked in (data, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)):
        monkeypatch.setattr("hipdrive.read.strength.workbook.UNPACKED_MAX_BYTES", 1000)
        with pytest.raises(UnreadableFile, match="would unpack to more than 200 MB"):
            next(read_sheets(unpacked, "log.xls"))
