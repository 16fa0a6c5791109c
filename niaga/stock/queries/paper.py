"""Deliveries as they are printed: the note that travels with the goods, and the list to pick them by."""

from collections.abc import Mapping
from decimal import ROUND_DOWN, Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, override

from niaga.catalog.queries.barcodes import barcodes_of
from niaga.catalog.queries.load_words import weight_words
from niaga.catalog.rules.load import GoodsLoad, load_sum
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound
from niaga.documents.errors import FileLost
from niaga.documents.queries.attachments import attachments_of, content_of
from niaga.documents.queries.company_print import company_print
from niaga.documents.registry import Paper
from niaga.documents.rules.priced_print import party_on_paper
from niaga.documents.rules.print_document import (
    PrintDocument,
    PrintKind,
    PrintLine,
    PrintLot,
    PrintPart,
    PrintSignature,
    Stamp,
)
from niaga.organization.access import Actor
from niaga.parties.queries.selling_facts import customer_facts
from niaga.stock.queries.deliveries import delivery_line_rows, visible_deliveries
from niaga.stock.queries.loads import line_loads
from niaga.ui import formatting

ROLES = {
    "": ("sign_sender", "sign_driver", "sign_recipient"),
    "pick_list": ("sign_picker", "sign_checker"),
}


def delivery_paper(*, subject_id: UUID, by: Actor, language: str, variant: str) -> Paper:
    """The delivery note, or with `variant` `pick_list` the list to pick by, with what is on hand.

    :raises NotFound: none, or none that `by` may see
    """
    delivery = visible_deliveries(by=by).select_related("warehouse", "branch").filter(pk=subject_id).first()
    customer = customer_facts(customer_id=delivery.customer_id) if delivery else None
    if delivery is None or customer is None or variant not in ROLES:
        raise NotFound()
    rows = delivery_line_rows(delivery_id=subject_id)
    codes = barcodes_of([row["product_id"] for row in rows])
    loads = line_loads([subject_id])
    sender = company_print(company_id=delivery.company_id)
    proof = getattr(delivery, "proof", None)
    signatures = tuple(
        received(proof) if role == "sign_recipient" and proof is not None else PrintSignature(role)
        for role in ROLES[variant]
    )
    spoken = language or (sender.language if variant else customer.language or sender.language)
    data = PrintDocument(
        number=delivery.number, day=delivery.shipped_date or delivery.planned_date
        or day_at(at=delivery.created_at, zone=delivery.branch.zone),
        company=sender.company, logo=sender.logo, foot=sender.foot,
        customer=party_on_paper(delivery.address or customer.frozen_delivery_address(), with_numbers=False),
        lines=tuple(
            delivery_line(row, codes, variant, spoken, loads)
            for row in rows
        ),
        stamp=Stamp.CANCELLED if delivery.status == "cancelled" else None,
        order_numbers=(delivery.source_number,) if delivery.source_number else (), warehouse=delivery.warehouse.name,
        delivery_date=delivery.planned_date if delivery.shipped_date is None else None, driver=delivery.carrier,
        vehicle=delivery.tracking, note=delivery.note, signatures=signatures, facts=weight_facts(loads, spoken),
    )  # fmt: skip
    return Paper(
        PrintKind.PICK_LIST if variant else PrintKind.DELIVERY_NOTE, data,
        spoken, "delivery", delivery.id,
        delivery.company_id, customer_id=delivery.customer_id, branch_id=delivery.branch_id,
    )  # fmt: skip


def kilos(load: GoodsLoad | None) -> Decimal | None:
    """What a line weighs; nothing when that is not known."""
    return load.weight if load is not None and load.is_known else None


def weight_facts(loads: Mapping[UUID, GoodsLoad], language: str) -> tuple[tuple[str, str], ...]:
    """What all of it weighs, where all of it has a weight: a sum that leaves some out would mislead who carries it."""
    whole = load_sum(loads.values())
    with override(language):
        return ((gettext("Weight"), weight_words(whole.weight)),) if whole.is_known and not whole.unweighed else ()


def delivery_line(
    row: Mapping[str, Any],
    codes: Mapping[Any, str],
    variant: str,
    language: str,
    loads: Mapping[UUID, GoodsLoad],
) -> PrintLine:
    """A line of a delivery as its papers show it; with `variant` the list to pick by, with what is on hand."""
    return PrintLine(
        row["description"],
        sku=row["product__sku"],
        quantity=row["quantity"],
        unit=row["unit__code"],
        barcode=codes.get((row["product_id"], row["unit__code"]), ""),
        available=_full_units(row) if variant and not row["parts"] else None,
        detail=_lots(row, language),
        weight=kilos(loads.get(row["id"])),
        lots=_of_product(row, row["product_id"], language),
        parts=tuple(
            PrintPart(
                part.name,
                part.quantity,
                part.unit,
                part.sku,
                part.on_hand,
                _of_product(row, part.product_id, language),
            )
            for part in row["parts"]
        ),
    )


def received(proof: Any) -> PrintSignature:
    """Who took the goods and when, with the signature that was drawn at the door."""
    drawn = attachments_of(kind="delivery", ids=[proof.delivery_id], purpose="signature").get(proof.delivery_id, [])
    try:
        image = content_of(drawn[-1].id) if drawn else None
    except FileLost:
        image = None
    return PrintSignature("sign_recipient", proof.received_by, image, at=formatting.moment(proof.at))


def _lots(row: Mapping[str, Any], language: str) -> str:
    """Which lots of how much, until which day; nothing where goods are not kept so."""
    with override(language):
        return " · ".join(
            gettext("Lot %(number)s, until %(day)s: %(quantity)s")
            % {"number": lot.number, "day": formatting.day(lot.expires_on),
               "quantity": formatting.quantity(lot.quantity, lot.unit)}
            for lot in row["lots"]
        )  # fmt: skip


def _of_product(row: Mapping[str, Any], product_id: object, language: str) -> tuple[PrintLot, ...]:
    """The same of one product, for a column of their own."""
    with override(language):
        return tuple(
            PrintLot(lot.number, lot.expires_on, formatting.quantity(lot.quantity, lot.unit))
            for lot in row["lots"]
            if str(lot.product_id) == str(product_id)
        )


def _full_units(row: Mapping[str, Any]) -> Decimal:
    """How many units of the line lie there, rounded down: a picker takes full boxes."""
    there: Decimal = (row["on_hand"] or Decimal(0)) / row["factor"]
    return there.quantize(Decimal(1).scaleb(-row["unit__digits"]), ROUND_DOWN)
