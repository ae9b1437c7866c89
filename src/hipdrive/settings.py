"""What a user may set in `hipdrive.toml`: the athlete, the units of the logs, the programme, the bounds of archives.

Every setting has a default, so an empty file is a good file. A home is the folder that holds `hipdrive.toml`.
"""

from __future__ import annotations

import os
import tomllib
import unicodedata
from pathlib import Path
from typing import Literal

from pydantic import Field, PrivateAttr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from hipdrive.athletes_list import read_athletes
from hipdrive.errors import BrokenSettings, MissingHome, without_secrets
from hipdrive.sections import (
    Archive,
    Athlete,
    AthleteId,
    DateStyle,
    Engine,
    Fetch,
    Habits,
    Inbox,
    LogPair,
    Programme,
    Section,
    Strength,
    Tell,
    Units,
    WeekStart,
    folder_name,
)

__all__ = [
    "ATHLETES_FILE",
    "DEFAULT_ATHLETE",
    "LEG_OF_HEIGHT",
    "SETTINGS_FILE",
    "Archive",
    "Athlete",
    "Fetch",
    "Habits",
    "Home",
    "Inbox",
    "Programme",
    "Section",
    "Settings",
    "Shard",
    "Strength",
    "Tell",
    "read_athletes",
]

SETTINGS_FILE = "hipdrive.toml"
ATHLETES_FILE = "athletes.csv"
DEFAULT_ATHLETE = "me"
LEG_OF_HEIGHT = 0.53  # hip to ground; Winter 1979, through Morin and others 2005, doi:10.1123/jab.21.2.167


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
    engine: Engine = Engine()
    _alone: str | None = PrivateAttr(None)

    @model_validator(mode="after")
    def _folders_are_told_apart(self) -> Settings:
        seen: dict[str, str] = {}
        for name in self.athlete_ids:
            other = seen.setdefault(unicodedata.normalize("NFC", name).casefold(), name)
            if other != name:
                raise ValueError(
                    f"“{other}” and “{name}” differ by case only, and their folders would be one; rename one of them"
                )
        return self

    @model_validator(mode="after")
    def _services_have_their_athlete(self) -> Settings:
        for name in self.fetch.athletes.keys() - self.athletes.keys():
            raise ValueError(
                f"fetch.athletes names “{name}”, but there is no section [athletes.{name}], nor such a line in "
                f"{ATHLETES_FILE}"
            )
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
        if self._alone is not None:
            return (self._alone,)
        return (DEFAULT_ATHLETE, *sorted(self.athletes.keys() - {DEFAULT_ATHLETE}))

    def alone(self, athlete_id: str) -> Settings:
        """The settings as they are for one athlete of a team: nothing in them is another's."""
        own = {name: section for name, section in self.athletes.items() if name == athlete_id}
        # What the unnamed athlete has set for themselves is theirs alone, and of those whom nobody names any more.
        unnamed = Athlete() if athlete_id in own and athlete_id != DEFAULT_ATHLETE else self.athlete
        one = self.model_copy(update={"athlete": unnamed, "athletes": own, "tell": Tell()})
        one._alone = athlete_id  # noqa: SLF001  its own
        return one


class Home:
    """A folder with `hipdrive.toml`, `data/` and `reports/`: the only place the program writes to.

    Raises:
        MissingHome: the folder holds no `hipdrive.toml`.
        BrokenSettings: the file is not TOML, or a value in it cannot be used.
    """

    shard_of: str | None = None  # the athlete whose part of a team's home this is; None: the whole of a home

    def __init__(self, folder: Path) -> None:
        self.folder = folder.expanduser().resolve()
        self.settings_file = self.folder / SETTINGS_FILE
        if not self.settings_file.is_file():
            raise MissingHome(folder)
        self.settings = _load(self.settings_file)
        self.named = frozenset(self.settings.athletes)  # whose folders of the inbox are their own
        self._lay_out(self.folder / "data", self.folder / "reports")
        self.inbox = self.data / "inbox"
        self.inbox_folders = tuple(
            Path(os.path.normpath(self.folder / Path(name).expanduser())) for name in self.settings.inbox.folders
        )
        self.diary_file = self.data / "diary.csv"
        self.corrections_file = self.data / "corrections.csv"

    def _lay_out(self, data: Path, reports: Path) -> None:
        self.data = data
        self.fetching = data / ".fetching"  # what is on its way; never offered
        self.warehouse_file = data / "hipdrive.duckdb"
        self.shards = data / "athletes"
        self.reports = reports
        self.newest_page = reports / "latest" / "index.html"

    @property
    def is_team(self) -> bool:
        """Whether each athlete's tables lie in a file of their own, and the home's is the catalogue of all."""
        return self.shard_of is None and (bool(self.named - {DEFAULT_ATHLETE}) or bool(self.shards_on_disk()))

    def shards_on_disk(self) -> list[str]:
        """Athletes who have a folder of their own, whether the settings know them or not."""
        if not self.shards.is_dir():
            return []
        with os.scandir(self.shards) as entries:
            return sorted(one.name for one in entries if one.is_dir(follow_symlinks=False) and one.name[0] != ".")

    @property
    def members(self) -> list[str]:
        """Everyone of a team: those of the settings, then those whose folder is here all the same."""
        known = self.settings.athlete_ids
        return [*known, *(name for name in self.shards_on_disk() if name not in set(known))]

    def of(self, athlete: str) -> Home:
        """Where an athlete's tables, plans, nights and page lie: their part of a team's home, else the home itself."""
        return Shard(self, athlete) if self.is_team else self

    def fetched(self, athlete: str, service: str) -> Path:
        """Where the files of a service lie."""
        inbox = self.inbox if athlete == DEFAULT_ATHLETE else self.inbox / athlete
        return inbox / "fetched" / service

    def is_in_inbox(self, path: str) -> bool:
        """Whether a path of the ledger lies in the inbox."""
        return path.startswith("data/inbox/")


class Shard(Home):
    """One athlete's part of a team's home: a night finds in it all that it finds in a single runner's home.

    Inbox, diary and corrections are the team's, of which it sees the athlete's part; what a night makes is its own.
    """

    def __init__(self, team: Home, athlete: str) -> None:
        self.shard_of = athlete
        self.folder, self.settings_file = team.folder, team.settings_file
        self.settings = team.settings.alone(athlete)
        self.named = team.named
        self.inbox, self.inbox_folders = team.inbox, team.inbox_folders
        self.diary_file, self.corrections_file = team.diary_file, team.corrections_file
        own = team.shards / folder_name(athlete)
        self._lay_out(own, own / "reports")


def _load(path: Path) -> Settings:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise BrokenSettings(
            path, f"this is not valid TOML ({error}); mend that line, or compare with a new file from `hipdrive init`"
        ) from None
    except UnicodeDecodeError as error:
        raise BrokenSettings(path, f"byte {error.start} is not UTF-8; save the file as UTF-8") from None
    sections = values.get("athletes", {})
    if isinstance(sections, dict):
        values["athletes"] = sections | read_athletes(path.with_name(ATHLETES_FILE), sections)
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
