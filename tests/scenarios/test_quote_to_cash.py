"""The whole story: from an offer to money in the bank."""

from decimal import Decimal

import pytest

from niaga.invoicing.models import InvoiceBalance
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.ledger.models import JournalLine
from niaga.parties.models import CreditAccount
from niaga.payments.models import Payment
from niaga.sales.models import SalesOrder
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.accept_quotation import accept_quotation
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from niaga.stock.models import Reservation, StockLevel
from tests.makers import NOW, make_customer, make_payment, make_product, make_quotation, make_world

pytestmark = pytest.mark.django_db


def test_a_quotation_becomes_money_in_the_bank():
    world = make_world()
    customer = make_customer(world)
    coffee = make_product(world, stock=200, price=Decimal(92_000), cost=Decimal(70_000))
    sugar = make_product(world, stock=50, price=Decimal(742_000))

    quotation = make_quotation(
        world,
        [
            LineInput(kind="section", description="Bahan"),
            LineInput(sku=coffee.sku, quantity=Decimal(120), discount_percent=Decimal(5)),
            LineInput(product_id=sugar.id, quantity=Decimal(18)),
        ],
        customer=customer,
    )
    # 120 x 92,000 - 5 % = 10,488,000; 18 x 742,000 = 13,356,000; DPP 11/12; PPN 12 %
    assert (quotation.number, quotation.net) == ("SQ-2026-00001", Decimal(23_844_000))
    assert (quotation.other_tax_base, quotation.tax) == (Decimal(21_857_000), Decimal(2_622_840))
    assert quotation.total == Decimal(26_466_840)

    order = accept_quotation(quotation_id=quotation.id, by=world.owner, at=NOW, name="Ibu Sari")
    assert (order.number, order.status, order.total) == ("SO-2026-00001", "draft", Decimal(26_466_840))

    confirm_order(order_id=order.id, by=world.owner, at=NOW)
    level = StockLevel.objects.get(product=coffee)
    assert (level.on_hand, level.reserved) == (200, 120)
    assert CreditAccount.objects.get(customer=customer).orders == Decimal(26_466_840)

    delivery_id = deliver_order(order_id=order.id, by=world.owner, at=NOW)
    shipped = ship_order_delivery(delivery_id=delivery_id, by=world.owner, at=NOW)
    level.refresh_from_db()
    assert (shipped.delivery_progress, level.on_hand, level.reserved) == ("done", 80, 0)
    assert not Reservation.objects.filter(quantity__gt=0).exists()

    invoice_id = invoice_order(order_id=order.id, by=world.owner, at=NOW)
    invoice = issue_invoice(invoice_id=invoice_id, by=world.owner, at=NOW)
    assert (invoice.number, invoice.total) == ("INV-2026-00001", Decimal(26_466_840))
    account = CreditAccount.objects.get(customer=customer)
    assert (account.orders, account.invoices, account.advances) == (0, Decimal(26_466_840), 0)

    payment = make_payment(world, customer.id, Decimal(30_000_000))
    assert (payment.number, payment.allocated) == ("PAY-2026-00001", Decimal(26_466_840))
    balance = InvoiceBalance.objects.get(invoice_id=invoice.id)
    assert (balance.allocated, balance.settled_at) == (balance.total, NOW)
    account.refresh_from_db()
    assert (account.orders, account.invoices, account.advances) == (0, 0, Decimal(3_533_160))

    books: dict[str, Decimal] = {}
    for role, amount in JournalLine.objects.values_list("role", "amount"):
        books[role] = books.get(role, Decimal(0)) + amount
    assert books == {
        "bank": Decimal(30_000_000),
        "receivable": 0,
        "revenue": Decimal(-23_844_000),
        "tax_payable": Decimal(-2_622_840),
        "advances": Decimal(-3_533_160),
        "inventory": Decimal(80 * 70_000),
        "goods_received": Decimal(-200 * 70_000),
        "cost_of_sales": Decimal(120 * 70_000),
    }
    assert SalesOrder.objects.get(pk=order.id).invoice_progress == "done"
    assert Payment.objects.get(pk=payment.id).amount - payment.allocated == Decimal(3_533_160)
