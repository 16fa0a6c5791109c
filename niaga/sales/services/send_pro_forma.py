from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.rules.formatting import format_long_date, format_money
from niaga.documents.services.create_link import link_url
from niaga.documents.services.print_paper import print_paper
from niaga.messaging.services.dress_text import dress_text
from niaga.messaging.services.queue_email import FileToSend, queue_email
from niaga.organization.access import Actor
from niaga.parties.services.write_timeline import write_timeline
from niaga.sales.models import ProForma
from niaga.sales.services.current_pro_forma import current_pro_forma
from niaga.sales.services.share_pro_forma import linked


@transaction.atomic
def send_pro_forma(*, pro_forma_id: UUID, to: Sequence[str], message: str = "", by: Actor, at: datetime) -> UUID:
    """Mail a pro-forma with its PDF and a link of its own, in the customer's language. Returns the mail's id.

    :raises NotFound: none, or none that `by` may see
    :raises Forbidden: the person may not send its order
    :raises WrongState: it holds no longer
    :raises Invalid: no address, or one that mail cannot go to
    """
    found = current_pro_forma(pro_forma_id=pro_forma_id, by=by, at=at)
    paper = print_paper(kind="pro_forma", subject_id=found.id, by=by, at=at)
    order, batch = found.order, Batch()
    address = link_url(linked(batch, found, by=by, at=at))
    company = order.company.legal_name or order.company.name
    with translation.override(paper.language):
        text = _words(found, company, paper.language, message.strip(), address)
        email_id = queue_email(
            batch=batch, company_id=found.company_id, to=list(to),
            subject=_("Pro-forma %(number)s from %(company)s") % {"number": found.number, "company": company},
            text=text,
            html=dress_text(
                text, company=company, button=(_("See the pro-forma"), address), base_url=settings.BASE_URL
            ),
            reply_to=order.salesperson.email if order.salesperson else "",
            files=[FileToSend(paper.name, "application/pdf", paper.content)], subject_kind="order",
            subject_id=order.id, by=by.id, at=at,
        )  # fmt: skip
    record(
        batch=batch, subject_kind="order", subject_id=order.id, verb="send_pro_forma", by=by.id, at=at,
        company_id=found.company_id, data={"name": found.number, "to": list(to)},
    )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=order.customer_id, company_id=found.company_id, kind="order.pro_forma_sent",
        subject_kind="order", subject_id=order.id, number=found.number, amount=found.pay_now, currency=found.currency,
        actor_id=by.id, at=at,
    )  # fmt: skip
    batch.write()
    return email_id


def _words(found: ProForma, company: str, language: str, message: str, address: str) -> str:
    """The text of the mail, in the language that is active."""
    facts = {
        "number": found.number, "order": found.order.number, "customer": found.order.customer.name,
        "total": format_money(found.total, found.currency, language),
        "now": format_money(found.pay_now, found.currency, language),
        "until": format_long_date(found.valid_until, language),
    }  # fmt: skip
    words = message or _("Dear %(customer)s,\n\nPlease find our pro-forma %(number)s for order %(order)s.") % facts
    sums = _("The order comes to %(total)s; to be paid now: %(now)s. It is valid until %(until)s.") % facts
    notice = _("A pro-forma is no tax invoice and no claim; the invoice follows.")
    see = _("See it here:")
    return f"{words}\n\n{sums}\n{notice}\n\n{see}\n\n{address}\n\n{company}"
