"""A transfer as it is printed: the note that travels with the goods from one warehouse to another."""

from uuid import UUID

from django.utils.translation import gettext, override

from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound
from niaga.documents.queries.company_print import company_print
from niaga.documents.registry import Paper
from niaga.documents.rules.print_document import (
    PrintDocument,
    PrintKind,
    PrintLine,
    PrintParty,
    PrintSignature,
    Stamp,
)
from niaga.organization.access import Actor
from niaga.stock.queries.transfers import transfer_lines, visible_transfers
from niaga.ui import formatting


def transfer_paper(*, subject_id: UUID, by: Actor, language: str, variant: str) -> Paper:
    """The delivery note between warehouses.

    :raises NotFound: none, or none that `by` may see
    """
    transfer = visible_transfers(by=by).filter(pk=subject_id).first()
    if transfer is None or variant:
        raise NotFound()
    sender = company_print(company_id=transfer.company_id)
    spoken = language or sender.language
    with override(spoken):
        title = gettext("Delivery note between warehouses")
        lines = tuple(
            PrintLine(
                row["product__name"], sku=row["product__sku"], quantity=row["quantity"],
                unit=row["product__unit__code"],
                detail=gettext("Lot %(number)s, until %(day)s: %(quantity)s")
                % {"number": row["lot__number"], "day": formatting.day(row["lot__expires_on"]),
                   "quantity": formatting.quantity(row["quantity"], row["product__unit__code"])}
                if row["lot__number"] else "",
            )
            for row in transfer_lines(subject_id)
        )  # fmt: skip
    data = PrintDocument(
        number=transfer.number, title=title, company=sender.company, logo=sender.logo, foot=sender.foot,
        day=day_at(at=transfer.shipped_at or transfer.moved_at, zone=transfer.source.branch.zone),
        customer=PrintParty(transfer.target.name, address=(transfer.target.branch.name,)), lines=lines,
        stamp=Stamp.CANCELLED if transfer.status == "cancelled" else None, warehouse=transfer.source.name,
        delivery_date=transfer.expected_date, driver=transfer.carrier, note=transfer.note,
        signatures=(PrintSignature("sign_sender"), PrintSignature("sign_driver"), PrintSignature("sign_recipient")),
    )  # fmt: skip
    return Paper(
        PrintKind.DELIVERY_NOTE, data, spoken, "transfer", transfer.id, transfer.company_id,
        branch_id=transfer.source.branch_id,
    )  # fmt: skip
