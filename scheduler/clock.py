"""The alarm clock: wakes for the next due moment, and sweeps for safety. The database is the schedule."""

import asyncio
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from scheduler.table import JOBS, DueJob, next_moment
from services.database import Database
from services.report_incident import report_incident

SWEEP_SECONDS = 30
ALARM, SWEEP = "alarm", "sweep"

log = structlog.get_logger()


class AlarmClock:
    """Runs what is due. It holds no truth: a missed or doubled alarm changes nothing."""

    def __init__(self, database: Database, after: Callable[[], None] = lambda: None) -> None:
        self._database, self._after = database, after
        self._busy = asyncio.Lock()
        self._scheduler = AsyncIOScheduler(timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True})

    async def start(self) -> None:
        """Run what came due while nobody watched, then watch."""
        self._scheduler.add_job(self.run_due, "interval", seconds=SWEEP_SECONDS, id=SWEEP, max_instances=1)
        self._scheduler.start()
        await self.run_due()

    def stop(self) -> None:
        """Watch no more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    @property
    def running(self) -> bool:
        """Whether it watches."""
        return bool(self._scheduler.running)

    async def wake(self) -> None:
        """Something changed: set the alarm for what is next now."""
        moment = await self._transact(next_moment)
        if moment is None:
            return
        real = moment + (datetime.now(UTC) - self._database.clock())
        self._scheduler.add_job(
            self.run_due, "date", run_date=real + timedelta(milliseconds=50), id=ALARM, replace_existing=True
        )

    async def run_due(self) -> int:
        """Everything that is due now, one transaction each; how much was done."""
        async with self._busy:
            done = 0
            for job in JOBS:
                for row_id in await self._transact(job.due):
                    done += await self._run(job, row_id)
        if done:
            self._after()
        if self._scheduler.running:
            await self.wake()
        return done

    async def _run(self, job: DueJob, row_id: int) -> int:
        try:
            return int(await self._transact(job.run, row_id))
        except Exception as error:
            number = secrets.token_hex(3).upper()
            log.exception("due job failed", job=job.name, row=row_id, number=number)
            await self._transact(job.rest, row_id)
            await self._transact(report_incident, number, type(error).__name__)
            return 0

    async def _transact(self, use_case: Callable[..., Any], *args: Any) -> Any:
        return await self._database.transact(use_case, None, None, *args)
