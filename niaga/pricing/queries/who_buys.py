"""Who buys, as lists, promotions and taxes ask for it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from niaga.organization.access import Actor
from niaga.organization.queries.document_context import DocumentContext
from niaga.parties.queries.customers import customer_for
from niaga.parties.queries.selling_facts import customer_facts
from niaga.pricing.rules import Buyer, Place, Treatment, place_of, read_treatments


class TaxedAs(NamedTuple):
    """What `price_preview` must know of the buyer for tax."""

    place: Place | None = None
    with_tax_number: bool = False
    treatments: Sequence[Treatment] = ()


def who_buys(
    *,
    by: Actor,
    context: DocumentContext,
    customer_id: UUID | None = None,
    channel_id: UUID | None = None,
    country: str = "",
    region: str = "",
) -> tuple[Buyer, TaxedAs]:
    """The buyer at the context's branch; without a customer anybody. `country` goes before the customer's own place.

    :raises NotFound: no such customer, or none that `by` may see
    """
    buyer, taxed = Buyer(branch_id=context.branch_id, channel_id=channel_id), TaxedAs()
    customer = customer_for(by, customer_id) if customer_id else None
    if customer and (facts := customer_facts(customer_id=customer.id)):
        buyer = replace(buyer, customer_id=facts.id, group_id=facts.group_id, territory_ids=facts.territory_ids)
        address = facts.delivery_address or facts.billing_address
        taxed = TaxedAs(
            place_of(address, home=context.country), facts.has_tax_number, read_treatments(facts.tax_treatments)
        )
    if country:
        taxed = taxed._replace(place=place_of({"country": country, "province": region}, home=context.country))
    return buyer, taxed
