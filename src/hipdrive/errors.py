"""Every error raised on purpose: its facts as attributes, and one sentence from place to cause to remedy."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

_SHOWN = 12  # names of columns; more would bury the sentence


def without_secrets(text: str) -> str:
    """The text with what stands before the @ of an address masked: it is a name or a key."""
    return re.sub(r"//[^/@\s']*@", "//…@", text)


class HipdriveError(Exception):
    """The base of every error that a user may read as it stands; the command line prints it without a traceback."""


class UnreadableFile(HipdriveError):
    """A source file with nothing readable in it: it is quarantined and listed, and the night goes on."""

    def __init__(self, path: str | Path, reason: str) -> None:
        self.path, self.reason = str(path), reason
        super().__init__(f"{self.path}: {reason}")


class UnknownColumn(UnreadableFile):
    """A table in a known format lacks a column that it cannot be read without."""

    def __init__(self, path: str | Path, column: str, known: Sequence[str]) -> None:
        self.column, self.known = column, tuple(known)
        names = ", ".join(known[:_SHOWN]) + (", …" if len(known) > _SHOWN else "")
        super().__init__(path, f"the column “{column}” is missing (found: {names}); export the complete log again")


class BrokenContract(HipdriveError):
    """Rows of a stage break its own table's rules: our bug, so the night stops before anything is replaced."""

    def __init__(self, table: str, rules: Mapping[str, int]) -> None:
        self.table, self.rules = table, dict(rules)
        broken = "; ".join(f"{rule}: {count} rows" for rule, count in rules.items())
        super().__init__(f"{table}: rows break the table's rules ({broken}); please report this with the file")


class BrokenSettings(HipdriveError):
    """`hipdrive.toml` cannot be used as it is."""

    def __init__(self, path: str | Path, reason: str) -> None:
        self.path, self.reason = str(path), reason
        super().__init__(f"{self.path}: {reason}")


class MissingHome(HipdriveError):
    """The folder named is not a home of hipdrive."""

    def __init__(self, home: str | Path) -> None:
        self.home = str(home)
        super().__init__(
            f"{self.home}: no hipdrive.toml here, so this is not a home of hipdrive; "
            f"make one with `hipdrive init {self.home}`, or name another with --home"
        )


class MissingInbox(HipdriveError):
    """The home's inbox is not there: perhaps a disk that is not mounted now."""

    def __init__(self, path: str | Path) -> None:
        self.path = str(path)
        super().__init__(
            f"{self.path}: the inbox is not there; if it lies on another disk, mount it, else make the folder. "
            "Nothing was changed"
        )


class MissingWarehouse(HipdriveError):
    """There is nothing to ask yet."""

    def __init__(self, path: str | Path) -> None:
        self.path = str(path)
        super().__init__(
            f"{self.path}: no warehouse yet; put files into data/inbox and run `hipdrive nightly`, "
            "or see an example with `hipdrive demo`"
        )


class MissingShard(MissingWarehouse):
    """An athlete of a team has no tables of their own yet, or their file was taken away."""

    def __init__(self, path: str | Path, athlete: str) -> None:
        self.path, self.athlete = str(path), athlete
        HipdriveError.__init__(
            self,
            f"{self.path}: {athlete} has no tables here; `hipdrive nightly` makes them from data/inbox/{athlete}, and "
            f"`hipdrive restore --athlete {athlete}` puts back the last ones that were kept",
        )


class BrokenWarehouse(HipdriveError):
    """The warehouse is there and DuckDB cannot open it."""

    def __init__(self, path: str | Path, reason: str) -> None:
        self.path, self.reason = str(path), reason
        super().__init__(
            f"{self.path}: DuckDB cannot open this file ({reason}); move it away and run `hipdrive nightly`: "
            "it reads everything in data/inbox again"
        )


class OlderWarehouse(HipdriveError):
    """The warehouse was made by an older version and lacks what only its files can give."""

    def __init__(self, path: str | Path) -> None:
        self.path = str(path)
        super().__init__(
            f"{self.path}: made by an older version, so its files must be read again; run `hipdrive nightly`, and "
            "`hipdrive ingest` for files outside data/inbox"
        )


class NewerWarehouse(HipdriveError):
    """The warehouse was made by a newer version of the program."""

    def __init__(self, path: str | Path, schema: str) -> None:
        self.path, self.schema = str(path), schema
        super().__init__(
            f"{self.path}: made by a newer version of hipdrive (its tables are those of step {schema}); "
            "update hipdrive, or name another home with --home. Nothing was changed"
        )


class LockedHome(HipdriveError):
    """Another process is writing this home's warehouse."""

    def __init__(self, path: str | Path, holder: str) -> None:
        self.path, self.holder = str(path), holder
        super().__init__(f"{self.path}: {holder} is writing here now; wait until it has finished, then run this again")


class BadQuery(HipdriveError):
    """The warehouse could not answer a query."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        # DuckDB points at the place in lines of their own; a sentence that went on after them would break its caret.
        joint = "\n" if "\n" in reason else "; "
        super().__init__(f"query: {reason}{joint}`hipdrive sql` without a query lists tables and columns")


class FailedCheck(HipdriveError):
    """A data check found rows that must not exist: the night stops and last night's warehouse stays."""

    def __init__(self, check: str, sentence: str, found: str) -> None:
        self.check, self.sentence, self.found = check, sentence, found
        super().__init__(
            f"check {check}: {sentence}, but {found}; last night's warehouse and report stay as they were, "
            "please report this with the check's name"
        )


class TooLittleData(HipdriveError):
    """A question that the data at hand cannot carry; the figure is replaced by this sentence."""

    def __init__(self, question: str, needed: str, present: str) -> None:
        self.question, self.needed, self.present = question, needed, present
        super().__init__(f"{question}: not enough data yet; it needs {needed}, there is {present}")


class WrongUse(HipdriveError):
    """A command was given something it cannot take."""

    def __init__(self, command: str, cause: str, remedy: str) -> None:
        self.command, self.cause, self.remedy = command, cause, remedy
        super().__init__(f"hipdrive {command}: {cause}; {remedy}")


class ServerDidNotStart(HipdriveError):
    """The home's own server failed."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"Prefect's server did not start ({reason}); `hipdrive doctor` checks its packages")


class ServerUnreachable(HipdriveError):
    """The Prefect server that the environment names does not answer."""

    def __init__(self, url: str) -> None:
        self.url = without_secrets(url)
        super().__init__(
            f"{self.url}: Prefect's server does not answer; start it, or unset PREFECT_API_URL to do without. "
            "The warehouse and the report are as they were"
        )


class MissingEngine(HipdriveError):
    """No scheduler answers where the settings say that one is, or it has nobody who works."""

    def __init__(self, address: str, reason: str) -> None:
        self.address, self.reason = address, reason
        host, _, port = address.rpartition("://")[2].rpartition(":")
        super().__init__(
            f"{address}: no engine works here ({reason}); start one with `dask scheduler --host {host} --port {port}` "
            f"and on each machine `dask worker {address} --nthreads 1`, or take engine.address out of hipdrive.toml"
        )


class OtherVersions(HipdriveError):
    """A worker would make other tables than this machine."""

    def __init__(self, worker: str, package: str, found: str, wanted: str) -> None:
        self.worker, self.package, self.found, self.wanted = worker, package, found, wanted
        super().__init__(f"{worker}: its {package} is {found}, wanted {wanted}; install the same, then start it again")

    def __reduce__(self) -> tuple[type[OtherVersions], tuple[str, str, str, str]]:
        return type(self), (self.worker, self.package, self.found, self.wanted)


class ServiceFault(HipdriveError):
    """A service did not give what it was asked for; the night goes on with what there is.

    Attributes:
        service: its name.
        reason: cause and remedy; it never quotes an answer, which may hold a key.
        status: HTTP's number, where there was an answer.
        may_pass: whether waiting mends it, so that no person is needed yet.
        wait_s: how long the service asked to be left alone.
    """

    def __init__(
        self,
        service: str,
        reason: str,
        *,
        status: int | None = None,
        may_pass: bool = False,
        wait_s: float | None = None,
    ) -> None:
        self.service, self.reason, self.status, self.may_pass, self.wait_s = service, reason, status, may_pass, wait_s
        super().__init__(f"{service}: {reason}")
