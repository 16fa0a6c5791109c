"""What stories in other currencies share: a company that exports, its rates, and what its books say."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.ledger.models import JournalLine
from niaga.organization.services.choose_currencies import choose_currencies
from niaga.organization.services.write_exchange_rates import NewExchangeRate, write_exchange_rates
from niaga.parties.models import CreditAccount
from niaga.payments.models import Payment
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.sales.rules.lines import LineInput
from tests.makers import NOW, World, make_world

D = Decimal
DAY = date(2026, 11, 23)


def rated(world: World, *rates: tuple[str, str], day: date = DAY) -> None:
    write_exchange_rates(
        company_id=world.company.id, rates=[NewExchangeRate(code, D(rate), day) for code, rate in rates],
        source="JISDOR", by=world.owner, at=NOW,
    )  # fmt: skip


def exporter(*currencies: str, **profile: Any) -> World:
    """A company without PPN on its sales, so that the sums of a story can be followed by head."""
    world = make_world(**{"charges_tax": False, **profile})
    choose_currencies(
        company_id=world.company.id, currencies=currencies or ("USD",), rate_days=7, by=world.owner, at=NOW
    )
    return world


def line(product: Any, quantity: str = "1", **facts: Any) -> LineInput:
    return LineInput(product_id=product.id, quantity=D(quantity), **facts)


def journal(source_id: UUID) -> list[dict[str, Decimal]]:
    """Each entry of a document as amounts by role."""
    entries: dict[UUID, dict[str, Decimal]] = defaultdict(dict)
    rows = JournalLine.objects.filter(entry__source_id=source_id).order_by("entry_id", "id")
    for entry, role, amount in rows.values_list("entry_id", "role", "amount"):
        entries[entry][role] = entries[entry].get(role, D(0)) + amount
    return list(entries.values())


def balances(world: World) -> dict[str, Decimal]:
    """What stands on each account, without those of nothing."""
    sums: dict[str, Decimal] = defaultdict(D)
    rows = JournalLine.objects.filter(entry__company_id=world.company.id)
    for role, amount in rows.values_list("role", "amount"):
        sums[role] += amount
    return {role: amount for role, amount in sums.items() if amount}


def exposure(customer_id: UUID) -> tuple[Decimal, Decimal, Decimal]:
    """Open orders, open invoices and advances, in the company's own currency."""
    return CreditAccount.objects.values_list("orders", "invoices", "advances").get(customer_id=customer_id)


def paid(
    world: World, customer_id: UUID, amount: str, *, currency: str = "USD", on: date = DAY, **more: Any
) -> Payment:
    invoices = more.pop("invoices", None)
    return record_payment(
        customer_id=customer_id, branch_id=world.branch.id, invoices=invoices, by=world.owner,
        at=NOW + timedelta(days=(on - DAY).days),
        details=PaymentDetails(method="transfer", currency=currency, amount=D(amount), paid_on=on, **more),
    )  # fmt: skip
