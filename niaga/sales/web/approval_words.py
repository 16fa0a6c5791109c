"""How a document's page says what it waits for, and who decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from niaga.approvals.queries.gate import asked_of, given_of, has_rules, rules_of
from niaga.approvals.queries.requests import last_word
from niaga.approvals.rules.gate import missing
from niaga.approvals.services.ask_approval import asks_enough
from niaga.organization.queries.users import user_names
from niaga.sales.models import SalesOrder
from niaga.sales.queries.approval_facts import Document, facts_of
from niaga.sales.queries.asked_changes import asked_change
from niaga.sales.services.check_approval import told
from niaga.sales.web.asked_change_words import outcome_of
from niaga.ui import formatting
from niaga.ui.documents import Action


@dataclass(frozen=True, slots=True)
class ApprovalNote:
    """`needed`: it cannot go on as it is. `askable`: nobody was asked for this yet. `url`: the request's page.
    `deed`: where a change that was approved is made by hand."""

    tone: str
    text: str
    needed: bool = False
    askable: bool = False
    quote: str = ""
    url: str = ""
    request_id: UUID | None = None
    deed: str = ""


def approval_note(document: Document, *, today: date) -> ApprovalNote | None:
    """What rules mean for an offer that is open or an order that is no promise yet, and for a change of a promise that
    was asked about. Nothing is read where there are neither rules nor requests."""
    asked = asked_of(document)
    if document.status == "confirmed":
        return _about_change(document, asked) if asked and isinstance(document, SalesOrder) else None
    if document.status not in ("draft", "sent") or not (has_rules(document) or asked):
        return None
    facts = facts_of(document, today=today)
    lacking = missing(rules_of(document), given_of(document), facts, today=today)
    if not lacking:
        if asked and asked["status"] == "approved":
            return _approved(asked)
        return None
    said = "; ".join(f"{name}: {words}" for name, words in told(document.company_id, lacking))
    if asked and asked["status"] == "waiting":
        if asks_enough(asked["rules"], asked["facts"], lacking, facts):
            return ApprovalNote("warn", _waits(asked), needed=True, url=_url(asked), request_id=UUID(asked["id"]))
        text = _("It got worse since it was asked for: ask again. %(rules)s.") % {"rules": said}
        return ApprovalNote("warn", text, needed=True, askable=True, url=_url(asked))
    if asked and asked["status"] == "rejected" and asks_enough(asked["rules"], asked["facts"], lacking, facts):
        by, reason, at = last_word(UUID(asked["id"]))
        text = _("Not approved by %(by)s, %(when)s. Change it, or ask again.") % {"by": by, "when": _ago(at)}
        return ApprovalNote("bad", text, needed=True, askable=True, quote=reason, url=_url(asked))
    text = _("Needs an approval. %(rules)s.") % {"rules": said}
    return ApprovalNote("warn", text, needed=True, askable=True)


def _about_change(order: SalesOrder, asked: Mapping[str, Any]) -> ApprovalNote | None:
    """A change that waits for a yes, or has it and is not made. One that the order has left behind is told until the
    order is changed again."""
    if asked["status"] == "waiting":
        text = _("A change of it waits for approval. %(waits)s") % {"waits": _waits(asked)}
        return ApprovalNote("warn", text, url=_url(asked))
    change = asked_change(request_id=UUID(asked["id"])) if asked["status"] == "approved" else None
    if change is None or change.made_at is not None:
        return None
    moved = order.version != change.order_version
    if moved and (change.refused_at is None or order.updated_at > change.refused_at):
        return None
    outcome = outcome_of(change, order)
    if outcome is None:
        return None
    text = _("A change of it: %(outcome)s") % {"outcome": outcome.text}
    return ApprovalNote(outcome.tone, text, url=_url(asked), deed=outcome.deed)


def _approved(asked: Mapping[str, Any]) -> ApprovalNote:
    by, reason, at = last_word(UUID(asked["id"]))
    text = _("Approved by %(by)s, %(when)s.") % {"by": by, "when": _ago(at)}
    return ApprovalNote("good", text, quote=reason, url=_url(asked))


def _waits(asked: Mapping[str, Any]) -> str:
    names = user_names(UUID(one) for one in asked["waits_for"])
    facts = {
        "people": ", ".join(sorted(names.values())), "by": asked["asked_by"] or "Niaga",
        "when": formatting.ago(datetime.fromisoformat(asked["asked_at"])),
    }  # fmt: skip
    return _("Waits for approval of %(people)s, asked by %(by)s, %(when)s.") % facts


def _ago(at: datetime) -> str:
    return str(formatting.ago(at))


def _url(asked: Mapping[str, Any]) -> str:
    return f"/approvals/{asked['id']}"


def approval_action(note: ApprovalNote | None) -> Action | None:
    """The one next deed of a document that needs a yes: to ask for it, or to see where it stands."""
    if note is None or not note.needed:
        return None
    if note.askable:
        return Action(_("Ask for approval"), dialog="ask-approval", icon="stamp", kind="go", key="a")
    return Action(_("See the approval"), url=note.url, icon="stamp", method="get", kind="go", key="a")
