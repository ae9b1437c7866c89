"""The nightly deployment: a Prefect server plans its firings, this process answers them, one at a time."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

from prefect import get_client
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId, FlowRunFilter
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.sorting import FlowRunSort
from prefect.runner import Runner
from prefect.schedules import Cron, Interval, Schedule
from prefect.types.entrypoint import EntrypointType

from hipdrive.errors import ServerDidNotStart
from hipdrive.flows.nightly import nightly
from hipdrive.settings import Home

FIRINGS = 3
_PLANNED_WITHIN_S = 90.0
_LOOK_S = 0.5  # whether to stop


def daily(hour: int, minute: int, zone: str) -> Schedule:
    """Every day at a time of a zone, once also in the nights in which its clocks are changed."""
    return Cron(f"{minute} {hour} * * *", timezone=zone)


def every(minutes: int, zone: str) -> Schedule:
    """Every so many minutes from now on."""
    return Interval(timedelta(minutes=minutes), timezone=zone)


class Served:
    """A deployment that stands: the server has it, and has planned its next firings.

    Attributes:
        firings: the next of them, in the schedule's own time zone.
    """

    def __init__(self, home: Home, schedule: Schedule) -> None:
        """Deploy the nights of a home.

        Args:
            home: whose nights.
            schedule: when.

        Raises:
            ServerDidNotStart: the server plans no firing, though it took the deployment.
        """
        # One run at a time in this process; what keeps a night by hand apart is the home's own lock. A limit kept by
        # the server would be held for good by a run whose machine lost its power. Schedules are not paused when this
        # process ends, so that the server itself shows nights that nobody answered as late.
        name = "-".join(home.folder.parts[1:])  # a server may serve several homes
        self._runner = Runner(name=name, limit=1, pause_on_shutdown=False)
        deployment = self._runner.add_flow(
            nightly,
            name=name,
            schedule=schedule,
            parameters={"home_folder": str(home.folder)},
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
        self._deployment = cast("UUID", deployment)  # outside a loop it waits for the server itself
        self.firings = self._planned(ZoneInfo(schedule.timezone or "UTC"))

    def _planned(self, zone: ZoneInfo) -> list[datetime]:
        """The server's own plan: a server can take a deployment and never fire it."""
        until = time.monotonic() + _PLANNED_WITHIN_S
        while time.monotonic() < until:
            runs = [run.expected_start_time for run in self._runs() if run.expected_start_time is not None]
            ahead = sorted(start for start in runs if start > datetime.now(UTC))
            if len(ahead) >= FIRINGS:
                return [start.astimezone(zone) for start in ahead[:FIRINGS]]
            time.sleep(0.5)
        raise ServerDidNotStart(f"it planned no night within {_PLANNED_WITHIN_S:.0f} s")

    def _runs(self) -> list[FlowRun]:
        ours = DeploymentFilter(id=DeploymentFilterId(any_=[self._deployment]))
        with get_client(sync_client=True) as client:
            return client.read_flow_runs(
                deployment_filter=ours,
                flow_run_filter=FlowRunFilter(),
                sort=FlowRunSort.EXPECTED_START_TIME_DESC,
                limit=200,
            )

    def make_up(self) -> None:
        """Let one night begin at once, for all that were missed while nobody answered."""
        with get_client(sync_client=True) as client:
            client.create_flow_run_from_deployment(self._deployment)

    def answer(self, is_stopping: Callable[[], bool]) -> None:
        """Run what the server fires until this process is told to stop; `is_stopping` says whether it was."""
        asyncio.run(run_until(is_stopping, self._runner.start))


async def run_until(is_stopping: Callable[[], bool], work: Callable[[], Coroutine[object, object, None]]) -> None:
    """Run what never ends by itself until it is told to, then let it clear up.

    Who tells it raises nothing: an exception out of a signal that met asyncio while it clears up would be told in
    pages, and one that met a destructor would be lost.
    """
    before = signal.getsignal(signal.SIGTERM)
    working = asyncio.create_task(work())
    await asyncio.sleep(0)  # in its first step Prefect's runner takes SIGTERM for itself
    signal.signal(signal.SIGTERM, before)
    while not (is_stopping() or working.done()):
        await asyncio.wait({working}, timeout=_LOOK_S)
    if working.done():
        working.result()
        return
    working.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await working
