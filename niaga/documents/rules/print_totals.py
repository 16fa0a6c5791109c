"""The sums at the foot of a document on paper."""

from __future__ import annotations

from decimal import Decimal

from niaga.core.rules.formatting import format_amount, format_money, format_number, format_percent
from niaga.documents.rules.print_cells import Payload
from niaga.documents.rules.print_document import PrintDocument
from niaga.documents.rules.printable import printable


def totals_rows(document: PrintDocument, words: dict[str, str], language: str) -> list[Payload]:
    """Label, figure and weight (`plain`, `total`, `after`) of each line of the sums."""
    totals = document.totals
    assert totals is not None
    currency = document.currency

    def amount(value: Decimal) -> str:
        return format_amount(value, currency, language)

    rows: list[Payload] = []

    def add(label: str, value: str, weight: str = "plain") -> None:
        rows.append({"label": label, "value": value, "weight": weight})

    if totals.discount or totals.points or totals.taxes or totals.rounding:
        add(words["subtotal"], amount(totals.subtotal))
    if totals.discount:
        percent = f" {format_percent(totals.discount_percent, language)}" if totals.discount_percent else ""
        add(words["discount"] + percent, amount(-totals.discount))
    if totals.points:
        label = words[{0: "no_point", 1: "one_point"}.get(totals.points_used, "points")]
        add(label.format(points=format_number(Decimal(totals.points_used), language)), amount(-totals.points))
    for tax in totals.taxes:
        facts = {"name": printable(tax.name), "rate": format_percent(tax.rate, language)}
        several = f" · {facts['name']} {facts['rate']}" if sum(not one.is_beside for one in totals.taxes) > 1 else ""
        if tax.other_base is not None and tax.other_base != tax.base:
            fraction = {"numerator": tax.numerator, "denominator": tax.denominator}
            if totals.prices_include_tax or several or tax.base != totals.subtotal:
                add(words["base"] + several, amount(tax.base))
            add(words["other_base"].format(**fraction), amount(tax.other_base))
        elif tax.rate and not tax.is_beside:
            add(words["base"] + several, amount(tax.base))
        if tax.rate:
            add(words["tax_included" if totals.prices_include_tax else "tax"].format(**facts), amount(tax.amount))
    if totals.rounding:
        add(words["rounding"], amount(totals.rounding))
    add(words["total"], format_money(totals.total, currency, language), "total")
    if totals.tax_by_buyer:
        add(words["tax_paid_by_buyer"], amount(-totals.tax_by_buyer), "after")
    if totals.down_payment:
        add(words["down_payment"], amount(-totals.down_payment), "after")
    if totals.paid:
        add(words["paid"], amount(-totals.paid), "after")
    if totals.pay_now is None and (totals.down_payment or totals.paid or totals.tax_by_buyer):
        left = totals.total - totals.tax_by_buyer - totals.down_payment - totals.paid
        add(words["balance"], format_money(left, currency, language), "balance")
    if totals.pay_now is not None:
        if later := totals.total - totals.tax_by_buyer - totals.pay_now:
            add(words["pay_later"], amount(later), "after")
        add(words["pay_now"], format_money(totals.pay_now, currency, language), "balance")
    return rows
