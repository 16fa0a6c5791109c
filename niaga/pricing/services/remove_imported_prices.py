from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.organization.access import Actor
from niaga.pricing.models import PriceList, PriceListEntry
from niaga.pricing.rules.differences import Differences, PriceKey
from niaga.pricing.services._publication import note_publication

Before = Sequence[tuple[UUID, UUID, Decimal, Decimal, Decimal]]
Prices = dict[PriceKey, tuple[Decimal | None, Decimal | None]]

_RESTORE = """
UPDATE pricing_pricelistentry e SET price = b.price, import_batch_id = NULL
  FROM unnest(%s::uuid[], %s::uuid[], %s::numeric[], %s::numeric[], %s::numeric[])
    AS b(list, product, least, price, imported)
 WHERE e.price_list_id = b.list AND e.product_id = b.product AND e.min_quantity = b.least
   AND e.unit_id IS NULL AND e.price = b.imported
"""
_FORGET = """
DELETE FROM pricing_pricelist l WHERE import_batch_id = %s::uuid
   AND NOT EXISTS (SELECT 1 FROM pricing_pricelistentry WHERE price_list_id = l.id)
   AND NOT EXISTS (SELECT 1 FROM pricing_pricelistrule WHERE price_list_id = l.id OR base_list_id = l.id)
   AND NOT EXISTS (SELECT 1 FROM pricing_pricechange WHERE subject_id = l.id)
"""


@transaction.atomic
def remove_imported_prices(*, batch_id: UUID, before: Before, by: Actor, at: datetime, note: str = "") -> int:
    """Take the prices of an import back: new ones go, changed ones are again what they were. A publication of each list
    keeps it, so that it can be rolled back; a list that the import opened and nobody used since goes altogether.

    A price that somebody changed since stays as it is. The same statements however many prices.

    :param before: price list, product and minimum quantity, the price that was there and the one that was imported
    """
    own = PriceListEntry.objects.filter(import_batch_id=batch_id)
    ids = {row[0] for row in before} | set(own.values_list("price_list_id", flat=True).distinct())
    lists = list(PriceList.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))
    changed = _changed(before)
    for list_id, product, unit, least, price in own.values_list(*_COLUMNS):
        changed[list_id].setdefault((product, unit, least), (price, None))
    with connection.cursor() as cursor:
        cursor.execute(_RESTORE, [[row[place] for row in before] for place in range(5)])
        restored: int = cursor.rowcount
        cursor.execute("DELETE FROM pricing_pricelistentry WHERE import_batch_id = %s::uuid", [batch_id])
        removed: int = cursor.rowcount
        cursor.execute(_FORGET, [batch_id])
    batch = Batch()
    left = set(PriceList.objects.filter(pk__in=ids).values_list("pk", flat=True))
    for found in lists:
        if found.pk in left and changed[found.pk]:
            _note(batch, found, changed[found.pk], by=by, at=at, note=note)
    batch.write()
    return restored + removed


_COLUMNS = ("price_list_id", "product_id", "unit_id", "min_quantity", "price")


def _changed(before: Before) -> defaultdict[UUID, Prices]:
    """By list, the prices that are still what the import made them, and what they were."""
    was = {(row[0], row[1], row[2]): (row[3], row[4]) for row in before}
    rows = PriceListEntry.objects.filter(
        price_list_id__in={row[0] for row in before}, product_id__in={row[1] for row in before}, unit=None
    )
    found: defaultdict[UUID, Prices] = defaultdict(dict)
    for list_id, product, _unit, least, price in rows.values_list(*_COLUMNS):
        former, imported = was.get((list_id, product, least), (None, None))
        if former is not None and price == imported:
            found[list_id][(product, None, least)] = (price, former)
    return found


def _note(batch: Batch, found: PriceList, prices: Prices, *, by: Actor, at: datetime, note: str) -> None:
    batch.update(PriceList, where={"id": found.pk}, values={"version": found.version + 1})
    note_publication(
        batch=batch, found=found, differences=Differences(prices=prices), kind="undo", by=by.pk, at=at, note=note
    )
    record(
        batch=batch, subject_kind="price_list", subject_id=found.pk, verb="undo_import", by=by.pk, at=at,
        company_id=found.company_id, note=note, data={"prices": len(prices)},
    )  # fmt: skip
