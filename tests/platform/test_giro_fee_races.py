"""People who charge the fee of one returned giro at once: real processes, one invoice."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from niaga.invoicing.models import Invoice
from niaga.payments.models import GiroFee
from niaga.payments.services.charge_giro_fee import charge_giro_fee
from niaga.payments.services.record_giro_return import record_giro_return
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from tests.makers import NOW, make_customer, make_world
from tests.platform.test_races import race
from tests.promises import broken_promises

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.platform]


def test_the_fee_of_a_return_is_charged_once_whoever_is_first() -> None:
    world = make_world()
    giro = record_payment(
        customer_id=make_customer(world).id, branch_id=world.branch.id, invoices=[], by=world.owner, at=NOW,
        details=PaymentDetails("giro", "IDR", Decimal(750_000), reference="GB 1", giro_due_date=date(2026, 11, 25)),
    )  # fmt: skip
    later = NOW + timedelta(days=3)

    def charge() -> str:
        charge_giro_fee(payment_id=giro.id, amount=Decimal(50_000), by=world.owner, at=later)
        return "charged"

    def give_back() -> str:
        record_giro_return(
            payment_id=giro.id, reason="Kosong", giro_fee=Decimal(50_000), by=world.owner, at=later
        )  # fmt: skip
        return "charged"

    first = race([give_back, give_back, charge])
    then = race([charge, charge])

    assert first.count("charged") == 1
    assert set(first) | set(then) <= {"charged", "wrong_state", "giro_not_returned", "giro_fee_charged"}
    assert then == ["giro_fee_charged", "giro_fee_charged"]
    assert GiroFee.objects.count() == 1
    assert Invoice.objects.filter(kind="giro_fee", status="issued").count() == 1
    assert broken_promises() == []
