"""Payments that meet on an invoice whose discount is a credit note: one note, whoever is first."""

import time
from decimal import Decimal

import pytest
from django.db import transaction

from niaga.core.errors import Refusal
from niaga.invoicing.models import GivenDiscount, Invoice, InvoiceBalance
from niaga.invoicing.queries.crediting import lock_issued_invoice
from niaga.invoicing.services.allocate import lock_open_invoices
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.invoicing.services.raise_dispute import raise_dispute
from niaga.payments.tests.test_discount_notes import LAST_DAY, billed, pay
from niaga.sales.services.credit_invoice import credit_invoice
from tests.makers import make_world
from tests.platform.test_races import PROCESSES, race
from tests.promises import broken_promises

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.platform]


def test_payments_at_once_make_one_note() -> None:
    world = make_world()
    [invoice] = billed(world)

    def work() -> str:
        return str(pay(world, invoice, 1_087_800).allocated)

    told = race([work] * PROCESSES)

    assert sorted(Decimal(one) for one in told) == [0] * (PROCESSES - 1) + [1_087_800]
    note = Invoice.objects.get(kind="credit_note")
    assert (note.total, GivenDiscount.objects.get().credit_note_id) == (22_200, note.pk)
    assert InvoiceBalance.objects.get(invoice=invoice).allocated == 1_110_000
    assert broken_promises() == []


def test_who_credits_the_invoice_at_that_moment_credits_what_the_discount_left() -> None:
    world = make_world()
    [invoice] = billed(world)

    def credit() -> str:
        try:
            note_id = credit_invoice(invoice_id=invoice.id, reason="Batal", by=world.owner, at=LAST_DAY)
            return str(issue_invoice(invoice_id=note_id, by=world.owner, at=LAST_DAY).total)
        except Refusal as refusal:
            return refusal.code

    def settle() -> str:
        return str(pay(world, invoice, 1_087_800).allocated)

    race([credit, settle] * (PROCESSES // 2))

    notes = Invoice.objects.filter(kind="credit_note", status="issued")
    assert sum(note.total for note in notes) == 1_110_000
    assert broken_promises() == []


def test_who_disputes_an_invoice_that_is_being_credited_stands_in_nobodys_way() -> None:
    """Who disputes holds what is open of it and names it; who credits it holds it, and settles what is open then."""
    world = make_world()
    [invoice] = billed(world)

    def credit() -> str:
        with transaction.atomic():
            lock_issued_invoice(invoice.pk)
            time.sleep(1)
            return str(lock_open_invoices(invoice_ids=[invoice.pk])[0].open)

    def dispute() -> str:
        time.sleep(0.4)
        raise_dispute(invoice_id=invoice.pk, reason="Barang kurang", by=world.owner, at=LAST_DAY)
        return "disputed"

    assert race([credit, dispute]) == ["1110000.0000", "disputed"]
