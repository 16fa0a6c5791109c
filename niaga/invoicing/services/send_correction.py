from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.core.rules.formatting import format_long_date, format_money
from niaga.documents.services.create_link import create_link, link_url
from niaga.documents.services.print_paper import print_paper
from niaga.invoicing.models import Correction, CorrectionMail, Invoice
from niaga.messaging.services.queue_email import FileToSend, queue_email
from niaga.organization.access import Actor
from niaga.parties.services.write_timeline import write_timeline


@transaction.atomic
def send_correction(*, correction_id: UUID, by: Actor, at: datetime) -> UUID | None:
    """Mail the credit note and the new invoice in one message to who was named as the invoice was put right.

    Told twice it sends nothing more. Returns the mail's id, or None: nobody was named, or it was sent before. Who puts
    an invoice right has the right to send checked there.

    :raises NotFound: no such correction
    :raises PdfFailed: a PDF could not be made
    """
    rows = Correction.objects.select_related("invoice__company", "credit_note", "replacement")
    told = rows.filter(pk=correction_id).first()
    if told is None:
        raise NotFound()
    Invoice.objects.select_for_update().get(pk=told.invoice_id)
    if not told.mail_to or CorrectionMail.objects.filter(correction_id=told.pk).exists():
        return None
    note, new = (
        print_paper(kind="invoice", subject_id=key, by=by, at=at) for key in (told.credit_note_id, told.replacement_id)
    )
    batch = Batch()
    token = create_link(
        batch=batch, subject_kind="invoice", subject_id=told.replacement_id, company_id=told.company_id,
        by=told.by, at=at,
    )  # fmt: skip
    with translation.override(new.language):
        subject, text = _words(told, new.language, link_url(token))
    email_id = queue_email(
        batch=batch, company_id=told.company_id, to=told.mail_to, subject=subject, text=text,
        files=[FileToSend(paper.name, "application/pdf", paper.content) for paper in (note, new)],
        subject_kind="invoice", subject_id=told.replacement_id, by=told.by, at=at,
    )  # fmt: skip
    batch.insert(CorrectionMail, [{"correction_id": told.pk, "email_id": email_id, "at": at}])
    record(
        batch=batch, subject_kind="invoice", subject_id=told.replacement_id, verb="send", by=told.by, at=at,
        company_id=told.company_id, data={"to": list(told.mail_to)},
    )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=told.invoice.customer_id, company_id=told.company_id, kind="invoice.sent",
        subject_kind="invoice", subject_id=told.replacement_id, number=told.replacement.number or "",
        actor_id=told.by, at=at,
    )  # fmt: skip
    batch.write()
    return email_id


def _words(told: Correction, language: str, url: str) -> tuple[str, str]:
    """Subject and text of the mail, in the language that is active."""
    company = told.invoice.company.legal_name or told.invoice.company.name
    new = told.replacement
    facts = {
        "first": told.invoice.number, "note": told.credit_note.number, "number": new.number, "company": company,
        "total": format_money(new.total, new.currency, language),
        "day": format_long_date(new.due_date, language) if new.due_date else "",
    }  # fmt: skip
    body = " ".join(
        [
            _("Invoice %(first)s was not right.") % facts,
            _("Attached are credit note %(note)s, which takes it back whole, and invoice %(number)s over %(total)s,"
              " which takes its place.") % facts,
            _("What you paid of it counts for the new one; what is open of that is due by %(day)s.") % facts,
        ]
    )  # fmt: skip
    text = [
        _("Dear %(name)s,") % {"name": new.party.get("name", "")}, told.message or body,
        _("See it here: %(url)s") % {"url": url}, company,
    ]  # fmt: skip
    return _("Invoice %(first)s put right: %(number)s from %(company)s") % facts, "\n\n".join(text)
