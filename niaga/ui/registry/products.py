"""What apps above the catalog tell about products: columns of the list, and sections of a product's page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise

from niaga.ui.registry.contributions import Contributions


@dataclass(frozen=True, slots=True)
class ProductColumn:
    """A figure beside each product: `annotate` adds it under `name` to the list's own statement, as a subquery.

    `unit` True shows the product's base unit behind it; `currency` True shows it as money of the company.
    """

    name: str
    label: str | Promise
    annotate: Callable[[HttpRequest, QuerySet[Any]], QuerySet[Any]]
    allowed: Callable[[HttpRequest], bool]
    unit: bool = False
    currency: bool = False


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A line of a section: `detail` faint below the title, `value` at the right with its `tone`."""

    title: str
    value: str
    detail: str = ""
    url: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class ProductSection:
    """A card on the product's page: stock by warehouse, price lists. `empty` is said when there are no rows."""

    title: str | Promise
    rows: Sequence[ProductRow]
    empty: str | Promise = ""
    more: str | Promise = ""
    more_url: str = ""


# section(request, product_id, facts) -> the card, or nothing; `facts` has `unit` and `currency`. One statement each.
SectionSource = Callable[[HttpRequest, UUID, Mapping[str, str]], ProductSection | None]

product_columns: Contributions[ProductColumn] = Contributions()
product_sections: Contributions[SectionSource] = Contributions()


def sections_of(request: HttpRequest, product_id: UUID, facts: Mapping[str, str]) -> list[ProductSection]:
    """The cards of every app, each asked once."""
    found = [source(request, product_id, facts) for _name, source in product_sections]
    return [section for section in found if section is not None]
