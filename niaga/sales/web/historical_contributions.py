"""History in search, in the customer's panel, and its place."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.core.queries.together import Question
from niaga.core.registry import invariants
from niaga.organization.access import access_of
from niaga.sales.queries.historical_invariants import HISTORICAL_INVARIANTS
from niaga.sales.queries.historical_sales import BoughtBefore, bought_before, find_historical_sales
from niaga.ui.formatting import day, money
from niaga.ui.registry import (
    Hit,
    NavigationGroup,
    NavigationItem,
    PanelFact,
    SearchContribution,
    customer_panel,
    navigation,
    search,
)


def _may(request: HttpRequest) -> bool:
    return access_of(request.user).allows("historical_sale", "view")


def _find(request: HttpRequest, text: str, limit: int) -> Sequence[Hit]:
    return [
        Hit(
            title=sale.number, url=reverse("sales:historical_sale", args=[sale.pk]), kind="historical_sale",
            id=str(sale.pk), detail=sale.customer.name if sale.customer else gettext("Passer-by"),
            meta=f"{day(sale.date)} · {money(sale.total, sale.currency)}",
        )
        for sale in find_historical_sales(text=text, by=request.user, limit=limit)
    ]  # fmt: skip


Facts = Mapping[UUID, Sequence[PanelFact]]


def _facts(request: HttpRequest, customer_ids: Sequence[UUID]) -> Question[Facts] | Facts:
    if not _may(request):
        return {}
    return bought_before(customer_ids=customer_ids, by=request.user).then(_told)


def _told(customers: Mapping[UUID, BoughtBefore]) -> Facts:
    return {
        customer_id: [
            PanelFact(
                _("Before Niaga"),
                money(past.total, past.currency),
                url=f"{reverse('sales:historical_sales')}?customer={customer_id}",
            ),
            PanelFact(_("Last before Niaga"), day(past.last_day)),  # type: ignore[arg-type]
        ]
        for customer_id, past in customers.items()
    }


def contribute() -> None:
    navigation.add(
        NavigationItem(
            key="history", label=_("Sales history"), icon="history", url_name="sales:historical_sales",
            group=NavigationGroup.SELLING, order=90, allowed=_may,
        )
    )  # fmt: skip
    search.add("historical_sales", SearchContribution(_("Sales history"), "history", find=_find), order=80)
    customer_panel.add("historical_sales", _facts, order=80)
    for name, check in HISTORICAL_INVARIANTS.items():
        invariants.add(name, check)
