from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.ids import new_id
from niaga.messaging.services.dress_text import dress_text
from niaga.messaging.services.queue_email import is_address, queue_email
from niaga.organization.queries.companies import CompanyProfile, company_profile
from niaga.parties.services.write_timeline import write_timeline
from niaga.pricing.models import LoyaltyProgramme, PointsAccount, PointsLot, PointsNotice
from niaga.pricing.queries.ending_points import members_to_tell, untold_lots
from niaga.pricing.queries.loyalty_figures import worth
from niaga.pricing.queries.loyalty_words import ending_told, points_told
from niaga.ui.formatting import money

AT_ONCE = 50


@transaction.atomic
def tell_ending_points(*, programme_id: UUID, after: UUID | None = None, at: datetime) -> UUID | None:
    """Tell up to 50 members by e-mail which of their points end within the programme's days of notice, once for each.

    What ends within a week more is told in the same mail. A member whose points are being used at this moment is left
    for the next time. Returns the last member that was looked at, to go on `after`; None: there are no more.
    """
    programme = LoyaltyProgramme.objects.select_related("company").get(pk=programme_id)
    today = day_at(at=at, zone=programme.company.zone)
    is_over = programme.valid_to is not None and programme.valid_to < today
    if not (programme.is_on and programme.notice_days and programme.point_value) or is_over:
        return None
    keys = list(members_to_tell(programme, today, after=after).values_list("pk", flat=True)[:AT_ONCE])
    rows = PointsAccount.objects.select_for_update(of=("self",), skip_locked=True).select_related("customer")
    members = {one.pk: one for one in rows.filter(pk__in=keys).order_by("pk")}
    lots = untold_lots(programme, today).filter(account_id__in=members).order_by("account_id", "expires_on", "id")
    soon = today + timedelta(days=programme.notice_days)
    company = company_profile(programme.company_id)
    batch = Batch()
    for key, own in groupby(lots, key=lambda lot: lot.account_id):
        ending, customer = list(own), members[key].customer
        if ending[0].expires_on is None or ending[0].expires_on > soon or not is_address(customer.email):
            continue
        with translation.override(customer.language or company.language or settings.LANGUAGE_CODE):
            email_id = _write(batch, programme, company, members[key], ending, at)
        batch.insert(
            PointsNotice,
            [
                {"id": new_id(), "lot_id": lot.pk, "email_id": email_id, "points": lot.remaining, "at": at}
                for lot in ending
            ],
        )
    batch.write()
    return keys[-1] if len(keys) == AT_ONCE else None


def _write(
    batch: Batch,
    programme: LoyaltyProgramme,
    company: CompanyProfile,
    member: PointsAccount,
    ending: Sequence[PointsLot],
    at: datetime,
) -> UUID:
    """Add the mail to the batch, in the language that is active. Returns its id."""
    points = sum(lot.remaining for lot in ending)
    value = money(worth(points, programme.point_value, programme.currency), programme.currency)
    days = [
        ending_told(sum(lot.remaining for lot in lots), ends_on)
        for ends_on, lots in groupby(ending, key=lambda lot: lot.expires_on)
        if ends_on is not None
    ]
    facts = {
        "customer": member.customer.name, "programme": programme.name, "company": company.name,
        "points": points_told(points), "value": value, "days": "\n".join(f"{one}." for one in days),
    }  # fmt: skip
    text = "\n\n".join(
        [
            _("Dear %(customer)s,") % facts,
            _("Some of your points of %(programme)s end soon:") % facts,
            facts["days"],
            _("They are worth %(value)s. Use them with your next order: just tell us.") % facts,
            company.name,
        ]
    )
    email_id = queue_email(
        batch=batch, company_id=programme.company_id, to=[member.customer.email],
        subject=_("%(points)s of yours at %(company)s end soon") % facts, text=text,
        html=dress_text(text, company=company.name, base_url=settings.BASE_URL),
        reply_to=company.email if is_address(company.email) else "",
        subject_kind="customer", subject_id=member.customer_id, by=None, at=at,
    )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=member.customer_id, company_id=programme.company_id, kind="points.notice", at=at
    )
    return email_id
