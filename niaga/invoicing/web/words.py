"""How an invoice's states are said, on every page alike."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from niaga.ui import formatting
from niaga.ui.lists import Status

STATUS = {
    "draft": Status(_("Draft"), "faint", "pencil"),
    "issued": Status(_("Issued"), "good", "circle-check"),
    "discarded": Status(_("Discarded"), "faint", "ban"),
}
KINDS = {
    "invoice": _("Invoice"),
    "down_payment": _("Down payment"),
    "credit_note": _("Credit note"),
    "late_fee": _("Late fee"),
    "debit_note": _("Debit note"),
    "giro_fee": _("Returned giro fee"),
}
PAYMENT = {
    "none": Status("", "faint"),
    "unpaid": Status(_("Unpaid"), "calm", "clock"),
    "partial": Status(_("Partly paid"), "warn", "circle-dashed"),
    "paid": Status(_("Paid"), "good", "circle-check"),
    "overdue": Status(_("Overdue"), "bad", "circle-alert"),
}

RUNS = {
    "queued": Status(_("Waiting"), "calm", "clock"),
    "running": Status(_("Running"), "calm", "loader-circle"),
    "done": Status(_("Done"), "good", "circle-check"),
    "cancelled": Status(_("Stopped"), "faint", "ban"),
}
"""A run that issues many drafts."""

AGES = {
    "not_due": _("Not yet due"),
    "late_30": _("1–30 days"),
    "late_60": _("31–60 days"),
    "late_90": _("61–90 days"),
    "late_more": _("Over 90 days"),
}
"""How long a part is overdue, by the columns of an ageing."""


def age_status(days: int | None) -> Status | None:
    """How late an open part was on a day; None of a credit."""
    if days is None:
        return None
    if days < 1:
        return Status(AGES["not_due"], "calm", "clock")
    late = ngettext("%(days)d day overdue", "%(days)d days overdue", days) % {"days": days}
    return Status(late, "warn" if days <= 30 else "bad", "circle-alert")


def days_late(due: date | None, today: date) -> int:
    return (today - due).days if due is not None and due < today else 0


def with_contents(lines: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The lines, each with what is in one of a bundle as `contents`, and what its text says below the first line as
    `further`."""
    return [_with_contents(line) for line in lines]


def _with_contents(line: Mapping[str, Any]) -> Mapping[str, Any]:
    heading, _sep, further = line["description"].partition("\n")
    return {**line, "contents": _contents(line), "heading": heading, "further": further}


def _contents(line: Mapping[str, Any]) -> str:
    return " · ".join(
        f"{formatting.quantity(Decimal(part['quantity']) * line['factor'], part['unit'])} {part['name']}"
        for part in line["parts"]
    )


def payment_status(invoice: Any, today: date) -> Status | None:
    """How far an issued invoice is paid; an overdue one says by how many days."""
    if invoice.payment_state == "none":
        return None
    if invoice.kind == "credit_note":
        if invoice.payment_state == "paid":
            return Status(gettext("Used up"), "good", "circle-check")
        return Status(gettext("Credit left"), "calm", "wallet")
    if invoice.payment_state == "overdue":
        days = days_late(invoice.next_due, today)
        return Status(ngettext("%(days)d day overdue", "%(days)d days overdue", days) % {"days": days}, "bad", "clock")
    return PAYMENT[invoice.payment_state]
