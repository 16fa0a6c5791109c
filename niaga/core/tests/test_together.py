"""Several questions, one statement, exact answers."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import DecimalField, Value
from django.test.utils import CaptureQueriesContext

from niaga.core.models import AuditEntry
from niaga.core.queries.together import Question, Written, ask

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 2, 0, 0, 123456, tzinfo=UTC)
COMPANY = uuid4()
SUBJECT = uuid4()


def make_entries(*verbs: str) -> None:
    AuditEntry.objects.bulk_create(
        AuditEntry(
            company_id=COMPANY, subject_kind="thing", subject_id=SUBJECT, verb=verb, at=AT, data={"to": ["ä", "%s"]}
        )
        for verb in verbs
    )


def test_questions_are_one_statement_and_answers_keep_their_types():
    make_entries("draft")
    exact = Value(Decimal("12345678901234.5600"), output_field=DecimalField(max_digits=19, decimal_places=4))
    entries = AuditEntry.objects.filter(subject_id=SUBJECT).annotate(amount=exact)
    written = Written(
        "SELECT 0.1::numeric, 7, true, %s::date, NULL::uuid", [date(2026, 11, 23)],
        {"share": Decimal, "count": int, "done": bool, "day": date.fromisoformat, "nobody": UUID},
    )  # fmt: skip

    with CaptureQueriesContext(connection) as captured:
        found, row = ask(
            Question(entries.values("verb", "at", "subject_id", "actor_id", "data", "amount"), list),
            Question(written, lambda rows: rows[0]),
        )

    assert len(captured) == 1
    assert found == [
        {
            "verb": "draft", "at": AT, "subject_id": SUBJECT, "actor_id": None, "data": {"to": ["ä", "%s"]},
            "amount": Decimal("12345678901234.5600"),
        }
    ]  # fmt: skip
    assert row == {"share": Decimal("0.1"), "count": 7, "done": True, "day": date(2026, 11, 23), "nobody": None}


def test_rows_keep_their_order_and_an_answer_can_be_taken_further():
    make_entries("draft", "issue", "send")
    rows = AuditEntry.objects.filter(subject_id=SUBJECT).order_by("-verb").values("verb")

    [verbs] = ask(Question(rows, lambda found: [row["verb"] for row in found]).then(" ".join))

    assert verbs == "send issue draft"


def test_what_is_known_is_not_asked():
    nothing = Question(AuditEntry.objects.none().values("verb"), list)

    with CaptureQueriesContext(connection) as captured:
        answers = ask({"known": 1}, nothing)

    assert answers == [{"known": 1}, []]
    assert len(captured) == 0
