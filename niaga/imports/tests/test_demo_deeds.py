"""What the demo company shows beside its sales: buyers with another tax, what waits for a yes, what is prepared."""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from niaga.approvals.models import ApprovalRequest
from niaga.catalog.rules.product import NewProduct
from niaga.catalog.services.create_products import create_products
from niaga.catalog.services.save_category import save_category
from niaga.imports.services.open_demo_approvals import open_demo_approvals
from niaga.imports.services.open_demo_treatments import open_demo_treatments
from niaga.imports.services.prepare_demo_promotion import prepare_demo_promotion
from niaga.invoicing.models import Invoice, InvoiceLine, TaxSlip
from niaga.organization.services.keep_team import keep_team
from niaga.pricing.models import PriceChange, Promotion
from niaga.sales.models import SalesOrder
from tests.makers import NOW, make_customer, make_stock, make_user, make_world

pytestmark = pytest.mark.django_db


def shop() -> tuple[Any, list[Any]]:
    """A company with as many products as the deeds look for, and plenty of each."""
    world = make_world()
    rows = [
        NewProduct(sku=f"P-{n}", name=f"Barang {n}", price=Decimal(20_000), cost=Decimal(14_000)) for n in range(62)
    ]
    products = list(create_products(company_id=world.company.id, rows=rows, by=world.owner, at=NOW))
    make_stock(world, dict.fromkeys(products, Decimal(1000)))
    return world, products


def test_collectors_have_a_slip_and_wait_for_one_and_a_free_zone_pays_no_tax():
    world, products = shop()
    todo: list[tuple[datetime, int, Callable[[datetime], object]]] = []
    turn = count()

    open_demo_treatments(
        company_id=world.company.id, branch_id=world.branch.id, product_ids=products, seller=world.owner,
        finance=world.owner, at=NOW - timedelta(days=30), first=NOW - timedelta(days=28),
        later=lambda when, deed: heapq.heappush(todo, (when, next(turn), deed)),
    )  # fmt: skip
    while todo:
        when, _turn, deed = heapq.heappop(todo)
        deed(when)

    codes = InvoiceLine.objects.filter(invoice__status="issued").values_list("tax_code", flat=True)
    assert sorted(set(codes)) == ["02", "03", "07"]
    collected = Invoice.objects.exclude(tax_by_buyer=0)
    assert (collected.count(), collected.filter(tax_slips__isnull=False).count()) == (4, 2)
    assert [slip.amount for slip in TaxSlip.objects.all()] == [slip.invoice.tax for slip in TaxSlip.objects.all()]
    free = Invoice.objects.filter(tax_by_buyer=0)
    assert [one.tax for one in free] == [0, 0]
    assert {one.tax_treatment["transaction_code"] for one in free} == {"07"}


def test_an_offer_and_a_change_of_a_promise_wait_for_the_manager_or_the_owner():
    world, products = shop()
    team = keep_team(company_id=world.company.id, name="Tim Timur", by=world.owner, at=NOW)
    seller = make_user(world.company, "salesperson", name="Maya", team_id=team)
    manager = make_user(world.company, "sales_manager", name="Dewi", team_id=team)
    customer = make_customer(world, salesperson_id=seller.id)

    open_demo_approvals(
        company_id=world.company.id, customer_id=customer.id, branch_id=world.branch.id, product_ids=products,
        owner=world.owner, seller=seller, at=NOW,
    )  # fmt: skip

    requests = ApprovalRequest.objects.order_by("subject_kind", "id")
    assert [(one.subject_kind, one.status) for one in requests] == [("order", "waiting"), ("quotation", "waiting")]
    assert all({manager.id, world.owner.id} == set(one.waits_for) for one in requests)
    assert SalesOrder.objects.get().status == "confirmed"


def test_a_promotion_is_prepared_and_holds_nowhere():
    world = make_world()
    category = save_category(company_id=world.company.id, name="Kopi & teh", by=world.owner, at=NOW)

    prepare_demo_promotion(
        company_id=world.company.id, categories={"Kopi & teh": category.id}, by=world.owner, at=NOW, today=NOW.date()
    )

    assert (PriceChange.objects.get().status, Promotion.objects.get().unpublished) == ("draft", True)
