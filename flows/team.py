"""Many athletes' nights at once: batches of them are Prefect's tasks on Dask's workers, of one thread each.

    fetch, look over    here                                                night/work.py
    nights              batches of athletes, mapped over the workers        night/commands.py
    catalogue, pages    here                                                night/shards.py

What travels is who has a night, and what became of it: never a frame. A task writes its athletes' folders only, and an
athlete's night that is done finds nothing to do, so a batch that is tried again does no harm.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any
from uuid import UUID

import dask
import distributed
from httpx import HTTPError
from prefect import flow, get_client, runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterId,
    FlowRunFilterState,
    FlowRunFilterStateType,
    TaskRunFilter,
    TaskRunFilterState,
    TaskRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from prefect.context import FlowRunContext
from prefect.states import Crashed
from prefect_dask import DaskTaskRunner

from hipdrive.errors import MissingEngine, OtherVersions
from hipdrive.flows.nightly import TASKS
from hipdrive.lean import collect_garbage_seldom
from hipdrive.night import commands
from hipdrive.night.record import NightRecord
from hipdrive.night.services import first_step
from hipdrive.night.shards import Errand, Outcome
from hipdrive.settings import Home

BATCHES_A_WORKER = 8  # so that the last batches end together
MOST_IN_A_BATCH = 5  # athletes, of some CPU seconds each
CONNECT_WITHIN_S = 15
REPLACED_WITHIN_S = 300  # a worker that died; Dask gives up on it for good after 15 s otherwise
# How often Dask may try a batch whose worker died, before its athletes are tried alone.
DEATHS = 2
TOLD_WITHIN_S = 10  # that a task is done: Prefect hears of it by and by
_NOT_ENDED = [StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING, StateType.PAUSED, StateType.CANCELLING]
_NAME = "team"
_TAKEN: list[NightRecord] = []
"""The night that was taken, for when Prefect breaks after it; a list, because it travels with the flow."""
_ONE_THREAD = {"POLARS_MAX_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
_PACKAGES = ("hipdrive", "polars", "duckdb")


def own_versions() -> dict[str, str]:
    """What has to be the same wherever an athlete's night runs."""
    return {name: version(name) for name in _PACKAGES}


def refuse_others(worker: str, found: dict[str, str], wanted: dict[str, str]) -> None:
    """Raise for a worker that would make other tables.

    Raises:
        OtherVersions: it has another version of a package.
    """
    for name, ours in wanted.items():
        if found.get(name) != ours:
            raise OtherVersions(worker, name, found.get(name, "none"), ours)


@task(name="athletes", cache_policy=NO_CACHE)
def some_nights(home_folder: str, errands: Sequence[Errand], wanted: dict[str, str]) -> list[Outcome]:
    """Some athletes' nights, one after the other."""
    collect_garbage_seldom()
    refuse_others("this worker", own_versions(), wanted)
    home = Home(Path(home_folder))
    return [commands.do_errand(home, errand) for errand in errands]


def cut(errands: Sequence[Errand], workers: int) -> list[list[Errand]]:
    """Errands in batches: enough of them that no worker waits long for another at the end."""
    size = max(1, min(MOST_IN_A_BATCH, len(errands) // (BATCHES_A_WORKER * max(1, workers))))
    return [list(errands[first : first + size]) for first in range(0, len(errands), size)]


@contextmanager
def cluster(home: Home) -> Iterator[distributed.Client]:
    """The workers that the settings name, or this machine's own on its loopback.

    Raises:
        MissingEngine: nobody answers at the address of the settings.
        OtherVersions: a worker has another version of what makes the tables.
    """
    engine = home.settings.engine
    _hush()
    dask.config.set(
        {
            "distributed.deploy.lost-worker-timeout": f"{REPLACED_WITHIN_S}s",
            "distributed.scheduler.allowed-failures": DEATHS,
            "distributed.worker.daemon": False,
            # Looks a hundred times a second where each worker is, for a page that is not served.
            "distributed.worker.profile.enabled": False,
            # In place of Dask's own, which makes malloc hand each block back at once: a night took an eighth longer.
            "distributed.nanny.pre-spawn-environ": _ONE_THREAD,
        }
    )
    if engine.address is None:
        scratch = home.data / ".dask"
        with (
            distributed.LocalCluster(
                n_workers=engine.workers or os.cpu_count() or 1,
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",  # a free port; 8787 may be somebody's
                scheduler_kwargs={"dashboard": False},
                local_directory=str(scratch),
                memory_limit=0,
                env=_ONE_THREAD,
                silence_logs=50,
            ) as local,
            distributed.Client(local, set_as_default=False) as client,
        ):
            yield client
        return
    try:
        client = distributed.Client(engine.address, timeout=f"{CONNECT_WITHIN_S}s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise MissingEngine(engine.address, type(error).__name__) from None
    with client:
        if not client.scheduler_info(n_workers=-1)["workers"]:
            raise MissingEngine(engine.address, "it has no worker")
        wanted = own_versions()
        for worker, found in client.run(own_versions, on_error="return").items():
            refuse_others(worker, found if isinstance(found, dict) else {}, wanted)
        yield client


def _hush() -> None:
    """Dask's own words on what went away are pages long; what it means is told in a sentence."""
    for name in ("distributed", *logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)


def map_nights(home: Home, client: distributed.Client, errands: Sequence[Errand]) -> Iterator[Outcome]:
    """Outcomes as they come. A batch whose workers die is cut up, so that only who kills a worker alone is listed."""
    wanted, folder = own_versions(), str(home.folder)
    workers = len(client.scheduler_info(n_workers=-1)["workers"])
    left, is_there = cut(errands, workers), True
    while left and is_there:
        futures = {}
        for batch in left:
            future: Any = some_nights.submit(folder, batch, wanted)
            futures[future.wrapped_future.key] = (future, batch)
        left = []
        ours = [future.wrapped_future for future, _ in futures.values()]
        for done in distributed.as_completed(ours, loop=client.loop):
            future, batch = futures[done.key]
            try:
                yield from future.result()
            except (distributed.KilledWorker, distributed.scheduler.KilledWorker):
                if len(batch) > 1:
                    left += [[errand] for errand in batch]
                else:
                    died = f"its worker died {DEATHS + 1} times, perhaps for want of memory"
                    yield Outcome(batch[0].athlete, broken=died)
            except OtherVersions as error:
                yield from (Outcome(errand.athlete, broken=str(error)) for errand in batch)
            except distributed.CancelledError:
                is_there = False
                yield from (Outcome(errand.athlete, broken=_GONE) for errand in batch)
            finally:
                done.release()  # else it runs again when its worker dies
    yield from (Outcome(errand.athlete, broken=_GONE) for batch in left for errand in batch)


_GONE = "the scheduler of Dask went away before this night was done; start it, and the next night takes it"


def _end_what_hangs() -> None:
    """Tell Prefect of tasks whose worker died that they run no more."""
    with get_client(sync_client=True) as client:
        _end_tasks(client, [UUID(str(runtime.flow_run.id))])


def _end_tasks(client: SyncPrefectClient, runs: list[UUID]) -> None:
    hanging = TaskRunFilter(state=TaskRunFilterState(type=TaskRunFilterStateType(any_=_NOT_ENDED)))
    chosen = FlowRunFilter(id=FlowRunFilterId(any_=runs))
    ended: set[UUID] = set()
    until = time.monotonic() + TOLD_WITHIN_S
    while found := client.read_task_runs(flow_run_filter=chosen, task_run_filter=hanging):  # 200 at a time
        if time.monotonic() < until:
            time.sleep(1)
            continue
        if ended.issuperset(one.id for one in found):
            return  # this server does not let them be ended
        for one in found:
            client.set_task_run_state(one.id, Crashed(message="its worker died"), force=True)
            ended.add(one.id)


def _end_earlier(home: Home) -> None:
    """Tell Prefect of nights of this home that died with their tasks: only one is at work at a time."""
    hanging = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=_NOT_ENDED)))
    with get_client(sync_client=True) as client:
        found = client.read_flow_runs(
            flow_filter=FlowFilter(name=FlowFilterName(any_=[_NAME])), flow_run_filter=hanging
        )
        died = [
            one.id
            for one in found
            if str(one.id) != str(runtime.flow_run.id) and one.parameters.get("home_folder") == str(home.folder)
        ]
        for one in died:
            _end_tasks(client, [one])
            client.set_flow_run_state(one, Crashed(message="its night died"), force=True)


@flow(name=_NAME, validate_parameters=False)
def team(home_folder: str, tonight: str | None = None) -> NightRecord:
    """A team's night on the workers of its task runner.

    Args:
        home_folder: the team's home.
        tonight: the day the night speaks for, ISO 8601; each athlete's own date where it is not given.

    Raises:
        HipdriveError: the night stopped; what readers see is as it was.
    """
    home = Home(Path(home_folder))
    context: Any = FlowRunContext.get()
    client = context.task_runner.client

    def nights(errands: Sequence[Errand]) -> Iterator[Outcome]:
        with suppress(HTTPError):
            _end_earlier(home)  # here, because now this is the only night of the home
        yield from map_nights(home, client, errands)

    try:
        record = commands.nightly(
            home,
            date.fromisoformat(tonight) if tonight else None,
            perform=lambda step, work: TASKS[step.name](work),
            first=(first_step(None),),
            nights=nights,
        )
        _TAKEN.append(record)
        return record
    finally:
        with suppress(HTTPError):  # of a server that died: the next night does it
            _end_what_hangs()


def team_night(home: Home, client: distributed.Client, tonight: str | None = None) -> NightRecord:
    """The flow on some workers. What was taken stands, also where Prefect's server died meanwhile."""
    _TAKEN.clear()
    runner = DaskTaskRunner(address=client.scheduler.address)
    try:
        return team.with_options(task_runner=runner)(str(home.folder), tonight)
    except Exception:
        if not _TAKEN:
            raise
        _TAKEN[0].warnings.append(
            "Prefect's server or Dask's scheduler went away in this night: tables and pages are made, but Prefect's "
            "list of its tasks is not whole"
        )
        return _TAKEN[0]
