from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from niaga.core.batch import Batch
from niaga.documents.services.create_link import create_link, link_url
from niaga.messaging.queries.emails import emails_about
from niaga.messaging.services.dress_text import dress_text
from niaga.messaging.services.queue_email import queue_email
from niaga.organization.queries.companies import company_profile
from niaga.parties.queries.reachable import reachable
from niaga.shipping.queries.carriers import shipping_settings
from niaga.stock.queries.together import lock_together

KEPT_OPEN = timedelta(days=60)
"""So long a customer can look where goods are, or were."""


@transaction.atomic
def mail_tracking(*, delivery_id: UUID, at: datetime) -> bool:
    """Mail a customer where their goods can be followed, once for a delivery and all it travels with, if the company
    wants it told.

    Told twice of the same goods it mails once. Returns whether it mailed.

    :raises NotFound: no such delivery
    """
    members = lock_together(delivery_ids=[delivery_id])
    delivery = next(one for one in members if one.id == delivery_id)
    if not shipping_settings(delivery.company_id).tells_customer or delivery.status != "shipped":
        return False
    if emails_about([one.id for one in members]).filter(created_by=None).exists():
        return False
    party = reachable([delivery.customer_id])[delivery.customer_id]
    if not party.email:
        return False
    company = company_profile(delivery.company_id)
    batch = Batch()
    token = create_link(
        batch=batch, subject_kind="delivery", subject_id=delivery.id, company_id=delivery.company_id, by=None, at=at,
        expires_at=at + KEPT_OPEN, purpose="track",
    )  # fmt: skip
    with translation.override(party.language or company.language or settings.LANGUAGE_CODE):
        numbers = list(dict.fromkeys(one.source_number or one.number for one in members))
        facts = {"number": ", ".join(numbers), "company": company.name, "customer": party.name}
        address = link_url(token)
        left = (
            _("Your order %(number)s has left us and is on its way to you. See where it is, at any time:")
            if len(numbers) == 1
            else _("Your orders %(number)s have left us and come to you together. See where they are, at any time:")
        )  # fmt: skip
        subject = (
            _("Your order %(number)s is on its way")
            if len(numbers) == 1
            else _("Your orders %(number)s are on their way")
        )  # fmt: skip
        text = "\n\n".join((_("Dear %(customer)s,") % facts, left % facts, address, company.name))
        queue_email(
            batch=batch, company_id=delivery.company_id, to=[party.email],
            subject=(subject % facts)[:200], text=text,
            html=dress_text(
                text, company=company.name, button=(_("Follow it"), address), base_url=settings.BASE_URL
            ),
            subject_kind="delivery", subject_id=delivery.id, by=None, at=at,
        )  # fmt: skip
    batch.write()
    return True
