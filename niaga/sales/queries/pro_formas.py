"""Pro-forma invoices of the orders a person may see."""

from datetime import date as day
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db.models import F, QuerySet

from niaga.core.errors import NotFound
from niaga.core.queries.together import Question
from niaga.organization.access import Actor, access_of
from niaga.sales.models import ProForma, SalesOrder, SalesOrderLine
from niaga.sales.rules.pro_forma import figures_of


def visible_pro_formas(*, by: Actor) -> QuerySet[ProForma]:
    return ProForma.objects.filter(
        access_of(by).filter("order", branch="order__branch_id", salesperson="order__salesperson_id")
    )


def get_pro_forma(*, pro_forma_id: UUID, by: Actor) -> ProForma:
    """With its order, the order's customer and branch, and the ones it replaces and is replaced by.

    :raises NotFound: none, or none that `by` may see
    """
    found = (
        visible_pro_formas(by=by)
        .select_related("order__customer", "order__branch", "order__contact", "order__salesperson", "order__company")
        .select_related("replaces", "replaced_by")
        .filter(pk=pro_forma_id)
        .first()
    )
    if found is None:
        raise NotFound()
    return found


class ProFormaRow(NamedTuple):
    """One as the page of its order lists it; `replaced` is the number of the one before it."""

    id: UUID
    number: str
    made_on: day
    valid_until: day
    currency: str
    total: Decimal
    pay_now: Decimal
    figures: str
    replaced: str | None


def pro_formas_of(*, order_id: UUID) -> Question[list[ProFormaRow]]:
    """Those of an order that the caller may see, the latest first."""
    rows = ProForma.objects.filter(order_id=order_id).order_by("-position")
    own = [name for name in ProFormaRow._fields if name not in ("made_on", "replaced")]
    named = rows.values(*own, made_on=F("date"), replaced=F("replaces__number"))
    return Question(named, lambda found: [ProFormaRow(**row) for row in found])


def state_of(pro_forma: ProForma | ProFormaRow, *, order: SalesOrder, latest: bool, figures: str, today: day) -> str:
    """`valid`; else why it holds no longer: `replaced`, `ended` (the order), `changed` (its figures) or `expired`."""
    if not latest:
        return "replaced"
    if order.status not in ("draft", "confirmed"):
        return "ended"
    if figures != pro_forma.figures:
        return "changed"
    return "expired" if pro_forma.valid_until < today else "valid"


def current_state(pro_forma: ProForma, *, today: day) -> str:
    """The state of one that `get_pro_forma` found."""
    lines = SalesOrderLine.objects.filter(order_id=pro_forma.order_id).order_by("position")
    return state_of(
        pro_forma, order=pro_forma.order, latest=not hasattr(pro_forma, "replaced_by"),
        figures=figures_of(pro_forma.order, lines), today=today,
    )  # fmt: skip
