from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import WrongState
from niaga.core.rules.formatting import format_long_date, format_money
from niaga.documents.services.create_link import create_link, link_url
from niaga.documents.services.print_paper import print_paper
from niaga.invoicing.models import Invoice
from niaga.invoicing.queries.invoices import whole_invoice
from niaga.messaging.services.queue_email import FileToSend, queue_email
from niaga.organization.access import Actor, access_of
from niaga.parties.services.write_timeline import write_timeline


@transaction.atomic
def send_invoice(*, invoice_id: UUID, to: Sequence[str], message: str = "", by: Actor, at: datetime) -> UUID:
    """Mail an issued invoice or credit note with its PDF and a link of its own. Returns the mail's id.

    :raises NotFound: no such invoice, or not visible to `by`
    :raises Forbidden: the person may not send it
    :raises WrongState: it is not issued
    :raises Invalid: no address, or one that mail cannot go to
    :raises PdfFailed: the PDF could not be made
    """
    invoice = whole_invoice(invoice_id=invoice_id, by=by, today=at.date())
    access_of(by).require("invoice", "send", invoice)
    if invoice.status != "issued":
        raise WrongState()
    paper = print_paper(kind="invoice", subject_id=invoice.id, by=by, at=at)
    batch = Batch()
    token = create_link(
        batch=batch, subject_kind="invoice", subject_id=invoice.id, company_id=invoice.company_id, by=by.id, at=at
    )
    with translation.override(paper.language):
        subject, text = _words(invoice, paper.language, message.strip(), link_url(token))
    email_id = queue_email(
        batch=batch, company_id=invoice.company_id, to=to, subject=subject, text=text,
        files=[FileToSend(paper.name, "application/pdf", paper.content)], subject_kind="invoice",
        subject_id=invoice.id, by=by.id, at=at,
    )  # fmt: skip
    record(
        batch=batch, subject_kind="invoice", subject_id=invoice.id, verb="send", by=by.id, at=at,
        company_id=invoice.company_id, data={"to": list(to)},
    )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=invoice.customer_id, company_id=invoice.company_id, kind="invoice.sent",
        subject_kind="invoice", subject_id=invoice.id, number=invoice.number or "", actor_id=by.id, at=at,
    )  # fmt: skip
    batch.write()
    return email_id


def _words(invoice: Invoice, language: str, message: str, url: str) -> tuple[str, str]:
    """Subject and text of the mail, in the language that is active."""
    company = invoice.company.legal_name or invoice.company.name
    total = format_money(invoice.total, invoice.currency, language)
    facts = {"number": invoice.number, "company": company, "total": total}
    if invoice.kind == "credit_note":
        subject = _("Credit note %(number)s from %(company)s") % facts
        body = [_("Attached is credit note %(number)s over %(total)s.") % facts]
    else:
        subject = _("Invoice %(number)s from %(company)s") % facts
        body = [_("Attached is invoice %(number)s over %(total)s.") % facts]
        dues = [
            {
                "amount": format_money(amount, invoice.currency, language),
                "day": format_long_date(day, language) if day else _("after the exchange"),
            }
            for day, amount in invoice.dues.order_by("position").values_list("due_date", "amount")
        ]
        if len(dues) > 1:
            parts = "; ".join(_("%(amount)s by %(day)s") % due for due in dues)
            body.append(_("Please pay it in parts: %(parts)s.") % {"parts": parts})
        else:
            known = invoice.due_date is not None
            body += [_("Please pay it by %(day)s.") % due for due in dues if known]
    greeting = _("Dear %(name)s,") % {"name": invoice.party.get("name", "")}
    text = [greeting, message or " ".join(body), _("See it here: %(url)s") % {"url": url}, company]
    return subject, "\n\n".join(text)
