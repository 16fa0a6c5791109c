"""A company's small tables, read when their version is new, then shared by all that this process sells."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from threading import Lock
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

MOST_COMPANIES = 64
"""Companies whose settings a process remembers."""
_remembered: OrderedDict[UUID, "CatalogSettings"] = OrderedDict()
_lock = Lock()


class UnitName(NamedTuple):
    code: str
    digits: int


@dataclass(frozen=True, slots=True)
class TaxRateFacts:
    """A rate row, for deliveries to a place: `percent` of `numerator`/`denominator` of the net, from a day on."""

    valid_from: date
    transaction_code: str
    percent: Decimal
    numerator: int
    denominator: int
    luxury_percent: Decimal
    country: str = ""
    region: str = ""
    with_tax_number: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class CatalogSettings:
    """Units, tax categories and the tree of categories in one state. Nobody changes it."""

    version: UUID | None = None
    units: Mapping[UUID, UnitName] = field(default_factory=dict)
    tax_rates: Mapping[UUID, tuple[str, tuple[TaxRateFacts, ...]]] = field(default_factory=dict)
    """Tax categories by id: code and rates, oldest first. Those without a rate are not in it."""
    paths: Mapping[int, tuple[UUID, ...]] = field(default_factory=dict)
    """Each category, by the number of its key, with all above it, itself first."""


_VERSION = "SELECT version FROM catalog_settingsversion WHERE company_id = %s::uuid"
# One statement, so that rows and version are of one moment.
_SQL = f"""
SELECT ({_VERSION}),
       (SELECT json_agg(json_build_array(u.id, u.code, u.digits)) FROM catalog_unit u WHERE u.company_id = %s::uuid),
       (SELECT json_agg(json_build_array(c.id, c.parent_id)) FROM catalog_category c WHERE c.company_id = %s::uuid),
       c.id, c.code, r.valid_from, r.transaction_code, r.percent, r.base_numerator, r.base_denominator,
       r.luxury_percent, r.country, r.region, r.with_tax_number, r.note
  FROM (VALUES (1)) one LEFT JOIN (catalog_taxcategory c JOIN catalog_taxrate r ON r.category_id = c.id)
    ON c.company_id = %s::uuid
 ORDER BY c.id, r.valid_from
"""


def catalog_settings(company_id: UUID, version: UUID | None = None) -> CatalogSettings:
    """The settings of this version, or of a later one when it has passed. Without a version: as they are now.

    No statement while this process knows them; without a version, one to learn which it is.
    """
    if version is None:
        with connection.cursor() as cursor:
            cursor.execute(_VERSION, [company_id])
            row = cursor.fetchone()
        version = row[0] if row else None
    with _lock:
        known = _remembered.get(company_id)
        if known is not None and known.version == version:
            _remembered.move_to_end(company_id)
            return known
    settings = _read(company_id)
    with _lock:
        _remembered[company_id] = settings
        _remembered.move_to_end(company_id)
        while len(_remembered) > MOST_COMPANIES:
            _remembered.popitem(last=False)
    return settings


def _read(company_id: UUID) -> CatalogSettings:
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [company_id] * 4)
        rows = cursor.fetchall()
    version, units, categories = rows[0][:3]
    taxes: dict[UUID, tuple[str, tuple[TaxRateFacts, ...]]] = {}
    for _version, _units, _categories, tax_id, code, *rate in rows:
        if tax_id is not None:
            taxes[tax_id] = (code, (*taxes.get(tax_id, ("", ()))[1], TaxRateFacts(*rate)))
    named = {UUID(unit_id): UnitName(code, digits) for unit_id, code, digits in units or ()}
    return CatalogSettings(version, named, taxes, _paths(categories or ()))


def _paths(rows: Any) -> dict[int, tuple[UUID, ...]]:
    above = {UUID(one): UUID(parent) if parent else None for one, parent in rows}
    paths = {}
    for one in above:
        path: dict[UUID, None] = {}
        step: UUID | None = one
        while step is not None and step not in path:  # a ring, should one be made, ends
            path[step] = None
            step = above.get(step)
        paths[one.int] = tuple(path)
    return paths
