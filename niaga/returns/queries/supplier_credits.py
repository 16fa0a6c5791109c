"""What suppliers owe for goods that went back to them, and how old that is."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import DecimalField, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.returns.models import SupplierAnswer, SupplierCredit, SupplierCreditReceipt
from niaga.returns.queries.returns import visible_returns

_MONEY = DecimalField(max_digits=19, decimal_places=4)
AGES = {"30": (0, 30), "60": (31, 60), "90": (61, 90), "older": (91, 36_500)}


def visible_supplier_credits(*, by: Actor) -> QuerySet[Any]:
    """Of returns that the person may see, each with what is `credited` of it and `left`, supplier and return.

    :raises Forbidden: the person may not see returns, or not what goods cost
    """
    access = access_of(by)
    access.require("return", "view")
    access.require("product", "see_cost")
    ended = SupplierCreditReceipt.objects.filter(credit_id=OuterRef("pk")).order_by().values("credit_id")
    credited = Coalesce(
        Subquery(ended.annotate(sum=Sum("amount")).values("sum")), Value(Decimal(0)), output_field=_MONEY
    )
    rows = SupplierCredit.objects.filter(rma_id__in=visible_returns(by=by).values("pk"))
    rows = rows.select_related("supplier", "rma", "line__product", "line__unit", "company")
    return rows.annotate(credited=credited).annotate(left=F("amount") - F("credited"))


def see_supplier_credit(*, credit_id: UUID, by: Actor) -> Any:
    """:raises NotFound: none, or none of a return that the person may see"""
    found = visible_supplier_credits(by=by).filter(pk=credit_id).first()
    if found is None:
        raise NotFound()
    return found


def receipts_of(credit_id: UUID) -> list[SupplierCreditReceipt]:
    """How it ended so far, the first first. The caller has checked access."""
    return list(SupplierCreditReceipt.objects.filter(credit_id=credit_id).order_by("at", "id"))


def of_age(rows: QuerySet[Any], age: str, *, today: date) -> QuerySet[Any]:
    """Those that are owed for so long: `30`, `60`, `90` (up to so many days) or `older`."""
    youngest, oldest = AGES[age]
    first = date.fromordinal(max(1, today.toordinal() - oldest))
    return rows.filter(date__gte=first, date__lte=date.fromordinal(today.toordinal() - youngest))


def answers_of(return_id: UUID) -> list[SupplierAnswer]:
    """What a supplier said of a return, the first first, with lines. The caller has checked access."""
    rows = SupplierAnswer.objects.filter(rma_id=return_id).order_by("at", "id")
    return list(rows.prefetch_related("lines__line__unit"))
