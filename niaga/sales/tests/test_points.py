"""Loyalty points on quotations and orders: used, given back, earned and taken back."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from niaga.invoicing.models import Invoice, InvoiceLine
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.parties.rules.terms import Part
from niaga.parties.services.save_payment_term import save_payment_term
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.payments.services.reverse_payment import reverse_payment
from niaga.pricing.errors import PointsRefused, TooFewPoints
from niaga.pricing.models import PointsAccount, PointsEntry, PointsLot
from niaga.pricing.rules.new_promotion import NewScope
from niaga.pricing.rules.replay import replay
from niaga.pricing.services.adjust_points import adjust_points
from niaga.pricing.services.expire_points import expire_points
from niaga.pricing.tests.makers import make_programme, make_promotion, make_tier
from niaga.sales.errors import PricesChanged
from niaga.sales.models import SalesOrderLine
from niaga.sales.queries.why import why_order_line
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.accept_quotation import accept_quotation
from niaga.sales.services.amend_order import amend_order
from niaga.sales.services.cancel_order import cancel_order
from niaga.sales.services.cancel_rest import cancel_rest
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.credit_invoice import credit_invoice
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.kept_line import kept_line
from niaga.sales.services.send_quotation import send_quotation
from niaga.sales.services.settle_points import settle_points
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from niaga.sales.services.take_prices import take_prices
from tests.makers import (
    NOW,
    make_accepted_order,
    make_confirmed_order,
    make_customer,
    make_issued_invoice,
    make_order,
    make_product,
    make_quotation,
    make_world,
)
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def shop(**programme: Any) -> tuple[Any, Any, Any]:
    """A company with a programme, a customer, and a product at 100,000."""
    world = make_world()
    make_programme(world.company, **programme)
    return world, make_customer(world), make_product(world, price=Decimal(100_000), stock=100)


def give(world: Any, customer: Any, points: int) -> None:
    adjust_points(customer_id=customer.id, points=points, reason="Selamat datang", by=world.owner, at=NOW)


def of(product: Any, quantity: int = 1) -> list[LineInput]:
    return [LineInput(product_id=product.id, quantity=Decimal(quantity))]


def balance(customer: Any) -> int:
    return PointsAccount.objects.get(customer=customer).balance


def told(customer: Any) -> list[tuple[str, int]]:
    rows = PointsEntry.objects.filter(account__customer=customer).order_by("at", "id")
    return list(rows.values_list("kind", "points"))


def issue(world: Any, invoice_id: UUID) -> Invoice:
    invoice = issue_invoice(invoice_id=invoice_id, by=world.owner, at=LATER)
    settle_points(invoice_id=invoice_id, at=LATER)
    return invoice


def credit(world: Any, invoice: Invoice, quantity: int | None = None, **how: Any) -> UUID:
    line = InvoiceLine.objects.get(invoice=invoice, product__isnull=False)
    named = None if quantity is None else {line.id: Decimal(quantity)}
    note_id = credit_invoice(
        invoice_id=invoice.id, quantities=named, reason="Rusak", by=world.owner, at=LATER, **how
    )  # fmt: skip
    issue(world, note_id)
    return note_id


def test_points_pay_a_part_of_an_order_and_are_used_when_it_is_confirmed():
    world, customer, coffee = shop()
    give(world, customer, 500)

    order = make_order(world, of(coffee, 2), customer=customer, points=300)

    line = SalesOrderLine.objects.get(order=order)
    assert (order.points_used, order.points_amount, order.discount_amount) == (300, 30_000, 0)
    assert (line.document_discount, line.points_discount, order.net, order.total) == (30_000, 30_000, 170_000, 188_700)
    assert replay(line.steps, "IDR").net == 170_000
    assert why_order_line(order_id=order.id, line_id=line.id, by=world.owner).sheet.agrees is True
    assert balance(customer) == 500
    confirm_order(order_id=order.id, by=world.owner, at=LATER)
    assert (balance(customer), told(customer)) == (200, [("adjust", 500), ("burn", -300)])
    assert broken_promises() == []


@pytest.mark.parametrize(
    ("points", "programme", "error"),
    [
        (501, {}, TooFewPoints), (20, {"least_points": 50}, PointsRefused), (55, {"step_points": 10}, PointsRefused),
        (500, {"most_percent": Decimal(10)}, PointsRefused), (10, {"valid_to": date(2026, 11, 1)}, PointsRefused),
        (10, {"point_value": Decimal(0)}, PointsRefused),
    ],
)  # fmt: skip
def test_points_that_cannot_be_used_are_refused_at_their_field_and_nothing_is_written(points, programme, error):
    world, customer, coffee = shop(**programme)
    give(world, customer, 500)

    with pytest.raises(error) as refused:
        make_order(world, of(coffee), customer=customer, points=points)

    assert refused.value.field == "points"
    assert SalesOrderLine.objects.count() == 0


def test_of_two_drafts_with_the_same_points_the_second_is_refused_and_stays_a_draft():
    world, customer, coffee = shop()
    give(world, customer, 500)
    first, second = (make_order(world, of(coffee), customer=customer, points=400) for _turn in range(2))
    confirm_order(order_id=first.id, by=world.owner, at=LATER)

    with pytest.raises(PricesChanged) as changed:
        confirm_order(order_id=second.id, by=world.owner, at=LATER)
    with pytest.raises(TooFewPoints) as refused:
        confirm_order(order_id=second.id, by=world.owner, at=LATER, prices="keep")

    second.refresh_from_db()
    assert (refused.value.field, refused.value.facts["available"]) == ("points", 100)
    assert [(one["old"], one["new"]) for one in changed.value.lines] == [(-40_000, -10_000)]
    assert (second.status, balance(customer)) == ("draft", 100)
    take_prices(order_id=second.id, by=world.owner, at=LATER)
    second = confirm_order(order_id=second.id, by=world.owner, at=LATER)
    assert (second.points_used, balance(customer)) == (100, 0)
    assert broken_promises() == []


def test_an_accepted_quotation_keeps_what_its_points_took_off_when_a_point_is_worth_less_by_then():
    world, customer, coffee = shop()
    give(world, customer, 500)
    order = make_accepted_order(world, of(coffee), customer=customer, points=200)
    make_programme(world.company, point_value=Decimal(50))

    order = confirm_order(order_id=order.id, by=world.owner, at=LATER)

    assert (order.points_used, order.points_amount, balance(customer)) == (200, 20_000, 300)
    assert broken_promises() == []


def test_cancelling_gives_the_points_back_until_the_day_they_had():
    world, customer, coffee = shop(expires_after=3)
    give(world, customer, 500)
    order = make_order(world, of(coffee), customer=customer, points=400)
    confirm_order(order_id=order.id, by=world.owner, at=LATER)

    cancel_order(order_id=order.id, reason="", by=world.owner, at=LATER)

    lots = PointsLot.objects.filter(remaining__gt=0).order_by("id").values_list("remaining", "expires_on")
    assert (balance(customer), list(lots)) == (500, [(100, date(2027, 2, 23)), (400, date(2027, 2, 23))])
    assert told(customer)[-1] == ("give_back", 400)
    assert broken_promises() == []


def test_an_amended_order_keeps_its_points_and_gives_back_those_that_no_longer_fit():
    world, customer, coffee = shop()
    give(world, customer, 3000)
    order = make_order(world, of(coffee, 3), customer=customer, points=2000)
    confirm_order(order_id=order.id, by=world.owner, at=LATER)
    line = SalesOrderLine.objects.select_related("unit").get(order=order)

    def amend(quantity: int) -> Any:
        wanted = [kept_line(line, quantity=Decimal(quantity))]
        return amend_order(order_id=order.id, version=None, lines=wanted, by=world.owner, at=LATER)

    more = amend(4)
    assert (more.points_used, more.points_amount, more.net, balance(customer)) == (2000, 200_000, 200_000, 1000)
    less = amend(1)
    assert (less.points_used, less.points_amount, less.net, balance(customer)) == (1000, 100_000, 0, 2000)
    assert broken_promises() == []


def test_an_issued_invoice_earns_once_and_its_discounts_count():
    world, customer, coffee = shop()
    give(world, customer, 100)
    invoice = make_issued_invoice(world, of(coffee, 3), customer=customer, points=100, discount_amount=Decimal(5_000))

    for _turn in range(2):
        settle_points(invoice_id=invoice.id, at=LATER)

    line = InvoiceLine.objects.get(invoice=invoice)
    assert (line.document_discount, line.net) == (15_000, 285_000)
    assert told(customer) == [("adjust", 100), ("burn", -100), ("earn", 28)]
    assert broken_promises() == []


def test_gifts_charges_promoted_and_excluded_lines_earn_nothing():
    world, customer, coffee = shop(not_on_promoted=True)
    freight = make_product(world, price=Decimal(50_000), kind="charge")
    plain = make_product(world, price=Decimal(70_000), stock=5)
    make_promotion(world.company, scopes=(NewScope(product_id=coffee.id),))
    invoice = make_issued_invoice(world, [*of(coffee), *of(freight), *of(plain)], customer=customer)

    settle_points(invoice_id=invoice.id, at=LATER)

    assert told(customer) == [("earn", 7)]
    make_programme(world.company, excluded=(NewScope(product_id=plain.id),))
    other = make_issued_invoice(world, of(plain), customer=customer)
    settle_points(invoice_id=other.id, at=LATER)
    assert told(customer) == [("earn", 7)]


def test_credit_notes_take_back_what_was_earned_and_give_back_what_was_used_to_the_last_point():
    world, customer, coffee = shop()
    give(world, customer, 101)
    invoice = make_issued_invoice(world, of(coffee, 3), customer=customer, points=101)
    settle_points(invoice_id=invoice.id, at=LATER)
    assert (invoice.net, told(customer)[-1]) == (289_900, ("earn", 28))

    first = credit(world, invoice, 1)
    settle_points(invoice_id=first, at=LATER)
    assert told(customer)[3:] == [("take_back", -9), ("give_back", 33)]
    assert broken_promises() == []
    credit(world, invoice)

    assert told(customer)[5:] == [("take_back", -19), ("give_back", 68)]
    assert balance(customer) == 101
    assert broken_promises() == []


def test_parts_of_an_order_tell_all_its_points_on_their_invoices_and_credit_notes():
    world, customer, coffee = shop()
    give(world, customer, 101)
    order = make_confirmed_order(world, of(coffee, 3), customer=customer, points=101, discount_percent=Decimal(10))
    line_id = SalesOrderLine.objects.get(order=order).id

    invoices = [
        issue(world, invoice_order(order_id=order.id, basis="ordered", quantities={line_id: Decimal(1)},
                                   by=world.owner, at=NOW))
        for _turn in range(3)
    ]  # fmt: skip
    notes = [Invoice.objects.get(pk=credit(world, invoices[0], bill_again=True))]

    assert [(one.points_used, one.points_amount, one.discount_amount) for one in invoices] == [
        (33, 3_367, 10_000), (34, 3_366, 10_000), (34, 3_367, 10_000),
    ]  # fmt: skip
    assert [(one.points_used, one.points_amount, one.discount_percent) for one in notes] == [(33, 3_367, 10)]
    for one in (*invoices, *notes):
        assert one.subtotal - one.discount_amount - one.points_amount == one.net
        assert one.net + one.tax + one.rounding == one.total
    assert sum(one.net for one in invoices) == order.net
    assert broken_promises() == []


def test_a_credit_note_that_is_told_before_its_invoice_comes_to_the_same():
    world, customer, coffee = shop()
    invoice = make_issued_invoice(world, of(coffee, 2), customer=customer)

    credit(world, invoice)
    settle_points(invoice_id=invoice.id, at=LATER)

    assert (told(customer), balance(customer)) == ([("earn", 20), ("take_back", -20)], 0)
    assert broken_promises() == []


def test_what_is_credited_to_be_billed_again_keeps_the_points_that_were_used():
    world, customer, coffee = shop()
    give(world, customer, 100)
    invoice = make_issued_invoice(world, of(coffee), customer=customer, points=100)
    settle_points(invoice_id=invoice.id, at=LATER)

    credit(world, invoice, bill_again=True)

    assert told(customer) == [("adjust", 100), ("burn", -100), ("earn", 9), ("take_back", -9)]
    assert broken_promises() == []


def test_points_that_were_used_already_are_owed_and_paid_by_the_next_ones():
    world, customer, coffee = shop()
    invoice = make_issued_invoice(world, of(coffee, 5), customer=customer)
    settle_points(invoice_id=invoice.id, at=LATER)
    order = make_order(world, of(coffee), customer=customer, points=50)
    confirm_order(order_id=order.id, by=world.owner, at=LATER)

    credit(world, invoice)
    account = PointsAccount.objects.get(customer=customer)
    assert (account.balance, account.owed) == (-50, 50)
    assert broken_promises() == []
    give(world, customer, 60)

    account.refresh_from_db()
    assert (account.balance, account.owed) == (10, 0)
    assert broken_promises() == []


def test_taking_back_the_rest_of_an_order_gives_back_its_part_of_the_points():
    world, customer, coffee = shop()
    give(world, customer, 100)
    order = make_order(world, of(coffee, 4), customer=customer, points=100)
    confirm_order(order_id=order.id, by=world.owner, at=LATER)
    line = SalesOrderLine.objects.get(order=order)
    delivery_id = deliver_order(order_id=order.id, quantities={line.id: Decimal(1)}, by=world.owner, at=LATER)
    ship_order_delivery(delivery_id=delivery_id, by=world.owner, at=LATER)

    cancel_rest(order_id=order.id, reason="Habis", by=world.owner, at=LATER)

    assert told(customer)[-1] == ("give_back", 75)
    invoice = issue(world, invoice_order(order_id=order.id, by=world.owner, at=LATER))
    assert invoice.net == 97_500
    credit(world, invoice)
    assert (told(customer)[-1], balance(customer)) == (("give_back", 25), 100)
    assert broken_promises() == []


def test_points_that_ended_cannot_be_used_and_are_ended_once():
    world, customer, coffee = shop(expires_after=1)
    give(world, customer, 100)
    over = NOW + timedelta(days=31)

    assert [expire_points(at=NOW + timedelta(days=29)), expire_points(at=over), expire_points(at=over)] == [0, 1, 0]

    assert (balance(customer), told(customer)[-1]) == (0, ("expire", -100))
    with pytest.raises(TooFewPoints):
        make_order(world, of(coffee), customer=customer, points=1)
    assert broken_promises() == []


def test_a_tier_is_reached_by_earning_multiplies_and_has_prices_of_its_own():
    world, customer, coffee = shop()
    gold = make_tier(world.company, "Emas", 20, multiplier=Decimal(2))
    make_promotion(world.company, tier_id=gold.id)
    invoice = make_issued_invoice(world, of(coffee, 2), customer=customer)
    assert invoice.net == 200_000

    settle_points(invoice_id=invoice.id, at=LATER)

    account = PointsAccount.objects.get(customer=customer)
    assert (account.tier, account.tier_until, account.tier_by_hand) == (gold, date(2027, 11, 23), False)
    second = make_issued_invoice(world, of(coffee, 1), customer=customer)
    settle_points(invoice_id=second.id, at=LATER)
    assert (second.net, told(customer)[-1]) == (90_000, ("earn", 18))
    assert make_order(world, of(coffee)).net == 100_000
    assert broken_promises() == []


def test_options_that_are_chosen_leave_the_points_what_they_take_off_and_every_line_still_proves_itself():
    world, customer, coffee = shop()
    give(world, customer, 600)
    lines = [*of(coffee), LineInput(product_id=coffee.id, is_optional=True)]
    quotation = make_quotation(world, lines, customer=customer, points=600)
    send_quotation(quotation_id=quotation.id, by=world.owner, at=NOW)
    option = quotation.lines.get(is_optional=True)

    order = accept_quotation(quotation_id=quotation.id, chosen=[option.id], by=world.owner, at=LATER)

    assert (quotation.points_amount, order.points_amount, order.net) == (60_000, 60_000, 140_000)
    stored = SalesOrderLine.objects.filter(order=order).order_by("position")
    assert [(line.points_discount, replay(line.steps, "IDR").net) for line in stored] == [(30_000, 70_000)] * 2
    confirm_order(order_id=order.id, by=world.owner, at=LATER)
    assert balance(customer) == 0
    assert broken_promises() == []


def test_a_discount_by_note_takes_its_points_and_a_debit_note_takes_none() -> None:
    """Taken back it is owed again, so that no part of the invoice is credited any more."""
    world, customer, product = shop()
    term = save_payment_term(
        company_id=world.company.id, code="2/10 n/30", name="2/10 n/30", parts=[Part(Decimal(100), 30)],
        discount_percent=Decimal(2), discount_days=10, discount_lessens_tax=True, by=world.owner, at=NOW,
    )  # fmt: skip
    customer = make_customer(world, payment_term_id=term.id)
    invoice = make_issued_invoice(world, of(product, 10), customer=customer)
    settle_points(invoice_id=invoice.id, at=NOW)
    whole = balance(customer)
    payment = record_payment(
        customer_id=customer.id, branch_id=invoice.branch_id, invoices=[(invoice.id, None)], by=world.owner, at=NOW,
        details=PaymentDetails(method="transfer", currency="IDR", amount=Decimal(1_087_800)),
    )  # fmt: skip

    settle_points(invoice_id=Invoice.objects.get(kind="credit_note").id, at=NOW)
    lessened = balance(customer)
    reverse_payment(payment_id=payment.id, reason="Salah", by=world.owner, at=LATER)
    settle_points(invoice_id=Invoice.objects.get(kind="debit_note").id, at=LATER)

    assert (whole, lessened, balance(customer)) == (100, 98, 98)
