"""Writes the files of this folder: `python tests/golden/runs/make.py`. Tests read what is written, never this script.

Each sound file is built from drawn rows, and the `.csv` beside it holds the very rows: nothing here decodes.
`index.toml` says by hand what each file holds.
"""

from __future__ import annotations

import csv
import importlib
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER.parents[1] / "makers"))
maker = importlib.import_module("runs")

DYNAMICS = {
    "cadence": 88,
    "fractional_cadence": 0.5,
    "step_length": 1020.0,
    "stance_time": 248.0,
    "vertical_oscillation": 84.0,
    "power": 260,
    "temperature": 17,
}
PLACE = {"position_lat": 626_000_000, "position_long": 160_000_000}
Messages = list[tuple[str, list[dict[str, object]]]]
STOP: Messages = [("event", maker.event_rows((0, "start"), (11, "stop_all")))]


def whole(records: list[dict[str, object]]) -> Messages:
    """An ordinary run of 12 s: records, timer events, a lap, a session, an activity in Berlin's winter."""
    end = maker.at(11)
    lap = {"timestamp": end, "start_time": maker.at(0), "total_elapsed_time": 11.0, "total_timer_time": 11.0}
    clock = {"timestamp": end, "local_timestamp": end.replace(tzinfo=None) + maker.timedelta(hours=1)}
    totals = {"total_timer_time": 11.0, "total_distance": 33.0, "total_ascent": 4}
    return [
        ("record", records),
        *STOP,
        ("lap", [lap]),
        ("session", [maker.session_row(0, 11, **totals)]),
        ("activity", [clock]),
    ]


def sound() -> dict[str, Messages]:
    """The messages of each sound file."""
    seconds = range(12)
    rows = maker.record_rows
    climb = [200.0 + second / 5 for second in seconds]
    pulse = [120 + second for second in seconds]
    gaps = [0, 1, 2, 5, 9, 11]
    paused = [0, 1, 2, 3, 3603, 3604, 3605]
    paused_m = [0.0, 3.0, 6.0, 9.0, 9.0, 12.0, 15.0]
    ride, run = rows(range(5), speed_m_per_s=8.0), rows(range(5, 11), heart_rate=150)
    return {
        "watch_1hz": whole(rows(seconds, heart_rate=pulse, enhanced_altitude=climb, **DYNAMICS, **PLACE)),
        "smart_recording": whole(rows(gaps, heart_rate=[120, 122, 124, 130, 138, 142])),
        "missing_values": whole(
            rows(
                seconds,
                heart_rate=[None, None, *pulse[2:]],
                cadence=[88, None] * 6,
                enhanced_speed=[3.0, None, 3.0] * 4,
            )
        ),
        "paused": [
            ("record", rows(paused, distance=paused_m, heart_rate=140)),
            ("event", maker.event_rows((0, "start"), (3, "stop_all"), (3603, "start"), (3605, "stop_all"))),
            ("session", [maker.session_row(0, 3605, total_timer_time=5.0, total_distance=15.0)]),
        ],
        "one_sensor_a_record": [
            ("record", rows(seconds)),
            ("record", maker.spread(12, timestamp=[maker.at(second) for second in seconds], heart_rate=pulse)),
            ("session", [maker.session_row(0, 11, total_distance=33.0)]),
        ],
        "multisport": [
            ("record", ride),
            ("record", run),
            ("session", [maker.session_row(0, 4, "cycling", total_distance=32.0)]),
            ("session", [maker.session_row(5, 10, total_distance=15.0)]),
        ],
        "no_session": [("sport", [{"sport": "running", "sub_sport": "trail"}]), ("record", rows(seconds)), *STOP],
        "treadmill": [
            ("record", rows(seconds, heart_rate=pulse)),
            ("session", [maker.session_row(0, 11, sub_sport="treadmill", total_distance=33.0)]),
        ],
        "both_feet_counted": whole(rows(seconds, cadence=176)),
        "list_of_pulses": whole(rows(seconds, heart_rate=[[beat, 255 - beat] for beat in pulse])),
    }


def broken() -> dict[str, bytes]:
    """One file per kind of damage, most of them the ordinary run with something done to it."""
    good = maker.fit_bytes(*whole(maker.record_rows(range(12), heart_rate=150)))
    flipped = bytearray(good)
    flipped[150] ^= 0x55
    bad_header = bytearray(good)
    bad_header[12] ^= 1
    return {
        "empty": b"",
        "text": b"not a FIT file, whatever its name says\n",
        "header_only": good[:14],
        "identity_only": good[:60],
        "cut_in_the_records": good[: len(good) * 6 // 10],
        "cut_before_the_session": good[:-95],
        "no_checksum_at_the_end": good[:-2],
        "wrong_checksum": good[:-2] + b"\x00\x00",
        "wrong_header_checksum": bytes(bad_header),
        "flipped_byte": bytes(flipped),
        "message_never_defined": good[:14] + bytes([15]) + good[14:],
        "garbage_after": good + b"garbage" * 5,
        "settings": maker.fit_bytes(("user_profile", [{"weight": 70.0}]), kind="settings"),
    }


def main() -> None:
    """Write everything."""
    for name, messages in sound().items():
        (FOLDER / f"{name}.fit").write_bytes(maker.fit_bytes(*messages))
        rows = [row for kind, block in messages if kind == "record" for row in block]
        rows.sort(key=lambda row: str(row["timestamp"]))
        names = list(dict.fromkeys(key for row in rows for key in row))
        with (FOLDER / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names, lineterminator="\n")
            writer.writeheader()
            for row in rows:
                plain = {key: value[0] if isinstance(value, list) else value for key, value in row.items()}
                writer.writerow({**plain, "timestamp": str(row["timestamp"])})
    for name, data in broken().items():
        (FOLDER / "broken" / f"{name}.fit").write_bytes(data)


if __name__ == "__main__":
    main()
