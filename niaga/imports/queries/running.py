"""Which imports a living process is at. The running transaction holds a lock that dies with its process or database."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.db.models.functions import Now

from niaga.imports.models import ImportBatch
from niaga.imports.rules.flow import BatchStatus

BEGINNING = 10
"""Seconds within which a run that was noted as begun holds its lock."""


def hold_run(batch_id: UUID) -> bool:
    """Hold the batch until the transaction ends; False when another process does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_key(batch_id)])
        return bool(cursor.fetchone()[0])


def is_running(batch_id: UUID) -> bool:
    """Whether some process is at the batch."""
    return batch_id in running_among([batch_id])


def running_among(batch_ids: Collection[UUID]) -> set[UUID]:
    """Those of the batches that some process is at; one statement."""
    if not batch_ids:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND objsubid = 1 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        held = {row[0] for row in cursor.fetchall()}
    return {batch_id for batch_id in batch_ids if _key(batch_id) in held}


def is_cut_off(batch: ImportBatch) -> bool:
    """Whether the batch is shown as running but its process or database died: what begins it again has not come yet."""
    if batch.status != BatchStatus.RUNNING or is_running(batch.pk):
        return False
    return ImportBatch.objects.filter(
        pk=batch.pk, status=BatchStatus.RUNNING, begun_at__lt=Now() - timedelta(seconds=BEGINNING)
    ).exists()


def _key(batch_id: UUID) -> int:
    """The lock's number: the random half of the id."""
    return int.from_bytes(batch_id.bytes[8:], signed=True)
