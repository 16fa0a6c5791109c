"""What happened to an invoice, who did it and when."""

from django.utils.translation import gettext_lazy as _

from niaga.invoicing.models import Invoice
from niaga.organization.queries.users import deeds_of
from niaga.ui.documents import TimelineEntry

HAPPENED = {
    "draft": _("Draft written"),
    "change": _("Draft changed"),
    "plan": _("Instalments planned"),
    "issue": _("Issued"),
    "discard": _("Discarded"),
    "send": _("Sent by e-mail"),
    "share": _("Link made"),
    "allocate": _("Credit used"),
    "release": _("Credit released"),
    "attach": _("File added"),
    "stamp": _("e-meterai affixed"),
    "dispute": _("Disputed by the customer"),
    "settle_dispute": _("Dispute settled"),
    "promise": _("Payment promised"),
    "exchange_plan": _("Planned for tukar faktur"),
    "exchange_taken": _("Taken in by the customer"),
    "exchange_refused": _("Not taken in: refused"),
    "exchange_missed": _("Not taken in: nobody met"),
    "exchange_withdrawn": _("Exchange taken back"),
    "tax_export": _("Put into a Coretax file"),
    "tax_withdraw": _("Coretax file withdrawn"),
    "tax_file": _("Tax serial number recorded"),
    "tax_replace": _("Tax serial number replaced"),
    "tax_forget": _("Tax serial number taken back"),
    "tax_cancel": _("Cancelled in Coretax"),
    "tax_leave_out": _("Left out of tax filing"),
    "tax_take_in": _("To be filed again"),
    "tax_buyer": _("Customer's tax facts taken"),
    "tax_return": _("Buyer's nota retur recorded"),
    "put_right": _("Put right"),
    "write_off": _("Written off"),
    "claim_again": _("Claimed again"),
    "ask_approval": _("Approval asked for"),
    "withdraw_approval": _("Approval withdrawn"),
    "approve": _("Approved"),
    "reject": _("Rejected"),
    "tax_supersede": _("To be replaced in Coretax by the new invoice"),
    "tax_void": _("To be cancelled in Coretax"),
    "tax_slip": _("Collector's tax slip recorded"),
    "tax_slip_reverse": _("Collector's tax slip taken back"),
}


def shown_timeline(invoice: Invoice) -> list[TimelineEntry]:
    entries = []
    for row in deeds_of(invoice.pk):
        quote = row.note
        if row.verb == "stamp":
            quote = row.data["serial"]
        if row.verb == "send":
            quote = ", ".join(row.data.get("to", []))
        if row.verb == "write_off":
            quote = f"{row.data.get('reason', '')} · {row.data.get('amount', '')}"
        if row.verb in ("allocate", "release"):
            quote = f"{row.data.get('invoice', '')} · {row.data.get('amount', '')}"
        entries.append(
            TimelineEntry(
                at=row.at, text=str(HAPPENED.get(row.verb, row.verb.replace("_", " ").capitalize())),
                by=row.who or "", quote=quote,
            )
        )  # fmt: skip
    return entries
