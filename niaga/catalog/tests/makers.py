"""Test data for the catalog, made by the real services. Other apps' tests build on it."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.catalog.models import Product
from niaga.catalog.services.create_product import create_product
from niaga.catalog.services.set_up_catalog import set_up_catalog
from niaga.organization.access import SYSTEM, Actor
from niaga.organization.models import Company
from niaga.organization.tests import makers

AT = makers.AT
make_user = makers.make_user


def make_company(**fields: Any) -> Company:
    """A company with its units and tax categories."""
    company = makers.make_company(**fields)
    set_up_catalog(company_id=company.pk)
    return company


def make_product(company_id: UUID, by: Actor = SYSTEM, **facts: Any) -> Product:
    given = {"name": "Kopi robusta sangrai 1 kg", "price": Decimal(98_000), "at": AT, **facts}
    return create_product(company_id=company_id, by=by, **given)
