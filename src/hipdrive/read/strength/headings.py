"""What the columns of a table mean, by the stems of their names in many languages.

For exports whose header is translated into the phone's language, and for tables of apps that hipdrive does not know.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

_WORKOUT = (
    r"(workout|training|entren|entrain|allen|seance|treino|session|sesion|sessione|sessao|routine|rutina|traning|"
    r"trening|тренировк|ワークアウト|トレーニング|训练|锻炼|워크아웃|운동 루틴)"
)
_NOTE = (
    r"(noti|note\b|notes\b|nota|anota|anmerk|bemerk|kommentar|comment|appunt|observ|remarque|opmerk|anteckn|uwag|"
    r"замет|коммент|メモ|ノート|備考|备注|메모)"
)
_LENGTH = r"(dauer|durac|duraz|durat|duree|duur|varaktighet|czas trwania|длительн|продолжит|期間|所要|时长|시간)"
_UNIT = r"(einheit|unidad|unita|unite|unit|eenheid|enhet|jednost|единиц|単位|单位|단위)"
_LOAD = (
    r"(\b(gewicht|weight|peso|poids|load|last\b|carga|charge|carico|vikt|ciezar|waga|obciazen|вес\b)|"
    r"重量|重さ|ウェイト|무게)"
)
_FAR = r"(\b(entfernung|distan|strecke|afstand|avstand|stracka|dystans|odlegl|расстоян|дистанц)|距離|距离|거리)"
_EXERCISE = (
    r"ubung|ejercicio|esercizio|exercice|exercicio|exercise|movement|oefening|ovning|cwiczen|упражн|エクササイズ|種目|动作|"
    r"운동 이름|운동명"
)
_HOW_MANY = r"(number|no|num|anzahl|numero|nombre|aantal|antal|liczba)"
_ORDER = r"reihenfolge|\borden\b|\bordine|\bordre|\bordem|volgorde|ordning"
_NO_NAME = r"(load|minut|calor|energ|\btyp|\bid\b|count|time|number)"  # “Exercise Load” is a number
# The first whose stem a name holds decides: “Workout-Dauer” is not a title, “Unidad de peso” no weight.
STEMS: tuple[tuple[str, str], ...] = (
    ("Workout Notes", rf"{_WORKOUT}.*{_NOTE}|{_NOTE}.*{_WORKOUT}"),
    ("Notes", rf"\b{_NOTE}"),
    ("Duration", rf"{_WORKOUT}.*{_LENGTH}|{_LENGTH}.*{_WORKOUT}"),
    (
        "Exercise Name",
        rf"^(?!.*{_NO_NAME}).*({_EXERCISE})|^lift$",
    ),
    ("Seconds", r"(\b(sekund|segund|second|seconde|hold)|секунд|^秒|^초)"),
    (
        "Sets",
        rf"^({_HOW_MANY} (of |de |der |di |d )?(sets|satze|series|serie|serii)|sets|satze)$",
    ),
    (
        "Set Order",
        rf"({_ORDER}|\bsatz|\bset\b|\bserie|\bserii|подход|セット|组|세트)",
    ),
    ("Workout Name", rf"{_WORKOUT}"),
    ("Date", r"(\b(dat[aeu]|fech)|дата|日付|日時|日期|날짜)"),
    ("Weight Unit", rf"{_LOAD}.*{_UNIT}|{_UNIT}.*{_LOAD}|gewichtseinheit"),
    ("Distance Unit", rf"{_FAR}.*{_UNIT}|{_UNIT}.*{_FAR}|entfernungseinheit"),
    ("Duration", rf"\b{_LENGTH}|^時間"),
    ("Weight", _LOAD),
    ("RIR", r"\brir\b"),
    ("RPE", r"\brpe\b"),
    ("Reps", r"(wiederh|\bwdh|\brepet|\bripet|\breps?\b|herhaling|powtorz|повтор|回数|レップ|反復|次数|횟수|반복)"),
    ("Distance", _FAR),
    ("Warmup", r"(warm ?up|aufwarm|calent|echauf|riscald|aquec|uppvarm|opwarm|rozgrzew|разминк|ウォーム|热身|웜업)"),
)


@lru_cache(maxsize=4096)  # each format looks at the same few headings
def heading(text: str) -> str:
    """A column's name, or a mark, without case, accents and punctuation; letters of any script stay."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    # Marks on Latin letters go; those that make a Japanese or Korean letter another one are part of it.
    kept = unicodedata.normalize("NFC", "".join(letter for letter in letters if not "\u0300" <= letter <= "\u036f"))
    return " ".join(re.sub(r"[\W_]+", " ", kept).split())


def columns_by_stem(
    header: Sequence[str], needed: Iterable[str], stems: Iterable[tuple[str, str]] = STEMS
) -> dict[str, list[str]]:
    """Meaning → its columns, by stem; empty where a needed meaning has no column or more than one.

    Of other meanings that have several columns the first counts.
    """
    found: dict[str, list[str]] = {}
    for name in header:
        meaning = next((meaning for meaning, stem in stems if re.search(stem, heading(name))), None)
        if meaning is not None:
            found.setdefault(meaning, []).append(name)
    if any(len(found.get(meaning, [])) != 1 for meaning in needed):
        return {}
    return {meaning: names[:1] for meaning, names in found.items()}
