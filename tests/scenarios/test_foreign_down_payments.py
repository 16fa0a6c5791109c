"""Money before goods in another currency, and what is corrected afterwards: however down payments are taken off,
credited, paid and paid back at rates that move, the advances come to nothing at the end, to the last rupiah."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

import pytest
from django.db.models import F

from niaga.invoicing.errors import CreditsTooMuch
from niaga.invoicing.models import Invoice, InvoiceBalance, InvoiceLine
from niaga.invoicing.services.allocate_credit import allocate_credit
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.payments.models import Payment
from niaga.payments.services.reverse_payment import reverse_payment
from niaga.sales.models import SalesOrderLine
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.credit_invoice import credit_invoice
from niaga.sales.services.discard_invoice import discard_invoice
from niaga.sales.services.invoice_down_payment import invoice_down_payment
from niaga.sales.services.invoice_order import invoice_order
from tests.makers import NOW, World, make_confirmed_order, make_customer, make_order, make_product, make_world
from tests.promises import broken_promises
from tests.scenarios.foreign_books import DAY, D, balances, exporter, exposure, journal, line, paid, rated

pytestmark = pytest.mark.django_db


def issued(world: World, draft: UUID, at: datetime = NOW) -> Invoice:
    return issue_invoice(invoice_id=draft, by=world.owner, at=at)


def credited(world: World, invoice: Invoice, at: datetime = NOW, **quantities: Decimal) -> Invoice:
    """A credit note of so much of the lines at the named places (`at1` …), or of all that is left."""
    places = {f"at{place}": key for place, key in InvoiceLine.objects.filter(invoice=invoice).values_list(
        "position", "id")}  # fmt: skip
    named = {places[place]: quantity for place, quantity in quantities.items()} or None
    draft = credit_invoice(invoice_id=invoice.id, quantities=named, reason="Broken", by=world.owner, at=at)
    return issued(world, draft, at)


def trader(seed: int, draw: Random) -> tuple[World, str, Callable[[], datetime]]:
    """A company, the currency of its buyer, whose rate is another every day, and a clock that goes on by a day."""
    world = exporter("USD", "KWD", charges_tax=bool(seed % 2))
    code, middle = (("USD", 16_450), ("KWD", 53_217))[seed % 3 == 2]
    days = [NOW + timedelta(days=ahead) for ahead in range(20)]
    for day in days:
        rate = D(middle) * (1 + D(draw.randint(-900, 900)) / 10_000) + D(draw.randint(0, 999)) / 1000
        rated(world, (code, str(rate)), day=day.date())
    return world, code, iter(days).__next__


def part_of(invoice: Invoice, draw: Random) -> dict[str, Decimal]:
    """About the same part of each line, so that what is credited and what is left of the invoice are sums to pay."""
    rows = InvoiceLine.objects.filter(invoice=invoice).values_list("position", "quantity")
    middle = draw.randint(300, 700)
    return {f"at{place}": quantity * D(middle + draw.randint(-60, 60)) / 1000 for place, quantity in rows}


def test_what_an_invoice_took_off_is_there_again_when_it_is_credited() -> None:
    world = make_world(charges_tax=False)
    tea = make_product(world, kind="service", price=D(100))
    order = make_confirmed_order(world, [line(tea, "10")])
    issued(world, invoice_down_payment(order_id=order.id, percent=D(30), by=world.owner, at=NOW))
    wrong = issued(world, invoice_order(order_id=order.id, basis="ordered", by=world.owner, at=NOW))

    draft = credit_invoice(invoice_id=wrong.id, reason="Address", bill_again=True, by=world.owner, at=NOW)
    issued(world, draft)
    right = issued(world, invoice_order(order_id=order.id, basis="ordered", by=world.owner, at=NOW))

    assert (wrong.total, right.total, right.advance_net) == (D(700), D(700), D(300))
    assert balances(world).keys() == {"receivable", "revenue"}
    assert broken_promises() == []


def test_a_down_payment_that_was_taken_off_is_not_credited_as_well() -> None:
    world = make_world(charges_tax=False)
    tea = make_product(world, kind="service", price=D(100))
    order = make_confirmed_order(world, [line(tea, "10")])
    ahead = issued(world, invoice_down_payment(order_id=order.id, percent=D(80), by=world.owner, at=NOW))
    [stored] = SalesOrderLine.objects.filter(order=order)
    invoice_order(order_id=order.id, quantities={stored.id: D(6)}, by=world.owner, at=NOW)

    with pytest.raises(CreditsTooMuch) as refusal:
        credit_invoice(invoice_id=ahead.id, reason="Cancelled", by=world.owner, at=NOW)

    assert [one["available"] for one in refusal.value.lines] == [D("0.25")]
    assert not Invoice.objects.filter(kind="credit_note").exists()
    [row] = InvoiceLine.objects.filter(invoice=ahead)
    draft = credit_invoice(
        invoice_id=ahead.id, quantities={row.id: D("0.25")}, reason="Cancelled", by=world.owner, at=NOW
    )
    assert issued(world, draft).total == D(200)
    assert balances(world)["advances"] == D(-600)
    assert broken_promises() == []


def test_a_part_that_is_credited_goes_back_to_the_advances_at_the_rate_it_came_from() -> None:
    world = exporter()
    for ahead, rate in enumerate(("16000", "17000", "17500", "16250")):
        rated(world, ("USD", rate), day=DAY + timedelta(days=ahead))
    days = [NOW + timedelta(days=ahead) for ahead in range(4)]
    buyer = make_customer(world, currency="USD")
    tea = make_product(world, kind="service", price=D(1_600_000))
    order = make_confirmed_order(world, [line(tea, "10")], customer=buyer)
    down = issued(world, invoice_down_payment(order_id=order.id, percent=D(30), by=world.owner, at=NOW))
    paid(world, buyer.id, "300", invoices=[(down.id, None)])
    bill = issued(world, invoice_order(order_id=order.id, basis="ordered", by=world.owner, at=days[1]), days[1])

    note = credited(world, bill, days[2], at1=D(4), at2=D("0.4"))

    assert journal(bill.id) == [{"receivable": D(11_900_000), "revenue": D(-16_700_000), "advances": D(4_800_000)}]
    assert (note.total, note.base_total, note.advance_base) == (D(280), D(4_760_000), D(1_920_000))
    assert journal(note.id) == [{"receivable": D(-4_760_000), "revenue": D(6_680_000), "advances": D(-1_920_000)}]
    assert broken_promises() == []

    rest = paid(world, buyer.id, "420", on=DAY + timedelta(days=3))
    back = credited(world, down, days[3], at1=D("0.4"))

    assert journal(rest.id) == [{"bank": D(6_825_000), "receivable": D(-7_140_000), "exchange_loss": D(315_000)}]
    assert journal(back.id) == [{"receivable": D(-1_920_000), "advances": D(1_920_000)}]
    assert exposure(buyer.id) == (D(0), D(-1_920_000), D(0))
    assert balances(world) == {
        "bank": D(11_625_000), "receivable": D(-1_920_000), "revenue": D(-10_020_000), "exchange_loss": D(315_000),
    }  # fmt: skip
    assert broken_promises() == []


def test_two_down_payments_of_two_rates_are_not_mixed_when_one_is_given_back() -> None:
    world = exporter()
    rated(world, ("USD", "16000"))
    rated(world, ("USD", "18000"), day=DAY + timedelta(days=1))
    later = NOW + timedelta(days=1)
    tea = make_product(world, kind="service", price=D(1_600_000))
    order = make_confirmed_order(world, [line(tea, "10")], currency="USD")
    first = issued(world, invoice_down_payment(order_id=order.id, percent=D(20), by=world.owner, at=NOW))
    issued(world, invoice_down_payment(order_id=order.id, percent=D(30), by=world.owner, at=later), later)
    bill = issued(world, invoice_order(order_id=order.id, basis="ordered", by=world.owner, at=later), later)

    note = credited(world, bill, later, at1=D(5), at2=D(1))

    assert (bill.advance_base, first.advance_base) == (D(8_600_000), D(-3_200_000))
    assert (note.total, note.advance_net, note.advance_base) == (D(300), D(200), D(3_200_000))
    assert balances(world)["advances"] == D(-3_200_000)
    assert broken_promises() == []


def test_a_draft_that_was_thrown_away_leaves_nothing_in_the_advances() -> None:
    world = exporter()
    rated(world, ("USD", "16450.333"))
    tea = make_product(world, kind="service", price=D(1_600_000))
    order = make_order(world, [line(tea, "9", unit_price=D("33.33"))], currency="USD")
    confirm_order(order_id=order.id, by=world.owner, at=NOW)
    [stored] = SalesOrderLine.objects.filter(order=order)
    issued(world, invoice_down_payment(order_id=order.id, amount=D("99.99"), by=world.owner, at=NOW))

    drafts = [
        invoice_order(order_id=order.id, quantities={stored.id: D(1)}, by=world.owner, at=NOW) for _turn in range(2)
    ]
    discard_invoice(invoice_id=drafts[0], by=world.owner, at=NOW)
    issued(world, drafts[1])
    issued(world, invoice_order(order_id=order.id, basis="ordered", by=world.owner, at=NOW))

    assert "advances" not in balances(world)
    assert broken_promises() == []


@pytest.mark.parametrize("seed", range(6))
def test_when_all_is_credited_in_parts_nothing_is_left_of_it_on_any_account(seed: int) -> None:
    """Down payments, invoices and credit notes in parts, at rates of their own days: after each the promises hold, and
    at the end neither receivable nor advances nor revenue nor tax is left, only what the rates gained and lost."""
    draw = Random(20261127 + seed)
    world, code, later = trader(seed, draw)
    buyer = make_customer(world, currency=code)
    tea, rice = (make_product(world, kind="service", price=D(price)) for price in (987_654, 123_457))
    order = make_confirmed_order(world, [line(tea, "7"), line(rice, "11", discount_percent=D("3.3"))], customer=buyer)
    claims: list[Invoice] = []
    for percent in (draw.randint(3, 9), draw.randint(3, 9)):
        at = later()
        draft = invoice_down_payment(order_id=order.id, percent=D(percent), by=world.owner, at=at)
        claims.append(issued(world, draft, at))
    first, second = SalesOrderLine.objects.filter(order=order).order_by("position")
    at = later()
    some = {first.id: D(draw.randint(2, 4)), second.id: D(draw.randint(2, 7))}
    claims.append(issued(world, invoice_order(order_id=order.id, quantities=some, by=world.owner, at=at), at))
    notes = [credited(world, claims[2], later(), **part_of(claims[2], draw))]
    assert broken_promises() == []
    at = later()
    claims.append(issued(world, invoice_order(order_id=order.id, basis="ordered", by=world.owner, at=at), at))
    notes.append(credited(world, claims[3], later(), **part_of(claims[3], draw)))
    assert broken_promises() == []
    mistaken = paid(world, buyer.id, "50", currency=code, on=later().date())
    reverse_payment(payment_id=mistaken.id, reason="Again", by=world.owner, at=later())
    notes += [credited(world, claims[2], later()), credited(world, claims[3], later())]
    assert broken_promises() == []
    notes += [credited(world, down, later()) for down in claims[:2]]
    assert broken_promises() == []

    for note in notes:
        for balance in InvoiceBalance.objects.filter(customer_id=buyer.id).exclude(kind="credit_note"):
            kept = InvoiceBalance.objects.get(invoice=note)
            if balance.total > balance.allocated and kept.total > kept.allocated:
                allocate_credit(credit_note_id=note.id, invoice_id=balance.invoice_id, by=world.owner, at=NOW)

    stands = balances(world)
    assert stands.keys() <= {"exchange_gain", "exchange_loss", "exchange_rounding"}, stands
    assert sum(stands.values()) == 0
    assert abs(stands.get("exchange_rounding", D(0))) < 10
    assert exposure(buyer.id)[1:] == (D(0), D(0))
    assert not Payment.objects.exclude(status="reversed").exists()
    assert broken_promises() == []


@pytest.mark.parametrize("seed", range(6))
def test_when_all_is_billed_again_and_paid_nothing_of_what_was_paid_ahead_is_left(seed: int) -> None:
    """A down payment at rate A, invoices at B, a part credited at C and billed again, paid in parts at D and E with one
    payment reversed and paid anew: receivable and advances come to exactly nothing."""
    draw = Random(20261128 + seed)
    world, code, later = trader(seed, draw)
    buyer = make_customer(world, currency=code)
    tea, rice = (make_product(world, kind="service", price=D(price)) for price in (987_654, 123_457))
    order = make_confirmed_order(world, [line(tea, "7"), line(rice, "11", discount_percent=D("3.3"))], customer=buyer)
    for percent in (draw.randint(4, 14), draw.randint(4, 14)):
        at = later()
        down = issued(world, invoice_down_payment(order_id=order.id, percent=D(percent), by=world.owner, at=at), at)
        paid(world, buyer.id, str(down.total), currency=code, on=later().date())
    first, second = SalesOrderLine.objects.filter(order=order).order_by("position")

    at = later()
    some = {first.id: D(draw.randint(3, 5)), second.id: D(draw.randint(4, 7))}
    early = issued(world, invoice_order(order_id=order.id, quantities=some, by=world.owner, at=at), at)
    at = later()
    part = part_of(early, draw)
    rows = InvoiceLine.objects.filter(invoice=early).values_list("position", "id")
    quantities = {key: part[f"at{place}"] for place, key in rows}
    draft = credit_invoice(
        invoice_id=early.id, quantities=quantities, reason="Wrong price", bill_again=True, by=world.owner, at=at
    )
    note = issued(world, draft, at)
    assert broken_promises() == []
    at = later()
    issued(world, invoice_order(order_id=order.id, basis="ordered", by=world.owner, at=at), at)
    assert broken_promises() == []

    whole = sum((one.open for one in open_of(buyer.id)), D(0))
    third = (whole / 3).quantize(D("0.01"))
    mistaken = paid(world, buyer.id, str(third), currency=code, on=later().date())
    paid(world, buyer.id, str(whole - third), currency=code, on=later().date())
    reverse_payment(payment_id=mistaken.id, reason="Returned", by=world.owner, at=later())
    assert broken_promises() == []
    paid(world, buyer.id, str(third), currency=code, on=later().date())

    stands = balances(world)
    assert not open_of(buyer.id)
    assert InvoiceBalance.objects.get(invoice=note).settled_at
    assert stands.keys() & {"receivable", "advances"} == set()
    assert exposure(buyer.id) == (D(0), D(0), D(0))
    assert broken_promises() == []


def open_of(customer_id: UUID) -> list[InvoiceBalance]:
    rows = InvoiceBalance.objects.filter(customer_id=customer_id, allocated__lt=F("total"))
    return list(rows.exclude(kind="credit_note").annotate(open=F("total") - F("allocated")))
