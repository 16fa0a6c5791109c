"""An invoice's totals, remarks and dues as a page shows them: the office's, and the customer's own."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from niaga.core.rules.tax_name import tax_name
from niaga.invoicing.models import Invoice
from niaga.invoicing.web.words import days_late
from niaga.pricing.queries.loyalty_words import points_used_told
from niaga.pricing.rules.tax_remarks import TaxRow, tax_remarks
from niaga.ui import formatting
from niaga.ui.documents import Total


def shown_totals(invoice: Invoice, lines: list[Mapping[str, Any]]) -> list[Total]:
    def shown(amount: Decimal) -> str:
        return formatting.amount(amount, invoice.currency)

    name = tax_name(invoice.company.country, get_language() or "id")
    totals = [Total(_("Subtotal"), shown(invoice.subtotal))]
    if invoice.discount_amount:
        totals.append(Total(_("Discount"), shown(-invoice.discount_amount)))
    if invoice.points_amount:
        totals.append(Total(points_used_told(invoice.points_used), shown(-invoice.points_amount)))
    groups: dict[tuple[Decimal, int, int, Decimal], list[Mapping[str, Any]]] = {}
    for line in lines:
        if line["tax_rate"] or line["luxury_rate"]:
            key = (line["tax_rate"], line["base_numerator"], line["base_denominator"], line["luxury_rate"])
            groups.setdefault(key, []).append(line)
    for (rate, numerator, denominator, luxury_rate), group in groups.items():
        if numerator != denominator:
            base = sum((line["other_tax_base"] for line in group), Decimal(0))
            label = gettext("Other tax base (%(part)s)") % {"part": f"{numerator}/{denominator}"}
            totals.append(Total(label, shown(base)))
        if rate:
            tax = sum((line["tax"] for line in group), Decimal(0))
            totals.append(Total(f"{name} {formatting.percent(rate)}", shown(tax)))
        if luxury_rate:
            luxury = sum((line["luxury_tax"] for line in group), Decimal(0))
            totals.append(Total(f"PPnBM {formatting.percent(luxury_rate)}", shown(luxury)))
    if invoice.rounding:
        totals.append(Total(_("Rounding"), shown(invoice.rounding)))
    totals.append(Total(_("Total"), formatting.money(invoice.total, invoice.currency), sum=True))
    if invoice.tax_by_buyer:
        totals.append(Total(gettext("%(name)s paid to the state by the buyer") % {"name": name},
                            shown(-invoice.tax_by_buyer)))  # fmt: skip
        label = gettext("To be credited") if invoice.kind == "credit_note" else gettext("To pay")
        totals.append(Total(label, formatting.money(invoice.payable, invoice.currency), sum=True))
    return totals


def in_base(invoice: Invoice) -> list[Total]:
    """What an issued invoice in another currency comes to in the company's own, at its frozen rate."""
    home = invoice.company.currency
    if invoice.currency == home or invoice.exchange_rate is None or invoice.base_total is None:
        return []
    rate = formatting.number(invoice.exchange_rate.normalize() + 0)
    return [Total(gettext("In %(home)s at %(rate)s") % {"home": home, "rate": rate},
                  formatting.money(invoice.base_total, home))]  # fmt: skip


def shown_remarks(invoice: Invoice, lines: list[Mapping[str, Any]]) -> list[str]:
    """What the invoice says of its buyer's tax, and of the points that it earned."""
    rows = [TaxRow(*(line[name] for name in TaxRow._fields)) for line in lines]
    language = get_language() or "id"
    name = tax_name(invoice.company.country, language)
    remarks = list(tax_remarks(invoice.tax_treatment, rows, currency=invoice.currency, language=language, name=name))
    if (points := invoice.points_earned) > 0:  # type: ignore[attr-defined]
        text = ngettext("Earned %(points)s point.", "Earned %(points)s points.", points)
        remarks.append(text % {"points": formatting.number(points)})
    return remarks


def planned_dues(invoice: Invoice) -> list[dict[str, Any]]:
    """The instalments that were planned by hand for a draft."""
    return [
        {"row": {"due_date": date.fromisoformat(one["due_date"]), "amount": Decimal(one["amount"])},
         "open": Decimal(one["amount"]), "late": 0}
        for one in (invoice.instalments if invoice.status == "draft" else [])
    ]  # fmt: skip


def shown_dues(invoice: Any, today: date) -> list[dict[str, Any]]:
    """The instalments, each with what of it is covered: the earliest first."""
    left = invoice.payable - invoice.open
    shown = []
    for due in invoice.dues.order_by("position"):
        covered = min(left, due.amount)
        left -= covered
        late = days_late(due.due_date, today) if covered < due.amount else 0
        shown.append({"row": due, "open": due.amount - covered, "late": late})
    return shown
