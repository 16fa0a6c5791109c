"""The demo's buyer abroad, played on a small company."""

import heapq
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from niaga.imports.rules.demo_world import goods
from niaga.imports.services.play_demo_export import play_demo_export
from niaga.invoicing.models import Invoice, InvoiceBalance
from niaga.organization.models import ExchangeRate
from niaga.parties.models import Customer
from niaga.payments.models import Payment
from niaga.sales.models import Quotation
from tests.makers import NOW, make_product, make_user, make_world

pytestmark = pytest.mark.django_db


def test_a_buyer_abroad_owes_half_in_dollars_and_has_an_offer() -> None:
    world = make_world()
    range_ = [good for good in goods(Random(1), count=60) if good.category == "Kopi & teh"][:8]
    products = [make_product(world, stock=900, price=good.price, cost=good.cost) for good in range_]
    people: dict[str, Any] = {"owner": world.owner, "finance": make_user(world.company, "finance")}
    people["maya"] = make_user(world.company, "salesperson")
    todo: list[tuple[datetime, int, Callable[[datetime], object]]] = []

    def later(when: datetime, deed: Callable[[datetime], object]) -> None:
        heapq.heappush(todo, (when, len(todo), deed))

    play_demo_export(
        company_id=world.company.id, branch_id=world.branch.id, range_=range_,
        product_ids=[one.id for one in products], users=people, at=NOW, later=later,
    )  # fmt: skip
    while todo:
        when, _turn, deed = heapq.heappop(todo)
        deed(when)

    buyer, invoice, payment = Customer.objects.get(), Invoice.objects.get(), Payment.objects.get()
    assert (buyer.currency, invoice.currency, payment.currency) == ("USD", "USD", "USD")
    assert ExchangeRate.objects.count() == 11
    balance = InvoiceBalance.objects.get()
    assert Decimal("0.49") < balance.allocated / balance.total < Decimal("0.51")
    assert payment.base_allocated != balance.base_allocated
    offer = Quotation.objects.get()
    assert (offer.status, offer.currency) == ("sent", "USD")
