"""A promotion between what it says and what it is to say."""

from typing import Any

from niaga.organization.access import Actor
from niaga.pricing.models import WHOM, Promotion
from niaga.pricing.queries.differences_of import parts_now
from niaga.pricing.rules.differences import Differences, RuleData
from niaga.pricing.rules.new_promotion import NewPromotion, NewScope
from niaga.pricing.rules.promotion_parts import parts_data, read_parts, read_tiers
from niaga.pricing.services._promotion_checks import checked_promotion

SAID = (
    "name", "kind", *WHOM, "valid_from", "valid_to", "weekdays", "from_time", "until_time", "priority", "exclusive",
    "by_coupon", "buy", "get", "most_times", "most_amount", "gift_product_id", "most_uses", "most_per_customer",
    "budget",
)  # fmt: skip
"""The columns of a promotion that a person gives; beside them its steps and its parts."""


def differences_to(found: Promotion, wanted: NewPromotion, *, by: Actor) -> Differences:
    """From what it says to what is wanted. Two statements beside the checks.

    :raises Invalid, DatesReversed, HoursEmpty, NotFound: see `create_promotion`
    """
    values, scopes, tiers = checked_promotion(wanted, company_id=found.company_id, currency=found.currency, by=by)
    heads = {name: (getattr(found, name), value) for name, value in values.items() if getattr(found, name) != value}
    before, after = parts_now(found.pk), parts_data(tiers, scopes)
    return Differences(heads, rules=(before, after) if before != after else None)


def said_by(found: Promotion, heads: dict[str, Any], parts: list[RuleData]) -> NewPromotion:
    """The promotion with other heads and these parts, as a person would give it."""
    told = {name: heads.get(name, getattr(found, name)) for name in SAID}
    return NewPromotion(
        **told, currency=found.currency, tiers=tuple((one.least, one.figure) for one in read_tiers(parts)),
        scopes=tuple(NewScope(*one) for one in read_parts(parts)),
    )  # fmt: skip
