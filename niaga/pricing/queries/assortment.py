"""Parts of the assortment as people name them: products, families, categories, brands, a brand within a category.

A part has a key in text, for forms: `product:…`, `family:…`, `category:…`, `brand:Nike`, `category:…:Nike`.
"""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from niaga.catalog.queries.catalog_lists import brands, category_tree, families_for
from niaga.catalog.queries.find_products import find_products
from niaga.organization.access import Actor, access_of


class FoundPart(NamedTuple):
    """`kind` is `product`, `family`, `category`, `brand` or `brand_in_category`; `detail` tells it from its like."""

    key: str
    name: str
    kind: str
    detail: str = ""
    brand: str = ""


class ScopeKeys(NamedTuple):
    """The columns of a part; nothing of all is everything."""

    product_id: UUID | None = None
    family_id: UUID | None = None
    category_id: UUID | None = None
    brand: str = ""


def key_of(part: ScopeKeys) -> str:
    if part.product_id:
        return f"product:{part.product_id}"
    if part.family_id:
        return f"family:{part.family_id}"
    if part.category_id:
        return f"category:{part.category_id}" + (f":{part.brand}" if part.brand else "")
    return f"brand:{part.brand}" if part.brand else ""


def part_of(key: str) -> ScopeKeys:
    """The part that a key names. Whether the company has it is for the service to say.

    :raises ValueError: it is no key
    """
    kind, _colon, rest = key.partition(":")
    if kind == "brand" and rest.strip():
        return ScopeKeys(brand=rest.strip()[:80])
    named, _colon, brand = rest.partition(":")
    columns = {"product": "product_id", "family": "family_id", "category": "category_id"}
    if kind not in columns or (brand and kind != "category"):
        raise ValueError(key)
    return ScopeKeys(**{columns[kind]: UUID(named)}, brand=brand.strip()[:80])


def find_parts(text: str, by: Actor, limit: int = 12) -> list[FoundPart]:
    """What fits `text`: brands and categories first, since a promotion is mostly for many; then families and products.

    “nike shoes” finds the brand within the category. Four statements at most.

    :raises Forbidden: `by` may not see products
    """
    access = access_of(by)
    access.require("product", "view")
    company_id = access.current_company.id
    words = text.casefold().split()
    nodes = [(str(node.id), node.name, node.path) for node in category_tree(company_id)]
    marks = brands(company_id)

    def wide() -> Iterator[FoundPart]:
        for name in marks:
            if _fits(name, words):
                yield FoundPart(f"brand:{name}", name, "brand")
        for key, name, path in nodes:
            if _fits(path, words):
                yield FoundPart(f"category:{key}", name, "category", path if path != name else "")
        if len(words) > 1:
            yield from _pairs(words, marks, nodes)
        for family_id, name in families_for(by).values_list("id", "name"):
            if _fits(name, words):
                yield FoundPart(f"family:{family_id}", name, "family")

    found = list(islice(wide(), limit - 4 if words else limit))
    products = find_products(text, by, limit - len(found)) if words and len(found) < limit else []
    return found + [FoundPart(f"product:{one.id}", one.name, "product", one.sku) for one in products]


def _fits(name: str, words: list[str]) -> bool:
    told = name.casefold()
    return all(word in told for word in words)


def _pairs(words: list[str], marks: list[str], nodes: list[tuple[str, str, str]]) -> Iterator[FoundPart]:
    """Some of the words name the brand, all the others the category."""
    for mark in marks:
        rest = [word for word in words if word not in mark.casefold()]
        if not rest or len(rest) == len(words):
            continue
        for key, name, path in nodes:
            if _fits(path, rest):
                yield FoundPart(f"category:{key}:{mark}", name, "brand_in_category", path, mark)
