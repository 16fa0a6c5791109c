"""What happened to a customer, in words: the kinds of the timeline, and where their documents are."""

from collections.abc import Mapping
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

HAPPENED: Mapping[str, str | Promise] = {
    "customer.created": _("Customer created"),
    "note": _("Note"),
    "consent.given": _("Consent given"),
    "consent.withdrawn": _("Consent withdrawn"),
    "credit.limit": _("Credit limit set"),
    "credit.held": _("Put on hold"),
    "credit.freed": _("Hold lifted"),
    "credit.raised": _("Credit limit raised for a while"),
    "credit.raise_ended": _("Raise of the credit limit ended"),
    "credit.free_again": _("Order free again: paid"),
    "portal.payment": _("Customer told of a payment"),
    "portal.dispute": _("Customer objected online"),
    "portal.change": _("Customer asked for a change of data"),
    "credit.released": _("Order released by finance"),
    "credit.refused": _("Order not released by finance"),
    "tax_treatment.set": _("Tax treatment set"),
    "tax_treatment.removed": _("Tax treatment removed"),
    "quotation.drafted": _("Quotation drafted"),
    "quotation.sent": _("Quotation sent"),
    "quotation.revised": _("Quotation revised"),
    "quotation.opened": _("Quotation opened by the customer"),
    "quotation.accepted": _("Quotation accepted"),
    "quotation.declined": _("Quotation declined"),
    "quotation.expired": _("Quotation expired"),
    "quotation.cancelled": _("Quotation cancelled"),
    "order.drafted": _("Order drafted"),
    "order.confirmed": _("Order confirmed"),
    "order.pro_forma_sent": _("Pro-forma sent"),
    "order.amended": _("Order changed"),
    "order.cancelled": _("Order cancelled"),
    "order.closed": _("Rest of the order cancelled"),
    "delivery.shipped": _("Goods shipped"),
    "delivery.delivered": _("Goods delivered"),
    "invoice.issued": _("Invoice issued"),
    "invoice.sent": _("Invoice sent"),
    "invoice.credited": _("Credit note issued"),
    "credit_note.issued": _("Credit note issued"),
    "invoice.paid": _("Invoice paid"),
    "reminder.sent": _("Reminded of what is open"),
    "reminder.paused": _("Reminders paused"),
    "reminder.resumed": _("Reminders go on"),
    "payment.promised": _("Payment promised"),
    "exchange.taken": _("Invoices taken in (tukar faktur)"),
    "exchange.refused": _("Invoices not taken in: refused"),
    "exchange.missed": _("Invoices not taken in: nobody met"),
    "exchange.withdrawn": _("Exchange taken back"),
    "dispute.raised": _("Invoice disputed"),
    "dispute.settled": _("Dispute settled"),
    "call.no_answer": _("Called: no answer"),
    "call.promised": _("Called: payment promised"),
    "call.disputed": _("Called: invoice disputed"),
    "call.wrong_number": _("Called: wrong number"),
    "call.spoken": _("Called: spoken with"),
    "statement.sent": _("Statement of account sent"),
    "return.requested": _("Return asked for"),
    "return.authorized": _("Return authorized"),
    "return.rejected": _("Return rejected"),
    "return.received": _("Returned goods received"),
    "return.settled": _("Return settled"),
    "payment.recorded": _("Payment received"),
    "payment.reversed": _("Payment reversed"),
    "refund.made": _("Refunded"),
    "payment.bounced": _("Giro returned by the bank"),
    "sale.imported": _("Earlier sale"),
    "points.notice": _("Told by e-mail that points end"),
}
CHAPTERS: Mapping[str, str | Promise] = {
    "quotation": _("Quotations"),
    "order": _("Orders"),
    "delivery": _("Deliveries"),
    "invoice": _("Invoices"),
    "payment": _("Payments"),
    "return": _("Returns"),
    "note": _("Notes"),
    "credit": _("Credit"),
    "consent": _("Consent"),
    "tax_treatment": _("Tax"),
    "points": _("Points"),
    "call": _("Calls"),
    "reminder": _("Reminders"),
    "dispute": _("Disputes"),
}
TRANSACTIONS = {
    "01": _("not to a collector"), "02": _("government"), "03": _("other collectors"), "04": _("other tax base"),
    "05": _("fixed rate"), "06": _("tourists"), "07": _("not collected"), "08": _("exempt"), "09": _("assets (16D)"),
    "10": _("other"),
}  # fmt: skip
"""Kode transaksi of the Indonesian tax office."""
PURPOSES: Mapping[str, str | Promise] = {
    "marketing_email": _("Offers by e-mail"),
    "marketing_whatsapp": _("Offers by WhatsApp"),
    "marketing_phone": _("Offers by telephone"),
    "profiling": _("Evaluation of purchases"),
    "billing_whatsapp": _("Bills and reminders by WhatsApp"),
}
_PLACES = {
    "quotation": "/quotations",
    "order": "/orders",
    "delivery": "/deliveries",
    "invoice": "/invoices",
    "payment": "/payments",
    "return": "/returns",
}


def document_url(kind: str, id_: UUID | None) -> str:
    """Where a document of an app above is shown; nothing when it has no page."""
    return f"{_PLACES[kind]}/{id_}" if id_ is not None and kind in _PLACES else ""


def happened(kind: str) -> str:
    return str(HAPPENED.get(kind, kind.replace(".", " ").replace("_", " ").capitalize()))
