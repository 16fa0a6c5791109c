"""Housekeeping, on a lane of its own."""

from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from procrastinate import JobContext
from procrastinate.contrib.django import app

KEEP_HOURS = 72
KEEP_EVENTS_DAYS = 30


@app.periodic(cron="* * * * *")
@app.task(queue="housekeeping", queueing_lock="retry_abandoned_jobs", pass_context=True)
async def retry_abandoned_jobs(context: JobContext, timestamp: int) -> None:
    """Give the jobs of workers that died without a word to the living."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=60):
        await manager.retry_job(job)


@app.periodic(cron="17 * * * *")
@app.task(queue="housekeeping", queueing_lock="remove_finished_jobs", pass_context=True)
async def remove_finished_jobs(context: JobContext, timestamp: int) -> None:
    """Remove jobs that ended well three days ago; failed ones stay until somebody looks."""
    await context.app.job_manager.delete_old_jobs(nb_hours=KEEP_HOURS, include_cancelled=True, include_aborted=True)


@app.periodic(cron="27 * * * *")
@app.task(queue="housekeeping", queueing_lock="remove_old_rows")
def remove_old_rows(timestamp: int) -> None:
    """Remove delivered events, dead heartbeats and expired sessions."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM core_outboxevent WHERE delivered_at < now() - make_interval(days => %s)", [KEEP_EVENTS_DAYS]
        )
        cursor.execute("DELETE FROM core_workerheartbeat WHERE at < now() - interval '1 hour'")
    SessionStore.clear_expired()
