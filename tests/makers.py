"""Makers of test data. They call the real services, so no test starts from a state that could not be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

from django.test import Client

from niaga.catalog.models import Product
from niaga.catalog.rules.product import NewBundlePart
from niaga.catalog.services.create_product import create_product
from niaga.imports.services.found_company import found_company
from niaga.invoicing.models import Invoice
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.organization.access import SYSTEM
from niaga.organization.models import Branch, Company, User
from niaga.organization.services.create_branch import create_branch
from niaga.organization.services.create_user import create_user
from niaga.organization.services.grant_role import grant_role
from niaga.parties.models import Customer
from niaga.parties.services.create_customer import create_customer
from niaga.payments.models import Payment
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.sales.models import Quotation, SalesOrder
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.accept_quotation import accept_quotation
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.draft_order import OrderDetails, draft_order
from niaga.sales.services.draft_quotation import QuotationDetails, draft_quotation
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from niaga.stock.services.receive_goods import ReceiptItem, receive_goods

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""Monday 23 November 2026, 09.00 in Jakarta."""
_turn = count(1)


@dataclass(frozen=True)
class World:
    """A company that can sell, and its owner."""

    company: Company
    branch: Branch
    owner: User


def make_world(**profile: Any) -> World:
    """A fresh company with an owner. Code, currency and tax can be said."""
    turn = next(_turn)
    facts = {"code": f"T{turn}", "name": f"PT Uji {turn}", "city": "Surabaya", **profile}
    company = Company.objects.get(pk=found_company(by=SYSTEM, at=NOW, **facts))
    owner = make_user(company, "owner")
    return World(company, Branch.objects.get(company=company), owner)


def make_branch(world: World, code: str = "BDG", **facts: Any) -> Branch:
    """A second place of the company."""
    facts = {"name": f"Cabang {code}", **facts}
    return create_branch(company_id=world.company.id, code=code, by=SYSTEM, at=NOW, **facts)


def make_user(
    company: Company, role: str, *, branch_id: UUID | None = None, team_id: UUID | None = None, name: str = ""
) -> User:
    """A person with one role."""
    username = f"{role}{next(_turn)}"
    user = create_user(username=username, name=name or username.title(), password_hash="!", by=SYSTEM, at=NOW)
    grant_role(
        user_id=user.id, company_id=company.id, role=role, branch_id=branch_id, team_id=team_id, by=SYSTEM, at=NOW
    )
    return User.objects.get(pk=user.id)


def log_in(user: User) -> Client:
    """A browser of the person, without a page drawn."""
    client = Client()
    client.force_login(user)
    return client


def signed_in(world: World, role: str = "") -> Client:
    """The browser of the owner, or of a new person in this role."""
    return log_in(make_user(world.company, role) if role else world.owner)


def make_customer(world: World, **facts: Any) -> Customer:
    facts = {"name": f"Toko Makmur {next(_turn)}", **facts}
    return create_customer(company_id=world.company.id, by=SYSTEM, at=NOW, **facts)


def make_product(world: World, *, stock: Decimal | int = 0, **facts: Any) -> Product:
    """A product, with so much of it on hand in the main warehouse."""
    turn = next(_turn)
    facts = {"name": f"Kopi robusta {turn}", "sku": f"KOP-{turn:05}", "price": Decimal(100_000), **facts}
    product = create_product(company_id=world.company.id, by=SYSTEM, at=NOW, **facts)
    if stock:
        make_stock(world, {product.id: Decimal(stock)})
    return product


def make_bundle(world: World, parts: Mapping[UUID, Decimal | int], **facts: Any) -> Product:
    """A bundle of so many base units of each product."""
    inside = tuple(NewBundlePart(product_id=key, quantity=Decimal(quantity)) for key, quantity in parts.items())
    return make_product(world, **{"name": f"Paket {next(_turn)}", "kind": "bundle", "parts": inside, **facts})


def make_stock(world: World, quantities: Mapping[UUID, Decimal]) -> None:
    receive_goods(
        branch_id=world.branch.id, by=SYSTEM, at=NOW,
        items=[ReceiptItem(quantity, product_id=product_id) for product_id, quantity in quantities.items()],
    )  # fmt: skip


def make_quotation(
    world: World,
    lines: Sequence[LineInput],
    *,
    customer: Customer | None = None,
    by: User | None = None,
    **details: Any,
) -> Quotation:
    return draft_quotation(
        customer_id=(customer or make_customer(world)).id, branch_id=world.branch.id, lines=lines,
        details=QuotationDetails(**details), by=by or world.owner, at=NOW,
    )  # fmt: skip


def make_order(
    world: World,
    lines: Sequence[LineInput],
    *,
    customer: Customer | None = None,
    by: User | None = None,
    **details: Any,
) -> SalesOrder:
    return draft_order(
        customer_id=(customer or make_customer(world)).id, branch_id=world.branch.id, lines=lines,
        details=OrderDetails(**details), by=by or world.owner, at=NOW,
    )  # fmt: skip


def make_accepted_order(world: World, lines: Sequence[LineInput], **details: Any) -> SalesOrder:
    quotation = make_quotation(world, lines, **details)
    return accept_quotation(quotation_id=quotation.id, by=world.owner, at=NOW, name="Ibu Sari")


def make_confirmed_order(world: World, lines: Sequence[LineInput], **details: Any) -> SalesOrder:
    order = make_order(world, lines, **details)
    return confirm_order(order_id=order.id, by=world.owner, at=NOW)


def make_shipped_order(world: World, lines: Sequence[LineInput], **details: Any) -> SalesOrder:
    order = make_confirmed_order(world, lines, **details)
    delivery_id = deliver_order(order_id=order.id, by=world.owner, at=NOW)
    return ship_order_delivery(delivery_id=delivery_id, by=world.owner, at=NOW)


def make_issued_invoice(world: World, lines: Sequence[LineInput], **details: Any) -> Invoice:
    order = make_shipped_order(world, lines, **details)
    invoice_id = invoice_order(order_id=order.id, by=world.owner, at=NOW)
    return issue_invoice(invoice_id=invoice_id, by=world.owner, at=NOW)


def make_payment(
    world: World,
    customer_id: UUID,
    amount: Decimal | int,
    *,
    invoices: Sequence[tuple[UUID, Decimal | None]] | None = None,
) -> Payment:
    return record_payment(
        customer_id=customer_id, branch_id=world.branch.id, invoices=invoices, by=world.owner, at=NOW,
        details=PaymentDetails(method="transfer", currency=world.company.currency, amount=Decimal(amount)),
    )  # fmt: skip
