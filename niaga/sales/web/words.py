"""How sales says its states and its history."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from niaga.core.rules.terbilang import amount_in_words
from niaga.pricing.queries.explained_steps import explained_steps
from niaga.sales.queries.story import Event
from niaga.ui import formatting
from niaga.ui.documents import TimelineEntry
from niaga.ui.lists import Status
from niaga.ui.order_grid import GridStep

QUOTATION = {
    "draft": Status(gettext_lazy("Draft"), "faint", "pencil"),
    "sent": Status(gettext_lazy("Sent"), "calm", "send"),
    "accepted": Status(gettext_lazy("Accepted"), "good", "check"),
    "declined": Status(gettext_lazy("Declined"), "bad", "x"),
    "expired": Status(gettext_lazy("Expired"), "warn", "clock"),
    "cancelled": Status(gettext_lazy("Cancelled"), "faint", "ban"),
}
ORDER = {
    "draft": Status(gettext_lazy("Draft"), "faint", "pencil"),
    "confirmed": Status(gettext_lazy("Confirmed"), "calm", "circle-check"),
    "closed": Status(gettext_lazy("Closed"), "good", "lock"),
    "cancelled": Status(gettext_lazy("Cancelled"), "faint", "ban"),
}
DELIVERY = {
    "none": Status(gettext_lazy("Not shipped"), "faint", "package"),
    "partial": Status(gettext_lazy("Partly shipped"), "warn", "truck"),
    "done": Status(gettext_lazy("Shipped"), "good", "truck"),
}
DROP_SHIP = {
    "asked": Status(gettext_lazy("To ask"), "warn", "send"),
    "sent": Status(gettext_lazy("Waits for the supplier"), "calm", "clock"),
    "confirmed": Status(gettext_lazy("Confirmed"), "accent", "check"),
    "shipped": Status(gettext_lazy("Sent by the supplier"), "good", "truck"),
    "cancelled": Status(gettext_lazy("Cancelled"), "faint", "ban"),
}
INVOICE = {
    "none": Status(gettext_lazy("Not invoiced"), "faint", "receipt"),
    "partial": Status(gettext_lazy("Partly invoiced"), "warn", "receipt"),
    "done": Status(gettext_lazy("Invoiced"), "good", "receipt"),
}
PAYMENT = {
    "none": Status(gettext_lazy("Nothing due"), "faint", "minus"),
    "unpaid": Status(gettext_lazy("Unpaid"), "calm", "circle"),
    "partial": Status(gettext_lazy("Partly paid"), "warn", "circle-dot"),
    "paid": Status(gettext_lazy("Paid"), "good", "check"),
    "overdue": Status(gettext_lazy("Overdue"), "bad", "clock-alert"),
}

_DEEDS = {
    ("quotation", "draft"): gettext_lazy("Quotation written"),
    ("quotation", "change"): gettext_lazy("Changed"),
    ("quotation", "revise"): gettext_lazy("Taken back into work as version %(version)s"),
    ("quotation", "send"): gettext_lazy("Version %(version)s sent"),
    ("quotation", "accept"): gettext_lazy("Accepted"),
    ("quotation", "decline"): gettext_lazy("Declined"),
    ("quotation", "expire"): gettext_lazy("Validity ended"),
    ("quotation", "cancel"): gettext_lazy("Cancelled"),
    ("order", "draft"): gettext_lazy("Order written"),
    ("order", "change"): gettext_lazy("Changed"),
    ("order", "take_prices"): gettext_lazy("Today's prices taken"),
    ("order", "split_line"): gettext_lazy("Line cut in two: %(description)s"),
    ("order", "reshape"): gettext_lazy("Lines cut or taken out for want of stock"),
    ("order", "confirm"): gettext_lazy("Confirmed; stock is held"),
    ("order", "amend"): gettext_lazy("Amended"),
    ("order", "ask_substitution"): gettext_lazy("Asked whether something else may go"),
    ("order", "decline_substitution"): gettext_lazy("The customer takes nothing else"),
    ("order", "hold_waiting"): gettext_lazy("Stock held for waiting lines"),
    ("order", "supply_directly"): gettext_lazy("A supplier was asked to send goods straight to the customer"),
    ("order", "choose_supply"): gettext_lazy("Chosen where goods come from"),
    ("order", "reschedule"): gettext_lazy("Planned for another day"),
    ("order", "tell_day"): gettext_lazy("The customer was told of the new day"),
    ("order", "tell_day_failed"): gettext_lazy("The customer could not be told of the new day"),
    ("order", "let_tell_day"): gettext_lazy("The customer is to be told of the new day"),
    ("order", "skip_tell_day"): gettext_lazy("The customer is not told of the new day"),
    ("order", "put_off"): gettext_lazy("Goods come later than promised"),
    ("order", "cancel_rest"): gettext_lazy("Rest cancelled"),
    ("order", "cancel"): gettext_lazy("Cancelled; stock is free again"),
    ("order", "close"): gettext_lazy("Closed"),
    ("order", "plan_milestones"): gettext_lazy("Milestones planned"),
    ("order", "bill_milestone"): gettext_lazy("Milestone %(name)s to be invoiced"),
    ("order", "choose_billing"): gettext_lazy("Chosen when it is billed"),
    ("order", "ask_release"): gettext_lazy("Finance was asked to release it"),
    ("order", "release_order"): gettext_lazy("Released by finance"),
    ("order", "free_again"): gettext_lazy("Free again: the customer paid"),
    ("order", "refuse_release"): gettext_lazy("Not released by finance"),
    ("order", "pro_forma"): gettext_lazy("Pro-forma %(name)s made"),
    ("order", "send_pro_forma"): gettext_lazy("Pro-forma %(name)s sent"),
    ("order", "share_pro_forma"): gettext_lazy("Link to pro-forma %(name)s made"),
    ("", "ask_approval"): gettext_lazy("Approval asked for"),
    ("", "approve"): gettext_lazy("Approved"),
    ("", "reject"): gettext_lazy("Not approved"),
    ("", "withdraw_approval"): gettext_lazy("The approval is no longer asked for"),
    ("", "escalate_approval"): gettext_lazy("The approval was passed on: nobody answered"),
    ("", "seat_approval"): gettext_lazy("Others are asked for the approval: somebody left"),
    ("", "remind_approval"): gettext_lazy("Reminded of the approval"),
    ("quotation", "share"): gettext_lazy("Link for the customer made"),
    ("", "note"): gettext_lazy("Note"),
    ("", "attach"): gettext_lazy("File added: %(name)s"),
    ("", "detach"): gettext_lazy("File removed: %(name)s"),
    ("", "remove_attachment"): gettext_lazy("File removed: %(name)s"),
}
_MOMENTS = {
    ("quotation", "accept"): gettext_lazy("Quotation %(number)s accepted"),
    ("order", "confirm"): gettext_lazy("Order %(number)s confirmed"),
    ("delivery", "ship"): gettext_lazy("Delivery %(number)s shipped"),
    ("delivery", "deliver"): gettext_lazy("Delivery %(number)s arrived"),
    ("invoice", "issue"): gettext_lazy("Invoice %(number)s issued"),
    ("payment", "record"): gettext_lazy("Payment %(number)s recorded"),
}
_MAILS = {
    "queued": gettext_lazy("Mail is being sent to %(to)s"),
    "sending": gettext_lazy("Mail is being sent to %(to)s"),
    "sent": gettext_lazy("Mailed to %(to)s"),
    "kept": gettext_lazy("Mail to %(to)s is in the mailbox: no mail server is set"),
    "failed": gettext_lazy("Mail to %(to)s failed"),
    "uncertain": gettext_lazy("Mail to %(to)s may not have arrived"),
}
_CUSTOMER = pgettext_lazy("who did it", "Customer")


def timeline(kind: str, events: Sequence[Event], numbers: Mapping[UUID, str] | None = None) -> list[TimelineEntry]:
    """A document's story as its page tells it, the latest first; the customer's own deeds are lit.

    `numbers` names the other documents of the chain, of which only the great moments are told.
    """
    entries: list[TimelineEntry] = []
    events = [
        one for one in events if one.subject_kind in (kind, "pro_forma") or (one.subject_kind, one.what) in _MOMENTS
    ]
    for place, event in enumerate(events):
        if event.kind == "opening":
            about = (numbers or {}).get(event.subject_id, "") if event.subject_kind == "pro_forma" else ""
            turn = int(event.data.get("turn", 1))
            text = (
                _("Opened by the customer")
                if turn == 1
                else _("Opened by the customer, %(turn)d times now") % {"turn": turn}
            )
            entries.append(TimelineEntry(at=event.at, strong=text, text=about, fresh=place == 0))
        elif event.kind == "mail":
            words = str(_MAILS.get(event.what, _MAILS["queued"])) % {"to": event.note}
            entries.append(TimelineEntry(at=event.at, text=words, by=event.by))
        else:
            number = (numbers or {}).get(event.subject_id, "")
            entries.append(_deed(kind, event, number, first=place == 0))
    return entries


def _deed(kind: str, event: Event, number: str, *, first: bool) -> TimelineEntry:
    facts = {
        "number": number,
        "version": event.data.get("offer_version", 1),
        "description": event.data.get("description", ""),
        "name": event.data.get("name", ""),
    }
    if event.subject_kind != kind:
        words = str(_MOMENTS[event.subject_kind, event.what]) % facts
        return TimelineEntry(at=event.at, text=words, by=event.by)
    template = _DEEDS.get((kind, event.what)) or _DEEDS.get(("", event.what))
    words = str(template) % facts if template else event.what.replace("_", " ").capitalize()
    by_customer = bool(event.data.get("through_link"))
    if event.what in ("accept", "decline") and event.data.get("name"):
        by = str(event.data["name"])
    else:
        by = event.by or (str(_CUSTOMER) if by_customer else "")
    changes = _changes(event)
    return TimelineEntry(
        at=event.at, strong=words if by_customer or event.what in ("accept", "confirm") else "",
        text="" if by_customer or event.what in ("accept", "confirm") else words, by=by,
        quote="; ".join(part for part in (event.note, changes) if part), fresh=first and by_customer,
    )  # fmt: skip


def _changes(event: Event) -> str:
    """What an amendment changed, in a few words."""
    if event.what == "amend":
        told = []
        for line in event.data.get("lines", [])[:4]:
            before, after = line.get("before"), line.get("after")
            name = str(line.get("description", "")).splitlines()[0][:40] if line.get("description") else ""
            if before is None and after is not None:
                told.append(_("%(name)s added") % {"name": name})
            elif after is None:
                told.append(_("%(name)s taken out") % {"name": name})
            elif before["quantity"] != after["quantity"]:
                old, new = (formatting.number(_plain(one["quantity"])) for one in (before, after))
                told.append(f"{name} {old} → {new}")
        return ", ".join(told)
    if event.what in ("cancel_rest", "hold_waiting"):
        name = "cancelled" if event.what == "cancel_rest" else "held"
        return ", ".join(
            f"{str(line.get('description', '')).splitlines()[0][:40]} {formatting.number(_plain(line[name]))}"
            for line in event.data.get("lines", [])[:4]
        )
    if event.what in ("reschedule", "tell_day", "tell_day_failed"):
        moved = event.data.get("lines")
        if moved is None:
            return _days(*event.data["planned_date"])
        told = [f"{line['description'].splitlines()[0][:40]} {_days(*line['days'])}" for line in moved[:4]]
        return ", ".join([*told, *(["…"] if len(moved) > 4 else [])])
    return ""


def _days(before: str, after: str) -> str:
    return " → ".join(formatting.day(date.fromisoformat(one)) for one in (before, after) if one)


def _plain(value: Any) -> Decimal:
    return Decimal(str(value)).normalize() + 0


def price_story(steps: Sequence[dict[str, Any]], currency: str, *, sees_cost: bool) -> list[GridStep]:
    """Why a price is what it is, step by step, in the reader's words."""
    told = explained_steps(steps, currency, sees_cost=sees_cost)
    return [GridStep(one.text, struck=one.struck, note=one.note) for one in told]


def place_line(place: Any) -> str:
    """An address in one line, stored or as a document froze it: its label, then street and city."""

    def get(name: str) -> str:
        return str((place.get(name) if isinstance(place, dict) else getattr(place, name, "")) or "")

    text = ", ".join(part for part in (get("street"), get("city")) if part)
    return " · ".join(part for part in (get("label"), text) if part)


def named_places(document: Any) -> list[tuple[str, str]]:
    """Where goods go and, when it is not the customer's own place, where the invoice goes: label and address."""
    pairs = ((_("Deliver to"), document.delivery_address), (_("Invoice to"), document.billing_address))
    return [(label, place_line(place)) for label, place in pairs if place_line(place)]


def in_words(amount: Decimal, currency: str, language: str) -> str:
    """The total as words, or nothing where the currency has none."""
    try:
        return amount_in_words(amount, currency, language[:2])
    except (KeyError, ValueError):
        return ""
