"""The rule book as it would be if a change were published."""

from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from niaga.catalog.queries.price_scopes import known_scopes
from niaga.pricing.models import PriceList as ListRow
from niaga.pricing.models import PriceListRule
from niaga.pricing.queries.rule_book import read_book
from niaga.pricing.rules import PriceList, PriceRule, RuleBook
from niaga.pricing.rules.book import Basis
from niaga.pricing.rules.differences import Differences
from niaga.pricing.rules.what_if import read_rules


class TwoBooks(NamedTuple):
    before: RuleBook
    after: RuleBook
    was: PriceList | None
    """The list as it holds; None: it holds nowhere."""
    becomes: PriceList | None


def two_books(found: ListRow, differences: Differences) -> TwoBooks:
    """What holds and what would: four statements at most."""
    before = read_book(found.company_id, found.currency)
    was = before.lists.get(found.id)
    becomes = _becomes(found, was, differences)
    return TwoBooks(before, before.with_list(found.id, becomes), was, becomes)


def _becomes(found: ListRow, was: PriceList | None, differences: Differences) -> PriceList | None:
    heads = {name: after for name, (_before, after) in differences.heads.items()}
    if heads.pop("archived_at", found.archived_at) is not None:
        return None
    heads.pop("code", None)
    if "valid_to" in heads:
        heads["valid_until"] = heads.pop("valid_to")
    head = replace(was if was is not None else _head(found), **heads)
    if differences.rules is None:
        return head if was is not None else replace(head, rules=_stored(found.id))
    scopes = known_scopes(company_id=found.company_id, products=(), families=(), categories=())
    codes = {key: code for code, key in scopes.units.items()}
    return replace(head, rules=read_rules(differences.rules[1], codes))


def _head(found: ListRow) -> PriceList:
    return PriceList(
        found.id, found.name, customer_id=found.customer_id, tier_id=found.tier_id, group_id=found.group_id,
        territory_id=found.territory_id, branch_id=found.branch_id, channel_id=found.channel_id,
        priority=found.priority, valid_from=found.valid_from, valid_until=found.valid_to, weekdays=found.weekdays,
        from_time=found.from_time, until_time=found.until_time, prices_include_tax=found.prices_include_tax,
    )  # fmt: skip


def _stored(price_list_id: UUID) -> tuple[PriceRule, ...]:
    """The formulas of a list that is in no book."""
    rows = PriceListRule.objects.filter(price_list_id=price_list_id).select_related("unit").order_by("position")
    return tuple(
        PriceRule(
            Basis(row.basis), base_list_id=row.base_list_id, percent=row.percent, surcharge=row.surcharge,
            round_to=row.round_to, round_minus=row.round_minus, least_margin=row.least_margin,
            product_id=row.product_id, family_id=row.family_id, category_id=row.category_id, brand=row.brand,
            unit=row.unit.code if row.unit else None, min_quantity=row.min_quantity,
        )
        for row in rows
    )  # fmt: skip
