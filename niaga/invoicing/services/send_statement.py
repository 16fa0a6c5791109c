from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.core.rules.formatting import format_long_date, format_money
from niaga.documents.services.print_paper import print_paper
from niaga.invoicing.queries.statement import CurrencyAccount, statement_of
from niaga.invoicing.queries.statement_paper import variant_of
from niaga.messaging.services.queue_email import FileToSend, queue_email
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.companies import company_profile
from niaga.parties.services.write_timeline import write_timeline


@transaction.atomic
def send_statement(
    *,
    customer_id: UUID,
    since: date,
    until: date,
    currency: str,
    to: Sequence[str],
    message: str = "",
    by: Actor,
    at: datetime,
) -> UUID:
    """Mail a customer their statement of account in one currency as PDF. Returns the mail's id.

    :raises NotFound: no such customer, none that `by` may see, or nothing in the currency
    :raises Forbidden: the person may not send invoices, or sees only a part of the account
    :raises NoPeriod: it ends before it begins
    :raises Invalid: no address, or one that mail cannot go to
    :raises PdfFailed: the PDF could not be made
    """
    statement = statement_of(customer_id=customer_id, since=since, until=until, by=by)
    customer = statement.customer
    access_of(by).require("invoice", "send", company_id=customer.company_id)
    account = next((one for one in statement.accounts if one.currency == currency), None)
    if account is None:
        raise NotFound(field="currency")
    paper = print_paper(
        kind="statement", subject_id=customer_id, by=by, at=at, variant=variant_of(since, until, currency)
    )
    company = company_profile(customer.company_id)
    with translation.override(paper.language):
        subject, text = _words(
            customer.legal_name or customer.name, company.legal_name or company.name, account, since, until,
            paper.language, message.strip(),
        )  # fmt: skip
    batch = Batch()
    email_id = queue_email(
        batch=batch, company_id=customer.company_id, to=to, subject=subject, text=text,
        files=[FileToSend(paper.name, "application/pdf", paper.content)], subject_kind="customer",
        subject_id=customer_id, by=by.id, at=at,
    )  # fmt: skip
    days = {"since": since.isoformat(), "until": until.isoformat()}
    record(
        batch=batch, subject_kind="customer", subject_id=customer_id, verb="send_statement", by=by.id, at=at,
        company_id=customer.company_id, data={"to": list(to), "currency": currency, **days},
    )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=customer_id, company_id=customer.company_id, kind="statement.sent",
        subject_kind="customer", subject_id=customer_id, amount=account.closing, currency=currency,
        text=f"{since:%d.%m.%Y} – {until:%d.%m.%Y}", actor_id=by.id, at=at,
    )  # fmt: skip
    batch.write()
    return email_id


def _words(
    customer: str, company: str, account: CurrencyAccount, since: date, until: date, language: str, message: str
) -> tuple[str, str]:
    """Subject and text of the mail, in the language that is active."""
    facts = {
        "company": company, "since": format_long_date(since, language), "until": format_long_date(until, language),
        "balance": format_money(account.closing, account.currency, language),
    }  # fmt: skip
    subject = _("Statement of account from %(company)s, %(since)s to %(until)s") % facts
    body = [
        _("Attached is your statement of account from %(since)s to %(until)s.") % facts,
        _("The balance at its end is %(balance)s.") % facts,
    ]
    return subject, "\n\n".join([_("Dear %(name)s,") % {"name": customer}, message or " ".join(body), company])
