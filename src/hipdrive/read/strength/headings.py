"""What the columns of a table mean, by the stems of their names in six languages.

For exports whose header is translated into the phone's language, and for tables of apps that hipdrive does not know.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from hipdrive.catalogue.names import plain

_WORKOUT = r"(workout|training|entren|allen|seance|treino|session|sesion|sessione|sessao|routine|rutina)"
_NOTE = r"(noti|note\b|notes\b|nota|anota|anmerk|bemerk|kommentar|comment|appunt|observ|remarque)"
_LENGTH = r"(dauer|durac|duraz|durat|duree)"
_UNIT = r"(einheit|unidad|unita|unite|unit)"
_LOAD = r"\b(gewicht|weight|peso|poids|load|last\b|carga|charge|carico)"
_FAR = r"\b(entfernung|distan|strecke)"
_NO_NAME = r"(load|minut|calor|energ|\btyp|\bid\b|count|time|number)"  # “Exercise Load” is a number
# The first whose stem a name holds decides: “Workout-Dauer” is no title, “Unidad de peso” no weight.
STEMS: tuple[tuple[str, str], ...] = (
    ("Workout Notes", rf"{_WORKOUT}.*{_NOTE}|{_NOTE}.*{_WORKOUT}"),
    ("Notes", rf"\b{_NOTE}"),
    ("Duration", rf"{_WORKOUT}.*{_LENGTH}|{_LENGTH}.*{_WORKOUT}"),
    ("Exercise Name", rf"^(?!.*{_NO_NAME}).*(ubung|ejercicio|esercizio|exercice|exercicio|exercise)"),
    ("Seconds", r"\b(sekund|segund|second|hold)"),
    ("Set Order", r"(reihenfolge|\bsatz|\bset\b|\bset order|\borden\b|\bordine|\bordre|\bordem|\bserie)"),
    ("Workout Name", rf"{_WORKOUT}"),
    ("Date", r"\b(dat[aeu]|fech)"),
    ("Weight Unit", rf"{_LOAD}.*{_UNIT}|{_UNIT}.*{_LOAD}|gewichtseinheit"),
    ("Distance Unit", rf"{_FAR}.*{_UNIT}|{_UNIT}.*{_FAR}|entfernungseinheit"),
    ("Duration", rf"\b{_LENGTH}"),
    ("Weight", _LOAD),
    ("RIR", r"\brir\b"),
    ("RPE", r"\brpe\b"),
    ("Reps", r"(wiederh|\bwdh|\brepet|\bripet|\breps?\b)"),
    ("Distance", _FAR),
    ("Warmup", r"(warm ?up|aufwarm|calent|echauf|riscald|aquec)"),
)


def columns_by_stem(
    header: Sequence[str], needed: Iterable[str], stems: Iterable[tuple[str, str]] = STEMS
) -> Mapping[str, list[str]]:
    """Meaning → its columns, by stem; empty where a needed meaning has no column or more than one.

    Of other meanings that have several columns the first counts.
    """
    found: dict[str, list[str]] = {}
    for name in header:
        meaning = next((meaning for meaning, stem in stems if re.search(stem, plain(name))), None)
        if meaning is not None:
            found.setdefault(meaning, []).append(name)
    if any(len(found.get(meaning, [])) != 1 for meaning in needed):
        return {}
    return {meaning: names[:1] for meaning, names in found.items()}
