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
from niaga.stock.queries.deliveries import lock_delivery

KEPT_OPEN = timedelta(days=60)
"""So long a customer can look where goods are, or were."""


@transaction.atomic
def mail_tracking(*, delivery_id: UUID, at: datetime) -> bool:
    """Mail a customer where their goods can be followed, once for a delivery, if the company wants it told.

    Told twice of the same delivery it mails once. Returns whether it mailed.

    :raises NotFound: no such delivery
    """
    delivery, _lines = lock_delivery(delivery_id=delivery_id)
    if not shipping_settings(delivery.company_id).tells_customer or delivery.status != "shipped":
        return False
    if emails_about([delivery.id]).filter(created_by=None).exists():
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
        facts = {"number": delivery.source_number or delivery.number, "company": company.name, "customer": party.name}
        address = link_url(token)
        text = "\n\n".join(
            (
                _("Dear %(customer)s,") % facts,
                _("Your order %(number)s has left us and is on its way to you. See where it is, at any time:") % facts,
                address, company.name,
            )
        )  # fmt: skip
        queue_email(
            batch=batch, company_id=delivery.company_id, to=[party.email],
            subject=_("Your order %(number)s is on its way") % facts, text=text,
            html=dress_text(
                text, company=company.name, button=(_("Follow it"), address), base_url=settings.BASE_URL
            ),
            subject_kind="delivery", subject_id=delivery.id, by=None, at=at,
        )  # fmt: skip
    batch.write()
    return True
