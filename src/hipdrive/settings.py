"""What a user may set in `hipdrive.toml`: the athlete, the units of the logs, the programme, the bounds of archives.

Every setting has a default, so an empty file is a good file. A home is the folder that holds `hipdrive.toml`.
"""

from __future__ import annotations

import os
import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from hipdrive.errors import BrokenSettings, MissingHome, without_secrets

SETTINGS_FILE = "hipdrive.toml"
DEFAULT_ATHLETE = "me"
LEG_OF_HEIGHT = 0.53  # hip to ground; Winter 1979, through Morin and others 2005, doi:10.1123/jab.21.2.167


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _known_time_zone(name: str) -> str:
    if name not in _time_zones():
        raise ValueError(f"“{name}” is no time zone of the IANA list; write one like “Europe/Berlin”")
    return name


def _folder_name(name: str) -> str:
    if name in {"", ".", ".."} or not name.isprintable() or any(mark in name for mark in "/\\"):
        raise ValueError(
            f"“{name}” cannot be the name of a folder, and an athlete's files lie in a folder of that name"
        )
    return name


TimeZone = Annotated[str, AfterValidator(_known_time_zone)]
AthleteId = Annotated[str, AfterValidator(_folder_name)]


def _two_logs(names: str) -> str:
    if len([name for name in names.split("&") if name.strip()]) != 2:  # noqa: PLR2004  a pair
        raise ValueError(f"“{names}” names no two logs; write it like “strong.csv & hevy.csv”")
    return names


LogPair = Annotated[str, AfterValidator(_two_logs)]


class Section(BaseModel):
    """One section of the file; what it does not know is a mistake of spelling."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Units = Literal["metric", "imperial"]
WeekStart = Literal["monday", "sunday"]
DateStyle = Literal["day_month", "month_day", "iso"]


class Habits(BaseModel):
    """How numbers and days are written for a reader. What is stored and estimated does not depend on it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    units: Units = Field(
        default="metric", description="metric or imperial (min/mile, mi, lb, °F, ft), for all you read"
    )
    week_start: WeekStart = Field(
        default="monday",
        description="monday or sunday, of the calendar; weeks that are estimated begin on Monday",
    )
    date_style: DateStyle = Field(
        default="day_month", description="day_month (3 March 2026), month_day (March 3, 2026) or iso (2026-03-03)"
    )


class Athlete(Section):
    """One runner. The body matters to stride mechanics and training load only; the report names what is a default."""

    time_zone: TimeZone = Field(
        default="UTC", description="where the athlete lives; logs without a zone are read in it"
    )
    mass_kg: float = Field(default=70.0, gt=25, lt=250, description="body mass in kg")
    height_m: float = Field(default=1.75, gt=1.0, lt=2.5, description="body height in m")
    leg_length_m: float | None = Field(
        default=None, gt=0.4, lt=1.5, description="hip to ground in m; not set, 0.53 of the height", examples=[0.93]
    )
    max_heart_rate_bpm: float | None = Field(
        default=None, gt=120, lt=240, description="not set, the highest minute of all runs", examples=[190.0]
    )
    resting_heart_rate_bpm: float = Field(default=60.0, gt=25, lt=110, description="lying, on waking")
    trimp_weighting: Literal["male", "female"] = Field(
        default="male", description="whose curve weighs training load: Banister's for men or for women"
    )
    units: Units | None = Field(default=None, description="of this athlete; not set, the home's", examples=["metric"])
    week_start: WeekStart | None = Field(default=None, description="likewise", examples=["monday"])
    date_style: DateStyle | None = Field(default=None, description="likewise", examples=["day_month"])

    @property
    def left_at_default(self) -> tuple[str, ...]:
        """What of the body nobody has set; numbers that rest on it say so."""
        return tuple(name for name in _BODY if name not in self.model_fields_set or getattr(self, name) is None)


_BODY = ("mass_kg", "height_m", "leg_length_m", "max_heart_rate_bpm", "resting_heart_rate_bpm", "trimp_weighting")


class Strength(Section):
    """Units and dates of strength logs that do not state them (Strong's comma export is one)."""

    weight_unit: Literal["kg", "lb"] = Field(default="kg", description="weights in logs that state no unit")
    distance_unit: Literal["m", "km", "mi"] = Field(default="m", description="distances in logs that state no unit")
    date_order: Literal["unknown", "day_first", "month_first"] = Field(
        default="unknown", description="day_first or month_first, for logs in which 03/04/2026 could be two days"
    )

    @property
    def day_first(self) -> bool | None:
        """Whether the day comes first in dates such as 03/04/2026; null where the user has not said."""
        return None if self.date_order == "unknown" else self.date_order == "day_first"


class Programme(Section):
    """How often the article's programme is prescribed; the article gives no frequency, so it is a setting."""

    sessions_per_week: float = Field(default=2.0, gt=0, le=14, description="full sessions of the programme a week")
    sets_per_session: int = Field(default=1, ge=1, le=10, description="sets of each item in a session")


class Inbox(Section):
    """Where files are looked for besides data/inbox, and read in place: a synchronised folder, a watch over USB."""

    folders: tuple[str, ...] = Field(
        default=(), description="absolute, or below the home; a folder that is not there tonight is passed over"
    )


class Archive(Section):
    """Bounds for .gz, .zip and .tar files, so that a hostile archive cannot fill memory or disk."""

    max_members: int = Field(default=100_000, ge=1, description="members of one archive, those within it included")
    max_member_mb: int = Field(default=256, ge=1, description="unpacked size of one member in MB")
    max_nested_mb: int = Field(default=4_000, ge=1, description="unpacked size of an archive within an archive in MB")
    max_ratio: int = Field(default=200, ge=2, description="unpacked over packed size of one member, and of all of them")


ServiceName = Literal["garmin", "intervals", "hevy"]


class Fetch(Section):
    """Services that runs and sets are fetched from; while none is named, nothing is asked (docs/services.md)."""

    services: tuple[ServiceName, ...] = Field(
        default=(), description='any of "garmin", "intervals" (intervals.icu), "hevy"; `hipdrive fetch --login NAME`'
    )
    secrets: str = Field(
        default="~/.config/hipdrive", description="folder of keys where there is no keyring; files of mode 0600"
    )
    timeout_s: float = Field(default=30.0, gt=0, le=600, description="longest silence of a service")
    patience_s: float = Field(default=60.0, ge=0, le=3600, description="longest wait that a service may ask for")
    max_requests: int = Field(default=1000, ge=1, description="requests to one service in one night")
    max_body_mb: int = Field(default=64, ge=1, description="size of one answer, unpacked, in MB")
    addresses: dict[ServiceName, str] = Field(default_factory=dict, description="where a service is asked instead")
    athletes: dict[AthleteId, tuple[ServiceName, ...]] = Field(
        default_factory=dict, description="services of other athletes than the first"
    )

    @model_validator(mode="after")
    def _keys_travel_hidden(self) -> Fetch:
        for service, address in self.addresses.items():
            parts = urlsplit(address)
            is_here = parts.hostname in {"127.0.0.1", "::1", "localhost"}
            if parts.scheme != "https" and not (parts.scheme == "http" and is_here):
                raise ValueError(f"the address of “{service}” must begin with https://, since a key is sent there")
            if parts.username is not None or parts.password is not None:
                raise ValueError(f"the address of “{service}” holds a name or password; `hipdrive fetch --login` asks")
        return self

    @property
    def is_any(self) -> bool:
        """Whether a night asks any service at all."""
        return bool(self.services or any(self.athletes.values()))


class Tell(Section):
    """Who is told of a night without looking: a command, or an address of apprise. Unless one is named, nobody is."""

    command: tuple[str, ...] = Field(
        default=(), description='gets the message on standard input: ["mail", "-s", "hipdrive", "me"]'
    )
    by_address: bool = Field(
        default=False, description="also to the address that `hipdrive fetch --login tell` asked for (hipdrive[notify])"
    )
    on: tuple[Literal["failure", "verdict", "best", "silence", "digest"], ...] = Field(
        default=("failure", "verdict", "best", "silence"),
        description="of what: a night failed, the answer changed, a new best, no data; digest is five lines each night",
    )
    silence_days: int = Field(default=8, ge=1, description="days without an activity that are told")

    @property
    def is_any(self) -> bool:
        """Whether anybody is told anything."""
        return bool((self.command or self.by_address) and self.on)


class Settings(BaseSettings):
    """All settings of one home; environment variables such as `HIPDRIVE_ATHLETE__TIME_ZONE` win over the file."""

    model_config = SettingsConfigDict(env_prefix="HIPDRIVE_", env_nested_delimiter="__", extra="forbid", frozen=True)

    units: Units = Habits().units
    week_start: WeekStart = Habits().week_start
    date_style: DateStyle = Habits().date_style
    athlete: Athlete = Athlete()
    athletes: dict[AthleteId, Athlete] = Field(default_factory=dict)
    strength: Strength = Strength()
    programme: Programme = Programme()
    aliases: dict[str, str] = Field(default_factory=dict)
    overlaps: dict[LogPair, str] = Field(default_factory=dict)
    inbox: Inbox = Inbox()
    archive: Archive = Archive()
    fetch: Fetch = Fetch()
    tell: Tell = Tell()

    @model_validator(mode="after")
    def _services_have_their_athlete(self) -> Settings:
        for name in self.fetch.athletes.keys() - self.athletes.keys():
            raise ValueError(f"fetch.athletes names “{name}”, but there is no section [athletes.{name}]")
        return self

    @model_validator(mode="after")
    def _overlaps_name_their_logs(self) -> Settings:
        for names, verdict in self.overlaps.items():
            if verdict not in {"both", *(name.strip() for name in names.split("&"))}:
                raise ValueError(f"“{verdict}” is neither “both” nor one of the two logs of “{names}” in [overlaps]")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  pydantic-settings names them so
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over what the file says (which arrives as initial values)."""
        return (env_settings, init_settings)

    def of(self, athlete_id: str) -> Athlete:
        """The settings of one athlete: their own section, else the one of `[athlete]`."""
        return self.athletes.get(athlete_id, self.athlete)

    def habits_of(self, athlete_id: str) -> Habits:
        """How one athlete reads numbers and days: as their own section says, else as the home does."""
        own = self.of(athlete_id)
        return Habits(**{name: getattr(own, name) or getattr(self, name) for name in Habits.model_fields})

    def log_weight_unit(self, athlete_id: str) -> Literal["kg", "lb"]:
        """Of a weight that `hipdrive log` is told without its unit: what `[strength]` says, else what one reads in."""
        if "weight_unit" in self.strength.model_fields_set:
            return self.strength.weight_unit
        return "lb" if self.habits_of(athlete_id).units == "imperial" else "kg"

    @property
    def first_athlete(self) -> str:
        """Whose date names a night."""
        return self.athlete_ids[0]

    @property
    def athlete_ids(self) -> tuple[str, ...]:
        """Everyone this home knows, the unnamed athlete first."""
        return (DEFAULT_ATHLETE, *sorted(self.athletes.keys() - {DEFAULT_ATHLETE}))


class Home:
    """A folder with `hipdrive.toml`, `data/` and `reports/`: the only place the program writes to.

    Raises:
        MissingHome: the folder holds no `hipdrive.toml`.
        BrokenSettings: the file is no TOML, or a value in it cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.expanduser().resolve()
        self.settings_file = self.folder / SETTINGS_FILE
        if not self.settings_file.is_file():
            raise MissingHome(folder)
        self.settings = _load(self.settings_file)
        self.data = self.folder / "data"
        self.inbox = self.data / "inbox"
        self.fetching = self.data / ".fetching"  # what is on its way; never offered
        self.inbox_folders = tuple(
            Path(os.path.normpath(self.folder / Path(name).expanduser())) for name in self.settings.inbox.folders
        )
        self.diary_file = self.data / "diary.csv"
        self.corrections_file = self.data / "corrections.csv"
        self.warehouse_file = self.data / "hipdrive.duckdb"
        self.reports = self.folder / "reports"
        self.newest_page = self.reports / "latest" / "index.html"

    def fetched(self, athlete: str, service: str) -> Path:
        """Where the files of a service lie."""
        inbox = self.inbox if athlete == DEFAULT_ATHLETE else self.inbox / athlete
        return inbox / "fetched" / service

    def is_in_inbox(self, path: str) -> bool:
        """Whether a path of the ledger lies in the inbox."""
        return path.startswith("data/inbox/")


def _load(path: Path) -> Settings:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise BrokenSettings(
            path, f"this is no valid TOML ({error}); mend that line, or compare with a new file from `hipdrive init`"
        ) from None
    except UnicodeDecodeError as error:
        raise BrokenSettings(path, f"byte {error.start} is not UTF-8; save the file as UTF-8") from None
    try:
        return Settings(**values)
    except SettingsError as error:
        reason = f"a variable cannot be read ({error}); let each name one setting, such as HIPDRIVE_ATHLETE__TIME_ZONE"
        raise BrokenSettings("the environment", reason) from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        if first["type"] == "extra_forbidden":
            reason = f"“{place}” is not a setting hipdrive knows; `hipdrive init` in an empty folder shows them all"
        else:
            given = "" if place.startswith("tell") else f" (it is {without_secrets(repr(first['input']))})"
            reason = f"“{place}”: {first['msg'].removeprefix('Value error, ')}{given}"
        variable = "HIPDRIVE_" + "__".join(str(step) for step in first["loc"]).upper()
        is_from_file = variable not in {name.upper() for name in os.environ}
        raise BrokenSettings(path if is_from_file else f"the environment's {variable}", reason) from None
