"""A company with customers, products and stock for the benchmarks, made through the real services."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from niaga.catalog.rules.product import NewProduct
from niaga.catalog.services.create_products import create_products
from niaga.imports.services.found_company import found_company
from niaga.organization.access import SYSTEM
from niaga.organization.models import Branch, Company, User
from niaga.organization.services.create_user import create_user
from niaga.organization.services.grant_role import grant_role
from niaga.parties.rules.customer import NewCustomer
from niaga.parties.services.create_customers import create_customers
from niaga.stock.services.receive_goods import ReceiptItem, receive_goods

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@dataclass
class BenchWorld:
    company: Company
    branch: Branch
    owner_id: UUID
    customers: list[UUID]
    products: list[UUID]

    @property
    def owner(self) -> User:
        """The person as a request loads them: rights are read afresh."""
        return User.objects.get(pk=self.owner_id)


def make_bench_world(*, customers: int = 500, products: int = 2000) -> BenchWorld:
    company_id = found_company(code="BENCH", name="PT Bangku Uji", city="Surabaya", by=SYSTEM, at=AT)
    company = Company.objects.get(pk=company_id)
    owner = create_user(username="owner", name="Owner", password_hash="!", by=SYSTEM, at=AT)
    grant_role(user_id=owner.id, company_id=company.id, role="owner", by=SYSTEM, at=AT)
    branch = Branch.objects.get(company=company)
    dice = random.Random(7)
    customer_ids = create_customers(
        company_id=company.id, rows=[NewCustomer(name=f"Toko {n}") for n in range(customers)], by=SYSTEM, at=AT
    )
    product_ids = create_products(
        company_id=company.id, by=SYSTEM, at=AT,
        rows=[
            NewProduct(
                name=f"Barang {n}", sku=f"B-{n:05}", price=Decimal(dice.randrange(1_000, 900_000)), cost=Decimal(900)
            )
            for n in range(products)
        ],
    )  # fmt: skip
    for start in range(0, products, 1000):
        receive_goods(
            branch_id=branch.id, by=SYSTEM, at=AT,
            items=[ReceiptItem(Decimal(10) ** 9, product_id=one) for one in product_ids[start : start + 1000]],
        )  # fmt: skip
    return BenchWorld(company, branch, owner.id, list(customer_ids), list(product_ids))
