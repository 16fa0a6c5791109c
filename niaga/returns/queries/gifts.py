"""Gifts that came with what goes back and are not back themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, Q, Sum

from niaga.core.money import round_amount
from niaga.pricing.queries.gift_scopes import gift_scopes
from niaga.returns.models import KeptGift, Return, ReturnLine
from niaga.returns.queries.bought import return_settings
from niaga.returns.rules.gifts import BoughtPart, gift_due
from niaga.sales.queries.returnable import sold_lines


@dataclass(frozen=True, slots=True)
class LackingGift:
    """So much of a gift stays with the customer; `worth` is what the promotion took off for it, as it was sold."""

    order_line_id: UUID
    name: str
    unit: str
    quantity: Decimal
    worth: Decimal


@dataclass(frozen=True, slots=True)
class OfOrder:
    """What settling a return means for its order: gifts that lack, and whether nothing of its goods is left."""

    gifts: Sequence[LackingGift]
    is_whole: bool


def of_order(rma: Return) -> OfOrder:
    """With what this return keeps counted as back. Four statements; none for a claim or without a document."""
    if rma.order_id is None or rma.kind == "claim":
        return OfOrder((), False)
    ordered = [line for line in sold_lines(rma.order_id) if line.needs_stock]
    sold = [line for line in ordered if line.shipped > 0]
    back, coming = _back(rma, sold)
    bought = [line for line in sold if line.gift_of_id is None]
    is_all_out = all(line.shipped >= line.quantity - line.cancelled for line in ordered)
    is_whole = is_all_out and bool(bought) and all(back[line.pk] >= line.shipped for line in bought)
    given = [line for line in sold if line.gift_of_id is not None]
    if not given:
        return OfOrder((), is_whole)
    scopes = gift_scopes({line.gift_of_id for line in given if line.gift_of_id is not None})
    charged = dict(
        KeptGift.objects.filter(order_line_id__in=[line.pk for line in given]).order_by()
        .values_list("order_line_id").annotate(sum=Sum("quantity"))
    )  # fmt: skip
    found = []
    for gift in given:
        assert gift.unit is not None
        parts = [
            BoughtPart(line.shipped, back[line.pk], line.net)
            for line in bought if scopes[gift.gift_of_id].holds(line.product)  # type: ignore[index]
        ]  # fmt: skip
        lacking = (
            gift_due(gift.shipped, parts, digits=gift.unit.digits) - coming[gift.pk] - charged.get(gift.pk, Decimal(0))
        )
        if lacking > 0:
            worth = round_amount(gift.promotion_discount * lacking / gift.quantity, rma.currency)
            found.append(LackingGift(gift.pk, gift.description.split("\n")[0], gift.unit.code, lacking, worth))
    return OfOrder(found, is_whole)


def _back(rma: Return, sold: Sequence[Any]) -> tuple[dict[UUID, Decimal], dict[UUID, Decimal]]:
    """What of each line came and stayed, by this return and those that are settled, but not by exchange: the same is
    with the customer again. And with all that others hold: what was exchanged or is on its way is not theirs to pay.
    Of a bundle as many as are whole."""
    counts = Q(rma_id=rma.pk) | (Q(rma__status="settled") & ~Q(rma__settlement__way="exchange"))
    rows = ReturnLine.objects.filter(order_line__order_id=rma.order_id).order_by()
    sums = list(
        rows.values_list("order_line_id", "product_id", "part_each").annotate(
            came=Sum(F("received") - F("sent_back"), filter=counts, default=Decimal(0)),
            coming=Sum("held", filter=~counts, default=Decimal(0)),
        )
    )
    return (
        _whole(sold, [(line_id, product_id, each, came) for line_id, product_id, each, came, _coming in sums]),
        _whole(sold, [(line_id, product_id, each, came + coming) for line_id, product_id, each, came, coming in sums]),
    )


def _whole(sold: Sequence[Any], sums: Sequence[tuple[UUID, UUID, Decimal | None, Decimal]]) -> dict[UUID, Decimal]:
    found = {line.pk: Decimal(0) for line in sold}
    parts: dict[UUID, dict[UUID, Decimal]] = {}
    for line_id, product_id, each, quantity in sums:
        if each is None:
            found[line_id] = found.get(line_id, Decimal(0)) + quantity
        else:
            parts.setdefault(line_id, {})[product_id] = quantity / each
    for line in sold:
        inside = [UUID(one["product_id"]) for one in line.parts if one["is_stocked"]]
        if inside:
            found[line.pk] += min(parts.get(line.pk, {}).get(key, Decimal(0)) for key in inside)
    return found


def gifts_to_charge(rma: Return) -> Sequence[LackingGift]:
    """What settling a return that is inspected would keep for gifts, where the company charges them."""
    if rma.status != "inspected" or return_settings(rma.company_id).gifts != "charge":
        return ()
    return of_order(rma).gifts
