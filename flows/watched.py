"""What a night shows to who looks at it in Prefect: how far it is, and at its end what came of it."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar, cast
from uuid import UUID

from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)

from hipdrive.night.night import PROGRESS_FOLLOWER
from hipdrive.night.order import Step
from hipdrive.night.record import NightRecord, in_markdown
from hipdrive.report.words import without_addresses

T = TypeVar("T")


class Progress:
    """A context in which a bar in Prefect follows the steps of a night; who watched them before still does."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._labels = [step.label for step in steps]
        self._before = PROGRESS_FOLLOWER.get()
        self._percent = 0.0

    def __enter__(self) -> Self:
        bar = create_progress_artifact(0.0, key="night-progress", description="looking at the inbox")
        self._bar = cast("UUID", bar)  # a flow that is not a coroutine is given the thing itself
        self._token = PROGRESS_FOLLOWER.set(self._following)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        PROGRESS_FOLLOWER.reset(self._token)
        if kind is None:
            self._show(100.0, "done")

    def _following(self, items: Iterable[T], label: str, total: int) -> Generator[T, None, None]:
        if label not in self._labels:  # what is beside the steps: the first look, the swap
            yield from self._before(items, label, total)
            return
        begun = self._labels.index(label)
        with closing(self._before(items, label, total)) as watched:
            for done, item in enumerate(watched):
                self._show(100.0 * (begun + done / total) / len(self._labels), f"{label}: {done} of {total}")
                yield item

    def _show(self, percent: float, said: str) -> None:
        if percent > self._percent:  # what a step does before and after its units is not a way back
            self._percent = percent
            update_progress_artifact(self._bar, percent, said)


def leave_artifacts(record: NightRecord) -> None:
    """The night's summary, the files that need a person, and a link to the page."""
    create_markdown_artifact(in_markdown(record), key="night", description=record.sentence)
    create_table_artifact(
        [{"file": without_addresses(path), "why": without_addresses(why)} for path, why in record.unreadable],
        key="night-files",
        description="Files of this night that need a person",
    )
    if record.page is not None:
        create_link_artifact(Path(record.page).as_uri(), "the page", key="night-page", description=record.sentence)
