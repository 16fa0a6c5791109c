"""A swap of a faulty item that was bought in a bundle, with a coupon."""

from decimal import Decimal

import pytest

from niaga.invoicing.models import Invoice, InvoiceBalance
from niaga.invoicing.services.allocate_credit import allocate_credit
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.pricing.models import Coupon
from niaga.pricing.rules.new_promotion import NewPromotion
from niaga.pricing.services.create_promotion import create_promotion
from niaga.pricing.services.make_coupons import make_coupons
from niaga.returns.services.save_settings import save_settings
from niaga.returns.tests.shop import make_return, make_sold_order, settle, take_in
from niaga.sales.models import SalesOrder
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from niaga.stock.models import StockLevel
from tests.makers import NOW, make_bundle, make_payment, make_product, make_world
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db


def test_a_faulty_cup_from_a_hamper_with_a_coupon_is_swapped_at_its_share_of_what_was_paid() -> None:
    world = make_world()
    shared = {"by": world.owner, "at": NOW}
    cup = make_product(world, stock=10, name="Cangkir", cost=Decimal(10_000))
    coffee = make_product(world, stock=10, name="Kopi", cost=Decimal(30_000))
    hamper = make_bundle(world, {cup.id: 1, coffee.id: 1}, price=Decimal(200_000))
    sale = NewPromotion(name="Merdeka", kind="percent", tiers=((Decimal(0), Decimal(10)),), by_coupon=True)
    promotion = create_promotion(company_id=world.company.id, promotion=sale, **shared)
    make_coupons(promotion_id=promotion.id, codes=["MERDEKA"], **shared)
    order = make_sold_order(world, [LineInput(sku=hamper.sku, quantity=Decimal(2))], coupon_codes=["MERDEKA"])
    invoice = Invoice.objects.get()
    make_payment(world, order.customer_id, invoice.total, invoices=[(invoice.id, None)])

    rma = take_in(world, make_return(world, order, 1, part_id=cup.id), outcome="scrap")
    rma = settle(world, rma, way="exchange")
    note = Invoice.objects.get(kind="credit_note")
    swap = SalesOrder.objects.get(pk=rma.settlement.order_id)
    line = swap.lines.get()

    assert invoice.net == 360_000
    assert (note.net, note.total) == (45_000, 49_950)
    assert (line.product_id, line.quantity, line.net, swap.total) == (cup.id, 1, 45_000, 49_950)

    confirm_order(order_id=swap.id, **shared)
    ship_order_delivery(delivery_id=deliver_order(order_id=swap.id, **shared), **shared)
    second = issue_invoice(invoice_id=invoice_order(order_id=swap.id, **shared), **shared)
    allocate_credit(credit_note_id=note.id, invoice_id=second.id, **shared)

    assert InvoiceBalance.objects.get(invoice_id=second.id).settled_at == NOW
    assert [StockLevel.objects.get(product=one).on_hand for one in (cup, coffee)] == [7, 8]
    assert broken_promises() == []


def test_a_hamper_that_goes_back_whole_brings_its_coupon_back_and_a_gift_that_stays_is_charged() -> None:
    world = make_world()
    shared = {"by": world.owner, "at": NOW}
    cup = make_product(world, stock=10, name="Cangkir", cost=Decimal(10_000))
    coffee = make_product(world, stock=10, name="Kopi", cost=Decimal(30_000))
    spoon = make_product(world, stock=10, name="Sendok", price=Decimal(15_000))
    hamper = make_bundle(world, {cup.id: 1, coffee.id: 1}, price=Decimal(200_000))
    sale = NewPromotion(name="Merdeka", kind="percent", tiers=((Decimal(0), Decimal(10)),), by_coupon=True)
    promotion = create_promotion(company_id=world.company.id, promotion=sale, **shared)
    make_coupons(promotion_id=promotion.id, codes=["MERDEKA"], **shared)
    gift = NewPromotion(
        name="Sendok", kind="gift", gift_product_id=spoon.id, tiers=((Decimal(300_000), Decimal(2)),), priority=5
    )
    create_promotion(company_id=world.company.id, promotion=gift, **shared)
    save_settings(
        company_id=world.company.id, price_days=365, mails_slip=False, gifts="charge", coupons="whole", **shared
    )
    order = make_sold_order(world, [LineInput(sku=hamper.sku, quantity=Decimal(2))], coupon_codes=["MERDEKA"])
    invoice = Invoice.objects.get()
    make_payment(world, order.customer_id, invoice.total, invoices=[(invoice.id, None)])
    assert (invoice.net, Coupon.objects.get().uses) == (360_000, 1)

    settle(world, take_in(world, make_return(world, order, 1), outcome="restock"))
    settle(world, take_in(world, make_return(world, order, 1, part_id=cup.id), outcome="scrap"))
    last = settle(world, take_in(world, make_return(world, order, 1, part_id=coffee.id), outcome="restock"))
    notes = list(Invoice.objects.filter(kind="credit_note").order_by("number"))

    # one spoon stays with each hamper: 180,000 less 15,000; the cup's share; the coffee's share less the other spoon
    assert [note.net for note in notes] == [165_000, 45_000, 120_000]
    assert [note.total for note in notes] == [183_150, 49_950, 133_200]
    assert sum(note.net for note in notes) == invoice.net - 30_000
    assert (last.settlement.coupons, Coupon.objects.get().uses) == (["MERDEKA"], 0)
    assert [StockLevel.objects.get(product=one).on_hand for one in (cup, coffee, spoon)] == [9, 10, 8]
    assert broken_promises() == []
