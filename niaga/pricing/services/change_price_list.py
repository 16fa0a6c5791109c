from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.errors import StaleVersion
from niaga.organization.access import Actor
from niaga.organization.services.tracked import change_row, write
from niaga.pricing.models import WHOM, PriceList
from niaga.pricing.queries.price_lists import lock_price_list
from niaga.pricing.rules.differences import Differences
from niaga.pricing.services._checked import HOURS, checked_dates, checked_hours, checked_whom
from niaga.pricing.services._publication import note_publication
from niaga.pricing.services.create_price_list import UNIQUE

CHANGEABLE = frozenset({"code", "name", *WHOM, "valid_from", "valid_to", *HOURS, "priority", "prices_include_tax"})


@transaction.atomic
def change_price_list(
    *, price_list_id: UUID, by: Actor, at: datetime, expected_version: int | None = None, **changes: Any
) -> PriceList:
    """Change what a list says about itself (`CHANGEABLE`). Its currency stays: prices are amounts of it.

    :raises NotFound, Forbidden: not there, or `by` may not change it
    :raises StaleVersion: somebody else saved since `expected_version`
    :raises AlreadyTaken, DatesReversed, HoursEmpty: see `create_price_list`
    """
    unknown = set(changes) - CHANGEABLE
    if unknown:
        raise TypeError(f"a price list cannot change {sorted(unknown)}")
    found = lock_price_list(by, price_list_id, "change")
    if expected_version is not None and expected_version != found.version:
        raise StaleVersion()
    checked_dates(changes.get("valid_from", found.valid_from), changes.get("valid_to", found.valid_to))
    checked_hours(*(changes.get(name, getattr(found, name)) for name in HOURS))
    different = {name: value for name, value in changes.items() if getattr(found, name) != value}
    checked_whom(found.company_id, {name: different[name] for name in WHOM if name in different}, by=by)
    if not different:
        return found
    batch = Batch()
    note_publication(
        batch=batch, found=found, kind="edit", by=by.pk, at=at,
        differences=Differences({name: (getattr(found, name), value) for name, value in different.items()}),
    )  # fmt: skip
    change_row(
        batch=batch,
        row=found,
        kind="price_list",
        values={**different, "version": found.version + 1},
        by=by.pk,
        at=at,
        company_id=found.company_id,
    )
    write(batch, unique=UNIQUE)
    return found
