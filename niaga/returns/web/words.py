"""How returns are said, on every page alike."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from niaga.ui import formatting
from niaga.ui.lists import Status

RETURN = {
    "requested": Status(_("To decide"), "warn", "circle-help"),
    "authorized": Status(_("Waiting for goods"), "calm", "truck"),
    "received": Status(_("To inspect"), "warn", "package-open"),
    "inspected": Status(_("To settle"), "warn", "clipboard-list"),
    "settled": Status(_("Finished"), "good", "circle-check"),
    "rejected": Status(_("Rejected"), "faint", "circle-x"),
    "cancelled": Status(_("Cancelled"), "faint", "ban"),
}
AT_SUPPLIER = Status(_("At the supplier"), "calm", "forward")
CLAIM_AUTHORIZED = Status(_("To settle"), "warn", "clipboard-list")
KINDS = {"goods": _("Goods come back"), "claim": _("Claim without goods")}
WISHES = {"credit": _("Credit"), "exchange": _("The same goods anew"), "refund": _("Money back")}
WAYS = {
    "credit": _("Credited"),
    "exchange": _("Exchanged"),
    "nothing": _("Nothing credited"),
    "refund": _("Given back in money"),
}
SOURCES = {
    "page": _("Written here"), "api": _("By the API"), "portal": _("Customer's portal"), "receipt": _("At the till"),
    "channel": _("Sales channel"),
}  # fmt: skip
CONDITIONS = {"unopened": _("Unopened"), "opened": _("Already opened"), "damaged": _("Damaged")}
FAULTS = {"ours": _("Ours"), "carrier": _("The carrier's"), "customer": _("The customer's")}
GIFTS = {"keep": _("stay with the customer"), "charge": _("come back, or are charged")}
COUPONS = {
    "never": _("a coupon is used up for good"),
    "whole": _("when all of the order is back"),
    "ask": _("who settles decides"),
}
OUTCOMES = {
    "restock": _("Back to stock"), "refurbish": _("Refurbish"), "scrap": _("Scrap"),
    "send_back": _("Back to the customer"), "to_supplier": _("To the supplier"),
}  # fmt: skip
HAPPENED = {
    "request": _("Asked for"),
    "authorize": _("Authorized"),
    "reject": _("Rejected"),
    "cancel": _("Cancelled"),
    "receive": _("Goods received"),
    "receive_part": _("Some goods received"),
    "inspect": _("Inspected"),
    "inspect_part": _("Inspected in part"),
    "refurbished": _("Refurbishing over"),
    "settle": _("Finished"),
    "settle_claim": _("Finished"),
    "send_slip": _("Slip mailed"),
    "link": _("Its order was found"),
    "ask_approval": _("Approval asked for"),
    "withdraw_approval": _("Request taken back"),
    "attach": _("File added"),
    "answer_part": _("The supplier answered in part"),
    "supplier_credit": _("The supplier's credit was noted"),
}


def status_of(rma: Any) -> Status:
    """A claim that is authorized waits for no goods; what goes straight to a supplier waits for their answer."""
    if rma.supplier_id is not None and rma.status == "authorized":
        return AT_SUPPLIER
    if rma.kind == "claim" and rma.status == "authorized":
        return CLAIM_AUTHORIZED
    return RETURN[rma.status]


def _bought_told(verdict: Mapping[str, Any]) -> str:
    bought, back = Decimal(verdict.get("bought", "0")), Decimal(verdict.get("returned", "0"))
    facts = {"bought": formatting.number(bought), "returned": formatting.number(back)}
    if not bought:
        return gettext("No document, and this customer never bought it.")
    if not verdict.get("enough"):
        return gettext("No document. More than is left: bought %(bought)s, %(returned)s came back before.") % facts
    return gettext("No document. Bought %(bought)s, %(returned)s came back before.") % facts


def price_told(basis: Mapping[str, Any]) -> str:
    """Where the price of goods without a document is from."""
    kind, days = basis.get("basis", ""), basis.get("days", 0)
    day = formatting.day(date.fromisoformat(basis["date"])) if basis.get("date") else ""
    if kind == "own":
        facts = {"days": days, "number": basis.get("number", ""), "day": day}
        return gettext("the lowest they paid in %(days)s days: %(number)s, %(day)s") % facts
    if kind == "anyone":
        return gettext("the lowest anybody paid in %(days)s days, %(day)s") % {"days": days, "day": day}
    if kind == "typed" and basis.get("proposed"):
        return gettext("typed; proposed was %(price)s") % {"price": formatting.number(Decimal(basis["proposed"]))}
    if kind == "typed":
        return gettext("typed; nobody bought it in %(days)s days") % {"days": days}
    return gettext("nobody bought it in %(days)s days") % {"days": days}


def verdict_told(verdict: Mapping[str, Any]) -> str:
    """What the policy says of a line, in words; why not where it does not fit."""
    why, rule = verdict.get("why", ""), verdict.get("rule", "")
    days = ngettext("%(days)d day ago", "%(days)d days ago", verdict.get("days", 0)) % {"days": verdict.get("days", 0)}
    if why == "no_document":
        return _bought_told(verdict)
    if why == "refused":
        return gettext("Not taken back: “%(rule)s”.") % {"rule": rule}
    if why == "too_late":
        facts = {"rule": rule, "days": days, "allowed": verdict.get("allowed_days")}
        return gettext("Too late: it left %(days)s, “%(rule)s” allows %(allowed)s days.") % facts
    if why == "condition":
        allowed = ", ".join(str(CONDITIONS[one]) for one in verdict.get("conditions", ()) if one in CONDITIONS)
        return gettext("Only when it is: %(allowed)s (“%(rule)s”).") % {"allowed": allowed, "rule": rule}
    if why == "fits":
        return gettext("Fits “%(rule)s”; it left %(days)s.") % {"rule": rule, "days": days}
    return gettext("No rule speaks of it; it left %(days)s.") % {"days": days}


REFUSED_TO = {"customer": _("Back to the customer"), "warehouse": _("To our warehouse, to be inspected")}
CREDIT_WAYS = {
    "credit_note": Status(_("Credit note"), "good", "file-text"),
    "money": Status(_("Money on the bank"), "good", "banknote"),
    "written_off": Status(_("Will not be credited"), "faint", "ban"),
}
