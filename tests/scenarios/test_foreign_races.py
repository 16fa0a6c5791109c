"""Exchange rates under a real race: two who write the same day's rate, and a rate that moves while orders are confirmed
and money is recorded. Real processes on the tests' database."""

from collections import Counter
from decimal import Decimal
from uuid import UUID

import pytest

from niaga.core.models import AuditEntry
from niaga.organization.models import ExchangeRate
from niaga.payments.models import Payment
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.tests.test_races import at_once
from tests.makers import NOW, make_customer, make_order, make_product
from tests.promises import broken_promises
from tests.scenarios.foreign_books import DAY, D, exporter, line, rated

pytestmark = pytest.mark.django_db(transaction=True)
RATES = ("16000", "16001")


def _write(company_id: UUID, user_id: UUID, rates: tuple[str, ...], times: int = 1) -> None:
    from niaga.organization.models import User
    from niaga.organization.services.write_exchange_rates import NewExchangeRate, write_exchange_rates

    by = User.objects.get(pk=user_id)
    for turn in range(times):
        rate = NewExchangeRate("USD", Decimal(rates[turn % len(rates)]), DAY)
        write_exchange_rates(company_id=company_id, rates=[rate], source="JISDOR", by=by, at=NOW)


def _confirm(order_ids: list[UUID], user_id: UUID) -> None:
    from niaga.organization.models import User
    from niaga.sales.errors import PricesChanged
    from niaga.sales.services.confirm_order import confirm_order
    from niaga.sales.services.take_prices import take_prices

    by = User.objects.get(pk=user_id)
    for order_id in order_ids:
        for _turn in range(20):
            try:
                confirm_order(order_id=order_id, by=by, at=NOW)
            except PricesChanged:
                take_prices(order_id=order_id, by=by, at=NOW)
            else:
                break


def _pay(customer_id: UUID, branch_id: UUID, user_id: UUID, times: int) -> None:
    from niaga.organization.models import User
    from niaga.payments.services.record_payment import PaymentDetails, record_payment

    by = User.objects.get(pk=user_id)
    for _turn in range(times):
        details = PaymentDetails(method="cash", currency="USD", amount=D(10), paid_on=DAY)
        record_payment(customer_id=customer_id, branch_id=branch_id, details=details, invoices=[], by=by, at=NOW)


@pytest.mark.parametrize("there", [False, True])
def test_of_those_who_write_a_day_s_rate_at_once_one_stands_and_the_trail_ends_with_it(there: bool) -> None:
    world = exporter()
    if there:
        rated(world, ("USD", "15000"))
    wanted = ["16000", "16100", "16200", "16300"]

    answers = at_once(*[(_write, (world.company.id, world.owner.id, (rate,))) for rate in wanted])

    stands = ExchangeRate.objects.get()
    trail = AuditEntry.objects.filter(subject_kind="exchange_rate").order_by("id")
    steps = [tuple(row.data["rates"][f"{DAY} USD"]) for row in trail]
    assert set(answers) <= {"done", "stale_version"}
    assert Counter(answers)["done"] == len(steps) - there
    assert str(stands.rate.normalize() + 0) in wanted
    # whoever wrote saw what was written before: one chain, from nothing to what stands
    befores, afters = Counter(before for before, _after in steps), Counter(after for _before, after in steps)
    assert befores - afters == Counter({None: 1})
    assert afters - befores == Counter({str(stands.rate.normalize() + 0): 1})


def test_an_order_that_is_confirmed_while_the_rate_moves_keeps_one_rate_whole() -> None:
    world = exporter()
    rated(world, ("USD", RATES[0]))
    tea = make_product(world, kind="service", price=D(1_234_567))
    buyer = make_customer(world)
    orders = [make_order(world, [line(tea, "3"), line(tea, "7")], customer=buyer, currency="USD") for _turn in range(8)]
    halves = [[one.id for one in orders[start::2]] for start in range(2)]

    answers = at_once(
        (_write, (world.company.id, world.owner.id, RATES, 80)),
        *[(_confirm, (half, world.owner.id)) for half in halves],
        (_pay, (buyer.id, world.branch.id, world.owner.id, 10)),
    )

    assert answers == ["done"] * 4
    confirmed = SalesOrder.objects.filter(status="confirmed")
    assert confirmed.count() > 0
    for order in SalesOrder.objects.all():
        rates = {Decimal(row.steps[0]["rate"]) for row in SalesOrderLine.objects.filter(order=order)}
        assert rates == {order.exchange_rate}, order.number
        assert order.exchange_rate in {D(rate) for rate in RATES}
        assert order.base_total == (order.total * order.exchange_rate).quantize(D(1))
        assert order.status == "draft" or order.exposure == order.base_total
    for payment in Payment.objects.all():
        assert payment.base_amount == 10 * payment.exchange_rate
    assert broken_promises() == []
