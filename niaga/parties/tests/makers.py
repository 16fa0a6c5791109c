"""Test data for parties, made by the real services. Other apps' tests build on it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from niaga.catalog.services.set_up_catalog import set_up_catalog
from niaga.organization.access import SYSTEM, Actor
from niaga.organization.models import Branch, Company, Grant, Membership, Role, User
from niaga.organization.rules.roles import STANDARD_ROLES
from niaga.parties.models import Customer
from niaga.parties.services.create_customer import create_customer
from niaga.parties.services.set_up_parties import set_up_parties

AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def make_company(code: str = "SJ", **fields: Any) -> Company:
    """A company with its head office, units, tax categories, payment terms and groups."""
    company = Company.objects.create(code=code, name="PT Sinar Jaya", **fields)
    Branch.objects.create(company=company, code="HO", name="Surabaya", is_head=True)
    for role in STANDARD_ROLES.values():
        row = Role.objects.create(company=company, code=role.code, name=role.name)
        Grant.objects.bulk_create(
            Grant(role=row, kind=kind, action=action, scope=scope) for (kind, action), scope in role.grants.items()
        )
    set_up_catalog(company_id=company.pk)
    set_up_parties(company_id=company.pk)
    return company


def make_user(company: Company, role: str = "owner", username: str = "") -> User:
    user = User.objects.create(username=username or role, name=(username or role).title())
    Membership.objects.create(user=user, company=company, role=Role.objects.get(company=company, code=role))
    return user


def make_customer(company_id: UUID, by: Actor = SYSTEM, at: datetime = AT, **facts: Any) -> Customer:
    return create_customer(company_id=company_id, by=by, at=at, **{"name": "Toko Makmur Jaya", **facts})
