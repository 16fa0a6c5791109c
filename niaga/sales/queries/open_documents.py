"""Quotations and draft orders whose prices a change of the lists would touch, for pricing's what-if."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niaga.core.flow import state_word
from niaga.sales.models import QuotationLine, SalesOrderLine
from niaga.sales.queries.documents import visible_orders, visible_quotations
from niaga.ui.registry import Asked, Open, OpenDocument, OpenLine

_HEAD = (
    "id", "number", "status", "customer_id", "customer__name", "branch_id", "channel_id", "total", "discount_percent",
    "discount_amount", "delivery_address", "tax_treatment", "coupon_codes",
)  # fmt: skip
_LINE = (
    "product_id", "quantity", "unit__code", "unit_price", "price_is_manual", "discount_percent", "discount_amount",
    "promotion_discount",
)  # fmt: skip


def open_documents(asked: Asked) -> Open:
    """Quotations that are drafts or sent, and draft orders. Six statements at most, however many."""
    quotations = visible_quotations(by=asked.by).filter(status__in=["draft", "sent"])
    orders = visible_orders(by=asked.by).filter(status="draft")
    found, left_off = _documents(asked, quotations, QuotationLine, "quotation_id", "quotation")
    more, others = _documents(asked, orders, SalesOrderLine, "order_id", "order")
    return Open([*found, *more], left_off + others)


_KINDS = {"quotation": _("Quotation"), "order": _("Order")}
_PAGES = {"quotation": "sales:quotation", "order": "sales:order"}


def _documents(asked: Asked, rows: QuerySet[Any], lines: Any, key: str, kind: str) -> tuple[list[OpenDocument], int]:
    """The newest, and how many are left off."""
    touched = lines.objects.filter(**{key: OuterRef("pk")}, price_is_manual=False, product_id__isnull=False)
    if asked.product_ids is not None:
        touched = touched.filter(product_id__in=list(asked.product_ids))
    rows = rows.filter(Exists(touched), company_id=asked.company_id, currency=asked.currency)
    heads = list(rows.order_by("-date", "-id").values(*_HEAD)[: asked.most])
    left_off = rows.count() - len(heads) if len(heads) == asked.most else 0
    of = _lines(lines, key, [head["id"] for head in heads])
    return [_document(kind, head, of[head["id"]]) for head in heads], left_off


def _lines(lines: Any, key: str, ids: Sequence[UUID]) -> Mapping[UUID, list[OpenLine]]:
    choice = ("is_optional", "is_chosen") if key == "quotation_id" else ()
    rows = lines.objects.filter(**{f"{key}__in": ids}, product_id__isnull=False, gift_of_id=None).order_by(
        key, "position"
    )
    found: dict[UUID, list[OpenLine]] = defaultdict(list)
    for row in rows.values(key, *_LINE, *choice) if ids else ():
        found[row[key]].append(
            OpenLine(
                product_id=row["product_id"], quantity=row["quantity"], unit=row["unit__code"] or "",
                unit_price=row["unit_price"] if row["price_is_manual"] else None,
                discount_percent=row["discount_percent"],
                discount_amount=Decimal(0)
                if row["discount_percent"]
                else row["discount_amount"] - row["promotion_discount"],
                is_optional=row.get("is_optional", False), is_chosen=row.get("is_chosen", True),
            )
        )  # fmt: skip
    return found


def _document(kind: str, head: Mapping[str, Any], lines: Sequence[OpenLine]) -> OpenDocument:
    by_percent = head["discount_percent"]
    return OpenDocument(
        kind=_KINDS[kind], id=head["id"], number=head["number"], url=reverse(_PAGES[kind], args=[head["id"]]),
        status=state_word(kind, head["status"]), customer_id=head["customer_id"], party=head["customer__name"],
        branch_id=head["branch_id"], channel_id=head["channel_id"], total=head["total"],
        discount_percent=by_percent, discount_amount=Decimal(0) if by_percent else head["discount_amount"],
        delivery_address=head["delivery_address"], tax_treatment=head["tax_treatment"],
        kept=head["status"] == "sent", lines=lines, coupon_codes=head["coupon_codes"],
    )  # fmt: skip
