"""Housekeeping of the file store."""

from procrastinate.contrib.django import app

from niaga.core.clock import now
from niaga.documents.services.clean_store import clean_store


@app.periodic(cron="43 3 * * *")
@app.task(queue="housekeeping", queueing_lock="clean_store")
def remove_orphaned_files(timestamp: int) -> None:
    """Remove stored bytes that no attachment has needed for a month."""
    clean_store(at=now())
