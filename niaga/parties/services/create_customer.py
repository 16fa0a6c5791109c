from datetime import datetime
from typing import Any
from uuid import UUID

from niaga.organization.access import Actor
from niaga.parties.models import Customer
from niaga.parties.rules.customer import NewCustomer
from niaga.parties.services.create_customers import create_customers


def create_customer(*, company_id: UUID, by: Actor, at: datetime, **facts: Any) -> Customer:
    """Create one customer from the fields of `NewCustomer`; the name is enough.

    :raises Invalid: a value is missing or cannot be
    :raises CodeTaken: another customer has the code
    :raises Forbidden: `by` may not create customers, or not set limits
    """
    [customer_id] = create_customers(company_id=company_id, rows=[NewCustomer(**facts)], by=by, at=at)
    return Customer.objects.select_related("credit_account").get(pk=customer_id)
