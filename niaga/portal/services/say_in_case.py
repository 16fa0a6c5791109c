from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from niaga.core.batch import Batch
from niaga.core.errors import NotFound, WrongState
from niaga.core.ids import new_id
from niaga.messaging.services.add_notice import add_notice
from niaga.organization.access import Actor, access_of
from niaga.portal.errors import NothingSaid, TooOften
from niaga.portal.models import CaseNote, PortalCase
from niaga.portal.queries.visitors import Visitor
from niaga.portal.services.open_case import Files, attach_proof
from niaga.portal.services.tell_person import tell_person

HOUR, MOST = timedelta(hours=1), 20
"""What a customer may write in one case within an hour."""


def lock_case(case_id: UUID) -> PortalCase:
    """:raises NotFound: no such case"""
    rows = PortalCase.objects.select_for_update(of=("self",)).select_related("customer", "person", "invoice", "company")
    found = rows.filter(pk=case_id).first()
    if found is None:
        raise NotFound()
    return found


@transaction.atomic
def answer_case(*, case_id: UUID, text: str, name: str, by: Actor, at: datetime) -> UUID:
    """Write to the customer in a case; they are mailed that there is an answer. Returns the note's id.

    :raises NotFound: no such case, or none that the person may see
    :raises Forbidden: the person may not answer customers
    :raises WrongState: it is over
    :raises NothingSaid: nothing is written
    """
    case = lock_case(case_id)
    access = access_of(by)
    if case.company_id not in access.company_ids or not access.reaches("portal", "view", case.customer):
        raise NotFound()
    access.require("portal", "answer", case.customer)
    if case.status != "open":
        raise WrongState()
    if not text.strip():
        raise NothingSaid(field="text")
    batch, key = Batch(), new_id()
    batch.insert(
        CaseNote,
        [{"id": key, "case_id": case_id, "by_customer": False, "name": name[:120], "by": by.pk,
          "text": text.strip()[:4000], "at": at}],
    )  # fmt: skip
    tell_person(batch=batch, case=case, text=text.strip()[:4000], by=by.pk, at=at)
    batch.write()
    return key


@transaction.atomic
def say_in_case(*, visitor: Visitor, case_id: UUID, text: str, files: Files, at: datetime) -> UUID:
    """What the customer adds to a case of theirs. Who answered last hears of it. Returns the note's id.

    :raises NotFound: no such case of the customer
    :raises WrongState: it is over
    :raises NothingSaid: nothing is written
    :raises TooOften: twenty within an hour
    :raises BadProof: a file is neither a picture nor a PDF
    """
    case = lock_case(case_id)
    if case.customer_id != visitor.customer_id:
        raise NotFound()
    if case.status != "open":
        raise WrongState()
    if not text.strip():
        raise NothingSaid(field="text")
    notes = CaseNote.objects.filter(case_id=case_id)
    if notes.filter(by_customer=True, at__gt=at - HOUR).count() >= MOST:
        raise TooOften(field="text")
    answered = notes.filter(by_customer=False).order_by("-at", "-id").values_list("by", flat=True).first()
    seller = case.invoice.salesperson_id if case.invoice is not None else None
    batch, key = Batch(), new_id()
    batch.insert(
        CaseNote,
        [{"id": key, "case_id": case_id, "by_customer": True, "name": visitor.name[:120], "text": text.strip()[:4000],
          "at": at}],
    )  # fmt: skip
    add_notice(
        batch=batch, to=[one for one in (answered or seller,) if one], text=gettext_noop("%(customer)s wrote to you"),
        facts={"customer": visitor.here.customer}, url=f"/portal-cases/{case_id}", subject_kind="portal_case",
        subject_id=case_id, at=at,
    )  # fmt: skip
    batch.write()
    attach_proof(case_id=case_id, visitor=visitor, files=files, at=at)
    return key
