"""An order that its customer's credit holds: at confirming, amending and shipping, on every path."""

import re
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from django.utils.translation import override

from niaga.invoicing.models import InvoiceBalance
from niaga.organization.access import SYSTEM
from niaga.parties.rules.credit import GroupCredit
from niaga.parties.services.raise_credit import raise_credit
from niaga.parties.services.save_group import save_group
from niaga.parties.services.set_credit_policy import set_credit_policy
from niaga.sales.errors import CreditExceeded, CreditOnHold, CreditOverdue
from niaga.sales.services.cancel_order import cancel_order
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.tests.credit_shop import DAY, LIMIT, Shop, late_invoice
from niaga.stock.models import Delivery
from tests.makers import (
    NOW,
    make_confirmed_order,
    make_customer,
    make_issued_invoice,
    make_payment,
)
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db


# the limit, of the customer or the group


def test_a_group_says_the_limit_of_members_without_one_of_their_own() -> None:
    shop = Shop(credit_limit=None)
    group = save_group(company_id=shop.world.company.id, code="G", name="Grosir", by=SYSTEM, at=NOW)
    shop.customer.__class__.objects.update(group=group)
    rich = make_customer(shop.world, group_id=group.id, credit_limit=Decimal(9_000_000))
    set_credit_policy(
        company_id=shop.world.company.id, overdue_days=None, groups=[GroupCredit(group.id, Decimal(200_000), None)],
        by=shop.finance, at=NOW,
    )  # fmt: skip

    with pytest.raises(CreditExceeded) as refused:
        shop.confirmed(2)
    shop.confirmed(1)
    make_confirmed_order(shop.world, shop.lines(20), customer=rich)
    sister = make_customer(shop.world, group_id=group.id)
    make_confirmed_order(shop.world, shop.lines(1), customer=sister)  # members do not share the limit

    assert refused.value.facts["limit"] == Decimal(200_000)
    assert refused.value.facts["over_by"] == Decimal(22_000)
    assert shop.exposure == Decimal(111_000)
    assert broken_promises() == []


def test_without_any_limit_a_customer_may_owe_any_amount() -> None:
    shop = Shop(credit_limit=None)

    shop.confirmed(400)

    assert shop.exposure == Decimal(44_400_000)


# an invoice that is late


@pytest.mark.parametrize("path", ["customer", "group", "company"])
def test_an_invoice_that_is_overdue_for_too_long_holds_and_names_itself(path: str) -> None:
    shop = Shop()
    group = save_group(company_id=shop.world.company.id, code="G", name="Grosir", by=SYSTEM, at=NOW)
    shop.customer.__class__.objects.update(group=group)
    policy = {"company": 30, "group": 90, "customer": 90}[path]
    of_group = {"company": None, "group": 30, "customer": 90}[path]
    set_credit_policy(company_id=shop.world.company.id, overdue_days=policy, by=shop.finance, at=NOW,
                      groups=[GroupCredit(group.id, None, of_group)])  # fmt: skip
    if path == "customer":
        shop.set(overdue_days=30)
    order = shop.draft(1)
    number = late_invoice(shop, 31)

    with override("en"), pytest.raises(CreditOverdue) as refused:
        shop.confirm(order)

    assert str(refused.value) == f"Invoice {number} is 31 days overdue; 30 are allowed."
    assert (refused.value.facts["invoice"], refused.value.facts["overdue_days"]) == (number, 31)
    order.refresh_from_db()
    assert order.status == "draft"


def test_days_that_are_allowed_hold_nothing_nor_does_a_paid_invoice() -> None:
    shop = Shop()
    shop.set(overdue_days=30)
    late_invoice(shop, 30)
    shop.confirmed(1)
    InvoiceBalance.objects.update(due_date=NOW.date() - 90 * DAY)

    make_payment(shop.world, shop.customer.id, 111_000)

    shop.confirmed(1)


def test_no_day_allowed_holds_from_the_first_day_overdue() -> None:
    shop = Shop()
    shop.set(overdue_days=0)
    order = shop.draft(1)
    late_invoice(shop, 0)
    shop.confirm(order)
    other = shop.draft(1)
    InvoiceBalance.objects.update(due_date=NOW.date() - DAY)

    with pytest.raises(CreditOverdue):
        shop.confirm(other)


# a raise with an end


def test_a_raise_counts_through_its_last_day_and_ends_by_itself() -> None:
    shop = Shop()
    raise_credit(
        customer_id=shop.customer.id, amount=Decimal(100_000), last_day=NOW.date() + DAY, reason="Ramadan",
        by=shop.finance, at=NOW,
    )  # fmt: skip
    first, second = shop.draft(5), shop.draft(5)
    cancel = shop.confirm(first)
    cancel_order(order_id=cancel.id, reason="Batal", by=shop.seller, at=NOW)

    confirm_order(order_id=second.id, by=shop.seller, at=NOW + DAY)
    delivery_id = shop.delivery(second)
    with pytest.raises(CreditExceeded):
        shop.ship(delivery_id, at=NOW + 2 * DAY)
    shop.ship(delivery_id, at=NOW + DAY)

    assert broken_promises() == []


# checked again when goods leave


def test_shipping_asks_again_whatever_happened_since() -> None:
    shop = Shop()
    order = shop.confirmed(4)
    delivery_id = shop.delivery(order)

    shop.set(on_hold=True)
    with pytest.raises(CreditOnHold):
        shop.ship(delivery_id)
    shop.set(limit=Decimal(400_000))
    with pytest.raises(CreditExceeded) as refused:
        shop.ship(delivery_id)
    shop.set(overdue_days=10)
    late_invoice_of = late_invoice_by_hand(shop)
    with pytest.raises(CreditOverdue):
        shop.ship(delivery_id)
    assert refused.value.facts["over_by"] == Decimal(44_000)
    assert Delivery.objects.get(pk=delivery_id).status == "draft"

    InvoiceBalance.objects.filter(pk=late_invoice_of).update(due_date=NOW.date())
    make_payment(shop.world, shop.customer.id, 111_000)
    shop.ship(delivery_id)
    assert Delivery.objects.get(pk=delivery_id).status == "shipped"


def late_invoice_by_hand(shop: Shop) -> UUID:
    shop.set(limit=LIMIT * 4)
    invoice = make_issued_invoice(shop.world, shop.lines(1), customer=shop.customer)
    balance = InvoiceBalance.objects.get(invoice=invoice)
    InvoiceBalance.objects.filter(pk=balance.pk).update(due_date=NOW.date() - 11 * DAY)
    shop.set(overdue_days=10)
    return balance.pk


def test_nothing_ships_an_order_but_the_verb_that_asks() -> None:
    """And nothing lets a customer owe more for orders without asking."""
    niaga = Path(__file__).resolve().parents[2]
    code = {path: path.read_text() for path in niaga.rglob("*.py") if "/tests/" not in str(path)}

    ships = {path.name for path, text in code.items() if re.search(r"(?<!def )\bship_delivery\(", text)}
    grows = {path.name for path, text in code.items() if re.search(r"orders=(?!-|exposure)\w", text)
             and "post_exposure(" in text and path.name != "post_exposure.py"}  # fmt: skip

    leaves = {path.name for path, text in code.items() if re.search(r"(?<!def )\bleave_warehouse\(", text)}
    assert ships == {"leave_warehouse.py"}
    assert leaves == {"ship_order_delivery.py", "ship_together.py"}
    assert grows <= {"confirm_order.py", "issue_invoice.py"}
    for name in (*leaves, "confirm_order.py", "carry_out_change.py"):
        text = (niaga / "sales/services" / name).read_text()
        assert "check_credit(" in text, name
