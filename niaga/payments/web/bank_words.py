"""How bank lines and what they may be are said: proposals with their reasons, states, and what was booked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from niaga.payments.models import BankLine
from niaga.payments.queries.proposals import Proposals
from niaga.payments.rules.line_parts import Part, fingerprint, parts_of
from niaga.payments.rules.match_facts import CERTAIN, GatewayName, Proposal, Reason
from niaga.payments.wording import ACCOUNTS
from niaga.ui import formatting
from niaga.ui.lists import Status

LINE_STATUS = {
    "open": Status(_("To book"), "warn", "circle-dashed"),
    "suspense": Status(_("Not identified yet"), "calm", "circle-question-mark"),
    "settled": Status(_("Booked"), "good", "circle-check"),
}
STATEMENT_STATUS = {
    "draft": Status(_("Not taken in yet"), "warn", "file-search"),
    "taken": Status(_("Taken in"), "good", "circle-check"),
}
PAYOUT_STATES = {
    "found": Status(_("In the bank"), "good", "circle-check"),
    "waiting": Status(_("On its way"), "calm", "clock"),
    "unchecked": Status(_("No statement yet"), "faint", "file-search"),
    "missing": Status(_("Not in the bank"), "bad", "triangle-alert"),
}
HOW = {"person": _("by a person"), "certain": _("by itself: it was certain")}


@dataclass(frozen=True, slots=True)
class ShownPart:
    label: str
    amount: str


@dataclass(frozen=True, slots=True)
class ShownProposal:
    """What a line may be, in words. `seen` is posted when it is accepted."""

    title: str
    reasons: Sequence[str]
    parts: Sequence[ShownPart]
    certain: bool
    seen: str


def shown_proposals(line: BankLine, found: Proposals) -> list[ShownProposal]:
    """The proposals for a line, the best first."""
    match = found.matches.get(line.pk)
    if match is None:
        return []
    shown = []
    for place, one in enumerate(match.proposals):
        parts = parts_of(one, line.amount)
        shown.append(
            ShownProposal(
                title=_title(one, found), reasons=[_reason(reason, line.currency) for reason in one.reasons],
                parts=[_part(part, one, found, line.currency) for part in _split(parts)],
                certain=place == 0 and match.outcome == CERTAIN, seen=fingerprint(parts),
            )
        )  # fmt: skip
    return shown


def waits_for(line: BankLine, found: Proposals) -> GatewayName | None:
    """The gateway whose payout nobody recorded, though the bank names it as the payer."""
    match = found.matches.get(line.pk)
    return match.waits_for if match else None


def _split(parts: Sequence[Part]) -> list[Part]:
    """A payment invoice by invoice, with what is left of it."""
    found: list[Part] = []
    for part in parts:
        if part.kind != "payment":
            found.append(part)
            continue
        left = part.amount
        for invoice_id, amount in part.shares:
            taken = left if amount is None else amount
            found.append(Part("payment", taken, part.customer_id, ((invoice_id, taken),)))
            left -= taken
        if left:
            found.append(Part("payment", left, part.customer_id))
    return found


def _title(one: Proposal, found: Proposals) -> str:
    names = found.facts.names.get(one.customer_id, ()) if one.customer_id else ()
    if one.kind == "account":
        return str(ACCOUNTS.get(one.role, one.role))
    if one.kind == "payout":
        return gettext("Payout of %(name)s, recorded already") % {"name": _gateway_of(one, found)}
    name = names[0] if names else gettext("A customer")
    number = next((row.number for row in (*found.facts.unseen, *found.facts.cleared)
                   if row.payment_id == one.payment_id), "")  # fmt: skip
    if one.kind == "tie":
        return gettext("%(name)s · %(number)s, recorded already") % {"name": name, "number": number}
    if one.kind == "giro_return":
        return gettext("%(name)s · giro %(number)s is returned") % {"name": name, "number": number}
    return name


def _gateway_of(one: Proposal, found: Proposals) -> str:
    payout = next((row for row in found.facts.payouts if row.payout_id == one.payout_id), None)
    names = {row.account_id: row.name for row in found.facts.gateways}
    return names.get(payout.account_id, "") if payout else ""


def _part(part: Part, one: Proposal, found: Proposals, currency: str) -> ShownPart:
    if part.kind == "account":
        label = str(ACCOUNTS.get(part.role, part.role))
    elif part.kind == "payout":
        label = gettext("Payout of a gateway")
    elif part.kind != "payment":
        label = gettext("Recorded already") if part.kind == "tie" else gettext("Returned giro")
    elif part.shares:
        debt = found.facts.debts.get(part.shares[0][0])
        label = debt.number if debt else ""
        early = any(reason.code == "early_discount" for reason in one.reasons)
        if debt and part.amount < debt.open - (debt.discount if early else 0):
            label = gettext("%(number)s in part, %(left)s stays open") % {
                "number": debt.number, "left": formatting.money(debt.open - part.amount, currency),
            }  # fmt: skip
    else:
        label = gettext("Advance")
    return ShownPart(label, formatting.money(part.amount, currency))


def _reason(reason: Reason, currency: str) -> str:
    facts: Mapping[str, Any] = reason.facts
    money = formatting.money(facts["amount"], currency) if "amount" in facts else ""
    day = formatting.day(facts["day"]) if "day" in facts else ""
    said = {
        "number": gettext("names %(number)s"), "promise": gettext("names %(number)s"),
        "reference": gettext("names the reference %(reference)s"), "name": gettext("name fits %(fit)s %%"),
        "name_of_several": gettext("name fits %(fit)s %%, as others do"),
        "exact": gettext("exactly what is open"), "sum": gettext("together exactly what is open"),
        "all_open": gettext("exactly all that is open"), "same_amounts": gettext("several invoices have this amount"),
        "more": gettext("%(amount)s more than is open"), "less": gettext("%(amount)s less than is open"),
        "part": gettext("the earliest due first"), "unique_code": gettext("with a unique code of %(amount)s"),
        "withheld": gettext("%(percent)s %% of tax kept back"), "fee": gettext("a fee of %(amount)s taken off"),
        "early_discount": gettext("less the early-payment discount of %(amount)s"),
        "bank_word": gettext("as banks write it"), "recorded": gettext("%(number)s was recorded with this amount"),
        "return_fee": gettext("the bank took %(amount)s besides, its fee"),
        "payout": gettext("%(name)s paid out so much on %(day)s"),
        "gateway_named": gettext("the bank names %(name)s"),
        "gateway_kept": gettext("%(amount)s less came: booked as the gateway’s fee"),
        "gateway_kept_less": gettext("%(amount)s more came than was written down: less fee"),
        "giro_back": gettext("giro %(giro)s was cleared with this amount"),
    }  # fmt: skip
    if reason.code == "known":
        times = int(facts["times"])
        return ngettext("paid so %(times)s time before", "paid so %(times)s times before", times) % {"times": times}
    values = {**facts, "amount": money, "day": day}
    if "percent" in facts:
        values["percent"] = formatting.number(facts["percent"])
    return said.get(reason.code, "") % values
