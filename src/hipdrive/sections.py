"""The sections of `hipdrive.toml`: what each setting is, its default and its bounds."""

from __future__ import annotations

import re
from functools import cache
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _known_time_zone(name: str) -> str:
    if name not in _time_zones():
        raise ValueError(f"“{name}” is not a time zone of the IANA list; write one like “Europe/Berlin”")
    return name


def folder_name(name: str) -> str:
    """A name, if it can be that of a folder.

    Raises:
        ValueError: it cannot.
    """
    if not name or name.startswith(".") or not name.isprintable() or any(mark in name for mark in "/\\"):
        raise ValueError(
            f"“{name}” cannot be the name of a folder, and an athlete's files lie in a folder of that name"
        )
    return name


TimeZone = Annotated[str, AfterValidator(_known_time_zone)]
AthleteId = Annotated[str, AfterValidator(folder_name)]


def _two_logs(names: str) -> str:
    if len([name for name in names.split("&") if name.strip()]) != 2:  # noqa: PLR2004  a pair
        raise ValueError(f"“{names}” names no two logs; write it like “strong.csv & hevy.csv”")
    return names


LogPair = Annotated[str, AfterValidator(_two_logs)]


class Section(BaseModel):
    """A part of the file between two headings."""

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

    name: str | None = Field(
        default=None, description="what a coach calls them; on no page and in no table", examples=["Anna"]
    )
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
    silence_days: int = Field(default=8, ge=1, description="days without an activity after which a message is sent")

    @property
    def is_any(self) -> bool:
        """Whether anybody is told anything."""
        return bool((self.command or self.by_address) and self.on)


class Engine(Section):
    """Where the nights of a team's athletes run: here one after the other, or on Dask's workers (docs/scale.md)."""

    kind: Literal["here", "dask"] = Field(default="here", description='"dask" needs pip install "hipdrive[team]"')
    workers: int | None = Field(
        default=None, ge=1, le=512, description="on this machine; not set, one a core", examples=[2]
    )
    address: str | None = Field(
        default=None, description="of a scheduler of your own, in place of that", examples=["tcp://10.0.0.5:8786"]
    )

    @model_validator(mode="after")
    def _address_names_host_and_port(self) -> Engine:
        if self.address is not None and not re.fullmatch(r"(tcp|tls)://[^/\s]+:\d+", self.address):
            raise ValueError(f"“{self.address}” is not the address of a scheduler; write it like tcp://10.0.0.5:8786")
        return self
