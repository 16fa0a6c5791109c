from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from niaga.catalog.queries.substitutes import StandIn, stand_in_for
from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid, NotFound
from niaga.core.money import round_to
from niaga.core.outbox import announce
from niaga.messaging.services.add_notice import add_notice
from niaga.organization.access import SYSTEM, Actor, access_of
from niaga.sales.errors import CannotSubstitute, NotAgreed, NothingShort
from niaga.sales.events import OrderChanged
from niaga.sales.models import SalesOrder, SalesOrderLine, Substitution
from niaga.sales.queries.substitutions import agreement_of, ordered_line
from niaga.sales.rules.substitution import barred_by, replaced_units
from niaga.sales.services.lock_order import lock_order
from niaga.sales.services.replace_goods import Exchange, replace_goods
from niaga.stock.errors import NotYourLine
from niaga.stock.queries.deliveries import ShippedLine, lock_delivery
from niaga.stock.queries.picking import PickedLine, lock_pick_list, picked_line
from niaga.stock.services.stand_in import Fetched

_MOST = Decimal(10) ** 13
_ASKED = gettext_noop("%(number)s: may %(substitute)s go in place of %(ordered)s?")
_MADE = gettext_noop("%(number)s: %(substitute)s goes in place of %(ordered)s")
_WHY = {
    "bundle": _("Parts of a bundle are not replaced: the bundle would be another."),
    "gift": _("Gifts are not replaced."),
    "promotion": _("This was sold by a promotion, so nothing else can go at its price."),
    "fixed": _("This is invoiced already, or its rest was cancelled; it cannot become something else."),
}


@transaction.atomic
def substitute_pick(
    *, key: UUID, pick_line_id: UUID, substitute_id: UUID, quantity: Decimal, by: Actor, at: datetime
) -> Substitution:
    """Let `quantity` base units of other goods go in place of what a picker could not find of a line.

    Where the customer agreed ahead it is done at once, the goods fetched by this picker; where they want to be asked,
    the seller is, and the pick goes on without. `key` is made by the phone: what comes twice counts once.

    :raises NotFound: no such line, or the key is of another delivery
    :raises Forbidden: the person may not pick there
    :raises NotYourLine: another person picks it
    :raises NothingShort: so much is not missing of it, or its delivery has left
    :raises CannotSubstitute: a bundle's part, a gift, a promotion's or a billed line; or no substitute of the product
    :raises NotAgreed: the customer takes nothing else
    :raises Invalid: the quantity replaces no whole units of the line
    :raises OutOfStock, CreditHeld, ApprovalNeeded: see `replace_goods`
    """
    before = Substitution.objects.filter(pk=key).first()
    if before is not None and by.id is not None and before.asked_by == by.id:
        return before
    pick = picked_line(line_id=pick_line_id)
    line = None if pick is None else ordered_line(pick.delivery_line_id)
    if pick is None or line is None:
        raise NotFound()
    # The picker changes no promise: the customer's agreement does. What they need is the right to pick.
    order = lock_order(order_id=line.order_id, action="amend", by=SYSTEM, gate=True)
    delivery, lines = lock_delivery(delivery_id=pick.delivery_id, picks=True)
    access_of(by).require("stock", "record", lock_pick_list(pick_list_id=pick.pick_list_id, by=by))
    if (before := Substitution.objects.filter(pk=key).first()) is not None:  # it came twice at once
        if before.delivery_id != delivery.pk:
            raise NotFound(field="key")
        return before
    if pick.picker_id != by.id:
        raise NotYourLine()
    agreement = agreement_of(company_id=order.company_id, customer_id=order.customer_id)
    if agreement == "never":
        raise NotAgreed()
    what = exchange_of(
        order, delivery, lines, pick_line_id=pick.id, substitute_id=substitute_id, quantity=quantity, line=line
    )
    made = agreement == "ahead"
    new_line_id = None
    if made:
        fetched = Fetched(key, by.id) if by.id else None
        new_line_id = replace_goods(order=order, delivery=delivery, what=what, fetched=fetched, by=by, at=at)
    row = {
        "id": key, "company_id": order.company_id, "order_id": order.id, "delivery_id": delivery.id,
        "order_line_id": line.id, "delivery_line_id": pick.delivery_line_id, "product_id": pick.product_id,
        "quantity": what.units * line.factor, "substitute_id": substitute_id, "substitute_quantity": quantity,
        "price": what.entry.price, "state": "made" if made else "asked", "reason": what.reason,
        "new_line_id": new_line_id, "asked_by": by.id, "asked_at": at, "decided_by": None,
        "decided_at": at if made else None, "note": "",
    }  # fmt: skip
    batch = Batch()
    batch.insert(Substitution, [row])
    if not made:
        record(
            batch=batch, subject_kind="order", subject_id=order.id, verb="ask_substitution", by=by.id, at=at,
            company_id=order.company_id, from_status=order.status, to_status=order.status,
            note=f"{what.entry.ordered_name} → {what.entry.name}", data={"substitution": str(key)},
        )  # fmt: skip
        announce(
            batch=batch, event=OrderChanged(order.id, order.number, order.customer_id, "substitution_asked"),
            company_id=order.company_id, by=by.id, at=at,
        )  # fmt: skip
    _tell(batch, order, what.entry, _MADE if made else _ASKED, by, at)
    batch.write()
    return Substitution(**row)


def exchange_of(
    order: SalesOrder, delivery: Any, lines: list[ShippedLine], *, pick_line_id: UUID, substitute_id: UUID,
    quantity: Decimal, line: SalesOrderLine,
) -> Exchange:  # fmt: skip
    """What is to be exchanged of a locked order and delivery, checked as it is now.

    :raises NothingShort, CannotSubstitute, Invalid: see `substitute_pick`
    """
    now = picked_line(line_id=pick_line_id)
    if now is None or now.picked is None or delivery.status not in ("draft", "picking") or order.status != "confirmed":
        raise NothingShort()
    line = SalesOrderLine.objects.select_related("unit").get(pk=line.pk)
    why = "bundle" if now.part_id is not None else barred_by(line)
    if why:
        raise CannotSubstitute(_WHY[why], why=why)
    entry = stand_in_for(product_id=now.product_id, substitute_id=substitute_id)
    if entry is None:
        raise CannotSubstitute(_("This product is none of its substitutes."), field="substitute_id", why="unknown")
    if not 0 < quantity < _MOST or round_to(quantity, entry.digits) != quantity:
        raise Invalid(_("The quantity must be above zero, in units of the substitute."), field="quantity")
    assert line.unit is not None
    units = replaced_units(quantity, ratio=entry.ratio, factor=line.factor, digits=line.unit.digits)
    if units is None:
        raise Invalid(_("So much of it replaces no whole units of what was ordered."), field="quantity")
    if units * line.factor > _missing(now):
        raise NothingShort(field="quantity")
    delivery_line = next(one for one in lines if one.id == now.delivery_line_id)
    return Exchange(line, delivery_line, entry, units, quantity, now.pick_list_id, now.reason)


def _missing(pick: PickedLine) -> Decimal:
    return pick.quantity - (pick.picked or Decimal(0))


def _tell(batch: Batch, order: SalesOrder, entry: StandIn, text: str, by: Actor, at: datetime) -> None:
    """Ring the seller's bell: they answer for the customer, or know what the customer gets."""
    if order.salesperson_id is None or order.salesperson_id == by.id:
        return
    facts = {"number": order.number, "substitute": entry.name, "ordered": entry.ordered_name}
    add_notice(
        batch=batch, to=[order.salesperson_id], text=text, facts=facts, url=f"/orders/{order.id}",
        subject_kind="order", subject_id=order.id, at=at,
    )  # fmt: skip
