"""A customer whose credit holds orders, made by the real services."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.test.utils import CaptureQueriesContext

from niaga.invoicing.models import InvoiceBalance
from niaga.organization.models import User
from niaga.parties.models import CreditAccount
from niaga.parties.services.set_credit import set_credit
from niaga.sales.models import CreditDecision, CreditRequest, SalesOrder
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.release_order import release_order
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from tests.makers import (
    NOW,
    World,
    make_customer,
    make_issued_invoice,
    make_order,
    make_product,
    make_user,
    make_world,
)

LIMIT = Decimal(500_000)
DAY = timedelta(days=1)


class Shop:
    """A customer with a limit of 500,000, a product of 100,000 and its tax of 11,000, a seller and finance."""

    def __init__(self, **customer: Any) -> None:
        self.world: World = make_world()
        self.product = make_product(self.world, stock=500)
        self.finance = make_user(self.world.company, "finance", name="Fina")
        self.seller = make_user(self.world.company, "salesperson", name="Sari")
        facts = {"credit_limit": LIMIT, "salesperson_id": self.seller.id, **customer}
        self.customer = make_customer(self.world, **facts)

    def lines(self, quantity: int) -> list[LineInput]:
        return [LineInput(product_id=self.product.id, quantity=Decimal(quantity))]

    def draft(self, quantity: int, by: User | None = None) -> SalesOrder:
        return make_order(self.world, self.lines(quantity), customer=self.customer, by=by or self.seller)

    def confirm(self, order: SalesOrder, **more: Any) -> SalesOrder:
        return confirm_order(order_id=order.id, by=self.seller, at=NOW, **more)

    def confirmed(self, quantity: int) -> SalesOrder:
        return self.confirm(self.draft(quantity))

    def delivery(self, order: SalesOrder) -> UUID:
        return deliver_order(order_id=order.id, by=self.world.owner, at=NOW)

    def ship(self, delivery_id: UUID, at: Any = NOW) -> SalesOrder:
        return ship_order_delivery(delivery_id=delivery_id, by=self.world.owner, at=at)

    def release(self, request: CreditRequest, **more: Any) -> CreditDecision:
        return release_order(request_id=request.id, reason="Pelanggan lama", by=self.finance, at=NOW, **more)

    def set(self, **credit: Any) -> None:
        facts = {"limit": LIMIT, "on_hold": False, "by": self.finance, "at": NOW, **credit}
        set_credit(customer_id=self.customer.id, **facts)

    @property
    def exposure(self) -> Decimal:
        account = CreditAccount.objects.get(customer=self.customer)
        return account.orders + account.invoices - account.advances


def late_invoice(shop: Shop, days: int) -> str:
    """An invoice of the customer that has been due for so many days."""
    invoice = make_issued_invoice(shop.world, shop.lines(1), customer=shop.customer)
    InvoiceBalance.objects.filter(invoice=invoice).update(due_date=NOW.date() - days * DAY)
    return str(invoice.number)


def statements_of(deed: Any) -> list[str]:
    with CaptureQueriesContext(connection) as kept:
        deed()
    return [one["sql"] for one in kept.captured_queries if "SAVEPOINT" not in one["sql"]]
