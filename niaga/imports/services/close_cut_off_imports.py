from datetime import datetime

from django.db import connection, transaction

from niaga.core.batch import Batch
from niaga.core.flow import move
from niaga.imports.models import ImportBatch
from niaga.imports.queries.running import BEGINNING, running_among
from niaga.imports.rules.flow import FLOW
from niaga.imports.wording import CUT_OFF

_LEFT = """
SELECT b.id FROM imports_importbatch b
WHERE b.status IN ('queued', 'running')
  AND coalesce(b.begun_at, '-infinity') < clock_timestamp() - make_interval(secs => %s)
  AND NOT EXISTS (
    SELECT 1 FROM procrastinate_jobs j
    WHERE j.task_name = %s AND j.status IN ('todo', 'doing') AND j.args->>'batch_id' = b.id::text
  )
ORDER BY b.id FOR UPDATE OF b SKIP LOCKED
"""


@transaction.atomic
def close_cut_off_imports(*, at: datetime, beginning: float = BEGINNING) -> int:
    """Show imports as failed whose process or database died and that no job will begin anew. Returns how many.

    Their transaction was rolled back with them, so nothing was written, and they can be run again.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, [beginning, "niaga.imports.jobs.run"])
        left = [row[0] for row in cursor.fetchall()]
    dead = set(left) - running_among(left)
    for batch in ImportBatch.objects.filter(pk__in=dead).order_by("id"):
        writes = Batch()
        move(batch=writes, flow=FLOW, document=batch, move="fail", by=None, at=at,
             values={"failure": CUT_OFF, "finished_at": at})  # fmt: skip
        writes.write()
    return len(dead)
