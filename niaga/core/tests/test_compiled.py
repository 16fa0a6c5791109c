"""A queryset that is compiled once answers for every key as the queryset itself does."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.db.models import F

from niaga.core.models import AuditEntry
from niaga.core.queries.compiled import Compiled
from niaga.core.queries.together import Question, ask

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
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


def test_a_question_of_several_values_takes_each_in_its_place():
    subject_id = uuid4()
    AuditEntry.objects.bulk_create(
        AuditEntry(company_id=uuid4(), subject_kind=kind, subject_id=subject_id, verb=kind, at=AT, data={})
        for kind in ("thing", "other")
    )
    compiled = Compiled(
        lambda kind, key: (
            AuditEntry.objects.filter(subject_kind=kind, subject_id=key).annotate(again=F("verb")).order_by("id")
        ),
        str,
        UUID,
    )

    [found] = compiled.objects("other", subject_id)

    assert (found.subject_kind, found.again) == ("other", "other")
    assert compiled.objects("thing", uuid4()) == []
    assert compiled.one("none", subject_id) is None


def test_it_can_be_asked_together_with_other_questions():
    subject_id = uuid4()
    AuditEntry.objects.bulk_create(
        AuditEntry(company_id=uuid4(), subject_kind="thing", subject_id=subject_id, verb=verb, at=AT, data={})
        for verb in ("draft", "issue")
    )
    compiled = Compiled(lambda key: AuditEntry.objects.filter(subject_id=key).order_by("verb").values("verb", "at"))

    told, nothing = ask(Question(compiled.written(subject_id), list), Question(compiled.written(uuid4()), list))

    assert told == [{"verb": "draft", "at": AT}, {"verb": "issue", "at": AT}] == compiled.mappings(subject_id)
    assert nothing == []


def test_a_value_that_is_not_compared_as_it_is_given_is_a_mistake():
    compiled = Compiled(
        lambda key: AuditEntry.objects.filter(subject_id=key) if key is None else AuditEntry.objects.all()
    )

    with pytest.raises(AssertionError):
        compiled.rows(uuid4())
