"""Imitations of what services export: Garmin's account (zips in a zip) and Strava's bulk export, in three languages.

Everything in them is made up. Layouts, names of files and headers are those that people describe of their own exports.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from hipdrive.fit import RowOrder, encode

FIRST = datetime(2026, 3, 2, 7, tzinfo=UTC)  # a Monday
_MAIL = "kim.runner@example.org"


def made_run(day: float, *, seconds: int = 240, speed_m_per_s: float = 3.0, beats: int = 150) -> bytes:
    """A run as a watch writes it: one record a second, so many days after the first."""
    start = FIRST + timedelta(days=day)
    end = start + timedelta(seconds=seconds)
    second = pl.int_range(seconds + 1, eager=True)
    records = pl.DataFrame(
        {
            "timestamp": pl.datetime_range(start, end, "1s", eager=True),
            "distance": second * speed_m_per_s,
            "enhanced_speed": pl.repeat(speed_m_per_s, seconds + 1, eager=True),
            "heart_rate": (beats + second % 3).cast(pl.Int64),
            "cadence": pl.repeat(82, seconds + 1, dtype=pl.Int64, eager=True),
            "enhanced_altitude": 100.0 + second % 5,
        }
    )
    session = {
        "timestamp": end,
        "start_time": start,
        "sport": "running",
        "sub_sport": "generic",
        "total_elapsed_time": float(seconds),
        "total_timer_time": float(seconds),
        "total_distance": seconds * speed_m_per_s,
    }
    return _file(start, "activity", ("record", records), ("session", pl.DataFrame([session])))


def made_strength(day: float, sets: Sequence[tuple[str, int, int]]) -> bytes:
    """A strength workout of a watch: (category, exercise number, repetitions) of each set, guesses all."""
    start = FIRST + timedelta(days=day)
    end = start + timedelta(minutes=30)
    rows = [
        {
            "timestamp": start + timedelta(minutes=place + 1),
            "start_time": start + timedelta(minutes=place),
            "message_index": place,
            "set_type": "active",
            "category": [category],
            "category_subtype": [number],
            "repetitions": reps,
            "weight": 60.0,
            "duration": 30.0,
        }
        for place, (category, number, reps) in enumerate(sets)
    ]
    session = {
        "timestamp": end,
        "start_time": start,
        "sport": "training",
        "sub_sport": "strength_training",
        "total_elapsed_time": 1800.0,
        "total_timer_time": 1800.0,
    }
    return _file(start, "activity", ("set", pl.DataFrame(rows)), ("session", pl.DataFrame([session])))


def made_monitoring(day: int, *, beats: int | None = None) -> bytes:
    """A day of steps, with a resting heart rate or without."""
    start = FIRST + timedelta(days=day)
    steps = ("monitoring", pl.DataFrame([{"timestamp": start, "cycles": 50.0 + day % 900}]))
    rest = {"timestamp": start, "current_day_resting_heart_rate": beats}
    rates = [("monitoring_hr_data", pl.DataFrame([rest]))] if beats else []
    return _file(start, "monitoring_b", steps, *rates)


def made_settings(day: int) -> bytes:
    """What a device keeps of itself."""
    start = FIRST + timedelta(days=day)
    return _file(start, "settings", ("device_settings", pl.DataFrame([{"utc_offset": day}])))


def _file(start: datetime, kind: str, *messages: tuple[str, pl.DataFrame]) -> bytes:
    identity = {"type": kind, "manufacturer": "garmin", "product": 3990, "serial_number": 7, "time_created": start}
    return encode([("file_id", pl.DataFrame([identity])), *messages], order=RowOrder.BY_TIMESTAMP)


def zipped(members: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def mixed_files(count: int, seconds: int = 240, first_day: int = 0) -> Iterator[tuple[str, bytes]]:
    """So many FIT files of an account, a fifth of them runs, the rest days of monitoring, settings and the like."""
    for number in range(count):
        kind = number % 5
        data = (
            made_run(first_day + number / 5, seconds=seconds)
            if kind == 0
            else made_settings(number)
            if kind == 1
            else made_monitoring(first_day + number, beats=45 + number % 5 if kind == 2 else None)
        )
        yield f"{_MAIL}_{17000000000 + number}.fit", data


def garmin_export(
    files: Iterable[tuple[str, bytes]], *, workouts: Sequence[dict[str, Any]] = (), days: int = 30
) -> bytes:
    """Garmin's account export: FIT files in three parts, lists of days and activities, and much else."""
    parts: list[list[tuple[str, bytes]]] = [[], [], []]
    for number, member in enumerate(files):
        parts[number % 3].append(member)
    first = FIRST.date()
    summaries = [
        {
            "userProfilePK": 1,
            "calendarDate": (first + timedelta(days=day)).isoformat(),
            "totalSteps": 8000 + day,
            "restingHeartRate": 52,
            "currentDayRestingHeartRate": 50 + day % 3,
        }
        for day in range(-days, 0)
    ]
    uploads = "DI_CONNECT/DI-Connect-Uploaded-Files"
    listed = [{"summarizedActivitiesExport": list(workouts)}]
    others = {
        f"DI_CONNECT/DI-Connect-Fitness/{_MAIL}_0_summarizedActivities.json": listed,
        f"DI_CONNECT/DI-Connect-Aggregator/UDSFile_{first - timedelta(days=days)}_{first}.json": summaries,
        f"DI_CONNECT/DI-Connect-Fitness/{_MAIL}_gear.json": [{"gearDTOS": [{"displayName": "Secret shoe"}]}],
        "DI_CONNECT/DI-Connect-Wellness/2026-01-01_2026-04-11_sleepData.json": [{"calendarDate": "2026-03-01"}],
        "DI_CONNECT/DI-Connect-User/user_profile.json": {"firstName": "Kim", "city": "Secretville"},
        "IT_GLOBAL_EVENTING/customer.json": {"emailAddress": _MAIL},
    }
    return zipped(
        [
            *((f"{uploads}/UploadedFiles_0-_Part{place}.zip", zipped(part)) for place, part in enumerate(parts, 1)),
            *((name, json.dumps(data).encode()) for name, data in others.items()),
            ("DI_CONNECT/DI-Connect-User/picture.jpg", b"\xff\xd8\xff" + bytes(2000)),
            ("customer_data/readme.txt", b"Thank you for asking for your data, Kim from Secretville.\n"),
        ]
    )


def listed_workout(day: float, *exercises: tuple[str, str, int, int], name: str = "Legs") -> dict[str, Any]:
    """A strength activity of Garmin's list: (category, exercise, sets, repetitions in all) each."""
    start = FIRST + timedelta(days=day)
    milliseconds = start.timestamp() * 1000
    return {
        "activityId": round(milliseconds),
        "name": name,
        "activityType": "strength_training",
        "beginTimestamp": milliseconds,
        "startTimeGmt": milliseconds,
        "startTimeLocal": milliseconds,
        "duration": 1_800_000.0,
        "elapsedDuration": 1_800_000.0,
        "summarizedExerciseSets": [
            {
                "category": category,
                "subCategory": exercise,
                "sets": sets,
                "reps": reps,
                "maxWeight": 60_000.0,
                "volume": 60_000.0 * reps,
                "duration": 30_000.0 * sets,
            }
            for category, exercise, sets, reps in exercises
        ],
    }


_START_EN = (
    "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,Distance,"
    "Max Heart Rate,Relative Effort,Commute,Activity Private Note,Activity Gear,Filename"
)
_START_DE = (
    "Aktivitäts-ID,Aktivitätsdatum,Name der Aktivität,Aktivitätsart,Aktivitätsbeschreibung,Verstrichene Zeit,"
    "Distanz,Max. Herzfrequenz,Relative Leistung,Pendeln,Private Notiz,Aktivitätsausrüstung,Dateiname"
)
_START_FR = (
    "ID de l'activité,Date de l'activité,Nom de l'activité,Type d'activité,Description de l'activité,Temps écoulé,"
    "Distance,Fréquence cardiaque max.,Mesure d'effort,Trajet quotidien,Note privée,Équipement,Nom du fichier"
)
_FIRST_HEADERS = {  # up to the file's name, and the word for a race
    "en": (_START_EN, "Competition"),
    "de": (_START_DE, "Wettkampf"),
    "fr": (_START_FR, "Compétition"),
    "xx": ("a,b,c,d,e,f,g,h,i,j,k,l,m", "a word that nobody knows"),
}
_DATES: dict[str, Callable[[datetime], str]] = {
    "en": lambda day: f"{day:%b %d, %Y, %I:%M:%S %p}",
    "de": lambda day: f"{day:%d.%m.%Y, %H:%M:%S}",
    "fr": lambda day: f"{day:%d %m %Y à %H:%M:%S}",
    "xx": lambda day: f"{day:%d.%m.%Y}",
}
_RACE_AT = 95


def strava_list(
    language: str, rows: Sequence[tuple[str, str, str, bool]], *, columns: int = 99, first: datetime = FIRST
) -> bytes:
    """`activities.csv` of a language: (file, name, gear, was it a race) of each activity; some headers come twice."""
    start, race = _FIRST_HEADERS[language]
    header = [*start.split(","), *(f"Column {number}" for number in range(13, columns))]
    header[13:16] = [header[5], "Moving Time", header[6]]
    if columns > _RACE_AT:
        header[_RACE_AT] = race
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    for number, (file, name, gear, is_race) in enumerate(rows):
        day = _DATES[language](first + timedelta(days=number))
        row = [
            str(9000 + number),
            day,
            name,
            "Run",
            'so "good", and\nlong',
            "240",
            "0.72",
            "",
            "",
            "false",
            "",
            gear,
            file,
        ]
        row += ["240", "240", "720.0", *("" for _ in range(16, columns))]
        if columns > _RACE_AT:
            row[_RACE_AT] = "1.0" if is_race else "0.0"
        writer.writerow(row)
    return out.getvalue().encode()


def strava_export(language: str, runs: Sequence[tuple[str, bytes]], labels: Sequence[tuple[str, str, bool]]) -> bytes:
    """Strava's bulk export: files below `activities/`, gzipped where their name says so, the list and much else."""
    rows = [(f"activities/{name}", *label) for (name, _), label in zip(runs, labels, strict=True)]
    return zipped(
        [
            *((f"activities/{name}", gzip.compress(data) if name.endswith(".gz") else data) for name, data in runs),
            ("activities.csv", strava_list(language, rows)),
            ("profile.csv", b"Athlete ID,Email Address,First Name\n1,kim.runner@example.org,Kim\n"),
            ("shoes.csv", b"Shoe Name,Shoe Brand\nSecret shoe,Fast\n"),
            ("media/a.jpg", b"\xff\xd8\xff" + bytes(2000)),
            ("media/b.mp4", bytes(2000)),
        ]
    )


def made_tcx(day: float, *, seconds: int = 240, speed_m_per_s: float = 3.0, sport: str = "Running") -> bytes:
    """The same run as TCX, with the spaces before the first tag that Strava writes."""
    start = FIRST + timedelta(days=day)
    points = "".join(
        f"<Trackpoint><Time>{start + timedelta(seconds=second):%Y-%m-%dT%H:%M:%SZ}</Time>"
        f"<Position><LatitudeDegrees>{48 + second * speed_m_per_s / 111_320:.7f}</LatitudeDegrees>"
        "<LongitudeDegrees>11.0</LongitudeDegrees></Position>"
        f"<AltitudeMeters>{100 + second % 5}</AltitudeMeters>"
        f"<DistanceMeters>{second * speed_m_per_s}</DistanceMeters>"
        f"<HeartRateBpm><Value>{150 + second % 3}</Value></HeartRateBpm>"
        '<Extensions><TPX xmlns="http://www.garmin.com/xmlschemas/ActivityExtension/v2">'
        f"<Speed>{speed_m_per_s}</Speed><RunCadence>82</RunCadence></TPX></Extensions></Trackpoint>"
        for second in range(seconds + 1)
    )
    return (
        '          <?xml version="1.0" encoding="UTF-8"?><TrainingCenterDatabase '
        'xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"><Activities>'
        f'<Activity Sport="{sport}"><Id>{start:%Y-%m-%dT%H:%M:%SZ}</Id><Lap StartTime="{start:%Y-%m-%dT%H:%M:%SZ}">'
        f"<TotalTimeSeconds>{seconds}</TotalTimeSeconds><DistanceMeters>{seconds * speed_m_per_s}</DistanceMeters>"
        f"<Calories>50</Calories><Track>{points}</Track></Lap></Activity></Activities></TrainingCenterDatabase>"
    ).encode()


def made_gpx(
    day: float, *, seconds: int = 240, speed_m_per_s: float = 3.0, kind: str = "running", timed: bool = True
) -> bytes:
    """The same run as GPX."""
    start = FIRST + timedelta(days=day)

    def time(second: int) -> str:
        return f"<time>{start + timedelta(seconds=second):%Y-%m-%dT%H:%M:%SZ}</time>" if timed else ""

    points = "".join(
        f'<trkpt lat="{48 + second * speed_m_per_s / 111_320:.7f}" lon="11.0">'
        f"<ele>{100 + second % 5}</ele>{time(second)}<extensions><gpxtpx:TrackPointExtension>"
        f"<gpxtpx:hr>{150 + second % 3}</gpxtpx:hr><gpxtpx:cad>82</gpxtpx:cad>"
        "</gpxtpx:TrackPointExtension></extensions>"
        "</trkpt>"
        for second in range(seconds + 1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><gpx creator="StravaGPX" version="1.1" '
        'xmlns="http://www.topografix.com/GPX/1/1" '
        'xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">'
        f"<trk><name>Secret hill</name><type>{kind}</type><trkseg>{points}</trkseg></trk></gpx>"
    ).encode()
