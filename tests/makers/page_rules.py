"""Rules that every page keeps, whoever the runner: what is false, absurd or a riddle in the text that a reader sees."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hipdrive.report import Findings

FRESH_DAYS = 28
WIDEST_PERCENT = 25
WIDEST_S_PER_KM = 120
SLOWEST_MINUTES = 20  # of a kilometre: slower is a walk with stops, and no axis is drawn for it
SAME_WITHIN = 0.01
LONG_SENTENCE = 7  # words; shorter ones are cells, names and labels of axes
MOST_PROGRESS = 3.0
BLOCKS = frozenset(
    "p li h1 h2 h3 h4 td th tr dt dd figcaption caption summary div section header nav a button option".split()  # noqa: SIM905
)
UNSEEN = frozenset({"script", "style", "svg", "noscript", "title"})
# Seconds of the fastest run over each distance that anybody ever ran, November 2026, rounded down.
WORLDS_BEST_S = {"1 km": 131, "5 km": 754, "10 km": 1571, "half marathon": 3382, "marathon": 7140}

FORBIDDEN = re.compile(
    r"\b(?:prov(?:es|en|ed)|powers|because of|significan(?:t|tly|ce)|causes faster)\b", re.IGNORECASE
)
BROKEN = re.compile(
    r"\b(?:NaN|None(?! of)|null|undefined|inf|nan)\b|\{\{|\}\}|\.\.(?!\.)|\s[,;.](?:\s|$)|\( ?\)"
    r"|\b1 (?:weeks|runs|sets|days|changes)\b"
)
OF_NOW = re.compile(r"\b(?:this (?:week|quarter|month|year)|today|at present|now)\b", re.IGNORECASE)
IS_NO_NOW = re.compile(r"nothing here is about today", re.IGNORECASE)
RIDDLES = re.compile(
    r"\b(?:q(?= |:|$)|negative[- ]control|declared looks?|(?:the|a|each|last|next|tonight['\u2019]s) looks?"
    r"|between looks|covariates?|quarantined|placebo|kernel|ridge|residuals?|TRIMP|CTL|ATL|HR_ref|e1RM|p-value"
    r"|Monte-Carlo|Newey-West|AR\(1\)|lag(?:s|ged)?|95 % interval|outcome|exposure|adherence|sustained|achieved|arm)\b"
    r"|\bp [<=]"
)
INTERVAL = re.compile(r"([+\u2212-]?\d[\d,]*(?:\.\d+)?) ?%? to ([+\u2212-]?\d[\d,]*(?:\.\d+)?) ?%")
CHANGE = re.compile(r"(\d[\d,.]*) % (faster|slower) to (\d[\d,.]*) % (faster|slower)")
HALF_WIDTH = re.compile(r"\u00b1 ?(\d[\d,]*(?:\.\d+)?) ?%")
SECONDS = re.compile(r"(\d[\d,]*) s(?:/km)? (?:faster|slower)")
PACE = re.compile(r"\b(\d{1,3}):[0-5]\d ?(?:/km|min/km)")
BEST = re.compile(r"[Ff]astest (1 km|5 km|10 km|half marathon|marathon)[^:;]*: (\d+(?::\d\d)+)")
PROGRESS = re.compile(r": (\d[\d,]*(?:\.\d+)?) to (\d[\d,]*(?:\.\d+)?)\u00a0(?:kg|lb|repetitions|s|m|seconds|metres)")
NAMED = {
    "pace at heart rate": re.compile(r"Pace at \d+ beats a minute, last 28 days (\d:\d\d)\b|you run about (\d:\d\d)\b"),
    "share of the five exercises": re.compile(r"(\d+) % of the five exercises done over the last"),
    "runs that count": re.compile(r"runs that count (\d+)"),
    "mean hip work": re.compile(r"hip work was (\d\.\d+) a week on average"),
} | {
    f"fastest {name}": re.compile(rf"[Ff]astest {name}(?: within a run)?[^:;.]{{,30}}: (\d+(?::\d\d)+), on")
    for name in WORLDS_BEST_S
}


@dataclass(frozen=True)
class Age:
    """How old a record is on the night of its page; None without runs or log."""

    tonight: date
    newest_run: date | None
    last_logged: date | None

    @classmethod
    def of(cls, findings: Findings) -> Age:
        """Of one athlete's night."""
        newest, logged = findings.runs["local_date"].max(), findings.log_span["last_date"].max()
        return cls(
            findings.tonight,
            newest if isinstance(newest, date) else None,
            logged if isinstance(logged, date) else None,
        )

    def has_old_runs(self) -> bool:
        """Whether nothing may be said of now."""
        return self.newest_run is not None and (self.tonight - self.newest_run).days > FRESH_DAYS

    def has_old_log(self) -> bool:
        """Whether the log does not reach into the last 28 days."""
        return self.last_logged is not None and (self.tonight - self.last_logged).days > FRESH_DAYS


class _Reader(HTMLParser):
    """The page's text block by block, as a reader sees it with everything opened."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self._words: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002  the parser's own signature
        if tag in UNSEEN:
            self._unseen += 1
        if tag in BLOCKS:
            self._close()

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSEEN:
            self._unseen -= 1
        if tag in BLOCKS:
            self._close()

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._words.append(data)

    def _close(self) -> None:
        text = " ".join("".join(self._words).split())
        self._words = []
        if text:
            self.blocks.append(text)


def read_html(page: str) -> list[str]:
    """The text of a page, block by block, without a browser."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.blocks


def complaints(blocks: Sequence[str], age: Age) -> list[str]:
    """What breaks a rule, with the words that do; empty for a good page."""
    clean = [re.sub(r"[\u2009\u202f\u00a0]", " ", block) for block in blocks]
    return [
        *_said_twice(clean),
        *_patterns(clean),
        *_too_wide(clean),
        *_beyond_the_worlds(clean),
        *_one_name_two_numbers(clean),
        *_progress(blocks),
        *_of_now(clean, age),
        *_age_not_told(clean, age),
    ]


def _said_twice(blocks: Sequence[str]) -> Iterator[str]:
    sentences = Counter(
        sentence.strip(" .").lower()
        for block in blocks
        for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z\u201c])", block)
        if len(sentence.split()) >= LONG_SENTENCE
    )
    yield from (f"said {times} times: {sentence}" for sentence, times in sentences.items() if times > 1)


def _patterns(blocks: Sequence[str]) -> Iterator[str]:
    named = {"forbidden word": FORBIDDEN, "broken text": BROKEN, "unexplained term": RIDDLES}
    for block in blocks:
        yield from (
            f"{name} “{found[0]}”: {block[:160]}" for name, rule in named.items() for found in rule.finditer(block)
        )
        yield from (
            f"slower than a walk: {block[:160]}" for found in PACE.findall(block) if int(found) >= SLOWEST_MINUTES
        )


def _too_wide(blocks: Sequence[str]) -> Iterator[str]:
    for block in blocks:
        for low, high in INTERVAL.findall(block):
            if (low[0] in "+\u2212-" or high[0] in "+\u2212-") and (_number(high) - _number(low)) / 2 > WIDEST_PERCENT:
                yield f"interval of {low} to {high} %: {block[:160]}"
        for first, way, last, other in CHANGE.findall(block):
            ends = [_number(end) * (1 if to == "faster" else -1) for end, to in ((first, way), (last, other))]
            if abs(ends[1] - ends[0]) / 2 > WIDEST_PERCENT:
                yield f"interval of {first} % {way} to {last} % {other}: {block[:160]}"
        yield from (
            f"± {half} %: {block[:160]}" for half in HALF_WIDTH.findall(block) if _number(half) > WIDEST_PERCENT
        )
        yield from (f"{far} s a km: {block[:160]}" for far in SECONDS.findall(block) if _number(far) > WIDEST_S_PER_KM)


def _beyond_the_worlds(blocks: Sequence[str]) -> Iterator[str]:
    for block in blocks:
        for distance, clock in BEST.findall(block):
            if _number(clock) < WORLDS_BEST_S[distance] and "doubtful" not in block:
                yield f"faster than anybody ever ran: {block[:160]}"


def _one_name_two_numbers(blocks: Sequence[str]) -> Iterator[str]:
    for name, rule in NAMED.items():
        values = [next(filter(None, found.groups())) for block in blocks for found in rule.finditer(block)]
        numbers = [_number(value) for value in values]
        if numbers and max(numbers) - min(numbers) > SAME_WITHIN * max(numbers):
            yield f"{name} is {' and '.join(dict.fromkeys(values))}"


def _progress(blocks: Sequence[str]) -> Iterator[str]:
    for block in blocks:
        for first, last in PROGRESS.findall(block):
            if _number(last) > MOST_PROGRESS * _number(first) > 0:
                yield f"no like with like: {block[:160]}"


def _of_now(blocks: Sequence[str], age: Age) -> Iterator[str]:
    if not age.has_old_runs():
        return
    is_log_fresh = age.last_logged is not None and not age.has_old_log()
    for block in blocks:
        if block == "This week" and is_log_fresh:
            continue  # of the hip work, which is of this week
        yield from (f"“{found[0]}” over old data: {block[:160]}" for found in OF_NOW.finditer(IS_NO_NOW.sub("", block)))


def _age_not_told(blocks: Sequence[str], age: Age) -> Iterator[str]:
    text = " ".join(blocks)
    if age.has_old_runs() and not re.search(r"\b(?:weeks?|months|years?) old\b|newest run", text):
        yield "old runs that are not called old"
    if age.last_logged is not None and age.has_old_log():
        day = age.last_logged
        if f"read to {day.day} {day:%B %Y}" not in text:
            yield "an old log that is not called old"


def _number(text: str) -> float:
    if ":" in text:
        seconds = 0
        for part in text.split(":"):
            seconds = 60 * seconds + int(part)
        return float(seconds)
    return float(text.replace(",", "").replace("\u2212", "-"))
