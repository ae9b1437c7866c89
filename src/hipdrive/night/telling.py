"""What somebody is told of a night, where the settings say so: it failed, the answer changed, a best fell, no data.

A message that cannot be sent never stops a night, nor changes how it ended: it is said among the night's notes, and
`hipdrive doctor` says it until one goes out again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from hipdrive.errors import HipdriveError, ServiceFault, without_secrets
from hipdrive.night.calendar import local_date
from hipdrive.night.record import NightRecord
from hipdrive.settings import DEFAULT_ATHLETE, Home
from hipdrive.tell import by_address, by_command
from hipdrive.warehouse import ask, last_sent, write_sent_message

TITLE = "hipdrive"
_SILENCE_AGAIN = timedelta(days=28)
_NEW_WITHIN = timedelta(days=14)  # an old archive that is read tonight brings no new bests
_METRES_A_MILE = 1609.344
_VERDICTS = """
SELECT athlete_id, verdict FROM effects WHERE is_primary AND verdict IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY athlete_id ORDER BY run_id DESC) = 1 ORDER BY athlete_id
"""
_BESTS = """
SELECT athlete_id, activity_id, target_m, target_s, time_s, speed_m_per_s, local_date FROM personal_records
WHERE is_standing AND NOT is_doubtful AND gain_fraction IS NOT NULL ORDER BY athlete_id, target_m, target_s
"""
_WEEK = """
SELECT athlete_id, runs_all, run_distance_m, hip_dose FROM weeks
QUALIFY row_number() OVER (PARTITION BY athlete_id ORDER BY week_start DESC) = 1 ORDER BY athlete_id
"""
_NEWEST = "SELECT athlete_id, max(local_date) FROM activities GROUP BY athlete_id ORDER BY athlete_id"


@dataclass(frozen=True)
class Best:
    """A best that stands, over a distance or over a time."""

    athlete: str
    activity_id: str
    target_m: float | None
    target_s: float | None
    time_s: float
    speed_m_per_s: float
    day: date

    @property
    def in_words(self) -> str:
        """What was run, as runners say it."""
        if self.target_s is not None:
            return f"{self.target_s / 60:g} min at {_clock(1000 / self.speed_m_per_s)}/km on {self.day}"
        target_m = self.target_m or 0.0
        is_mile = abs(target_m - _METRES_A_MILE) < 1
        far = "1 mile" if is_mile else f"{target_m / 1000:g} km" if target_m >= 1000 else f"{target_m:g} m"  # noqa: PLR2004
        return f"{far} in {_clock(self.time_s)} on {self.day}"


@dataclass(frozen=True)
class Known:
    """What was known of the athletes at one moment: the answer to the question, and the bests that stand."""

    verdicts: dict[str, str] = field(default_factory=dict)
    bests: list[Best] = field(default_factory=list)


@dataclass(frozen=True)
class News:
    """One thing to be told, of one athlete."""

    kind: str
    athlete: str
    text: str

    def __str__(self) -> str:
        return self.text if self.athlete == DEFAULT_ATHLETE else f"{self.athlete}: {self.text}"


@contextmanager
def telling(home: Home) -> Iterator[list[NightRecord]]:
    """A night whose news are told at its end, whichever way it ends; the night puts its record into the list.

    What its own user broke off is not news to them.
    """
    settings = home.settings.tell
    if not settings.is_any:
        yield []
        return
    before, records = _known(home), list[NightRecord]()
    try:
        yield records
    except Exception as error:
        if "failure" in settings.on:
            said = str(error) if isinstance(error, HipdriveError) else f"{type(error).__name__}: {error}"
            _send(home, "failure", None, f"The night failed. {without_secrets(said)}")
        raise
    (record,) = records
    today = local_date(home.settings, home.settings.first_athlete, datetime.now(UTC))
    news = [*compare(before, _known(home), today), *_silences(home, today)]
    faults = [_send(home, one.kind, one.athlete, str(one)) for one in news if one.kind in settings.on]
    if "digest" in settings.on:
        faults.append(_send(home, "digest", None, "\n".join(digest(home, record, news))))
    record.notes += [f"The message could not be sent: {fault}" for fault in dict.fromkeys(faults) if fault is not None]


def compare(before: Known, after: Known, today: date) -> list[News]:
    """Answers that changed, and bests that fell lately; what is known for the first time is not a change."""
    news = []
    for athlete, verdict in after.verdicts.items():
        was = before.verdicts.get(athlete, verdict)
        if was != verdict:
            news.append(News("verdict", athlete, f"The answer changed from “{_plain(was)}” to “{_plain(verdict)}”."))
    if before.bests:
        fallen = [best for best in after.bests if best not in before.bests and today - best.day <= _NEW_WITHIN]
        news += [News("best", best.athlete, f"A new best: {best.in_words}.") for best in fallen]
    return news


def digest(home: Home, record: NightRecord, news: Sequence[News]) -> list[str]:
    """The night in five lines: what the page says, the running week, the files, what needs a person, the page."""
    counts = ", ".join(f"{number} {status}" for status, number in sorted(record.sources.items())) or "nothing new"
    look = [*map(str, news), *record.warnings]
    return [
        record.sentence,
        _week(home) or "No week yet.",
        f"Files: {counts}.",
        without_secrets(f"Worth a look: {look[0]}" + (f" (and {len(look) - 1} more)" if len(look) > 1 else ""))
        if look
        else "Nothing needs you.",
        str(home.newest_page),
    ]


def _week(home: Home) -> str:
    if not home.warehouse_file.is_file():
        return ""
    told = []
    for athlete, runs, distance_m, dose in ask(home, _WEEK).iter_rows():
        is_imperial = home.settings.habits_of(athlete).units == "imperial"
        far = f"{distance_m / _METRES_A_MILE:.1f} mi" if is_imperial else f"{distance_m / 1000:.1f} km"
        hip = "hip work unknown" if dose is None else f"hip dose {dose:.2f}"
        told.append(str(News("week", athlete, f"This week: {runs} runs, {far}, {hip}.")))
    return " ".join(told)


def _silences(home: Home, today: date) -> list[News]:
    """Athletes of whom nothing came for long: told once, and again now and then."""
    if not home.warehouse_file.is_file():
        return []
    news = []
    for athlete, newest in ask(home, _NEWEST).iter_rows():
        days = (today - newest).days
        last = last_sent(home, "silence", athlete)
        is_told = last is not None and last.date() > newest and datetime.now(UTC) - last < _SILENCE_AGAIN
        if days >= home.settings.tell.silence_days and not is_told:
            news.append(News("silence", athlete, f"No new activity for {days} days; the newest is from {newest}."))
    return news


def _known(home: Home) -> Known:
    if not home.warehouse_file.is_file():
        return Known()
    try:
        return Known(dict(ask(home, _VERDICTS).iter_rows()), [Best(*row) for row in ask(home, _BESTS).iter_rows()])
    except HipdriveError:  # of an older version, whose tables tonight brings up to date
        return Known()


def _send(home: Home, kind: str, athlete: str | None, text: str) -> str | None:
    """Send one message by all ways that the settings name; gives why it did not go out by one of them."""
    faults = []
    if home.settings.tell.command:
        faults.append(by_command(home.settings.tell.command, TITLE, text))
    if home.settings.tell.by_address:
        from hipdrive.fetch import read_secret  # noqa: PLC0415  loads httpx and keyring, which a quiet night needs not

        try:
            faults.append(by_address(read_secret(home.settings.fetch, "tell", DEFAULT_ATHLETE), TITLE, text))
        except ServiceFault as error:
            faults.append(error.reason)
    fault = "; ".join(said for said in faults if said) or None
    write_sent_message(home, kind, athlete, fault)
    return fault


def _plain(verdict: str) -> str:
    return verdict.replace("_", " ")


def _clock(seconds: float) -> str:
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"
