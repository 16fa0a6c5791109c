"""What a customer bought lately and what of it came back, with what would be credited for it without a document."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from niaga.invoicing.queries.lowest_paid import Key, lowest_paid
from niaga.returns.models import ReturnLine, ReturnSettings
from niaga.returns.rules.unknown_sale import Proposal, propose
from niaga.sales.queries.bought import Bought, goods_bought


@dataclass(frozen=True, slots=True)
class History:
    """Of a product in a unit: what left for the customer, what came back or is on its way, what is credited for one."""

    sold: Bought
    returned: Decimal
    proposal: Proposal

    @property
    def left(self) -> Decimal:
        return max(self.sold.shipped - self.returned, Decimal(0))

    @property
    def key(self) -> str:
        return f"{self.sold.product_id}.{self.sold.unit}"


def return_settings(company_id: UUID) -> ReturnSettings:
    """How the company treats what comes back; unsaved defaults where it said nothing."""
    return ReturnSettings.objects.filter(company_id=company_id).first() or ReturnSettings(company_id=company_id)


def history_of(*, company_id: UUID, customer_id: UUID, currency: str, today: date) -> list[History]:
    """The latest first, in four statements. The caller has checked that the person sees the customer."""
    sold = goods_bought(company_id=company_id, customer_id=customer_id)
    keys = [(one.product_id, one.unit_id) for one in sold]
    days = return_settings(company_id).price_days
    paid = lowest_paid(
        company_id=company_id, customer_id=customer_id, goods=keys, currency=currency,
        since=today - timedelta(days=days), until=today,
    )  # fmt: skip
    back = came_back(customer_id)
    return [
        History(one, back.get(key, Decimal(0)), propose(paid.get(key), days=days))
        for one, key in zip(sold, keys, strict=True)
    ]


def came_back(customer_id: UUID) -> dict[Key, Decimal]:
    """By product and unit, what of anything they bought came back and stayed, or is on its way; no parts of
    bundles."""
    rows = ReturnLine.objects.filter(rma__customer_id=customer_id, held__gt=0, part_each=None).order_by()
    sums = rows.values_list("product_id", "unit_id").annotate(sum=Sum("held"))
    return {(product_id, unit_id): sum_ for product_id, unit_id, sum_ in sums}
