"""The map of the project: one night, from the inbox to the report, top to bottom.

    fetch      services of the settings → inbox                      night/services.py, fetch/
    read       inbox → read → tidy → measure, in batches of files     night/batches.py, then one room after the other
    settle     which path, and which content of it, counts             night/ledger.py
    derive     dose, load, efficiency over everything; views           night/derive.py, measure/, warehouse/views/
    check      rows that must not exist                                warehouse/checks/
    estimate   weeks → effect with its uncertainty                     estimate/
    draw       answers and tables → the page                           report/

The steps and their order are those of `night/order.py`; here each becomes a task. Nothing that a reader sees changes
before all of them are done; a night that breaks leaves yesterday's as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import date
from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.runtime import task_run
from prefect.settings import PREFECT_API_URL
from prefect.tasks import Task

from hipdrive.flows.watched import Progress, leave_artifacts
from hipdrive.night import commands, order
from hipdrive.night.record import NightRecord
from hipdrive.night.services import FETCH, ServiceReport, first_step
from hipdrive.report import Planted
from hipdrive.settings import Home

RETRY_DELAYS_S = (1, 10)


def _may_pass(_: Task[..., object], __: TaskRun, state: State[object]) -> bool:
    """Only what the operating system refused for now (a share that is away, a busy disk) is worth another try."""
    return isinstance(state.result(raise_on_failure=False), OSError)


@task(
    retries=len(RETRY_DELAYS_S),
    retry_delay_seconds=list(RETRY_DELAYS_S),
    retry_condition_fn=_may_pass,
    cache_policy=NO_CACHE,
)
def one_unit(work: Callable[[], None]) -> None:
    """One step's work on a batch of files, on all tables, or on one athlete."""
    work()


TASKS = {step.name: one_unit.with_options(name=step.name) for step in (FETCH, *order.STEPS)}


@flow(name="nightly", validate_parameters=False)
def nightly(
    home_folder: str, tonight: str | None = None, planted: Planted | None = None, asked: ServiceReport | None = None
) -> NightRecord:
    """One night of one home.

    Args:
        home_folder: the folder with `hipdrive.toml`.
        tonight: the day the night speaks for, ISO 8601; the athlete's own date where it is not given.
        planted: the made-up runner's truth, for the page to state.
        asked: what the services gave, where they were asked already.

    Raises:
        HipdriveError: the night stopped; what readers see is as it was.
    """
    is_watched = bool(PREFECT_API_URL.value())  # nobody looks at what a temporary server holds
    with Progress((FETCH, *order.STEPS)) if is_watched else nullcontext():
        record = commands.nightly(
            Home(Path(home_folder)),
            date.fromisoformat(tonight) if tonight else None,
            planted,
            perform=lambda step, work: TASKS[step.name](work),
            first=(first_step(asked),),
            is_last_try=lambda: task_run.run_count > len(RETRY_DELAYS_S),
        )
    if is_watched:
        leave_artifacts(record)
    return record
