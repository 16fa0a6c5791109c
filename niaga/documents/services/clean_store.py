from datetime import datetime, timedelta

from django.db import connection

from niaga.documents import store
from niaga.documents.models import Attachment, StoredFile

SPARED = timedelta(days=1)
KEPT_AFTER_REMOVAL = timedelta(days=30)


def clean_store(*, at: datetime) -> tuple[int, int]:
    """Remove rows of files that nothing has needed for a month, then bytes without a row. Answers how many of each.

    Nothing younger than a day is touched: an upload writes its bytes before its row.
    """
    files, attachments = StoredFile._meta.db_table, Attachment._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {attachments} WHERE archived_at < %s",
            [at - KEPT_AFTER_REMOVAL],
        )
        cursor.execute(
            f"DELETE FROM {files} f WHERE f.created_at < %s"
            f" AND NOT EXISTS (SELECT 1 FROM {attachments} a WHERE a.file_id = f.id)",
            [at - SPARED],
        )
        rows = cursor.rowcount
    old = [path for path, written in store.kept() if written < (at - SPARED).timestamp()]
    removed = 0
    for start in range(0, len(old), 1000):
        some = old[start : start + 1000]
        known = set(StoredFile.objects.filter(sha256__in=[path.name for path in some]).values_list("sha256", flat=True))
        for path in some:
            if path.name not in known:
                path.unlink(missing_ok=True)
                removed += 1
    return rows, removed
