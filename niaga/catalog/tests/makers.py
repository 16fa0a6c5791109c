"""Test data for the catalog, made by the real services. Other apps' tests build on it."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.catalog.models import Product
from niaga.catalog.services.create_product import create_product
from niaga.organization.access import SYSTEM, Actor

AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def make_product(company_id: UUID, by: Actor = SYSTEM, at: datetime = AT, **facts: Any) -> Product:
    return create_product(
        company_id=company_id, by=by, at=at, **{"name": "Kopi robusta sangrai 1 kg", "price": Decimal(98_000), **facts}
    )
