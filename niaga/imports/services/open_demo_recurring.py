from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from niaga.catalog.services.create_product import create_product
from niaga.core.clock import today
from niaga.core.rules.calendar import add_months
from niaga.invoicing.queries.allocations import open_debts
from niaga.organization.access import SYSTEM, Actor, access_of
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.bill_cause import bill_cause
from niaga.sales.services.note_recurring import note_recurring
from niaga.sales.services.pause_plan import pause_plan
from niaga.sales.services.plan_terms import PlanTerms
from niaga.sales.services.save_plan import save_plan


@transaction.atomic
def open_demo_recurring(*, by: Actor, at: datetime) -> None:
    """Rent, a subscription and maintenance of three customers; what was due of them is billed, one plan is paused."""
    access = access_of(by)
    company = access.current_company
    day = today(at=at, zone=company.zone)
    month = day.replace(day=1)
    customers = list(
        dict.fromkeys(customer_id for _id, _number, customer_id, *_rest in open_debts(by=by, currency="IDR"))
    )
    plans = (
        ("JSA-SEWA", "Sewa ruang", 18_500_000, PlanTerms(
            name="Sewa gudang bersama", start=add_months(month, -2), text="Sewa {periode}", issues=True,
            raise_percent=Decimal(5))),
        ("JSA-LANG", "Langganan aplikasi kasir", 450_000, PlanTerms(
            name="Langganan aplikasi kasir", start=add_months(month, -1) + timedelta(days=14), in_arrears=True,
            shifts=True, text="{produk}, {periode}")),
        ("JSA-RAWAT", "Perawatan mesin", 2_750_000, PlanTerms(
            name="Perawatan mesin tiap triwulan", start=add_months(month, 1), every=3, day=31,
            text="{produk} {awal} – {akhir}")),
    )  # fmt: skip
    for place, (customer_id, (sku, name, price, terms)) in enumerate(zip(customers, plans, strict=False)):
        product = create_product(
            company_id=company.id, sku=sku, name=name, kind="service", price=Decimal(price), by=by, at=at
        )
        plan = save_plan(
            customer_id=customer_id, branch_id=access.default_branch.id, by=by, at=at, terms=terms,
            lines=[LineInput(product_id=product.id, unit_price=Decimal(price) if place == 0 else None)],
        )  # fmt: skip
        if place == 2:
            pause_plan(plan_id=plan.pk, by=by, at=at)
    for cause_id in note_recurring(at=at):
        bill_cause(cause_id=cause_id, by=SYSTEM, at=at)
