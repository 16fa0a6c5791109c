"""A company's rule book: read when its version is new, then shared by all that this process prices."""

from collections import OrderedDict
from threading import Lock
from typing import Any
from uuid import UUID

from django.db import connection

from niaga.pricing.models import WHOM
from niaga.pricing.rules import Basis, PriceList, PriceRule, Programme, RuleBook
from niaga.pricing.rules.promotion import Part, Promotion, PromotionKind, Tier
from niaga.pricing.rules.terms import scope_of

MOST_BOOKS = 64
"""Companies and currencies whose book a process remembers."""
_books: OrderedDict[tuple[UUID, str], RuleBook] = OrderedDict()
_lock = Lock()

_LISTS = f"""
SELECT l.id, l.name, l.priority, l.valid_from, l.valid_to, l.weekdays, l.from_time, l.until_time,
       {", ".join(f"l.{name}" for name in WHOM)}, l.prices_include_tax, v.version
  FROM pricing_rulebookversion v
  LEFT JOIN pricing_pricelist l ON l.company_id = v.company_id AND l.currency = %s::text AND l.archived_at IS NULL
 WHERE v.company_id = %s::uuid
"""
_SCOPE = ("product_id", "family_id", "category_id", "brand")
_RULES = """
SELECT r.price_list_id, r.basis, r.base_list_id, r.percent, r.surcharge, r.round_to, r.round_minus, r.least_margin,
       r.product_id, r.family_id, r.category_id, r.brand, u.code, r.min_quantity
  FROM pricing_pricelistrule r JOIN pricing_pricelist l ON l.id = r.price_list_id
  LEFT JOIN catalog_unit u ON u.id = r.unit_id
 WHERE l.company_id = %s::uuid AND l.currency = %s::text AND l.archived_at IS NULL
 ORDER BY r.price_list_id, r.position
"""


_PROMOTIONS = f"""
SELECT p.id, p.name, p.priority, p.valid_from, p.valid_to, p.weekdays, p.from_time, p.until_time,
       {", ".join(f"p.{name}" for name in WHOM)}, p.kind, p.exclusive, p.by_coupon, p.buy, p.get, p.most_times,
       p.most_amount, p.gift_product_id, num_nonnulls(p.most_uses, p.budget, p.most_per_customer) > 0,
       (SELECT array_agg(ARRAY[t.least, t.figure] ORDER BY t.least) FROM pricing_promotiontier t
         WHERE t.promotion_id = p.id)
  FROM pricing_promotion p
 WHERE p.company_id = %s::uuid AND p.currency = %s::text AND p.archived_at IS NULL
"""
_PROGRAMME = """
SELECT p.currency, p.point_value, p.least_points, p.step_points, p.most_percent, p.valid_from, p.valid_to
  FROM pricing_loyaltyprogramme p
 WHERE p.company_id = %s::uuid AND p.currency = %s::text AND p.is_on AND p.point_value > 0
"""
_SCOPES = """
SELECT s.promotion_id, s.role, s.product_id, s.family_id, s.category_id, s.brand, s.quantity
  FROM pricing_promotionscope s JOIN pricing_promotion p ON p.id = s.promotion_id
 WHERE p.company_id = %s::uuid AND p.currency = %s::text AND p.archived_at IS NULL
 ORDER BY s.promotion_id, s.position
"""


def remembered_book(company_id: UUID, currency: str) -> RuleBook | None:
    """The book that this process read last, which may be of an older version."""
    with _lock:
        return _books.get((company_id, currency))


def read_book(company_id: UUID, currency: str) -> RuleBook:
    """The book as it is now; five statements, however many lists and promotions."""
    with connection.cursor() as cursor:
        cursor.execute(_LISTS, [currency, company_id])
        heads = cursor.fetchall()
        cursor.execute(_RULES, [company_id, currency])
        rows = cursor.fetchall()
        cursor.execute(_PROMOTIONS, [company_id, currency])
        promotions = cursor.fetchall()
        cursor.execute(_SCOPES, [company_id, currency])
        scopes = cursor.fetchall()
        cursor.execute(_PROGRAMME, [company_id, currency])
        programme = cursor.fetchone()
    rules: dict[UUID, list[PriceRule]] = {}
    for list_id, basis, base, percent, surcharge, step, minus, margin, *scope, unit, least in rows:
        rules.setdefault(list_id, []).append(
            PriceRule(
                Basis(basis), base_list_id=base, percent=percent, surcharge=surcharge, round_to=step,
                round_minus=minus, least_margin=margin, unit=unit, min_quantity=least,
                **dict(zip(_SCOPE, scope, strict=True)),
            )
        )  # fmt: skip
    lists = [
        PriceList(
            list_id, name, priority=priority, valid_from=first, valid_until=last, weekdays=weekdays, from_time=begins,
            until_time=ends, rules=tuple(rules.get(list_id, ())), prices_include_tax=includes_tax,
            **dict(zip(WHOM, whom, strict=True)),
        )
        for list_id, name, priority, first, last, weekdays, begins, ends, *whom, includes_tax, _version in heads
        if list_id is not None
    ]  # fmt: skip
    book = RuleBook(
        lists, promotions=_promotions(promotions, scopes), version=heads[0][-1] if heads else None,
        programme=Programme(*programme) if programme else None,
    )  # fmt: skip
    with _lock:
        _books[(company_id, currency)] = book
        _books.move_to_end((company_id, currency))
        while len(_books) > MOST_BOOKS:
            _books.popitem(last=False)
    return book


def _promotions(rows: list[Any], scopes: list[Any]) -> list[Promotion]:
    parts: dict[UUID, dict[str, list[Any]]] = {}
    for promotion_id, role, *keys, quantity in scopes:
        scope = scope_of(*keys)
        parts.setdefault(promotion_id, {}).setdefault(role, []).append(
            Part(scope, quantity) if role == "part" else scope
        )
    found = []
    for (one, name, priority, first, last, weekdays, begins, ends, *whom, kind, exclusive, by_coupon, buy, get,
         most_times, most_amount, gift, limited, tiers) in rows:  # fmt: skip
        roles = parts.get(one, {})
        found.append(
            Promotion(
                one, name, priority=priority, valid_from=first, valid_until=last, weekdays=weekdays,
                from_time=begins, until_time=ends, **dict(zip(WHOM, whom, strict=True)), kind=PromotionKind(kind),
                tiers=tuple(Tier(*tier) for tier in tiers or ()), scopes=tuple(roles.get("on", (None,))),
                excluded=tuple(roles.get("except", ())), get_scopes=tuple(roles.get("get", ())),
                parts=tuple(roles.get("part", ())), buy=buy, get=get, most_times=most_times, most_amount=most_amount,
                gift_product_id=gift, exclusive=exclusive, by_coupon=by_coupon, is_limited=limited,
            )
        )  # fmt: skip
    return found
