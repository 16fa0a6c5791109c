"""What was not exchanged yet is owed, and holds nobody up as overdue."""

from datetime import timedelta
from decimal import Decimal

import pytest

from niaga.invoicing.services.plan_exchange_round import plan_exchange_round
from niaga.invoicing.services.record_exchange import Outcome, record_exchange
from niaga.organization.access import SYSTEM
from niaga.parties.rules.terms import Part
from niaga.parties.services.save_payment_term import save_payment_term
from niaga.sales.errors import CreditOverdue
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.tests.credit_shop import Shop
from tests.makers import NOW, make_customer, make_issued_invoice

pytestmark = pytest.mark.django_db


def test_credit_counts_days_from_the_exchange_alone() -> None:
    shop = Shop()
    term = save_payment_term(
        company_id=shop.world.company.id, code="TT0", name="Saat tukar faktur", by=SYSTEM, at=NOW,
        parts=[Part(Decimal(100), after_exchange=True)],
    )  # fmt: skip
    shop.customer = make_customer(
        shop.world, credit_limit=Decimal(100_000_000), salesperson_id=shop.seller.id, payment_term_id=term.id
    )
    shop.set(limit=Decimal(100_000_000), overdue_days=0)
    claim = make_issued_invoice(shop.world, shop.lines(1), customer=shop.customer)
    later = NOW + timedelta(days=60)

    free = confirm_order(order_id=shop.draft(1).id, by=shop.seller, at=later)
    found = plan_exchange_round(
        date=NOW.date(), collector_id=shop.world.owner.id, invoice_ids=[claim.pk], by=shop.world.owner, at=NOW
    )
    record_exchange(
        round_id=found.pk, invoice_ids=[claim.pk], outcome=Outcome("taken", receipt_number="TT-1"),
        by=shop.world.owner, at=NOW,
    )  # fmt: skip

    assert (free.status, shop.exposure) == ("confirmed", Decimal(222_000))
    with pytest.raises(CreditOverdue):
        confirm_order(order_id=shop.draft(1).id, by=shop.seller, at=later)
