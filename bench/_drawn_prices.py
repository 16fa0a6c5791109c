"""Documents drawn at random with rule books of every kind, for proofs over many: the same seed draws the same."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from random import Random
from typing import Any
from uuid import UUID

from niaga.pricing.rules import (
    Basis,
    Buyer,
    Gift,
    LineKind,
    LineRequest,
    ListEntry,
    PriceList,
    PriceRequest,
    PriceRule,
    RuleBook,
    TaxCategory,
    TaxPolicy,
    TaxRate,
    TaxRounding,
)
from niaga.pricing.rules.priced import Step
from niaga.pricing.rules.promotion import Part, Promotion, PromotionKind, Tier
from niaga.pricing.rules.terms import Scope

DAY = date(2026, 11, 24)
_BRANDS = ("", "Kapal", "Rembulan", "Nusa")
_UNITS = (("pcs", "1"), ("box", "12"), ("kg", "0.5"))
_TAXES = (
    TaxCategory("PPN", (TaxRate(Decimal(12), base_numerator=11, base_denominator=12, transaction_code="04"),)),
    TaxCategory("PPN-MEWAH", (TaxRate(Decimal(12), transaction_code="01"),)),
    TaxCategory("PPNBM", (TaxRate(Decimal(12), transaction_code="01", luxury_rate=Decimal("67.5")),)),
    TaxCategory("BEBAS", (TaxRate(Decimal(0), transaction_code="08"),)),
    TaxCategory("DE19", (TaxRate(Decimal(19)),)),
    None,
)
_DISCOUNTS = (None, None, "5", "12.5", "33.33", "100")


def _ids(kind: int, count: int) -> list[UUID]:
    return [UUID(int=kind * 1000 + number) for number in range(1, count + 1)]


_PRODUCTS, _CATEGORIES, _FAMILIES = _ids(1, 25), _ids(2, 8), _ids(3, 3)
_CUSTOMERS, _GROUPS, _AREAS, _BRANCHES, _CHANNELS = (_ids(kind, 3) for kind in range(4, 9))


def drawn_requests(seed: int, lines: int) -> Iterator[PriceRequest]:
    """Documents with `lines` lines in all, or a few more; a new rule book for every tenth document."""
    random = Random(seed)
    book = RuleBook()
    entries: dict[UUID, list[ListEntry]] = {}
    drawn = number = 0
    while drawn < lines:
        if number % 10 == 0:
            book, entries = _book(random)
        request = _request(random, book, entries)
        drawn += len(request.lines)
        number += 1
        yield request


def _figure(random: Random, most: int, places: int) -> Decimal:
    return Decimal(random.randint(0, most * 10**places)).scaleb(-places)


def _maybe(random: Random, choices: list[UUID], share: float = 0.15) -> UUID | None:
    return random.choice(choices) if random.random() < share else None


def _book(random: Random) -> tuple[RuleBook, dict[UUID, list[ListEntry]]]:
    lists: list[PriceList] = []
    entries: dict[UUID, list[ListEntry]] = {}
    for list_id in _ids(9, random.randint(0, 14)):
        rules = tuple(_rule(random, [one.id for one in lists]) for _ in range(random.choice((0, 1, 1, 3))))
        hours = random.random() < 0.15
        lists.append(
            PriceList(
                list_id, f"Daftar {list_id.int % 1000}",
                customer_id=_maybe(random, _CUSTOMERS), group_id=_maybe(random, _GROUPS),
                territory_id=_maybe(random, _AREAS), branch_id=_maybe(random, _BRANCHES),
                channel_id=_maybe(random, _CHANNELS), priority=random.choice((0, 0, 0, 1, -1)),
                valid_from=DAY - timedelta(days=random.randint(-5, 50)) if random.random() < 0.3 else None,
                valid_until=DAY + timedelta(days=random.randint(-5, 50)) if random.random() < 0.3 else None,
                weekdays=random.choice((127, 127, 127, 31, 96, 2)),
                from_time=time(random.randrange(24)) if hours else None,
                until_time=time(random.randrange(24), 30) if hours else None, rules=rules,
                prices_include_tax=random.choice((None, None, True, False)),
            )
        )  # fmt: skip
        for product in random.sample(_PRODUCTS, random.choice((0, 3, 10))):
            for least in random.sample((0, 5, 10, 100), random.randint(1, 3)):
                unit = random.choice((None, None, "box"))
                price = _figure(random, 500_000, random.choice((0, 2, 6)))
                entries.setdefault(product, []).append(ListEntry(list_id, price, Decimal(least), unit))
    return RuleBook(lists, promotions=[_promotion(random, one) for one in _ids(10, random.randint(0, 8))]), entries


def _scope(random: Random) -> Scope:
    kind = random.choice(("all", "product", "product", "family", "category", "category", "brand", "both"))
    if kind == "all":
        return None
    if kind == "brand":
        return random.choice(_BRANDS[1:])
    if kind == "both":
        return random.choice(_CATEGORIES), random.choice(_BRANDS[1:])
    return random.choice({"product": _PRODUCTS, "family": _FAMILIES, "category": _CATEGORIES}[kind])


_STEPS = {"percent": (0, 20, 60), "basket_percent": (0, 2_000_000, 9_000_000)}
"""From where on; the others have one step."""


def _promotion(random: Random, promotion_id: UUID) -> Promotion:
    kind = random.choice(list(PromotionKind))
    percentage = kind.value.endswith("percent") or kind in (PromotionKind.BUY_GET, PromotionKind.FREE_DELIVERY)
    money = _figure(random, 200_000, random.choice((0, 2)))
    starts = _STEPS.get(kind.value, (0,))[: random.randint(1, 3)]
    most = 100 if percentage else 3 if kind is PromotionKind.GIFT else 200_000
    places = 2 if percentage else 0 if kind is PromotionKind.GIFT else random.choice((0, 2))
    figures = [_figure(random, most, places) for _start in starts]
    whole = (None,) if random.random() < 0.4 else tuple(_scope(random) for _ in range(random.randint(1, 3)))
    return Promotion(
        promotion_id, f"Promo {promotion_id.int % 1000}", group_id=_maybe(random, _GROUPS),
        customer_id=_maybe(random, _CUSTOMERS, 0.1), channel_id=_maybe(random, _CHANNELS),
        priority=random.choice((0, 0, 0, 5)),
        valid_until=DAY + timedelta(days=random.randint(-5, 50)) if random.random() < 0.2 else None,
        weekdays=random.choice((127, 127, 127, 2, 96)), kind=kind,
        tiers=tuple(Tier(Decimal(start), figure) for start, figure in zip(starts, figures, strict=True)),
        scopes=whole, excluded=(_scope(random) or "Kapal",) if random.random() < 0.2 else (),
        get_scopes=(_scope(random),) if kind is PromotionKind.BUY_GET and random.random() < 0.4 else (),
        parts=tuple(Part(_scope(random), Decimal(random.randint(1, 3))) for _ in range(random.randint(1, 3)))
        if kind is PromotionKind.BUNDLE_PRICE else (),
        buy=Decimal(random.randint(1, 4)), get=Decimal(random.randint(1, 2)),
        most_times=random.choice((None, None, 1, 5)), most_amount=random.choice((None, None, None, money)),
        gift_product_id=random.choice(_PRODUCTS) if kind is PromotionKind.GIFT else None,
        exclusive=random.random() < 0.25, by_coupon=random.random() < 0.25, is_limited=random.random() < 0.2,
    )  # fmt: skip


def _rule(random: Random, below: list[UUID]) -> PriceRule:
    basis = random.choice(list(Basis) if below else [Basis.PRICE, Basis.COST])
    step = random.choice((None, None, "500", "100", "0.05", "1000"))
    scope = random.choice(("all", "all", "product", "family", "category", "brand", "both"))
    return PriceRule(
        basis, base_list_id=random.choice(below) if basis is Basis.LIST else None,
        percent=_figure(random, 60, 2) - 40, surcharge=random.choice((Decimal(0), _figure(random, 4000, 2) - 2000)),
        round_to=Decimal(step) if step else None,
        round_minus=Decimal(1) if step and Decimal(step) > 1 and random.random() < 0.5 else Decimal(0),
        least_margin=_figure(random, 60, 2) if random.random() < 0.2 else None,
        product_id=random.choice(_PRODUCTS) if scope == "product" else None,
        family_id=random.choice(_FAMILIES) if scope == "family" else None,
        category_id=random.choice(_CATEGORIES) if scope in ("category", "both") else None,
        brand=random.choice(_BRANDS[1:]) if scope in ("brand", "both") else "",
        unit=random.choice((None, None, None, "box")), min_quantity=Decimal(random.choice((0, 0, 0, 5, 50))),
    )  # fmt: skip


def _request(random: Random, book: RuleBook, entries: dict[UUID, list[ListEntry]]) -> PriceRequest:
    discount = random.choice(_DISCOUNTS)
    return PriceRequest(
        currency=random.choice(("IDR", "IDR", "USD", "KWD")), on_date=DAY,
        lines=tuple(_line(random, str(place), entries) for place in range(1, random.randint(2, 12))),
        prices_include_tax=random.random() < 0.4,
        buyer=Buyer(
            random.choice(_CUSTOMERS), random.choice(_GROUPS), tuple(random.sample(_AREAS, random.randint(0, 3))),
            random.choice(_BRANCHES), _maybe(random, _CHANNELS, 0.5),
        ),
        at_time=time(random.randrange(24), random.randrange(60)) if random.random() < 0.8 else None, book=book,
        policies=random.choice(((), (TaxPolicy(TaxRounding.DOCUMENT),), (TaxPolicy(total_step=Decimal(100)),))),
        discount_percent=Decimal(discount) if discount else None, **_promoted(random, book),
    )  # fmt: skip


def _promoted(random: Random, book: RuleBook) -> dict[str, Any]:
    """What a document knows of promotions beside the book: coupons, what is used up or left, and the gifts."""
    promotions = list(book.promotions.values())
    return {
        "coupons": tuple((one.id, f"KODE{one.id.int % 1000}") for one in promotions if random.random() < 0.5),
        "used_up": frozenset(one.id for one in promotions if one.is_limited and random.random() < 0.3),
        "left": tuple((one.id, _figure(random, 100_000, 2)) for one in promotions if one.is_limited),
        "given": frozenset(one.id for one in promotions if random.random() < 0.05),
        "gifts": tuple(
            Gift(one.id, replace(_line(random, "", {}), optional=False, manual_price=None, discount_percent=None,
                                 product_id=one.gift_product_id, kind=LineKind.GOODS, unit="pcs",
                                 unit_factor=Decimal(1), own_unit_price=None))
            for one in promotions
            if one.kind is PromotionKind.GIFT
        ),
    }  # fmt: skip


def _line(random: Random, key: str, entries: dict[UUID, list[ListEntry]]) -> LineRequest:
    product = random.choice(_PRODUCTS)
    number = product.int % 1000
    unit, factor = _UNITS[random.choice((0, 0, 0, 1, 2))]
    discount = random.choice(_DISCOUNTS)
    known = random.random()
    return LineRequest(
        key=key, quantity=_figure(random, 200, 2) + Decimal("0.01"), unit=unit, unit_factor=Decimal(factor),
        product_id=product, category_ids=tuple(_CATEGORIES[number % 6 : number % 6 + 3]),
        brand=_BRANDS[number % 4], family_id=_FAMILIES[number % 3] if number % 2 else None,
        kind=random.choice((LineKind.GOODS, LineKind.GOODS, LineKind.SERVICE, LineKind.CHARGE)),
        base_price=_figure(random, 900_000, random.choice((0, 2))) if known < 0.95 else None,
        own_unit_price=_figure(random, 900_000, 0) if unit == "box" and known < 0.3 else None,
        entries=tuple(entries.get(product, ())), tax=random.choice(_TAXES),
        manual_price=_figure(random, 900_000, 2) if random.random() < 0.1 else None,
        discount_percent=Decimal(discount) if discount else None,
        unit_cost=_figure(random, 400_000, random.choice((0, 6))) if random.random() < 0.8 else None,
        optional=random.random() < 0.1, chosen=random.random() < 0.5,
    )  # fmt: skip


_EMPTY = (None, "", (), frozenset())


def plain(value: Any) -> Any:
    """Any part of a request or answer as JSON: figures and keys as text, what is empty left out."""
    if isinstance(value, RuleBook):
        return {"lists": plain(list(value.lists.values())), "promotions": plain(list(value.promotions.values()))}
    if is_dataclass(value) and not isinstance(value, type):
        found = {field.name: getattr(value, field.name) for field in fields(value) if field.init}
        return {name: plain(one) for name, one in found.items() if one not in _EMPTY}
    if isinstance(value, Step):
        return plain({"code": value.code, "value": value.value, "facts": value.facts})
    if hasattr(value, "_asdict"):
        return {name: plain(one) for name, one in value._asdict().items() if one not in _EMPTY}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, UUID | date | time):
        return str(value)
    if isinstance(value, frozenset):
        return sorted(plain(one) for one in value)
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {str(name): plain(one) for name, one in value.items() if one not in _EMPTY}
    return value
