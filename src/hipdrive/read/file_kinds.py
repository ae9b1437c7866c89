"""What a FIT file is, where it is not an activity: a course, a workout, settings, a day's monitoring."""

from __future__ import annotations

from collections.abc import Container

_ACTIVITY_TYPES = ("activity", "activity_summary")
_KINDS = {  # FIT's file types in plain words
    "device": "a list of what a device can do",
    "settings": "a device's settings",
    "sport": "settings of a sport",
    "workout": "a planned workout",
    "course": "a course",
    "schedules": "a training calendar",
    "weight": "weighings",
    "totals": "a device's totals",
    "goals": "goals",
    "blood_pressure": "blood pressures",
    "monitoring_a": "a day's monitoring",
    "monitoring_daily": "a day's monitoring",
    "monitoring_b": "a day's monitoring",
    "segment": "a segment",
    "segment_list": "a list of segments",
    "exd_configuration": "the settings of a display",
    "41": "a device's own notes",  # Garmin's own types, which its profile does not list
    "44": "a device's estimates of fitness",
    "49": "a night's sleep",
    "68": "a night's heart rate variability",
}
_RECORDED = ("course", "segment", "totals")  # types that other kinds' messages do not gainsay
_SHOWN_BY = {  # messages that only such a file holds
    "course": "course",
    "course_point": "course",
    "workout": "workout",
    "monitoring": "monitoring_b",
    "monitoring_info": "monitoring_b",
    "monitoring_hr_data": "monitoring_b",
    "weight_scale": "weight",
    "blood_pressure": "blood_pressure",
    "goal": "goals",
    "schedule": "schedules",
    "totals": "totals",
    "segment_lap": "segment",
    "segment_file": "segment_list",
    "sleep_level": "49",
    "hrv_status_summary": "68",
    "device_settings": "settings",
    "bike_profile": "sport",
    "user_profile": "settings",
}


def name_other_kind(messages: Container[str], kind: str | None) -> str | None:
    """What a file without an activity is, in words; None for an activity.

    A course holds records like a run, but of one that nobody has run: its type decides, unless a session tells that it
    was. A file without a type is an activity if it has records, a session or sets and nothing that only another kind
    holds.

    Args:
        messages: names of the messages in the file.
        kind: the type in its `file_id`; None where it has none.
    """
    shown = next((what for message, what in _SHOWN_BY.items() if message in messages), None)
    if "session" in messages:
        return None
    if kind in _ACTIVITY_TYPES or (kind is None and shown is None):
        if any(message in messages for message in ("record", "set")):
            return None
        return "an activity file in which nothing was recorded" if kind else "a FIT file without activity"
    name = kind if kind in _RECORDED else shown or kind
    return f"{_KINDS.get(str(name), f'a FIT file of type “{name}”')}, not an activity"
