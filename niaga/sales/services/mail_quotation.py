from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from niaga.core.batch import Batch
from niaga.documents.services.create_link import create_link, link_url
from niaga.documents.services.print_paper import print_paper
from niaga.messaging.queries.emails import emails_about
from niaga.messaging.services.dress_text import dress_text
from niaga.messaging.services.queue_email import FileToSend, queue_email
from niaga.organization.access import SYSTEM
from niaga.organization.queries.companies import company_profile
from niaga.sales.models import Quotation
from niaga.sales.services.share_quotation import KEPT_OPEN
from niaga.ui import formatting


@transaction.atomic
def mail_quotation(
    *, quotation_id: UUID, to: Sequence[str], message: str, sent_by: UUID | None, sent_at: datetime, at: datetime
) -> bool:
    """Queue the mail of a sent quotation: the message, its link and its PDF, in the customer's language.

    Told twice of the same sending it mails once. Returns whether it mailed; a quotation that is no longer sent is not.
    """
    quotation = (
        Quotation.objects.select_for_update(of=("self",))
        .select_related("customer", "salesperson")
        .filter(pk=quotation_id)
        .first()
    )
    if quotation is None or quotation.status != "sent" or not to:
        return False
    if emails_about([quotation.id]).filter(created_at=sent_at).exists():
        return False
    company = company_profile(quotation.company_id)
    language = quotation.customer.language or company.language or settings.LANGUAGE_CODE
    printed = print_paper(kind="quotation", subject_id=quotation.id, by=SYSTEM, at=at, language=language)
    batch = Batch()
    token = create_link(
        batch=batch, subject_kind="quotation", subject_id=quotation.id, company_id=quotation.company_id, by=sent_by,
        at=at, expires_at=at + KEPT_OPEN,
    )  # fmt: skip
    with translation.override(language):
        facts = {
            "number": quotation.number, "company": company.name, "customer": quotation.customer.name,
            "total": formatting.money(quotation.total, quotation.currency),
            "until": formatting.day(quotation.valid_until),
        }  # fmt: skip
        address = link_url(token)
        words = message.strip() or _("Dear %(customer)s,\n\nPlease find our quotation %(number)s.") % facts
        closing = _("The total is %(total)s; the offer holds until %(until)s. See and accept it here:") % facts
        text = f"{words}\n\n{closing}\n\n{address}\n\n{company.name}"
        queue_email(
            batch=batch, company_id=quotation.company_id, to=list(to),
            subject=_("Quotation %(number)s from %(company)s") % facts, text=text,
            html=dress_text(
                text, company=company.name, button=(_("See the quotation"), address), base_url=settings.BASE_URL
            ),
            reply_to=quotation.salesperson.email if quotation.salesperson else "",
            files=[FileToSend(printed.name, "application/pdf", printed.content)], subject_kind="quotation",
            subject_id=quotation.id, by=sent_by, at=sent_at,
        )  # fmt: skip
    batch.write()
    return True
