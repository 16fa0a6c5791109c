"""How customers are taxed in place of the usual."""

from uuid import UUID

from django.db.models import QuerySet

from niaga.organization.access import Actor
from niaga.parties.models import TaxTreatment
from niaga.parties.queries.customers import customer_for


def tax_treatments_of(*, customer_id: UUID, by: Actor) -> QuerySet[TaxTreatment]:
    """The latest first.

    :raises NotFound: no such customer, or not for this person
    """
    customer = customer_for(by, customer_id)
    return TaxTreatment.objects.filter(customer_id=customer.pk).order_by("-valid_from", "region", "id")
