from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from niaga.invoicing.rules.crediting import Fee
from niaga.returns.errors import CreditedAlready, NotInvoiced
from niaga.returns.models import Return
from niaga.returns.queries.credits import Credit
from niaga.sales.queries.returnable import BilledLine, billed_lines
from niaga.ui import formatting


@dataclass(slots=True)
class Share:
    """What is credited of one invoice, by its lines."""

    invoice_id: UUID
    quantities: dict[UUID, Decimal] = field(default_factory=dict)
    remarks: dict[UUID, str] = field(default_factory=dict)
    fees: dict[UUID, Fee] = field(default_factory=dict)
    worth: Decimal = Decimal(0)
    """About what it credits: enough to tell which is worth most."""


def share_out(rma: Return, credited: Sequence[Credit], *, waive_fees: bool) -> list[Share]:
    """Share what is credited out over the invoices that billed it, the oldest first. The order is locked.

    What claims took off before is not credited again: a line gives as much as is left of it.

    :raises NotInvoiced: a part of it is not billed
    :raises CreditedAlready: nothing is left
    """
    billed: dict[UUID, list[BilledLine]] = {}
    assert rma.order_id is not None
    for one in billed_lines(rma.order_id):
        billed.setdefault(one.order_line_id, []).append(one)
    by_line: dict[UUID, list[Credit]] = {}
    for credit in credited:
        assert credit.line.order_line_id is not None
        by_line.setdefault(credit.line.order_line_id, []).append(credit)
    shares: dict[UUID, Share] = {}
    with override(rma.company.language or "id"):
        for order_line_id, own in by_line.items():
            wanted = sum((one.quantity for one in own), Decimal(0))
            rows = billed.get(order_line_id, [])
            _require_billed(own, rows)
            for row in rows:
                taken = min(wanted, row.left)
                if taken <= 0:
                    continue
                wanted -= taken
                share = shares.setdefault(row.invoice_id, Share(row.invoice_id))
                share.quantities[row.line_id] = taken
                if (sold := own[0].line.order_line) is not None:
                    share.worth += sold.net * taken / sold.quantity
                share.remarks[row.line_id] = _remark(own)
                if not waive_fees and (fee := _fee(own)) is not None:
                    share.fees[row.line_id] = fee
    if not shares:
        raise CreditedAlready()
    return list(shares.values())


def _require_billed(own: Sequence[Credit], rows: Sequence[BilledLine]) -> None:
    """A return or claim of goods of which some are not billed waits for the invoice: else it would bill them whole."""
    line = own[0].line.order_line
    assert line is not None
    if sum((row.quantity for row in rows), Decimal(0)) < min(line.shipped, line.quantity - line.cancelled):
        raise NotInvoiced()


def _remark(own: Sequence[Credit]) -> str:
    words = []
    for one in own:
        if one.line.percent is not None:
            words.append(_("Allowance of %(percent)s") % {"percent": formatting.percent(one.line.percent)})
        elif one.line.part_each is not None:
            quantity = formatting.number(one.line.kept)
            words.append(_("Of it: %(quantity)s × %(part)s") % {"quantity": quantity, "part": one.line.description})
    return "\n".join(words)


def _fee(own: Sequence[Credit]) -> Fee | None:
    """The restocking fee on an order line's credit; of several reasons, by how much each credits."""
    whole = sum((one.quantity for one in own), Decimal(0))
    percent = round(sum((one.quantity * one.line.fee_percent for one in own), Decimal(0)) / whole, 6)
    if not percent:
        return None
    text = _("Restocking fee %(percent)s · %(name)s")
    sold = own[0].line.order_line
    assert sold is not None
    name = sold.description.split("\n")[0][:120]
    return Fee(percent, text % {"percent": formatting.percent(percent), "name": name})
