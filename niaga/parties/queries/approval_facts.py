"""Whom a document is about, as rules about approvals ask it."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from niaga.organization.queries.teams_over import teams_over
from niaga.organization.queries.territory_paths import territory_paths
from niaga.parties.models import Customer


def whom_facts(*, customer: Customer, company_id: UUID, sellers: Collection[UUID | None]) -> dict[str, Any]:
    """Group and territory of the customer, and the teams of who sold. Two statements."""
    around = territory_paths(company_id).get(customer.territory_id, ()) if customer.territory_id else ()
    return {
        "customer_group": [str(customer.group_id)] if customer.group_id else [], "party": str(customer.pk),
        "territory": [str(one) for one in around], "team": teams_over(sellers, company_id=company_id),
    }  # fmt: skip
