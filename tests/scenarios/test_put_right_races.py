"""Two people at one invoice, in real processes: it is put right once and given up once, and the books stay whole."""

from collections import Counter
from decimal import Decimal
from uuid import UUID

import pytest
from django.db.models import Sum

from niaga.invoicing.models import Correction, InvoiceBalance, WriteOff
from niaga.ledger.models import JournalLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.tests.test_races import at_once
from tests.makers import NOW, make_issued_invoice, make_product, make_world

pytestmark = pytest.mark.django_db(transaction=True)


def _right(invoice_id: UUID, line_id: UUID, user_id: UUID, price: int) -> None:
    from niaga.organization.models import User
    from niaga.sales.rules.put_right import RightLine
    from niaga.sales.services.put_invoice_right import RightDetails, put_invoice_right

    details = RightDetails("Harga salah", {line_id: RightLine(unit_price=Decimal(price))})
    put_invoice_right(invoice_id=invoice_id, details=details, by=User.objects.get(pk=user_id), at=NOW)


def _pay(customer_id: UUID, branch_id: UUID, user_id: UUID) -> None:
    from niaga.organization.models import User
    from niaga.payments.services.record_payment import PaymentDetails, record_payment

    details = PaymentDetails(method="transfer", currency="IDR", amount=Decimal(100_000))
    record_payment(
        customer_id=customer_id, branch_id=branch_id, details=details, invoices=None, by=User.objects.get(pk=user_id),
        at=NOW,
    )  # fmt: skip


def _give_up(invoice_id: UUID, user_id: UUID) -> None:
    from niaga.invoicing.services.write_off_invoice import write_off_invoice
    from niaga.organization.models import User

    write_off_invoice(invoice_id=invoice_id, reason="Pailit", by=User.objects.get(pk=user_id), at=NOW)


def test_of_two_who_put_an_invoice_right_while_it_is_paid_one_wins_and_no_rupiah_is_lost() -> None:
    world = make_world()
    product = make_product(world, stock=10)
    invoice = make_issued_invoice(world, [LineInput(product_id=product.id, quantity=Decimal(10))])
    line, by = invoice.lines.get(kind="item").id, world.owner.id

    answers = at_once(
        (_right, (invoice.id, line, by, 90_000)), (_right, (invoice.id, line, by, 80_000)),
        (_pay, (invoice.customer_id, world.branch.id, by)),
    )  # fmt: skip

    assert Counter(answers) == Counter({"done": 2, "put_right_already": 1})
    replacement = Correction.objects.get().replacement
    assert replacement.net in (900_000, 800_000)
    kept = dict(JournalLine.objects.values_list("role").annotate(Sum("amount")))
    left = InvoiceBalance.objects.get(invoice=replacement)
    assert kept["receivable"] == left.total - left.allocated
    assert kept["receivable"] + kept.get("advances", 0) == replacement.total - 100_000
    assert (kept["revenue"], kept["bank"], sum(kept.values())) == (-replacement.net, 100_000, 0)


def test_of_two_who_write_an_invoice_off_one_does() -> None:
    world = make_world()
    product = make_product(world, stock=10)
    invoice = make_issued_invoice(world, [LineInput(product_id=product.id, quantity=Decimal(10))])

    answers = at_once(*[(_give_up, (invoice.id, world.owner.id))] * 2)

    assert Counter(answers) == Counter({"done": 1, "writes_off_too_much": 1})
    assert WriteOff.objects.get().amount == invoice.total
