from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from niaga.imports.rules.demo_world import Good
from niaga.imports.services.offer_demo_export import offer_demo_export
from niaga.imports.services.open_demo_export import open_demo_export
from niaga.imports.services.sell_demo_export import sell_demo_export
from niaga.organization.access import Actor
from niaga.parties.queries.settings import groups_by_code, terms_by_code
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.sales.rules.lines import LineInput

Later = Callable[[datetime, Callable[[datetime], object]], None]
WEEKS = 10
SCARCE = 29
"""Every so many goods one is scarce."""


def play_demo_export(
    *,
    company_id: UUID,
    branch_id: UUID,
    range_: Sequence[Good],
    product_ids: Sequence[UUID],
    users: Mapping[str, Actor],
    at: datetime,
    later: Later,
) -> None:
    """A buyer abroad, who pays in dollars: one order billed and half paid, one offer that waits for an answer."""
    drinks = [
        (product_id, good)
        for n, (product_id, good) in enumerate(zip(product_ids, range_, strict=True))
        if good.category == "Kopi & teh" and n % SCARCE
    ][:5]
    listed = [(product_id, (good.price / 14_500).quantize(Decimal("0.01"))) for product_id, good in drinks[:3]]
    customer_id = open_demo_export(
        company_id=company_id, branch_id=branch_id, salesperson_id=users["maya"].id, priced=listed, by=users["owner"],
        term_id=terms_by_code(company_id)["NET30"], group_id=groups_by_code(company_id)["WHOLESALE"],
        at=at - timedelta(weeks=WEEKS),
    )  # fmt: skip
    lines = [LineInput(product_id=key, quantity=Decimal(120 + 40 * n)) for n, (key, _good) in enumerate(drinks)]

    def bill(when: datetime) -> None:
        invoice = sell_demo_export(
            customer_id=customer_id, branch_id=branch_id, lines=lines[:4], by=users["owner"], at=when
        )
        half = (invoice.total / 2).quantize(Decimal(1))
        later(when + timedelta(days=15), lambda moment: pay(invoice.id, half, moment))

    def pay(invoice_id: UUID, amount: Decimal, when: datetime) -> None:
        record_payment(
            customer_id=customer_id, branch_id=branch_id, invoices=[(invoice_id, None)], by=users["finance"], at=when,
            details=PaymentDetails(method="transfer", currency="USD", amount=amount),
        )  # fmt: skip

    def offer(when: datetime) -> None:
        offer_demo_export(customer_id=customer_id, branch_id=branch_id, lines=lines[1:], by=users["maya"], at=when)

    later(at - timedelta(days=24), bill)
    later(at - timedelta(days=2), offer)
