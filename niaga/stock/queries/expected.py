"""Reading goods that are expected."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Count, F, QuerySet, Sum

from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.stock.models import ExpectedReceipt, ExpectedReceiptLine


def visible_expected(*, by: Actor) -> QuerySet[ExpectedReceipt]:
    """Expected receipts the person may see, with how many products are waited for.

    Not what suppliers send straight to customers: no warehouse waits for it.
    """
    seen = access_of(by).filter("stock", branch="warehouse__branch_id", salesperson=None)
    return (
        ExpectedReceipt.objects.filter(seen, sent_by=None)
        .select_related("warehouse")
        .annotate(line_count=Count("lines"), left=Sum(F("lines__quantity") - F("lines__received")))
    )


def receipts_to_come(*, by: Actor) -> QuerySet[ExpectedReceipt]:
    """Goods still waited for, the earliest first."""
    return visible_expected(by=by).filter(status="open").order_by("expected_date", "id")


def expected_lines(expected_id: UUID) -> list[Mapping[str, Any]]:
    rows = ExpectedReceiptLine.objects.filter(expected_id=expected_id).order_by("id")
    return list[Any](
        rows.annotate(left=F("quantity") - F("received")).values(
            "id",
            "product_id",
            "product__sku",
            "product__name",
            "product__unit__code",
            "quantity",
            "received",
            "left",
            "product__by_lot",
        )
    )


def lock_expected(expected_id: UUID) -> ExpectedReceipt:
    """The expected receipt, locked, with its warehouse and branch. The verb checks access.

    :raises NotFound: no such expected receipt
    """
    rows = ExpectedReceipt.objects.select_for_update(of=("self",)).select_related(
        "warehouse__branch", "warehouse__company"
    )
    found = rows.filter(pk=expected_id).first()
    if found is None:
        raise NotFound()
    return found
