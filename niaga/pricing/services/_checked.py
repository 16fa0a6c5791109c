"""What creating and changing a price list check alike."""

from collections.abc import Callable, Mapping
from datetime import date, time
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from niaga.core.errors import NotFound
from niaga.organization.access import Actor
from niaga.organization.queries.branches import has_branch, has_channel, has_territory
from niaga.parties.queries.customers import is_seen
from niaga.parties.queries.groups import group_belongs
from niaga.pricing.errors import DatesReversed, HoursEmpty
from niaga.pricing.queries.loyalty import has_tier
from niaga.pricing.rules.terms import EVERY_DAY


def checked_dates(valid_from: date | None, valid_to: date | None) -> None:
    """:raises DatesReversed: it would end before it begins"""
    if valid_from is not None and valid_to is not None and valid_to < valid_from:
        raise DatesReversed(field="valid_to")


HOURS = ("weekdays", "from_time", "until_time")


def checked_hours(weekdays: int, from_time: time | None, until_time: time | None) -> None:
    """:raises HoursEmpty: no weekday, or hours that hold no moment"""
    if not 0 < weekdays <= EVERY_DAY:
        raise HoursEmpty(_("Choose at least one weekday."), field="weekdays")
    if until_time is not None and until_time == (from_time or time.min):
        raise HoursEmpty(field="until_time")


_BELONGS: dict[str, Callable[[UUID, UUID], bool]] = {
    "tier_id": has_tier,
    "group_id": lambda company_id, group_id: group_belongs(company_id=company_id, group_id=group_id),
    "territory_id": has_territory,
    "branch_id": has_branch,
    "channel_id": has_channel,
}


def checked_whom(company_id: UUID, named: Mapping[str, UUID | None], *, by: Actor) -> None:
    """:raises NotFound: the company has no such customer, tier, group, territory, branch, channel, or `by` sees none"""
    for name, key in named.items():
        if key is None:
            continue
        known = is_seen(by, company_id, key) if name == "customer_id" else _BELONGS[name](company_id, key)
        if not known:
            raise NotFound(field=name)
