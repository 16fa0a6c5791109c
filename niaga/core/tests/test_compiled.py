"""A queryset that is compiled once answers for every key as the queryset itself does."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from niaga.core.models import AuditEntry
from niaga.core.queries.compiled import Compiled

pytestmark = pytest.mark.django_db

COLUMNS = ("verb", "subject_id", "at", "data", "actor_id")


def build(subject_id: UUID):
    rows = AuditEntry.objects.filter(subject_id=subject_id, subject_kind="thing").order_by("-verb")
    return rows.values_list(*COLUMNS)


def test_each_key_gets_its_own_rows_with_the_types_of_their_fields():
    first, second = uuid4(), uuid4()
    AuditEntry.objects.bulk_create(
        AuditEntry(
            company_id=uuid4(), subject_kind="thing", subject_id=subject_id, verb=verb,
            at=datetime(2026, 11, 23, 2, 0, tzinfo=UTC), data={"to": [verb]},
        )
        for subject_id, verb in [(first, "draft"), (first, "issue"), (second, "send")]
    )  # fmt: skip
    compiled = Compiled(build)

    found = [compiled.rows(key) for key in (first, second, uuid4())]

    assert found == [list(build(first)), list(build(second)), []]
    assert [row[0] for row in found[0]] == ["issue", "draft"]
    assert found[1][0][3] == {"to": ["send"]}
