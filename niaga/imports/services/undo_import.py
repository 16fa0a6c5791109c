from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from niaga.catalog.services import remove_imported_products as products
from niaga.core.batch import Batch
from niaga.core.errors import NotFound, Refusal, Text
from niaga.core.flow import check_move, move
from niaga.core.queries.references import Named, rows_naming
from niaga.imports.errors import BuiltUpon
from niaga.imports.models import ImportBatch
from niaga.imports.rules.flow import FLOW
from niaga.imports.services.undo_changes import touched_since, undo_changes
from niaga.invoicing.services.forget_tax_serials import forget_tax_serials
from niaga.organization.access import Actor, access_of
from niaga.organization.services.remove_imported_branches import remove_imported_branches
from niaga.parties.services import remove_imported_customers as customers
from niaga.pricing.services.remove_imported_prices import remove_imported_prices
from niaga.sales.services.remove_historical_sales import remove_historical_sales
from niaga.stock.services.adjust_stock import adjust_stock
from niaga.stock.services.check_lines import StockItem

_HISTORY = ("sales_historicalsaleline", "product_id")
TABLES: dict[str, Text] = {
    "catalog_bundlepart": gettext_lazy("parts of bundles"),
    "documents_attachment": gettext_lazy("files"),
    "invoicing_invoice": gettext_lazy("invoices"),
    "invoicing_invoiceline": gettext_lazy("lines of invoices"),
    "organization_membership": gettext_lazy("users"),
    "organization_team": gettext_lazy("teams"),
    "parties_consent": gettext_lazy("consents"),
    "parties_customer": gettext_lazy("customers"),
    "parties_timelineentry": gettext_lazy("notes and events in a customer's story"),
    "payments_payment": gettext_lazy("payments"),
    "pricing_pricelist": gettext_lazy("price lists"),
    "pricing_pricelistentry": gettext_lazy("prices"),
    "sales_historicalsale": gettext_lazy("sales of the past"),
    "sales_historicalsaleline": gettext_lazy("lines of past sales"),
    "sales_quotation": gettext_lazy("quotations"),
    "sales_quotationline": gettext_lazy("lines of quotations"),
    "sales_salesorder": gettext_lazy("orders"),
    "sales_salesorderline": gettext_lazy("lines of orders"),
    "stock_adjustmentline": gettext_lazy("stock adjustments"),
    "stock_delivery": gettext_lazy("deliveries"),
    "stock_deliveryline": gettext_lazy("lines of deliveries"),
    "stock_expectedreceiptline": gettext_lazy("expected receipts"),
    "stock_receiptline": gettext_lazy("lines of receipts"),
    "stock_reservation": gettext_lazy("reservations"),
    "stock_stocklevel": gettext_lazy("stock levels"),
    "stock_stockmove": gettext_lazy("stock moves"),
    "stock_transferline": gettext_lazy("transfers"),
    "stock_warehouse": gettext_lazy("warehouses"),
}


@transaction.atomic
def undo_import(*, batch_id: UUID, by: Actor, at: datetime) -> ImportBatch:
    """Take back what an import brought in, all of it, and put back what it changed.

    :raises NotFound: there is no such import
    :raises Forbidden: `by` may not undo imports
    :raises WrongState: it was not done, or is undone already
    :raises BuiltUpon: later work names its rows or changed them; `lines` says which, what and how many
    """
    batch = ImportBatch.objects.select_for_update().filter(pk=batch_id).first()
    if batch is None:
        raise NotFound()
    access_of(by).require("import", "undo", company_id=batch.company_id)
    check_move(FLOW, "undo", batch.status)
    counts: dict[str, Any] = dict(batch.counts)
    counts["undone"] = _UNDO[batch.kind](batch, by, at)
    writes = Batch()
    move(batch=writes, flow=FLOW, document=batch, move="undo", by=by.id, at=at,
         values={"undone_at": at, "counts": counts})  # fmt: skip
    writes.write()
    batch.counts = counts
    return batch


def _refuse(lines: list[dict[str, Any]]) -> None:
    """:raises BuiltUpon: anything was found"""
    if lines:
        raise BuiltUpon(lines=[{"line": place, **line} for place, line in enumerate(lines, start=1)])


def _uses(found: list[Named]) -> list[dict[str, Any]]:
    """What names rows of this import, and the codes of those rows."""
    return [
        {"message": f"{one.rows} {TABLES.get(one.table, one.table)}", "rows": one.rows, "codes": list(one.codes)}
        for one in found
    ]


def _customers(batch: ImportBatch, by: Actor, at: datetime) -> int:
    found = rows_naming(
        table="parties_customer", batch_id=batch.pk, own=customers.OWN,
        more=[("parties_timelineentry", "customer_id")],
    )  # fmt: skip
    restored, differing = undo_changes(batch=batch, by=by, at=at)
    _refuse(_uses(found) + touched_since(batch.pk, "parties_customer", "code") + differing)
    return restored + customers.remove_imported_customers(batch_id=batch.pk)


def _products(batch: ImportBatch, by: Actor, at: datetime) -> int:
    own = ("catalog_barcode", "catalog_productunit")
    found = rows_naming(table="catalog_product", batch_id=batch.pk, own=own, more=[_HISTORY], code="sku")
    restored, differing = undo_changes(batch=batch, by=by, at=at)
    _refuse(_uses(found) + touched_since(batch.pk, "catalog_product", "sku") + differing)
    made = [UUID(key) for key in batch.undo.get("categories", [])]
    return restored + products.remove_imported_products(batch_id=batch.pk, category_ids=made)


def _branches(batch: ImportBatch, by: Actor, at: datetime) -> int:
    _refuse(_uses(rows_naming(table="organization_branch", batch_id=batch.pk, own=())))
    return remove_imported_branches(batch_id=batch.pk)


def _prices(batch: ImportBatch, by: Actor, at: datetime) -> int:
    before = [
        (UUID(row[0]), UUID(row[1]), Decimal(row[2]), Decimal(row[3]), Decimal(row[4]))
        for row in batch.undo.get("prices_before", [])
    ]
    note = _("Undo of the import %(file)s") % {"file": batch.file_name}
    return remove_imported_prices(batch_id=batch.pk, before=before, by=by, at=at, note=note)


def _stock(batch: ImportBatch, by: Actor, at: datetime) -> int:
    """Stock moves are never deleted: an adjustment takes the goods out again, if they are free."""
    taken = 0
    for receipt_id in batch.undo.get("receipts", []):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT r.warehouse_id, l.product_id, sum(l.quantity * l.factor) FROM stock_receiptline l"
                " JOIN stock_receipt r ON r.id = l.receipt_id WHERE r.id = %s::uuid GROUP BY 1, 2",
                [receipt_id],
            )
            rows = cursor.fetchall()
        try:
            adjust_stock(
                warehouse_id=rows[0][0], items=[StockItem(-quantity, product_id=key) for _place, key, quantity in rows],
                reason=_("Undo of the import %(file)s") % {"file": batch.file_name}, is_opening=True, by=by, at=at,
            )  # fmt: skip
        except Refusal as refusal:
            raise BuiltUpon(_("Some of this stock is sold or promised already."), lines=refusal.lines) from refusal
        taken += len(rows)
    return taken


def _sales(batch: ImportBatch, by: Actor, at: datetime) -> int:
    removed = remove_historical_sales(batch_id=batch.pk)
    own = ("catalog_barcode", "catalog_productunit")
    if not rows_naming(table="catalog_product", batch_id=batch.pk, own=own, more=[_HISTORY], code="sku"):
        products.remove_imported_products(batch_id=batch.pk)  # placeholders that nothing else has come to name
    return removed


def _tax_serials(batch: ImportBatch, by: Actor, at: datetime) -> int:
    return forget_tax_serials(company_id=batch.company_id, import_batch_id=batch.pk, by=by, at=at)


_UNDO = {
    "branches": _branches, "customers": _customers, "products": _products, "prices": _prices, "stock": _stock,
    "sales": _sales, "tax_serials": _tax_serials,
}  # fmt: skip
