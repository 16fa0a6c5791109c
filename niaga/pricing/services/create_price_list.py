from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.company_basics import company_basics
from niaga.organization.services.tracked import add_row, write
from niaga.pricing.models import PriceList
from niaga.pricing.rules.terms import EVERY_DAY
from niaga.pricing.services._checked import checked_dates, checked_hours, checked_whom

UNIQUE = {"one_price_list_code": "code"}


@transaction.atomic
def create_price_list(
    *,
    company_id: UUID,
    code: str,
    name: str,
    by: Actor,
    at: datetime,
    currency: str = "",
    customer_id: UUID | None = None,
    tier_id: UUID | None = None,
    group_id: UUID | None = None,
    territory_id: UUID | None = None,
    branch_id: UUID | None = None,
    channel_id: UUID | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    weekdays: int = EVERY_DAY,
    from_time: time | None = None,
    until_time: time | None = None,
    priority: int = 0,
    prices_include_tax: bool | None = None,
    import_batch_id: UUID | None = None,
    unpublished: bool = False,
) -> PriceList:
    """Open a price list for all that is named together, or for everybody; its prices come by `set_prices`.

    `prices_include_tax`: whether its prices hold the tax; None: as the company's do.
    `unpublished`: prepared aside, see `prepare_list`.

    :raises Forbidden: `by` may not create price lists
    :raises AlreadyTaken: another list has the code
    :raises DatesReversed: it would end before it begins
    :raises HoursEmpty: no weekday, or hours that hold no moment
    :raises NotFound: the company has no such customer, tier, group, territory, branch or channel
    """
    access_of(by).require("price_list", "create", company_id=company_id)
    checked_dates(valid_from, valid_to)
    checked_hours(weekdays, from_time, until_time)
    whom = {
        "customer_id": customer_id, "tier_id": tier_id, "group_id": group_id,
        "territory_id": territory_id, "branch_id": branch_id, "channel_id": channel_id,
    }  # fmt: skip
    checked_whom(company_id, whom, by=by)
    price_list_id = new_id()
    values = {
        "id": price_list_id,
        "company_id": company_id,
        "code": code,
        "name": name,
        "currency": currency or company_basics(company_id).currency,
        **whom,
        "valid_from": valid_from,
        "valid_to": valid_to,
        "weekdays": weekdays,
        "from_time": from_time,
        "until_time": until_time,
        "priority": priority,
        "prices_include_tax": prices_include_tax,
        "import_batch_id": import_batch_id,
        "created_at": at,
        "archived_at": at if unpublished else None,
        "unpublished": unpublished,
    }
    batch = Batch()
    add_row(batch=batch, model=PriceList, kind="price_list", values=values, by=by.pk, at=at, company_id=company_id)
    write(batch, unique=UNIQUE)
    return PriceList.objects.get(pk=price_list_id)
