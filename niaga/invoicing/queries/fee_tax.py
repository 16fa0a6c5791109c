"""How a late fee is taxed: not at all, or as its rule's tax category is for the customer on the day."""

from datetime import datetime
from typing import Any
from uuid import UUID

from niaga.catalog.queries.catalog_settings import catalog_settings
from niaga.invoicing.errors import LateFeeTaxMissing
from niaga.organization.queries.document_context import document_context
from niaga.parties.queries.selling_facts import CustomerFacts
from niaga.pricing.rules.request import TaxRate
from niaga.pricing.rules.tax import UNTAXED, rate_on
from niaga.pricing.rules.treatment import Taxing, place_of, read_treatments


def fee_tax(
    *, category_id: UUID | None, customer: CustomerFacts, branch_id: UUID, at: datetime
) -> tuple[TaxRate, dict[str, Any]]:
    """The rate, and what the document keeps of the buyer's treatment.

    :raises LateFeeTaxMissing: the category has no rate on the day
    """
    if category_id is None:
        return UNTAXED, {}
    context = document_context(branch_id=branch_id, at=at)
    taxing = Taxing(
        catalog_settings(context.company_id).tax_rates if context.charges_tax else {}, day=context.today,
        home=context.country, with_tax_number=customer.has_tax_number,
        place=place_of(customer.billing_address, home=context.country),
        treatments=read_treatments(customer.tax_treatments),
    )  # fmt: skip
    rate = rate_on(taxing.of(category_id), context.today)
    if rate is None:
        raise LateFeeTaxMissing()
    return rate, taxing.frozen()
