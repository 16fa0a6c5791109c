from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.catalog.queries.product_facts import product_facts
from niaga.core.api import plain
from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import StaleVersion
from niaga.core.ids import new_id
from niaga.core.money import round_to
from niaga.organization.access import Actor
from niaga.pricing.errors import BadPrices
from niaga.pricing.models import PriceList, PriceListEntry
from niaga.pricing.queries.price_lists import lock_price_list
from niaga.pricing.rules.differences import Differences, PriceKey
from niaga.pricing.services._publication import note_publication

MOST = 50_000
"""Prices in one call."""
MOST_PRICE = Decimal(10) ** 12
TOLD = 200
"""So many changes are spelled out in the audit row."""


@dataclass(frozen=True, slots=True)
class NewPrice:
    """The price of one `unit` from `min_quantity` of them on; without a unit, of one base unit.

    `price` None takes the break away.
    """

    price: Decimal | None
    product_id: UUID | None = None
    sku: str = ""
    min_quantity: Decimal = Decimal(0)
    unit: str = ""


@dataclass(frozen=True, slots=True)
class PricesSet:
    added: int
    changed: int
    removed: int
    same: int


@transaction.atomic
def set_prices(
    *,
    price_list_id: UUID,
    prices: Sequence[NewPrice],
    by: Actor,
    at: datetime,
    replace: bool = False,
    expected_version: int | None = None,
    import_batch_id: UUID | None = None,
) -> PricesSet:
    """Set prices of a list: all or none, the same few statements however many. With `replace` others go.

    :raises NotFound, Forbidden: no such list, or `by` may not change it
    :raises StaleVersion: somebody else saved since `expected_version`
    :raises BadPrices: unknown products, figures that cannot be, the same break twice; each is answered
    """
    found = lock_price_list(by, price_list_id, "change")
    if expected_version is not None and expected_version != found.version:
        raise StaleVersion()
    wanted = checked_prices(found, prices)
    before = prices_before(found, None if replace else wanted)
    removed = {key for key, price in wanted.items() if price is None and key in before}
    if replace:
        removed |= set(before) - set(wanted)
    kept = {key: price for key, price in wanted.items() if price is not None}
    written = {key: price for key, price in kept.items() if before.get(key) != price}
    if not written and not removed:
        return PricesSet(0, 0, 0, len(kept))
    added = sum(1 for key in written if key not in before)
    batch = Batch()
    write_entries(batch, found, written, removed, import_batch_id)
    batch.update(PriceList, where={"id": found.id}, values={"version": found.version + 1})
    told = [
        {
            "product": str(key[0]),
            "from": plain(key[2]),
            **({"unit": str(key[1])} if key[1] else {}),
            "before": _text(before.get(key)),
            "after": _text(written.get(key)),
        }
        for key in sorted([*written, *removed], key=str)[:TOLD]
    ]
    result = PricesSet(added, len(written) - added, len(removed), len(kept) - len(written))
    counts = {"added": result.added, "changed": result.changed, "removed": result.removed}
    record(
        batch=batch, subject_kind="price_list", subject_id=found.id, verb="set_prices", by=by.pk, at=at,
        company_id=found.company_id, data={**counts, "prices": told},
    )  # fmt: skip
    note_publication(
        batch=batch, found=found, kind="import" if import_batch_id else "edit", by=by.pk, at=at,
        differences=Differences(prices={key: (before.get(key), written.get(key)) for key in [*written, *removed]}),
    )  # fmt: skip
    batch.write()
    return result


def checked_prices(price_list: PriceList, prices: Sequence[NewPrice]) -> dict[PriceKey, Decimal | None]:
    """By product and break, each figure rounded to what is kept."""
    if len(prices) > MOST:
        raise BadPrices(_("At most %(most)s prices at a time.") % {"most": MOST})
    ids = {price.product_id for price in prices if price.product_id}
    skus = {price.sku for price in prices if price.sku and not price.product_id}
    products = product_facts(company_id=price_list.company_id, ids=ids, skus=skus)
    faults: list[dict[str, Any]] = []
    wanted: dict[PriceKey, Decimal | None] = {}
    for place, price in enumerate(prices, 1):

        def fault(field: str, message: str, place: int = place) -> None:
            faults.append({"line": place, "field": field, "message": message})

        product = products.get(price.product_id or price.sku)
        if product is None:
            fault("product", _("There is no such product."))
            continue
        if price.price is not None and not _possible(price.price):
            fault("price", _("A price is zero or more, and not absurdly large."))
            continue
        unit = product.unit(price.unit)
        if unit is None:
            fault("unit", _("The product is not sold in this unit."))
            continue
        if not _possible(price.min_quantity):
            fault("min_quantity", _("The quantity is zero or more, and not absurdly large."))
            continue
        other_unit = None if unit is product.units[0] else unit.id
        key = (product.id, other_unit, round_to(price.min_quantity, 6))
        if key in wanted:
            fault("min_quantity", _("This product has this quantity twice here."))
            continue
        wanted[key] = round_to(price.price, 6) if price.price is not None else None
    if faults:
        raise BadPrices(lines=faults)
    return wanted


def _possible(figure: Decimal) -> bool:
    return figure.is_finite() and 0 <= figure <= MOST_PRICE


def prices_before(price_list: PriceList, wanted: Collection[PriceKey] | None) -> dict[PriceKey, Decimal]:
    """The prices of the products that are named, or all."""
    rows = PriceListEntry.objects.filter(price_list_id=price_list.id)
    if wanted is not None:
        rows = rows.filter(product_id__in={product_id for product_id, _unit, _least in wanted})
    columns = rows.values_list("product_id", "unit_id", "min_quantity", "price")
    return {(product, unit, least): price for product, unit, least, price in columns}


def write_entries(
    batch: Batch,
    price_list: PriceList,
    written: dict[PriceKey, Decimal],
    removed: set[PriceKey],
    import_batch_id: UUID | None,
) -> None:
    table = PriceListEntry._meta.db_table
    if written:
        batch.sql(
            "priced",
            f"INSERT INTO {table} (id, price_list_id, product_id, unit_id, min_quantity, price, import_batch_id)"
            " SELECT v.id, %s::uuid, v.product, v.unit, v.least, v.price, %s::uuid"
            " FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::numeric[], %s::numeric[])"
            " AS v(id, product, unit, least, price)"
            " ON CONFLICT (price_list_id, product_id, unit_id, min_quantity) DO UPDATE SET price = excluded.price"
            " RETURNING 1",
            [
                price_list.id,
                import_batch_id,
                [new_id() for _key in written],
                *columns_of(written),
                list(written.values()),
            ],
        )
    if removed:
        batch.sql(
            "unpriced",
            f"DELETE FROM {table} e USING unnest(%s::uuid[], %s::uuid[], %s::numeric[]) AS v(product, unit, least)"
            " WHERE e.price_list_id = %s::uuid AND e.product_id = v.product AND e.min_quantity = v.least"
            " AND e.unit_id IS NOT DISTINCT FROM v.unit RETURNING 1",
            [*columns_of(removed), price_list.id],
        )


def columns_of(keys: Collection[PriceKey]) -> list[list[Any]]:
    return [[key[place] for key in keys] for place in range(3)]


def _text(price: Decimal | None) -> str | None:
    return plain(price) if price is not None else None
