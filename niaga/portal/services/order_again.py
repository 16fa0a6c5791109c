from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid, NotFound, Refusal
from niaga.core.ids import new_id
from niaga.messaging.services.add_notice import add_notice
from niaga.parties.queries.customers import lock_customer
from niaga.portal.errors import BelowLeast, NothingOrdered, TooOften
from niaga.portal.models import PortalOrder
from niaga.portal.queries.access import portal_settings
from niaga.portal.queries.again import MOST_SHOWN, asked_lately, branch_of, waiting_drafts
from niaga.portal.queries.visitors import Visitor
from niaga.sales.queries.ordered_before import ordered_before
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.draft_order import OrderDetails, draft_order
from niaga.sales.services.draft_quotation import QuotationDetails, draft_quotation

OF_HOUR, MOST_WAITING, FURTHEST = 10, 20, timedelta(days=365)
_HIGHEST = Decimal(10) ** 6


@dataclass(frozen=True, slots=True)
class AgainItem:
    """So much of a product in a unit, as it was ordered before."""

    product_id: UUID
    unit: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Ordered:
    """What was written. `confirmed`: it binds; else somebody in the office looks at it first."""

    kind: str
    id: UUID
    number: str
    confirmed: bool


@transaction.atomic
def order_again(
    *, visitor: Visitor, items: Sequence[AgainItem], wanted_on: date | None, reference: str, note: str, at: datetime
) -> Ordered:
    """Order what the customer ordered before, at the prices of today. By the company's setting it becomes a draft
    quotation that the office looks at, or an order: confirmed at once where stock, credit and approvals let it by, else
    a draft that waits for the office. Who sells to them is told.

    :raises NotFound: the company takes no orders here
    :raises TooOften: ten in an hour, or twenty wait for the office
    :raises NothingOrdered: nothing is named
    :raises Invalid: something that they never ordered, or no quantity or day of it
    :raises BelowLeast: it comes to less than the company sends out
    :raises Refusal: as `draft_order` and `draft_quotation`
    """
    settings = portal_settings(visitor.company_id)
    if settings.takes_orders not in ("request", "order"):
        raise NotFound()
    customer = lock_customer(visitor.actor, visitor.customer_id, "view")  # so that limits are counted one by one
    if asked_lately(visitor, at=at) >= OF_HOUR or waiting_drafts(visitor) >= MOST_WAITING:
        raise TooOften()
    today = day_at(at=at, zone=visitor.zone)
    if wanted_on is not None and not today <= wanted_on <= today + FURTHEST:
        raise Invalid(_("Choose a day from today on, within a year."), field="wanted_on")
    lines = _lines(visitor, items)
    reference, note = reference.strip()[:60], note.strip()[:2000]
    branch_id = branch_of(visitor)
    made: Any
    if settings.takes_orders == "request":
        made = draft_quotation(
            customer_id=visitor.customer_id, branch_id=branch_id, lines=lines, by=visitor.actor, at=at,
            details=QuotationDetails(customer_reference=reference, note=note, requested_date=wanted_on),
        )  # fmt: skip
        ordered = Ordered("quotation", made.pk, made.number, False)
    else:
        made = draft_order(
            customer_id=visitor.customer_id, branch_id=branch_id, lines=lines, by=visitor.actor, at=at,
            details=OrderDetails(customer_reference=reference, note=note, requested_date=wanted_on),
        )  # fmt: skip
        ordered = Ordered("order", made.pk, made.number, False)
    if settings.least_order and made.base_total is not None and made.base_total < settings.least_order:
        raise BelowLeast(least=settings.least_order)
    if ordered.kind == "order":
        ordered = Ordered("order", made.pk, made.number, _confirmed(visitor, made.pk, at))
    _write(visitor, ordered, customer.salesperson_id, at)
    return ordered


def _lines(visitor: Visitor, items: Sequence[AgainItem]) -> list[LineInput]:
    known = {
        (one.product_id, one.unit): one.digits
        for one in ordered_before(
            company_id=visitor.company_id, customer_id=visitor.customer_id, most=MOST_SHOWN
        )
    }  # fmt: skip
    lines: dict[tuple[UUID, str], LineInput] = {}
    for item in items:
        key = item.product_id, item.unit
        if key not in known or key in lines:
            raise Invalid(_("Only what was ordered before can be ordered again here, each once."), field="lines")
        if not 0 < item.quantity < _HIGHEST or item.quantity != round(item.quantity, known[key]):
            raise Invalid(_("This is no quantity of it."), field="lines")
        lines[key] = LineInput(product_id=item.product_id, unit=item.unit, quantity=item.quantity)
    if not lines:
        raise NothingOrdered(field="lines")
    return list(lines.values())


def _confirmed(visitor: Visitor, order_id: UUID, at: datetime) -> bool:
    """Whether nothing stands in its way: what refuses it leaves the draft to the office."""
    try:
        with transaction.atomic():
            confirm_order(order_id=order_id, by=visitor.actor, at=at)
    except Refusal:
        return False
    return True


def _write(visitor: Visitor, ordered: Ordered, seller: UUID | None, at: datetime) -> None:
    batch = Batch()
    batch.insert(
        PortalOrder,
        [{"id": new_id(), "company_id": visitor.company_id, "customer_id": visitor.customer_id,
          "person_id": visitor.person_id, "order_id": ordered.id if ordered.kind == "order" else None,
          "quotation_id": ordered.id if ordered.kind == "quotation" else None, "at": at}],
    )  # fmt: skip
    record(
        batch=batch, subject_kind=ordered.kind, subject_id=ordered.id, verb="portal_order", by=None, at=at,
        company_id=visitor.company_id, note=visitor.address, data={"confirmed": ordered.confirmed},
    )  # fmt: skip
    if seller is not None:
        add_notice(
            batch=batch, to=[seller], text=gettext_noop("%(customer)s ordered again on their pages: %(number)s"),
            facts={"customer": visitor.here.customer, "number": ordered.number},
            url=f"/{ordered.kind}s/{ordered.id}", subject_kind=ordered.kind, subject_id=ordered.id, at=at,
        )  # fmt: skip
    batch.write()
