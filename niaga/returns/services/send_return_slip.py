from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid, WrongState
from niaga.documents.services.print_paper import print_paper
from niaga.messaging.services.dress_text import dress_text
from niaga.messaging.services.queue_email import FileToSend, queue_email
from niaga.organization.access import SYSTEM, Actor
from niaga.parties.queries.selling_facts import customer_facts
from niaga.returns.models import Return
from niaga.returns.queries.bought import return_settings
from niaga.returns.services.lock_return import lock_return


@transaction.atomic
def send_return_slip(*, return_id: UUID, to: Sequence[str] = (), by: Actor, at: datetime) -> UUID:
    """Mail the slip of an authorized return, in the customer's language; without an address to the customer's contact,
    else to the customer. Returns the mail's id.

    :raises NotFound: no such return
    :raises Forbidden: the person may not decide about it
    :raises WrongState: it waits for no goods
    :raises Invalid: no address is known, or it is one that mail cannot go to
    """
    rma = lock_return(return_id=return_id, action="decide", by=by)
    if rma.status != "authorized" or rma.kind != "goods":
        raise WrongState()
    wanted = list(to) or slip_addresses(rma)
    if not wanted:
        raise Invalid(_("No mail address is known. Write one with the customer or its contact first."), field="to")
    paper = print_paper(kind="return", subject_id=rma.pk, by=by, at=at)
    company = rma.company.legal_name or rma.company.name
    batch = Batch()
    with override(paper.language):
        facts = {"number": rma.number, "customer": rma.customer.name, "company": company}
        text = _(
            "Dear %(customer)s,\n\nYour return %(number)s is authorized. Please print the slip and put it to the goods:"
            " its code lets us take them in at once.\n\n%(company)s"
        )
        text = text % facts
        email_id = queue_email(
            batch=batch, company_id=rma.company_id, to=wanted,
            subject=_("Return slip %(number)s from %(company)s") % facts, text=text,
            html=dress_text(text, company=company, base_url=settings.BASE_URL),
            files=[FileToSend(paper.name, "application/pdf", paper.content)], subject_kind="return",
            subject_id=rma.pk, by=by.id, at=at,
        )  # fmt: skip
    batch.update(Return, where={"id": rma.pk}, values={"slip_sent_at": at})
    record(
        batch=batch, subject_kind="return", subject_id=rma.pk, verb="send_slip", by=by.id, at=at,
        company_id=rma.company_id, data={"to": wanted},
    )  # fmt: skip
    batch.write()
    return email_id


@transaction.atomic
def mail_return_slip(*, return_id: UUID, at: datetime) -> UUID | None:
    """Mail the slip of a return that was just authorized, once, where the company wants it and an address is known."""
    rma = lock_return(return_id=return_id, action="decide", by=SYSTEM)
    waits = rma.status == "authorized" and rma.kind == "goods" and rma.slip_sent_at is None
    if not waits or not return_settings(rma.company_id).mails_slip or not slip_addresses(rma):
        return None
    return send_return_slip(return_id=return_id, by=SYSTEM, at=at)


def slip_addresses(rma: Return) -> list[str]:
    """The mail address of the contact of its order, else of the customer's main one, else of the customer."""
    contact_id = rma.order.contact_id if rma.order is not None else None
    facts = customer_facts(customer_id=rma.customer_id, contact_id=contact_id)
    found = "" if facts is None else facts.contact.get("email") or facts.email
    return [found] if found else []
