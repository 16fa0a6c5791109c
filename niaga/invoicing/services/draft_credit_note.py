from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal
from typing import Any
from uuid import UUID

from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.core.ids import new_id
from niaga.core.money import round_amount
from niaga.invoicing.errors import ChargesTooMuch, CreditsTooMuch, NothingToCredit, ReasonMissing
from niaga.invoicing.models import Invoice, InvoiceLine
from niaga.invoicing.queries.crediting import NOTHING, Credited, credited_parts, credited_total, down_payments_left
from niaga.invoicing.rules.crediting import (
    FIGURES,
    Charge,
    Fee,
    Figures,
    charge_part,
    credit_net,
    credit_part,
    credit_rest,
    credit_rounding,
    fee_part,
)
from niaga.invoicing.services.draft_invoice import collected, draft_invoice
from niaga.pricing.rules.loyalty import points_of_part

_COPIED = (
    "position", "kind", "description", "product_id", "unit_id", "tax_category_id", "factor", "list_price",
    "unit_price", "discount_percent", "tax_code", "tax_rate", "base_numerator", "base_denominator", "luxury_rate",
    "unit_cost", "parts",
)  # fmt: skip


_FINEST = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class CreditDraft:
    """A credit note in the batch: its id and total in the company's own currency, and by invoice line how much it
    credits, in its line's id."""

    id: UUID
    base_total: Decimal
    lines: Mapping[UUID, tuple[UUID, Decimal]]


def draft_credit_note(
    *,
    batch: Batch,
    invoice: Invoice,
    home: str,
    quantities: Mapping[UUID, Decimal] | None = None,
    nets: Mapping[UUID, Decimal] | None = None,
    reason: str,
    open_order_amount: Decimal | None = None,
    by: UUID | None,
    at: datetime,
    today: date,
    remarks: Mapping[UUID, str] | None = None,
    fees: Mapping[UUID, Fee] | None = None,
    charges: Sequence[Charge] = (),
) -> CreditDraft:
    """Add a draft credit note of a locked invoice to the batch: all that is not yet credited, or `quantities` by line,
    or exactly so much of their `nets`.

    Every figure is a share of what was sold. `home` is the company's own currency. `open_order_amount` is taken as it
    is; None means the note's whole total goes back to open orders. `remarks` are added to the words of
    a line; `fees`, by invoice line, are lines of their own that lessen the note; so are `charges`, taxed
    like the line of which most is credited.

    :raises ReasonMissing: no reason was given
    :raises NotFound: a named line is not one of the invoice
    :raises ChargesTooMuch: `charges` are as much as is credited, or more
    :raises CreditsTooMuch: more than was invoiced and not yet credited, or of a down payment taken off an invoice; each
        such line is answered
    :raises NothingToCredit: nothing is left
    """
    if not reason.strip():
        raise ReasonMissing(field="reason")
    lines = [line for line in InvoiceLine.objects.filter(invoice_id=invoice.id).order_by("position") if line.quantity]
    credited = credited_parts(invoice.id)
    had = {line.id: credited.get(line.id, NOTHING) for line in lines}
    left = {line.id: line.quantity - had[line.id].quantity for line in lines}
    rooms = _not_taken_off(invoice, lines, left) if invoice.kind == "down_payment" else left
    if nets is not None:
        quantities = {line.id: _share(line, had[line.id], nets[line.id]) for line in lines if line.id in nets}
    take = left if quantities is None else dict(quantities)
    if set(take) - set(left):
        raise NotFound(field="lines")
    over = [
        {"line": line.position, "line_id": str(line.id), "wanted": take[line.id], "available": rooms[line.id]}
        for line in lines
        if line.id in take and not 0 <= take[line.id] <= rooms[line.id]
    ]
    if over:
        raise CreditsTooMuch(lines=over, field="lines")
    taken = {line_id: quantity for line_id, quantity in take.items() if quantity}
    if not taken:
        raise NothingToCredit()

    rows: list[dict[str, Any]] = []
    parts: list[Figures] = []
    made: dict[UUID, tuple[UUID, Decimal]] = {}
    advance_net = points_before = Decimal(0)
    for line in lines:
        already = line.quantity - left[line.id]
        if line.points_discount:
            points_before += round_amount(line.points_discount * already / line.quantity, invoice.currency)
        if line.id not in taken:
            continue
        part = _part(line, already, taken[line.id], invoice.currency, had[line.id], (nets or {}).get(line.id))
        line_id = new_id()
        rows.append(
            {
                **{name: getattr(line, name) for name in _COPIED}, **{name: getattr(part, name) for name in FIGURES},
                "id": line_id, "quantity": taken[line.id], "credits_line_id": line.id,
                "description": "\n".join(filter(None, (line.description, (remarks or {}).get(line.id)))),
            }
        )  # fmt: skip
        parts.append(part)
        made[line.id] = (line_id, taken[line.id])
        if invoice.kind == "down_payment" or line.credits_line_id is not None:
            advance_net -= part.net
    fee_parts = [
        (line, fee_part(part, fee.percent, invoice.currency), fee.description)
        for line, part in zip((line for line in lines if line.id in taken), parts, strict=True)
        if (fee := (fees or {}).get(line.id)) is not None and fee.percent
    ]
    if charges:
        line, most = max(
            zip((line for line in lines if line.id in taken), parts, strict=True),
            key=lambda one: one[1].amount - one[1].document_discount,
        )
        if most.amount - most.document_discount <= 0:
            raise ChargesTooMuch(available=Decimal(0))
        fee_parts += [
            (line, charge_part(most, one.amount, invoice.currency), one.description) for one in charges if one.amount
        ]
    is_last = all(taken.get(line_id, Decimal(0)) == quantity for line_id, quantity in left.items())
    left_total = invoice.total - credited_total(invoice.id)
    rounding, total = credit_rounding(
        parts, prices_include_tax=invoice.prices_include_tax, is_last=is_last, left_total=left_total
    )
    for place, (line, part, description) in enumerate(fee_parts, lines[-1].position + 1):
        rows.append(_fee_row(line, part, description, place))
        parts.append(part)
        total += sum((getattr(part, name) for name in ("net", "tax", "luxury_tax")), Decimal(0))
        if invoice.prices_include_tax:  # what the customer sees is kept, to the last unit
            gap = part.amount - part.net - part.tax - part.luxury_tax
            rounding, total = rounding + gap, total + gap
    if not 0 < total <= left_total:
        kept = sum((charge.amount for charge in charges), Decimal(0))
        raise (ChargesTooMuch if total <= 0 < total + kept else CreditsTooMuch)(available=left_total)
    nought = Decimal(0)
    points = sum((part.points_discount for part in parts), nought)
    rate = invoice.exchange_rate or Decimal(1)
    back = round_amount(total * rate, home) if rate != 1 else total
    credit_id = draft_invoice(
        batch=batch, kind="credit_note", company_id=invoice.company_id, branch_id=invoice.branch_id,
        customer_id=invoice.customer_id, salesperson_id=invoice.salesperson_id, party=invoice.party, term_name="",
        term=[], lines=rows, source_numbers=invoice.source_numbers, customer_reference=invoice.customer_reference,
        open_order_amount=-back if open_order_amount is None else open_order_amount, advance_net=advance_net,
        exchange_rate=invoice.exchange_rate,
        tax_by_buyer=collected(rows) if invoice.tax_by_buyer else nought,
        credits_id=invoice.id, reason=reason.strip(), by=by, at=at, today=today,
        totals={
            "currency": invoice.currency, "prices_include_tax": invoice.prices_include_tax,
            "subtotal": sum((part.amount for part in parts), nought), "discount_percent": invoice.discount_percent,
            "discount_amount": sum((part.document_discount for part in parts), nought) - points,
            "points_used": points_of_part(
                used=invoice.points_used, amount=invoice.points_amount, before=points_before, part=points
            ),
            "points_amount": points,
            "net": sum((part.net for part in parts), nought),
            "other_tax_base": sum((part.other_tax_base for part in parts), nought),
            "tax": sum((part.tax for part in parts), nought),
            "luxury_tax": sum((part.luxury_tax for part in parts), nought), "rounding": rounding, "total": total,
            "tax_rounding": invoice.tax_rounding, "tax_treatment": invoice.tax_treatment,
        },
    )  # fmt: skip
    return CreditDraft(credit_id, back, made)


def _not_taken_off(invoice: Invoice, lines: Sequence[InvoiceLine], left: Mapping[UUID, Decimal]) -> dict[UUID, Decimal]:
    """How much of each line of a down payment no invoice took off: that is corrected by crediting the invoice."""
    nets = {one.line_id: one.net for one in down_payments_left(invoice_ids=[invoice.id])}
    rooms = {}
    for line in lines:
        rest, net = left[line.id], nets.get(line.id, Decimal(0))
        if rest and net < _part(line, line.quantity - rest, rest, invoice.currency).net:
            rest = min(rest, (line.quantity * net / line.net).quantize(_FINEST, rounding=ROUND_DOWN))
        rooms[line.id] = rest
    return rooms


def _fee_row(line: InvoiceLine, part: Figures, description: str, place: int) -> dict[str, Any]:
    """A fee taxed like the line it is kept of; it credits no quantity."""
    copied = {name: getattr(line, name) for name in _COPIED}
    return {
        **copied, **{name: getattr(part, name) for name in FIGURES}, "id": new_id(), "position": place,
        "kind": "charge", "description": description, "product_id": None, "quantity": Decimal(1), "factor": Decimal(1),
        "unit_id": None, "list_price": part.amount, "unit_price": part.amount, "discount_percent": Decimal(0),
        "unit_cost": None, "parts": [], "credits_line_id": None,
    }  # fmt: skip


def _part(
    line: InvoiceLine, already: Decimal, quantity: Decimal, currency: str, had: Credited | None = None,
    net: Decimal | None = None,
) -> Figures:  # fmt: skip
    figures = Figures(*(getattr(line, name) for name in FIGURES))
    if had is None:
        return credit_part(figures, whole=line.quantity, already=already, quantity=quantity, currency=currency)
    if net is not None:
        return credit_net(figures, had=had.figures, net=net, currency=currency)
    if had.discount:
        return credit_rest(
            figures, had=had.figures, discount=had.discount, quantity=quantity, left=line.quantity - already,
            currency=currency,
        )  # fmt: skip
    return credit_part(
        figures, whole=line.quantity, already=already, quantity=quantity, currency=currency, had=had.figures
    )


def _share(line: InvoiceLine, had: Credited, net: Decimal) -> Decimal:
    """The quantity that stands for so much of a line's net, as near as it can be written: the rest with the last of
    it, and never before."""
    rest = line.quantity - had.quantity
    if had.figures.net + net == line.net:
        return rest
    near = (line.quantity * (had.figures.net + net) / line.net).quantize(_FINEST) - had.quantity
    return min(max(near, _FINEST), max(rest - _FINEST, _FINEST))
