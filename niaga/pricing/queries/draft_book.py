"""The rule book as it would be if a change were published."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from niaga.catalog.queries.price_scopes import known_scopes
from niaga.pricing.models import WHOM, PriceListRule
from niaga.pricing.models import PriceList as ListRow
from niaga.pricing.models import Promotion as PromotionRow
from niaga.pricing.queries.differences_of import parts_now
from niaga.pricing.queries.rule_book import read_book
from niaga.pricing.rules import PriceList, PriceRule, RuleBook
from niaga.pricing.rules.book import Basis
from niaga.pricing.rules.differences import Differences, RuleData
from niaga.pricing.rules.promotion import Promotion, PromotionKind
from niaga.pricing.rules.promotion_parts import read_parts, read_tiers, scopes_by_role
from niaga.pricing.rules.terms import Terms
from niaga.pricing.rules.what_if import read_rules

T = TypeVar("T", bound=Terms)


class TwoBooks(NamedTuple, Generic[T]):
    before: RuleBook
    after: RuleBook
    was: T | None
    """The list or promotion as it holds; None: it holds nowhere."""
    becomes: T | None


def promotion_books(found: PromotionRow, differences: Differences) -> TwoBooks[Promotion]:
    """What holds and what would: six statements at most."""
    before = read_book(found.company_id, found.currency)
    was, becomes = before.promotions.get(found.id), None
    heads = {name: after for name, (_before, after) in differences.heads.items()}
    if heads.get("archived_at", found.archived_at) is None:
        parts = differences.rules[1] if differences.rules is not None else parts_now(found.id)
        becomes = promotion_of(lambda name: heads.get(name, getattr(found, name)), found.id, parts)
    return TwoBooks(before, before.with_promotion(found.id, becomes), was, becomes)


def promotion_of(said: Callable[[str], Any], promotion_id: UUID, parts: Sequence[RuleData]) -> Promotion:
    """A promotion as the book has it. `said` answers each of its columns."""
    same = (
        "priority", "valid_from", "weekdays", "from_time", "until_time", *WHOM, "exclusive", "by_coupon", "buy", "get",
        "most_times", "most_amount", "gift_product_id",
    )  # fmt: skip
    return Promotion(
        promotion_id, said("name"), **{name: said(name) for name in same}, valid_until=said("valid_to"),
        kind=PromotionKind(said("kind")), tiers=read_tiers(parts), **scopes_by_role(read_parts(parts)),
        is_limited=any(said(name) is not None for name in ("most_uses", "budget", "most_per_customer")),
    )  # fmt: skip


def two_books(found: ListRow, differences: Differences) -> TwoBooks[PriceList]:
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
        found.id, found.name, customer_id=found.customer_id, group_id=found.group_id,
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
