"""Imports outside any request."""

import time
from uuid import UUID

from django.db import InterfaceError, OperationalError, connections
from django.utils.translation import override
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from niaga.core import clock
from niaga.imports.errors import StillRunning
from niaga.imports.services.close_cut_off_imports import close_cut_off_imports
from niaga.imports.services.run_import import MOST_ATTEMPTS, run_import
from niaga.organization.access import SYSTEM
from niaga.organization.queries.users import person_by_id

BETWEEN = 0.5
"""Seconds between two notes of progress."""


_AGAIN = RetryStrategy(
    max_attempts=MOST_ATTEMPTS, wait=5, linear_wait=10, retry_exceptions={OperationalError, InterfaceError}
)
"""When the database went away, or chose this import to end a deadlock."""


@app.task(queue="imports", retry=_AGAIN)
def run(batch_id: str, dry_run: bool, user_id: str, language: str) -> None:
    """Run one import as the person who sent it, telling how far it is. A dead worker's is begun anew by the next."""
    progress = _Progress(UUID(batch_id))
    try:
        with override(language):
            run_import(
                batch_id=UUID(batch_id), dry_run=dry_run, by=person_by_id(UUID(user_id)) if user_id else SYSTEM,
                at=clock.now(), said=progress,
            )  # fmt: skip
    except StillRunning:
        pass  # the worker that was thought dead is at it
    finally:
        progress.close()


@app.periodic(cron="* * * * *")
@app.task(queue="housekeeping", queueing_lock="close_cut_off_imports")
def close_cut_off(timestamp: int) -> None:
    """No import is shown as running for ever."""
    close_cut_off_imports(at=clock.now())


class _Progress:
    """Writes the rows done over a connection of its own: the import's own transaction shows nothing before its end."""

    def __init__(self, batch_id: UUID) -> None:
        self.batch_id = batch_id
        self.other = connections["default"].copy()
        self.last = 0.0

    def __call__(self, rows: int) -> None:
        if time.monotonic() - self.last < BETWEEN:
            return
        self.last = time.monotonic()
        with self.other.cursor() as cursor:
            cursor.execute("UPDATE imports_importbatch SET progress = %s WHERE id = %s", [rows, self.batch_id])

    def close(self) -> None:
        self.other.close()
