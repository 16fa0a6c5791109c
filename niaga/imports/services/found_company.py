from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.catalog.services.set_up_catalog import set_up_catalog
from niaga.ledger.services.open_books import open_books
from niaga.organization.access import Actor
from niaga.organization.queries.branches import branches_by_code
from niaga.organization.services.create_company import create_company
from niaga.parties.services.set_up_parties import set_up_parties
from niaga.returns.services.set_up_returns import set_up_returns
from niaga.stock.services.create_warehouse import create_warehouse


@transaction.atomic
def found_company(*, code: str, name: str, by: Actor, at: datetime, **profile: Any) -> UUID:
    """Set a company up so that it can sell at once: roles, head office, units, tax, terms, books and a warehouse.

    Returns the company's id.

    :raises Forbidden: there are companies already, and `by` may not manage settings
    """
    company = create_company(code=code, name=name, by=by, at=at, **profile)
    set_up_catalog(company_id=company.id)
    set_up_parties(company_id=company.id)
    set_up_returns(company_id=company.id)
    open_books(company_id=company.id)
    create_warehouse(
        company_id=company.id,
        branch_id=next(iter(branches_by_code(company.id).values())),
        code="MAIN",
        name=company.city or company.name,
        by=by,
    )
    return company.id
