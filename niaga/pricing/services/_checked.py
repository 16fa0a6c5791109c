"""What creating and changing a price list check alike."""

from datetime import date
from uuid import UUID

from niaga.core.errors import NotFound
from niaga.parties.queries.groups import group_belongs
from niaga.pricing.errors import DatesReversed


def checked_dates(valid_from: date | None, valid_to: date | None) -> None:
    """:raises DatesReversed: it would end before it begins"""
    if valid_from is not None and valid_to is not None and valid_to < valid_from:
        raise DatesReversed(field="valid_to")


def checked_group(company_id: UUID, group_id: UUID | None) -> None:
    """:raises NotFound: the company has no such group"""
    if group_id is not None and not group_belongs(company_id=company_id, group_id=group_id):
        raise NotFound(field="group_id")
