"""Whom a document is for, and the company's context of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from niaga.core.errors import NotFound
from niaga.organization.queries.document_context import DocumentContext, document_context
from niaga.parties.queries.selling_facts import CustomerFacts, customer_facts
from niaga.sales.models import Quotation, SalesOrder


class Chosen(Protocol):
    """The person and the places of the customer that a document names; None: the customer's main ones."""

    @property
    def contact_id(self) -> UUID | None: ...
    @property
    def delivery_address_id(self) -> UUID | None: ...
    @property
    def billing_address_id(self) -> UUID | None: ...


@dataclass(frozen=True, slots=True)
class Choice:
    """What `Chosen` says, alone."""

    contact_id: UUID | None = None
    delivery_address_id: UUID | None = None
    billing_address_id: UUID | None = None


AS_IT_IS = Choice()


def still_chosen(
    *, customer_id: UUID, document: Quotation | SalesOrder, named: Chosen = AS_IT_IS
) -> tuple[CustomerFacts, Choice]:
    """The customer with what a document has chosen, or `named` in its place; what is no longer theirs is left out.

    :raises NotFound: what is named is not the customer's, or was put away
    """
    billing = named.billing_address_id or _id_of(document.billing_address)
    customer = customer_facts(
        customer_id=customer_id, contact_id=named.contact_id or document.contact_id,
        delivery_address_id=named.delivery_address_id or _id_of(document.delivery_address), billing_address_id=billing,
    )  # fmt: skip
    assert customer is not None
    _refuse_strangers(customer, named)
    same = billing is not None and _id_of(customer.billing_address) == billing
    return customer, Choice(customer.contact_id, _id_of(customer.delivery_address), billing if same else None)


def selling_facts(
    *, customer_id: UUID, branch_id: UUID, chosen: Chosen, at: datetime
) -> tuple[CustomerFacts, DocumentContext]:
    """The customer, with the contact and addresses that were chosen, and the company's context.

    :raises NotFound: no such customer in the branch's company, or archived; or what was chosen is not the customer's
    """
    context = document_context(branch_id=branch_id, at=at)
    customer = customer_facts(
        customer_id=customer_id, contact_id=chosen.contact_id, delivery_address_id=chosen.delivery_address_id,
        billing_address_id=chosen.billing_address_id,
    )  # fmt: skip
    if customer is None or customer.company_id != context.company_id or customer.is_archived:
        raise NotFound(_("There is no such customer."), field="customer_id")
    _refuse_strangers(customer, chosen)
    return customer, context


def _refuse_strangers(customer: CustomerFacts, chosen: Chosen) -> None:
    if chosen.contact_id and customer.contact_id != chosen.contact_id:
        raise NotFound(_("The customer has no such contact. Choose another."), field="contact_id")
    for field, wanted, found in (
        ("delivery_address_id", chosen.delivery_address_id, customer.delivery_address),
        ("billing_address_id", chosen.billing_address_id, customer.billing_address),
    ):
        if wanted and _id_of(found) != wanted:
            raise NotFound(_("The customer has no such address. Choose another."), field=field)


def _id_of(address: Mapping[str, Any]) -> UUID | None:
    return UUID(address["id"]) if address.get("id") else None
