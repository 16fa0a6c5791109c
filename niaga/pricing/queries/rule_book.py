"""A company's rule book: read when its version is new, then shared by all that this process prices."""

from collections import OrderedDict
from threading import Lock
from uuid import UUID

from django.db import connection

from niaga.pricing.models import WHOM
from niaga.pricing.rules import Basis, PriceList, PriceRule, RuleBook

MOST_BOOKS = 64
"""Companies and currencies whose book a process remembers."""
_books: OrderedDict[tuple[UUID, str], RuleBook] = OrderedDict()
_lock = Lock()

_LISTS = f"""
SELECT l.id, l.name, l.priority, l.valid_from, l.valid_to, l.weekdays, l.from_time, l.until_time,
       {", ".join(f"l.{name}" for name in WHOM)}, v.version
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


def remembered_book(company_id: UUID, currency: str) -> RuleBook | None:
    """The book that this process read last, which may be of an older version."""
    with _lock:
        return _books.get((company_id, currency))


def read_book(company_id: UUID, currency: str) -> RuleBook:
    """The book as it is now; two statements, however many lists."""
    with connection.cursor() as cursor:
        cursor.execute(_LISTS, [currency, company_id])
        heads = cursor.fetchall()
        cursor.execute(_RULES, [company_id, currency])
        rows = cursor.fetchall()
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
            until_time=ends, rules=tuple(rules.get(list_id, ())), **dict(zip(WHOM, whom, strict=True)),
        )
        for list_id, name, priority, first, last, weekdays, begins, ends, *whom, _version in heads
        if list_id is not None
    ]  # fmt: skip
    book = RuleBook(lists, version=heads[0][-1] if heads else None)
    with _lock:
        _books[(company_id, currency)] = book
        _books.move_to_end((company_id, currency))
        while len(_books) > MOST_BOOKS:
            _books.popitem(last=False)
    return book
