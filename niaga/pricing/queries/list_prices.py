"""The rule book with the prices that may hold for a buyer, for any number of products in one statement."""

from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from niaga.catalog.queries.product_facts import ProductFacts
from niaga.core.ids import id_array
from niaga.pricing.queries.rule_book import read_book, remembered_book
from niaga.pricing.rules import Buyer, ListEntry, RuleBook
from niaga.pricing.rules.book import EMPTY_BOOK

MOST_PARTS = 1024
"""So many parts of books are remembered as the database reads them."""

_SQL = """
SELECT v.version, e.product_id, e.price_list_id, e.price, e.min_quantity, u.code
  FROM pricing_rulebookversion v
  LEFT JOIN pricing_pricelistentry e ON e.product_id = ANY(%s::uuid[]) AND e.price_list_id = ANY(%s::uuid[])
  LEFT JOIN catalog_unit u ON u.id = e.unit_id
 WHERE v.company_id = %s::uuid
 ORDER BY e.price_list_id, e.min_quantity
"""


class ListPrices(NamedTuple):
    """What the lists know of the products of a document."""

    book: RuleBook
    entries: dict[UUID, tuple[ListEntry, ...]]
    """By product."""

    def of(self, product: ProductFacts) -> dict[str, Any]:
        """The fields of a `LineRequest` that the lists need of its product."""
        return {
            "entries": self.entries.get(product.id, ()),
            "category_ids": product.category_ids,
            "brand": product.brand,
            "family_id": product.family_id,
        }


def list_prices(*, company_id: UUID, products: Collection[ProductFacts], buyer: Buyer, currency: str) -> ListPrices:
    """The book of this moment and the entries of its lists.

    One statement; three more only when the book is another than this process read last. Lists for the buyer bring
    their entries whether they hold now or not, and so do those they stand on.
    """
    ids = [product.id for product in products]
    book = remembered_book(company_id, currency) or EMPTY_BOOK  # which is the book of who has no list
    while True:
        version, entries = read_entries(company_id, ids, _array(book, buyer))
        if version == book.version:
            break
        book = read_book(company_id, currency)
    return ListPrices(book, entries)


def _array(book: RuleBook, buyer: Buyer) -> str:
    """The lists as the database reads them; one may be named twice."""
    return f"{{{','.join(filter(None, (_listed(part.needed) for part in book.seen_by(buyer).parts)))}}}"


@lru_cache(maxsize=MOST_PARTS)
def _listed(list_ids: frozenset[UUID]) -> str:
    """Written once: the lists for everybody are the same for every document, and often hundreds."""
    return ",".join(map(str, list_ids))


def list_array(list_ids: Iterable[UUID]) -> str:
    """Any lists as the database reads them."""
    return f"{{{','.join(map(str, list_ids))}}}"


def read_entries(
    company_id: UUID, product_ids: Collection[UUID], list_ids: str
) -> tuple[UUID | None, dict[UUID, tuple[ListEntry, ...]]]:
    """The version of the book and the entries, by product, as one statement saw them."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [id_array(product_ids), list_ids, company_id])
        rows = cursor.fetchall()
    found: dict[UUID, list[ListEntry]] = {}
    for _version, product_id, list_id, price, least, unit in rows:
        if product_id is not None:
            found.setdefault(product_id, []).append(ListEntry(list_id, price, least, unit))
    return (rows[0][0] if rows else None), {product_id: tuple(entries) for product_id, entries in found.items()}
