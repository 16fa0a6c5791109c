from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.ids import new_id
from niaga.core.money import round_amount
from niaga.invoicing.services.draft_invoice import draft_invoice
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.organization.access import SYSTEM, Actor
from niaga.parties.queries.selling_facts import customer_facts, term_parts
from niaga.pricing.rules.request import TaxRate
from niaga.pricing.rules.tax import TaxFormula
from niaga.returns.models import KeptGift, Return, ReturnLine, ReturnSettlement
from niaga.returns.queries.bought import return_settings
from niaga.returns.queries.gifts import LackingGift, of_order
from niaga.sales.queries.returnable import sold_lines
from niaga.ui import formatting


def charge_gifts(*, rma: Return, lines: Sequence[ReturnLine], by: Actor, at: datetime) -> UUID | None:
    """Charge gifts that a locked return announced and that stay after all, by an invoice of their own: the credit for
    the goods they came with was given whole, since they were on their way. What was announced only later was charged,
    or let stay, with the goods. At what the promotion took off, taxed as
    they were sold; where the company charges gifts. The order is locked. Returns the invoice's id; None: none stays.

    It is issued by the company's setting, not by a right of who ends the return. Called last: it draws a number.

    :raises PeriodClosed: the books of today's month are closed
    """
    lacking = _lacking(rma, lines)
    settled_by = _settled_by(rma) if lacking else None
    if settled_by is None:
        return None
    customer = customer_facts(customer_id=rma.customer_id)
    assert customer is not None
    order = rma.order
    assert order is not None
    sold = {line.pk: line for line in sold_lines(order.pk)}
    with override(rma.company.language or "id"):
        rows = [_row(place, one, sold[one.order_line_id], order) for place, one in enumerate(lacking, 1)]
    totals = {name: sum((row[name] for row in rows), Decimal(0)) for name in ("net", "other_tax_base", "tax")}
    totals["luxury_tax"] = sum((row["luxury_tax"] for row in rows), Decimal(0))
    shown = sum((row["amount"] for row in rows), Decimal(0))
    taxed = totals["net"] + totals["tax"] + totals["luxury_tax"]
    total = shown if order.prices_include_tax else taxed
    term_name, term = term_parts(term_id=customer.payment_term_id)
    batch = Batch()
    invoice_id = draft_invoice(
        batch=batch, kind="invoice", company_id=rma.company_id, branch_id=rma.branch_id, customer_id=rma.customer_id,
        salesperson_id=rma.salesperson_id, party=customer.frozen_party(), term_name=term_name, term=term,
        lines=rows, source_numbers=[rma.number or rma.order_number],
        exchange_rate=Decimal(1) if rma.currency == rma.company.currency else None, by=by.id, at=at,
        today=day_at(at=at, zone=rma.branch.zone),
        totals={
            "currency": rma.currency, "prices_include_tax": order.prices_include_tax, "subtotal": shown, **totals,
            "rounding": total - taxed, "total": total, "tax_rounding": "line", "tax_treatment": order.tax_treatment,
        },
    )  # fmt: skip
    batch.insert(
        KeptGift,
        [{"id": new_id(), "order_line_id": one.order_line_id, "quantity": one.quantity, "amount": one.worth}
         for one in lacking],
        settlement_id=settled_by,
    )  # fmt: skip
    batch.write()
    issue_invoice(invoice_id=invoice_id, by=SYSTEM, at=at)
    return invoice_id


def _lacking(rma: Return, lines: Sequence[ReturnLine]) -> list[LackingGift]:
    """Of what lacks, as much as this return announced and did not bring."""
    announced: dict[UUID, Decimal] = {}
    for line in lines:
        if line.order_line_id is not None and line.part_each is None:
            missing = line.quantity - line.kept
            announced[line.order_line_id] = announced.get(line.order_line_id, Decimal(0)) + missing
    if not announced or rma.kind == "claim" or return_settings(rma.company_id).gifts != "charge":
        return []
    found = []
    for one in of_order(rma).gifts:
        quantity = min(one.quantity, announced.get(one.order_line_id, Decimal(0)))
        if quantity > 0:
            worth = round_amount(one.worth * quantity / one.quantity, rma.currency)
            found.append(replace(one, quantity=quantity, worth=worth))
    return [one for one in found if one.worth > 0]


def _settled_by(rma: Return) -> UUID | None:
    """The settlement that gave the goods back whole while this return was on its way: the last of the order that was no
    exchange."""
    rows = ReturnSettlement.objects.filter(rma__order_id=rma.order_id, at__gte=rma.created_at)
    rows = rows.exclude(rma_id=rma.pk).exclude(way="exchange")
    return rows.order_by("-at", "-id").values_list("id", flat=True).first()


def _row(place: int, one: LackingGift, line: Any, order: Any) -> Mapping[str, Any]:
    rate = TaxRate(
        line.tax_rate, base_numerator=line.base_numerator, base_denominator=line.base_denominator,
        transaction_code=line.tax_code, luxury_rate=line.luxury_rate,
    )  # fmt: skip
    formula = TaxFormula(rate, order.currency)
    taxed = formula.included(one.worth) if order.prices_include_tax else formula.excluded(one.worth)
    text = _("Gift that stays: %(quantity)s × %(name)s")
    return {
        "id": new_id(), "position": place, "kind": "charge",
        "description": text % {"quantity": formatting.number(one.quantity), "name": one.name},
        "quantity": Decimal(1), "list_price": one.worth, "unit_price": one.worth, "amount": one.worth,
        "net": taxed.net, "other_tax_base": taxed.other_tax_base, "tax": taxed.tax, "luxury_rate": line.luxury_rate,
        "luxury_tax": taxed.luxury_tax, "tax_category_id": line.tax_category_id, "tax_code": line.tax_code,
        "tax_rate": line.tax_rate, "base_numerator": line.base_numerator, "base_denominator": line.base_denominator,
    }  # fmt: skip
