"""The request to a supplier as it is printed: what to send to whom, and no word of what the customer pays."""

from uuid import UUID

from django.utils.translation import gettext, override

from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound
from niaga.documents.queries.company_print import company_print
from niaga.documents.queries.find_papers import find_papers
from niaga.documents.registry import Paper, PaperChoice
from niaga.documents.rules.priced_print import party_on_paper
from niaga.documents.rules.print_document import (
    PrintDocument,
    PrintKind,
    PrintLine,
    PrintParty,
    PrintSignature,
    Stamp,
)
from niaga.organization.access import Actor
from niaga.sales.models import DropShip
from niaga.sales.queries.drop_ships import drop_ship_lines, get_drop_ship, visible_drop_ships
from niaga.sales.rules.drop_ship import left_of


def drop_ship_paper(*, subject_id: UUID, by: Actor, language: str, variant: str) -> Paper:
    """What is still to be sent; of one that is over, what was asked for.

    :raises NotFound: no such request, or none that `by` may see
    """
    drop = get_drop_ship(drop_ship_id=subject_id, by=by)
    if variant:
        raise NotFound()
    is_open = drop.status in ("asked", "sent", "confirmed")
    lines = [(line, left_of(line) if is_open else line.quantity) for line in drop_ship_lines(drop.id)]
    sender, spoken = company_print(company_id=drop.company_id), language or drop.supplier.language
    with override(spoken):
        yours = gettext("Your code: %(code)s")
        printed = tuple(
            PrintLine(
                line.order_line.description, sku=line.order_line.product.sku if line.order_line.product else "",
                quantity=quantity, unit=line.order_line.unit.code if line.order_line.unit else "",
                detail=yours % {"code": line.code} if line.code else "",
            )
            for line, quantity in lines
            if quantity > 0
        )  # fmt: skip
        note = gettext("Send these goods straight to this address, with no prices and no invoice in the parcel.")
    data = PrintDocument(
        number=drop.number, day=day_at(at=drop.created_at, zone=drop.branch.zone), company=sender.company,
        logo=sender.logo, foot=sender.foot, customer=_supplier(drop), lines=printed, note=note,
        deliver_to=party_on_paper(drop.address or {"name": drop.customer.name}, with_numbers=False),
        stamp=Stamp.CANCELLED if drop.status == "cancelled" else None,
        delivery_date=drop.promised_date, customer_reference=drop.supplier_reference,
        order_numbers=(drop.order.number,), signatures=(PrintSignature("sign_sender"),),
    )  # fmt: skip
    return Paper(PrintKind.DROP_SHIP, data, spoken, "drop_ship", drop.id, drop.company_id, branch_id=drop.branch_id)


def _supplier(drop: DropShip) -> PrintParty:
    one = drop.supplier
    address = tuple(line.strip() for line in one.address.splitlines() if line.strip())
    return PrintParty(one.name, address=address, contact=one.contact, phone=one.phone, email=one.email)


def trial_drop_ships(*, text: str, by: Actor) -> list[PaperChoice]:
    return find_papers(visible_drop_ships(by=by), text=text)
