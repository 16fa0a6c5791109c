from typing import Protocol
from uuid import UUID

from niaga.core.errors import NotFound
from niaga.organization.queries.branches import has_channel
from niaga.organization.queries.users import works_in
from niaga.parties.queries.selling_facts import has_term


class Details(Protocol):
    """What a quotation and an order both name."""

    @property
    def channel_id(self) -> UUID | None: ...
    @property
    def payment_term_id(self) -> UUID | None: ...
    @property
    def salesperson_id(self) -> UUID | None: ...


def check_details(details: Details, *, company_id: UUID) -> None:
    """What a person names on a document belongs to its company. One statement for each thing that is named.

    :raises NotFound: another company's channel, payment term or salesperson
    """
    if details.channel_id is not None and not has_channel(company_id, details.channel_id):
        raise NotFound(field="channel_id")
    if details.payment_term_id is not None and not has_term(company_id, details.payment_term_id):
        raise NotFound(field="payment_term_id")
    if details.salesperson_id is not None and not works_in(company_id, details.salesperson_id):
        raise NotFound(field="salesperson_id")
