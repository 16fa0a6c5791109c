"""2/10 n/30: who pays the rest in time has paid; late it takes a person's yes; what is taken back is owed again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import ProgrammingError, transaction
from django.db.models import Sum

from niaga.core.errors import Forbidden, Invalid, WrongState
from niaga.documents.rules.print_payload import print_payload
from niaga.invoicing.errors import NoDiscount, NotPaidUpToDiscount, ReasonMissing
from niaga.invoicing.models import Allocation, GivenDiscount, Invoice, InvoiceBalance
from niaga.invoicing.queries.early_discounts import Offer, standing_offers
from niaga.invoicing.queries.paper import invoice_paper
from niaga.invoicing.queries.statement import statement_of
from niaga.invoicing.services.grant_discount import grant_discount
from niaga.invoicing.services.take_back_discount import take_back_discount
from niaga.invoicing.services.write_off_invoice import write_off_invoice
from niaga.ledger.models import JournalLine
from niaga.parties.models import CreditAccount
from niaga.parties.rules.terms import Part
from niaga.parties.services.save_payment_term import save_payment_term
from niaga.payments.models import Payment
from niaga.payments.queries.match_facts import match_facts
from niaga.payments.rules.gateways.shape import PAID, Told
from niaga.payments.rules.match_facts import CERTAIN, LineFacts, Reason
from niaga.payments.rules.match_lines import match_line
from niaga.payments.services.allocate_advance import allocate_advance
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.payments.services.request_payment import request_payment
from niaga.payments.services.reverse_payment import reverse_payment
from niaga.payments.services.send_payment_request import send_payment_request
from niaga.payments.services.settle_payment_request import settle_payment_request
from niaga.payments.tests.gateways import make_gateway, without_a_net
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.put_invoice_right import RightDetails, put_invoice_right
from tests.makers import NOW, World, log_in, make_customer, make_issued_invoice, make_product, make_user, make_world

pytestmark = pytest.mark.django_db

LAST_DAY = NOW + timedelta(days=10)
TOO_LATE = NOW + timedelta(days=11)


def make_term(world: World, percent: Any = 2, days: int = 10) -> Any:
    return save_payment_term(
        company_id=world.company.id, code="2/10 n/30", name="2/10 n/30", parts=[Part(Decimal(100), 30)],
        discount_percent=Decimal(percent), discount_days=days, by=world.owner, at=NOW,
    )  # fmt: skip


def billed(world: World, count: int = 1) -> list[Invoice]:
    """Invoices of 1,110,000 each, with 2/10 n/30."""
    customer = make_customer(world, payment_term_id=make_term(world).id)
    product = make_product(world, stock=100)
    lines = [LineInput(product_id=product.id, quantity=Decimal(10))]
    return [make_issued_invoice(world, lines, customer=customer) for _n in range(count)]


def pay(world: World, invoice: Invoice, amount: Any, at: Any = LAST_DAY, invoices: Any = (), **told: Any) -> Payment:
    return record_payment(
        customer_id=invoice.customer_id, branch_id=invoice.branch_id, by=world.owner, at=at,
        invoices=[(invoice.id, None)] if invoices == () else invoices,
        details=PaymentDetails(method="transfer", currency="IDR", amount=Decimal(amount), **told),
    )  # fmt: skip


def open_of(invoice: Invoice) -> Decimal:
    found = InvoiceBalance.objects.get(invoice=invoice)
    return found.total - found.allocated


def books(world: World) -> dict[str, Decimal]:
    rows = JournalLine.objects.filter(entry__company_id=world.company.id, role__in=("receivable", "early_discounts"))
    return {role: amount for role, amount in rows.values_list("role").annotate(Sum("amount")) if amount}


def owed(invoice: Invoice) -> Decimal:
    return CreditAccount.objects.get(customer_id=invoice.customer_id).invoices


def test_who_pays_the_rest_on_the_last_day_has_paid() -> None:
    world = make_world()
    [invoice] = billed(world)
    total = open_of(invoice)

    offer = standing_offers(invoice_ids=[invoice.id], on=invoice.date)[invoice.id]
    payment = pay(world, invoice, offer.pay)

    assert offer == Offer(Decimal(2), invoice.date + timedelta(days=10), total / 50, total - total / 50, "IDR")
    assert (open_of(invoice), owed(invoice)) == (0, 0)
    assert payment.allocated == payment.amount == total - total / 50
    assert books(world) == {"early_discounts": total / 50}
    given = GivenDiscount.objects.get()
    assert (given.number, given.payment_id, given.late, given.amount) == (payment.number, payment.id, False, total / 50)


def test_a_day_late_nothing_is_let_go() -> None:
    world = make_world()
    [invoice] = billed(world)
    total = open_of(invoice)

    pay(world, invoice, total - total / 50, at=TOO_LATE)

    assert open_of(invoice) == owed(invoice) == total / 50
    assert not GivenDiscount.objects.exists()


def test_the_day_of_the_money_counts_and_not_the_day_it_is_recorded() -> None:
    world = make_world()
    [invoice] = billed(world)
    total = open_of(invoice)

    pay(world, invoice, total - total / 50, at=TOO_LATE, paid_on=LAST_DAY.date())

    assert open_of(invoice) == 0


def test_a_part_is_no_payment_of_the_rest_and_two_parts_in_time_are() -> None:
    world = make_world()
    [invoice] = billed(world)
    total = open_of(invoice)
    half = total / 2

    pay(world, invoice, half, at=NOW)

    assert open_of(invoice) == half
    pay(world, invoice, half - total / 50)
    assert (open_of(invoice), GivenDiscount.objects.get().amount) == (0, total / 50)


def test_what_is_paid_above_the_discounted_amount_is_the_customers_advance() -> None:
    world = make_world()
    [first, second] = billed(world, count=2)
    total = open_of(first)

    payment = pay(world, first, 2 * total, invoices=None)

    assert (open_of(first), open_of(second)) == (0, 0)
    assert payment.amount - payment.allocated == total / 25


def test_who_names_the_whole_amount_pays_the_whole() -> None:
    world = make_world()
    [invoice] = billed(world)
    total = open_of(invoice)

    pay(world, invoice, total, invoices=[(invoice.id, total)])

    assert open_of(invoice) == 0
    assert not GivenDiscount.objects.exists()


def test_nothing_is_given_on_what_was_written_off() -> None:
    world = make_world()
    [invoice] = billed(world)
    total = open_of(invoice)
    write_off_invoice(invoice_id=invoice.id, amount=total / 2, reason="Rusak", by=world.owner, at=NOW)

    offer = standing_offers(invoice_ids=[invoice.id], on=NOW.date())[invoice.id]

    assert (offer.amount, offer.pay) == (total / 100, total / 2 - total / 100)


def test_a_payment_taken_back_takes_its_discount_with_it() -> None:
    world = make_world()
    [invoice] = billed(world)
    total = open_of(invoice)
    payment = pay(world, invoice, total - total / 50)

    reverse_payment(payment_id=payment.id, reason="Salah", by=world.owner, at=LAST_DAY)

    assert open_of(invoice) == owed(invoice) == total
    assert books(world) == {"receivable": total}


def test_an_advance_that_came_in_time_earns_it_and_loses_it_when_it_is_released() -> None:
    world = make_world()
    [invoice] = billed(world)
    total = open_of(invoice)
    payment = pay(world, invoice, total, at=NOW, invoices=[])

    allocate_advance(payment_id=payment.id, invoice_id=invoice.id, by=world.owner, at=TOO_LATE)

    assert open_of(invoice) == 0
    payment.refresh_from_db()
    assert payment.allocated == total - total / 50
    allocate_advance(
        payment_id=payment.id, invoice_id=invoice.id, amount=-payment.allocated, by=world.owner, at=TOO_LATE
    )
    assert open_of(invoice) == owed(invoice) == total


def test_late_a_person_grants_it_with_a_reason_and_takes_it_back() -> None:
    world = make_world()
    [invoice] = billed(world)
    total = open_of(invoice)
    told = {"invoice_id": invoice.id, "reason": "Bank libur", "by": world.owner, "at": TOO_LATE}
    with pytest.raises(NotPaidUpToDiscount):
        grant_discount(**told)
    pay(world, invoice, total - total / 50, at=TOO_LATE)
    other = make_user(world.company, role="warehouse")
    for refusal, changed in [(ReasonMissing, {"reason": " "}), (Forbidden, {"by": other})]:
        with pytest.raises(refusal):
            grant_discount(**told | changed)
    assert open_of(invoice) == total / 50

    grant_discount(**told)

    given = GivenDiscount.objects.get()
    assert (open_of(invoice), given.late, given.reason) == (0, True, "Bank libur")
    with pytest.raises(NoDiscount):
        grant_discount(**told)
    back = {"discount_id": given.pk, "reason": "Keliru", "by": world.owner, "at": TOO_LATE}
    take_back_discount(**back)
    assert open_of(invoice) == owed(invoice) == total / 50
    with pytest.raises(WrongState):
        take_back_discount(**back)


def test_an_invoice_put_right_earns_its_discount_again() -> None:
    world = make_world()
    [invoice] = billed(world)
    total = open_of(invoice)
    pay(world, invoice, total - total / 50, at=NOW)

    right = put_invoice_right(
        invoice_id=invoice.id, by=world.owner, at=LAST_DAY,
        details=RightDetails(reason="Kurang catatan", note="Kopi", lines={}),
    )  # fmt: skip

    new = InvoiceBalance.objects.get(invoice_id=right.replacement_id)
    assert (new.total, new.allocated) == (total, total)
    assert GivenDiscount.objects.filter(reversal=None).get().invoice_id == right.replacement_id


def test_the_statement_tells_it_and_still_adds_up() -> None:
    world = make_world()
    [invoice] = billed(world)
    total = open_of(invoice)
    pay(world, invoice, total - total / 50)

    told = statement_of(customer_id=invoice.customer_id, since=NOW.date(), until=LAST_DAY.date(), by=world.owner)

    assert {line.kind: line.amount for line in told.accounts[0].lines} == {
        "invoice": total, "payment": total / 50 - total, "early_discount": -total / 50,
    }  # fmt: skip
    assert told.accounts[0].closing == 0


def test_a_term_refuses_a_discount_that_cannot_be() -> None:
    world = make_world()
    for percent, days in [(100, 10), (-1, 10), (0, 10), (2, 3651)]:
        with pytest.raises(Invalid):
            make_term(world, percent, days)


def test_given_discounts_are_only_ever_added() -> None:
    world = make_world()
    [invoice] = billed(world)
    pay(world, invoice, open_of(invoice) * 98 / 100)

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        GivenDiscount.objects.update(amount=1)

    assert Allocation.objects.get(source_kind="early_discount").amount == GivenDiscount.objects.get().amount


def test_a_gateway_asks_for_the_discounted_amount_and_it_holds_however_late_the_gateway_tells() -> None:
    world = make_world()
    make_gateway(world)
    [invoice] = billed(world)
    total = open_of(invoice)

    request = request_payment(invoice_id=invoice.id, method="link", by=world.owner, at=LAST_DAY)

    assert request.amount == total - total / 50
    assert request.expires_at == datetime(2026, 12, 3, 17, tzinfo=UTC)  # the end of 3 December in Jakarta
    with without_a_net():
        send_payment_request(request_id=request.id, clock=lambda: LAST_DAY)
    request.refresh_from_db()
    told = Told(str(request.id), PAID, amount=request.amount)
    settle_payment_request(request_id=request.id, told=told, account_id=request.account_id, at=TOO_LATE)
    assert (open_of(invoice), GivenDiscount.objects.get().amount) == (0, total / 50)


def test_a_day_late_a_gateway_asks_for_all() -> None:
    world = make_world()
    make_gateway(world)
    [invoice] = billed(world)

    request = request_payment(invoice_id=invoice.id, method="link", by=world.owner, at=TOO_LATE)

    assert request.amount == open_of(invoice)


def test_a_bank_line_of_the_discounted_amount_is_certain_and_says_why() -> None:
    world = make_world()
    [invoice] = billed(world)
    total = open_of(invoice)
    line = LineFacts(uuid4(), LAST_DAY.date(), total - total / 50, f"TRF {invoice.number}")
    known = {"company_id": world.company.id, "currency": "IDR", "by": world.owner}

    match = match_line(line, match_facts(lines=[line], **known))

    assert match.outcome == CERTAIN
    assert match.proposals[0].shares == [(invoice.id, total - total / 50)]
    assert match.proposals[0].reasons[-1] == Reason("early_discount", {"amount": total / 50})
    late = replace(line, date=TOO_LATE.date())
    assert "early_discount" not in {
        reason.code for one in match_line(late, match_facts(lines=[late], **known)).proposals for reason in one.reasons
    }  # fmt: skip


def test_pages_papers_and_the_api_tell_what_pays_it_until_when(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIAGA_NOW", "2026-11-25")
    world = make_world()
    [invoice] = billed(world)
    browser = log_in(world.owner)

    page = browser.get(f"/invoices/{invoice.pk}").content.decode()
    form = browser.get(f"/payments/new?customer={invoice.customer_id}&invoice={invoice.pk}&date=2026-11-25")
    paper = invoice_paper(subject_id=invoice.pk, by=world.owner, language="id", variant="")
    payload = print_payload(kind=paper.kind, document=paper.data, language="id")

    pay = "1.087.800"
    assert pay in form.content.decode()
    assert "sampai 3 Des 2026: potongan pembayaran awal 2 %" in page.replace("\N{NO-BREAK SPACE}", " ")
    [block] = [one for one in [*payload["blocks"], *payload["beside"]] if one["label"] == "Potongan pembayaran awal"]
    told = block["text"].replace("\N{NO-BREAK SPACE}", " ")
    assert told == "Bayar Rp 1.087.800 paling lambat 3 Des 2026 dan faktur ini lunas: potongan 2 %."
