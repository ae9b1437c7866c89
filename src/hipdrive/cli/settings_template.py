"""The text of a new `hipdrive.toml`, written from the settings themselves."""

from __future__ import annotations

from hipdrive.sections import Archive, Athlete, Engine, Fetch, Habits, Inbox, Programme, Section, Strength, Tell


def _toml(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_toml(one) for one in value)}]"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


def settings_template(time_zone: str = "UTC") -> str:
    """The text of a new `hipdrive.toml`: every setting with its default, commented out, but for the time zone."""
    lines = [
        "# hipdrive: every setting, with its default. Take the # away to change one.",
        "",
        f"# {(Habits.__doc__ or '').strip()}",
        *(f"# {key} = {_toml(field.default)}  # {field.description}" for key, field in Habits.model_fields.items()),
        "",
    ]
    sections: list[tuple[str, type[Section]]] = [
        ("athlete", Athlete),
        ("strength", Strength),
        ("programme", Programme),
        ("inbox", Inbox),
        ("archive", Archive),
        ("fetch", Fetch),
        ("tell", Tell),
        ("engine", Engine),
    ]
    for name, section in sections:
        lines += [f"# {line.strip()}" for line in (section.__doc__ or "").strip().splitlines()]
        lines.append(f"[{name}]")
        for key, field in section.model_fields.items():
            is_zone = key == "time_zone"
            # TOML has no word for "not set", so a setting without a default shows an example.
            default = field.get_default(call_default_factory=True)
            value = time_zone if is_zone else default if default is not None else (field.examples or [])[0]
            lines.append(f"{'' if is_zone else '# '}{key} = {_toml(value)}  # {field.description}")
        lines.append("")
    lines += [
        "# Two logs that hold the same workouts count once; `hipdrive sources --overlaps` lists them. What you say",
        "# goes first: both counts both whole, a name lets that log count. A * stands for any part of a name.",
        "[overlaps]",
        '# "strong.csv & hevy*.csv" = "both"',
        "",
        "# A name in your strength log that hipdrive does not know, and the exercise it stands for",
        "# (`hipdrive exercises` lists the keys; `hipdrive exercises --unmatched` the names it does not know).",
        "[aliases]",
        '# "Hip Thing" = "hip_thrust"',
        "",
        "# A team: one section an athlete, or a line each in athletes.csv beside this file (id,name,zone,mass,height);",
        "# their files lie in data/inbox/<id>/, their tables in data/athletes/<id>/.",
        "# [athletes.anna]",
        '# time_zone = "Europe/Berlin"',
        "",
    ]
    return "\n".join(lines)
