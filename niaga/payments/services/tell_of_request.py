from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop

from niaga.core.batch import Batch
from niaga.messaging.services.add_notice import add_notice
from niaga.organization.queries.people_with import people_with
from niaga.payments.models import PaymentRequest

TEXTS = {
    "paid": gettext_noop("%(number)s: %(amount)s was paid through %(gateway)s."),
    "over": gettext_noop("%(number)s was paid once more through %(gateway)s: %(amount)s of it is an advance."),
    "other": gettext_noop("%(number)s: %(gateway)s took %(amount)s, which is not what was asked for."),
    "failed": gettext_noop("%(number)s: %(gateway)s refused to make a way to pay."),
    "refund_failed": gettext_noop("%(number)s: the refund through %(gateway)s failed; the money is the customer's."),
}


def tell_of_request(
    *, batch: Batch, request: PaymentRequest, what: str, facts: Mapping[str, Any] | None = None, at: datetime
) -> None:
    """Ring the bells of who asked, and of those who look after money that came in: a person has to know."""
    people = set(people_with(company_id=request.company_id, kind="payment", action="allocate"))
    if request.created_by is not None:
        people.add(request.created_by)
    told = {"number": request.invoice.number, "gateway": request.account.name, **(facts or {})}
    add_notice(
        batch=batch, to=people, text=TEXTS[what], facts=told, url=f"/payment-requests/{request.id}",
        subject_kind="payment_request", subject_id=request.id, at=at,
    )  # fmt: skip
