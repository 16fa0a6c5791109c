from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.errors import NotFound
from niaga.core.flow import check_move
from niaga.organization.access import Actor, access_of
from niaga.stock.errors import BadStockLines, ReasonMissing
from niaga.stock.models import Transfer, TransferLine
from niaga.stock.queries.transfers import lock_transfer
from niaga.stock.rules.transit import transfer_flow
from niaga.stock.services.land_goods import Landed, land_goods

_ABSURD = Decimal(10) ** 12


@transaction.atomic
def receive_transfer(
    *,
    transfer_id: UUID,
    quantities: Mapping[UUID, Decimal] | None = None,
    is_last: bool = False,
    reason: str = "",
    by: Actor,
    at: datetime,
) -> Transfer:
    """Take in what another warehouse sent: all that is on its way, or the named quantities by line, in base units.

    What did not come stays on its way, unless `is_last` says that nothing more will: then it is booked as lost. What
    came beyond what left is booked as found. Both need a reason.

    :raises NotFound: no such transfer, or a named line is not one of it
    :raises Forbidden: the person may not receive goods in the second warehouse
    :raises WrongState: it is not on its way
    :raises BadStockLines: nothing came, or figures that cannot be; each line is answered
    :raises ReasonMissing: less or more came in the end, and nothing says why
    :raises PeriodClosed: the books of today's month are closed
    """
    transfer = lock_transfer(transfer_id)
    access_of(by).require("stock", "create", transfer.target)
    check_move(transfer_flow, "receive", transfer.status)
    rows = TransferLine.objects.filter(transfer_id=transfer.id).select_related("product__unit")
    lines = list(rows.order_by("position", "id"))
    left = {line.id: line.quantity - line.received - line.returned - line.lost for line in lines}
    came = left if quantities is None else {line_id: quantities.get(line_id, Decimal(0)) for line_id in left}
    if quantities is not None and set(quantities) - set(left):
        raise NotFound(field="lines")
    _check(lines, came)
    landed = [
        Landed(
            line, min(came[line.id], left[line.id]),
            lost=max(Decimal(0), left[line.id] - came[line.id]) if is_last else Decimal(0),
            over=max(Decimal(0), came[line.id] - left[line.id]),
        )
        for line in lines
    ]  # fmt: skip
    if not is_last and not any(came.values()):
        raise BadStockLines(_("Say how much came of at least one line."), field="lines")
    reason = reason.strip()
    if any(one.lost or one.over for one in landed) and not reason:
        raise ReasonMissing(field="reason")
    is_done = all(one.came + one.lost >= left[one.line.id] for one in landed)
    land_goods(
        transfer=transfer, warehouse=transfer.target, landed=landed, verb="receive" if is_done else "receive_part",
        note=reason, by=by, at=at,
    )  # fmt: skip
    return transfer


def _check(lines: list[TransferLine], came: Mapping[UUID, Decimal]) -> None:
    """:raises BadStockLines: a figure below zero, absurdly large, or finer than the unit"""
    faults: list[dict[str, Any]] = []
    for place, line in enumerate(lines, 1):
        figure = came[line.id]
        if not figure.is_finite() or not 0 <= figure < _ABSURD:
            code, message = "negative_or_absurd", _("This figure is below zero or absurdly large.")
        elif figure != round(figure, line.product.unit.digits) and figure != line.quantity:
            code, message = "too_many_digits", _("This unit does not allow so many decimals.")
        else:
            continue
        faults.append(
            {"line": place, "line_id": str(line.id), "field": "quantity", "code": code, "message": message}
        )  # fmt: skip
    if faults:
        raise BadStockLines(lines=faults, field="lines")
