"""Test data for parties, made by the real services. Other apps' tests build on it."""

from typing import Any
from uuid import UUID

from niaga.organization.access import SYSTEM, Actor
from niaga.organization.models import Company
from niaga.organization.tests import makers
from niaga.parties.models import Customer
from niaga.parties.services.create_customer import create_customer
from niaga.parties.services.set_up_parties import set_up_parties

AT = makers.AT
make_user = makers.make_user


def make_company(**fields: Any) -> Company:
    """A company with its payment terms and customer groups."""
    company = makers.make_company(**fields)
    set_up_parties(company_id=company.pk)
    return company


def make_customer(company_id: UUID, by: Actor = SYSTEM, **facts: Any) -> Customer:
    return create_customer(
        company_id=company_id, by=by, at=facts.pop("at", AT), **{"name": "Toko Makmur Jaya", **facts}
    )
