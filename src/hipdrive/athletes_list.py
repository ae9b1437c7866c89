"""`athletes.csv`: a team's athletes, a line each, in place of sections of `hipdrive.toml`."""

from __future__ import annotations

import csv
from collections.abc import Collection
from pathlib import Path

from pydantic import ValidationError

from hipdrive.errors import BrokenSettings
from hipdrive.sections import Athlete, folder_name

# What a column of athletes.csv may be called besides the setting's own name.
_CALLED = {"zone": "time_zone", "mass": "mass_kg", "height": "height_m", "leg_length": "leg_length_m"}


def read_athletes(path: Path, sections: Collection[str] = ()) -> dict[str, dict[str, str]]:
    """A team's list, a line an athlete: the column `id`, and any setting of an athlete; an empty cell is not set.

    Args:
        path: of `athletes.csv`; nothing where it is not there.
        sections: athletes whom the settings file names itself.

    Raises:
        BrokenSettings: the file is no such list, or names an athlete twice.
    """
    if not path.is_file():
        return {}
    try:
        lines = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines(), skipinitialspace=True)
    except UnicodeDecodeError as error:
        raise BrokenSettings(path, f"byte {error.start} is not UTF-8; save the file as UTF-8") from None
    names = [(name or "").strip() for name in lines.fieldnames or ()]
    lines.fieldnames = [_CALLED.get(name, name) for name in names]
    if "id" not in names:
        raise BrokenSettings(path, "line 1: the column “id” is missing; begin with: id,name,zone,mass,height")
    odd = [name for name in lines.fieldnames if name not in {"id", *Athlete.model_fields}]
    if odd:
        raise BrokenSettings(path, f"line 1: “{odd[0]}” is not a setting of an athlete; there are {_ATHLETE_COLUMNS}")
    found: dict[str, dict[str, str]] = {}
    for line in lines:
        cells = {name: (value or "").strip() for name, value in line.items() if isinstance(name, str)}
        athlete = cells.pop("id", "")
        place = f"line {lines.line_num}"
        if None in line or not athlete:
            raise BrokenSettings(path, f"{place}: it has no id, or more cells than line 1 has names; mend that line")
        if athlete in found or athlete in sections:
            raise BrokenSettings(path, f"{place}: “{athlete}” is named twice, here or in hipdrive.toml; keep one")
        given = {name: value for name, value in cells.items() if value}
        try:
            folder_name(athlete)
            Athlete.model_validate(given)
        except ValidationError as error:
            first = error.errors()[0]
            told = f"“{first['loc'][0]}”: {first['msg'].removeprefix('Value error, ')} (it is {first['input']!r})"
            raise BrokenSettings(path, f"{place}: {told}") from None
        except ValueError as error:
            raise BrokenSettings(path, f"{place}: {error}") from None
        found[athlete] = given
    return found


_ATHLETE_COLUMNS = ", ".join(["id", *Athlete.model_fields])
