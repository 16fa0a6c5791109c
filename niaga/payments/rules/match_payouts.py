"""Lines by which a payment gateway pays out what it collected: recorded before, never a customer's payment again."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from niaga.payments.rules.match_facts import GatewayName, LineFacts, MatchFacts, PaidOut, Proposal, Reason

EARLY, LATE = 2, 14
"""The bank may show a payout so many days before the day that was written down, and after it."""
MOST_OFF = Decimal("0.03")
SMALL_FEE = Decimal(25_000)


def gateway_named(line: LineFacts, facts: MatchFacts) -> GatewayName | None:
    """The gateway that the bank names as the payer; of several accounts at one, any of them."""
    for gateway in facts.gateways:
        if any(re.search(rf"\b{re.escape(word)}\b", line.said, re.IGNORECASE) for word in gateway.words):
            return gateway
    return None


def payouts(line: LineFacts, facts: MatchFacts, gateway: GatewayName | None) -> list[Proposal]:
    """Payouts that the line may show, the whole of them; what differs is the gateway's fee, and is only suggested."""
    found = []
    for one in facts.payouts:
        days = (line.date - one.date).days
        if not -EARLY <= days <= LATE:
            continue
        named = _names_it(line, one)
        if (proposal := _fits(line, one, gateway, named, facts.gateways)) is not None:
            found.append(replace(proposal, score=proposal.score - abs(days)))
    return found


def _fits(
    line: LineFacts, one: PaidOut, gateway: GatewayName | None, named: bool, gateways: Sequence[GatewayName]
) -> Proposal | None:
    shown = next((row.name for row in gateways if row.account_id == one.account_id), "")
    off = line.amount - one.amount
    if off and (not (named or gateway) or not -max(one.amount * MOST_OFF, SMALL_FEE) <= off <= one.fee):
        return None
    reasons = [Reason("payout", {"name": shown, "day": one.date})]
    score = 60 if not off else 46
    if gateway is not None:
        score += 24
        reasons.append(Reason("gateway_named", {"name": gateway.name}))
    if named:
        score += 24
        reasons.append(Reason("reference", {"reference": one.reference}))
    if off:
        reasons.append(Reason("gateway_kept" if off < 0 else "gateway_kept_less", {"amount": abs(off)}))
    return Proposal(
        "payout", score, reasons, others=[("gateway_fees", off)] if off else (), payout_id=one.payout_id,
        sure=not off and (named or gateway is not None),
    )  # fmt: skip


def _names_it(line: LineFacts, one: PaidOut) -> bool:
    bare = re.sub(r"[^0-9A-Z]", "", one.reference.upper())
    return len(bare) >= 5 and bare in re.sub(r"[^0-9A-Z]", "", line.said.upper())
