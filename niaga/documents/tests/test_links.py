from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client

from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.core.models import OutboxEvent
from niaga.core.queries.together import ask
from niaga.documents.errors import LinkExpired, LinkNotFound
from niaga.documents.models import IssuedPdf, LinkOpening, PublicLink
from niaga.documents.queries.issued_pdf import issued_pdf
from niaga.documents.queries.links import find_link, openings_of
from niaga.documents.registry import OpenedLink, public_pages
from niaga.documents.services.count_opening import count_opening
from niaga.documents.services.create_link import create_link, link_url
from niaga.documents.services.keep_issued_pdf import keep_issued_pdf
from niaga.documents.services.revoke_links import revoke_links
from niaga.organization.tests.makers import AT

pytestmark = pytest.mark.django_db
CHROME = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"
COMPANY = UUID(int=1)


def make_link(subject_id: UUID, kind: str = "thing", **facts: object) -> str:
    batch = Batch()
    token = create_link(
        batch=batch, subject_kind=kind, subject_id=subject_id, company_id=COMPANY, by=None, at=AT, **facts
    )
    batch.write()
    return token


def test_only_the_hash_of_a_token_is_kept() -> None:
    subject = new_id()

    token = make_link(subject, purpose="accept")

    assert len(token) == 32
    assert link_url(token).endswith(f"/l/{token}")
    row = PublicLink.objects.get()
    assert token.encode() not in bytes(row.token_hash)
    found = find_link(token=token, at=AT)
    assert (found.subject_id, found.purpose, found.company_id) == (subject, "accept", COMPANY)


def test_a_link_ends_at_its_time_and_when_it_is_taken_back() -> None:
    subject = new_id()
    token = make_link(subject, expires_at=AT + timedelta(days=1))
    other = make_link(subject)

    assert find_link(token=token, at=AT + timedelta(hours=23))
    with pytest.raises(LinkExpired):
        find_link(token=token, at=AT + timedelta(days=1))
    batch = Batch()
    revoke_links(batch=batch, subject_kind="thing", subject_id=subject, at=AT)
    batch.write()
    for each in (token, other):
        with pytest.raises(LinkNotFound):
            find_link(token=each, at=AT)


@pytest.mark.parametrize("token", ["", "x", "a" * 32, "a" * 33, "../../etc/passwd" * 2, "' OR 1=1 --" + "a" * 21])
def test_what_is_no_token_opens_nothing(token: str) -> None:
    with pytest.raises(LinkNotFound):
        find_link(token=token, at=AT)


def test_openings_are_counted_once_in_ten_minutes_and_not_for_previews() -> None:
    subject = new_id()
    link = find_link(token=make_link(subject), at=AT)

    counted = [
        count_opening(link=link, at=AT + timedelta(minutes=minutes), address="10.0.0.1", agent=agent)
        for minutes, agent in [(0, CHROME), (5, CHROME), (5, "WhatsApp/2.2"), (11, CHROME), (11, CHROME + " Other")]
    ]

    assert counted == [True, False, False, True, True]
    [openings] = ask(openings_of(kind="thing", ids=[subject]).then(lambda found: found[subject]))
    assert (openings.count, openings.first, openings.last) == (3, AT, AT + timedelta(minutes=11))
    told = OutboxEvent.objects.filter(kind="LinkOpened")
    assert {(event.subject_kind, event.subject_id) for event in told} == {("thing", subject)}
    assert told.count() == 3


def test_a_public_page_is_answered_by_the_app_that_owns_the_document(client: Client) -> None:
    def page(request: HttpRequest, link: OpenedLink, rest: str) -> HttpResponse:
        return HttpResponse(f"{link.subject_kind} {rest}")

    kind = f"kind{new_id().hex[:8]}"
    public_pages.add(kind, page)
    token = make_link(new_id(), kind)

    answer = client.get(f"/l/{token}", headers={"User-Agent": CHROME})
    part = client.get(f"/l/{token}/pdf/x", headers={"User-Agent": CHROME})

    assert answer.content.decode() == f"{kind} "
    assert part.content.decode() == f"{kind} pdf/x"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in answer["Cache-Control"]
    assert LinkOpening.objects.count() == 1


def test_a_wrong_link_is_a_page_and_not_a_failure(client: Client) -> None:
    assert client.get("/l/" + "a" * 32).status_code == 404
    assert client.get(f"/l/{make_link(new_id(), 'nobody')}").status_code == 404
    expired = make_link(new_id(), expires_at=AT - timedelta(days=10_000))
    assert client.get(f"/l/{expired}").status_code == 410


def test_an_issued_pdf_is_kept_as_it_was_first_made() -> None:
    subject = new_id()
    facts = {"subject_kind": "invoice", "subject_id": subject, "company_id": COMPANY, "language": "id", "at": AT}

    first = keep_issued_pdf(content=b"%PDF first", **facts)
    second = keep_issued_pdf(content=b"%PDF second", **facts)

    assert first == second == b"%PDF first"
    assert issued_pdf(subject_id=subject, language="id") == b"%PDF first"
    assert issued_pdf(subject_id=subject, language="en") is None


def test_the_database_refuses_to_change_an_issued_pdf() -> None:
    keep_issued_pdf(
        subject_kind="invoice", subject_id=new_id(), company_id=COMPANY, language="id", content=b"%PDF", at=AT
    )

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {IssuedPdf._meta.db_table} SET content = 'x'")
