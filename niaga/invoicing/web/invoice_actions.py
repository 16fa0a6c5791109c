"""What can be done with an invoice: the one next deed, the others, and those behind the menu."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.documents.web.stamps import stamp_actions
from niaga.ui import formatting
from niaga.ui.documents import Action, Consequence


def primary_action(invoice: Any, may: dict[str, bool]) -> Action | None:
    """The one next deed: issue a draft, then take the money."""
    if invoice.status == "draft" and may["issue"]:
        if invoice.kind == "credit_note":
            text = gettext(
                "It gets its number and lessens what the customer owes by %(total)s, for good. It cannot be changed"
                " or taken back."
            )
        else:
            text = gettext(
                "It gets its number and claims %(total)s from the customer, for good. It cannot be changed or deleted"
                " afterwards; a mistake is put right by a credit note."
            )
        return Action(
            _("Issue"), url=reverse("invoicing:issue", args=[invoice.pk]), icon="check", kind="go", key="i",
            confirm=Consequence(
                gettext("Issue to %(customer)s?") % {"customer": invoice.customer.name},
                text % {"total": formatting.money(invoice.total, invoice.currency)}, button=_("Issue"),
            ),
        )  # fmt: skip
    if invoice.status == "issued" and invoice.kind != "credit_note" and invoice.open and may["record"]:
        url = f"/payments/new?customer={invoice.customer_id}&invoice={invoice.pk}"
        return Action(_("Record payment"), url=url, icon="banknote", method="get", kind="go", key="p")
    return None


def shown_actions(invoice: Any, may: dict[str, bool]) -> list[Action]:
    pdf = reverse("documents:paper", args=["invoice", invoice.pk])
    actions = [Action("PDF", url=pdf, method="get", icon="file-text", new_tab=True)]
    if invoice.status == "issued" and may["send"]:
        actions.insert(0, Action(_("Send"), dialog="send", icon="send", key="m"))
    if invoice.status == "draft" and may["change"]:
        actions.insert(0, Action(_("Edit"), dialog="edit", icon="pencil", key="e"))
        if invoice.kind != "credit_note":
            url = reverse("invoicing:instalments", args=[invoice.pk])
            actions.append(Action(_("Instalments"), url=url, method="get", icon="calendar-range"))
    return actions


def more_actions(invoice: Any, may: dict[str, bool], lines: list[Mapping[str, Any]]) -> list[Action]:
    more = stamp_actions(invoice, may=may["issue"])
    if invoice.status == "draft" and may["discard"]:
        more.append(
            Action(
                _("Discard draft"), url=f"/invoices/{invoice.pk}/discard", icon="trash-2", kind="bad",
                confirm=Consequence(
                    _("Discard this draft?"), _("What it billed can be billed anew. No number is lost."),
                    button=_("Discard draft"), danger=True,
                ),
            )
        )  # fmt: skip
    if invoice.status == "issued" and invoice.kind != "credit_note":
        if may["credit"] and any(line["quantity"] and line["quantity"] > line["credited"] for line in lines):
            more.append(Action(_("Write credit note"), dialog="credit", icon="undo-2"))
        untouched = invoice.kind == "invoice" and not any(line["credited"] for line in lines)
        if untouched and all(may[one] for one in ("credit", "create", "issue")):
            url = f"/invoices/{invoice.pk}/correction"
            more.append(Action(_("Put it right"), url=url, method="get", icon="wand-sparkles"))
        if may["write_off"] and invoice.open:
            more.append(Action(_("Write off"), dialog="write-off", icon="circle-x"))
        if may["send"] and invoice.open:
            more.append(Action(_("Note a dispute"), dialog="dispute", icon="message-circle-warning"))
            more.append(Action(_("Note a promise to pay"), dialog="promise", icon="handshake"))
        if may["send"]:
            more.append(Action(_("Make a link"), url=reverse("invoicing:link", args=[invoice.pk]), icon="link"))
    return more
