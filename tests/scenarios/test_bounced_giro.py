"""A giro that bounced: cleared, paid back by the bank, owed again, and remembered."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from niaga.core.queries.together import ask
from niaga.invoicing.queries.allocations import open_balances
from niaga.ledger.queries.journal import journal_of
from niaga.parties.models import TimelineEntry
from niaga.payments.errors import NoGiro
from niaga.payments.models import Payment, PaymentReversal
from niaga.payments.queries.bounced import bounced_giros
from niaga.payments.services.clear_giro import clear_giro
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.payments.services.reverse_payment import reverse_payment
from niaga.sales.rules.lines import LineInput
from tests.makers import (
    NOW,
    World,
    make_customer,
    make_issued_invoice,
    make_payment,
    make_product,
    make_world,
    signed_in,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=9)


def make_giro(world: World) -> Payment:
    coffee = make_product(world, stock=20)
    invoice = make_issued_invoice(world, [LineInput(product_id=coffee.id, quantity=Decimal(10))])
    return record_payment(
        customer_id=invoice.customer_id, branch_id=world.branch.id, invoices=None, by=world.owner, at=NOW,
        details=PaymentDetails(
            method="giro", currency="IDR", amount=invoice.total, reference="GB 123456", giro_bank="BCA",
            giro_due_date=date(2026, 11, 25),
        ),
    )  # fmt: skip


def test_a_giro_that_bounced_after_it_was_cleared_is_owed_again_and_remembered() -> None:
    world = make_world()
    giro = make_giro(world)
    clear_giro(payment_id=giro.id, by=world.owner, at=NOW + timedelta(days=2))

    reverse_payment(payment_id=giro.id, reason="Saldo tidak cukup", bounced=True, by=world.owner, at=LATER)

    [owed] = open_balances(customer_id=giro.customer_id, by=world.owner)
    assert owed.total - owed.allocated == giro.amount
    sums: dict[str, Decimal] = {}
    [journal] = ask(journal_of(giro.id, by=world.owner))
    for row in journal:
        sums[row["code"]] = sums.get(row["code"], Decimal(0)) + row["amount"]
    assert set(sums.values()) == {Decimal(0)}
    told = TimelineEntry.objects.get(customer_id=giro.customer_id, kind="payment.bounced")
    assert (told.number, told.text) == (giro.number, "Saldo tidak cukup")
    [counted] = ask(bounced_giros(customer_ids=[giro.customer_id], by=world.owner))
    assert counted == {giro.customer_id: 1}


def test_a_giro_recorded_by_mistake_does_not_count_against_the_customer() -> None:
    world = make_world()
    giro = make_giro(world)

    reverse_payment(payment_id=giro.id, reason="Salah pelanggan", by=world.owner, at=LATER)

    [counted] = ask(bounced_giros(customer_ids=[giro.customer_id], by=world.owner))
    assert counted == {}


def test_only_a_giro_bounces() -> None:
    world = make_world()
    payment = make_payment(world, make_customer(world).id, 100_000)

    with pytest.raises(NoGiro):
        reverse_payment(payment_id=payment.id, reason="Ditolak", bounced=True, by=world.owner, at=LATER)

    assert not PaymentReversal.objects.exists()
    assert Payment.objects.get().status == "recorded"


def test_the_page_returns_a_giro_and_the_customer_s_page_warns() -> None:
    world = make_world()
    giro = make_giro(world)
    browser = signed_in(world)

    answer = browser.post(f"/payments/{giro.id}/giro-return", {"reason": "Tolakan kliring"})

    assert answer.status_code == 303
    page = browser.get(f"/payments/{giro.id}").content.decode()
    assert "Tolakan kliring" in page
    assert "Giro ditolak" in page
    listed = browser.get("/payments?bounced=1").content.decode()
    assert giro.number in listed
