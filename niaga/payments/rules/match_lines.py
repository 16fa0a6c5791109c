"""What a bank line may be: who paid (number, payer known from before, name) and what for (the amount), added up.

Each proposal says why. One is certain when who and what are both strong, and no other comes near it; what takes a fee,
a tax or a part off is only ever suggested.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from niaga.payments.rules.match_amounts import AmountFit, oldest_first
from niaga.payments.rules.match_early import fits_on
from niaga.payments.rules.match_facts import (
    CERTAIN,
    NONE,
    SUGGESTED,
    Debt,
    GatewayName,
    LineFacts,
    Match,
    MatchFacts,
    Proposal,
    Reason,
)
from niaga.payments.rules.match_names import names_in
from niaga.payments.rules.match_payouts import gateway_named, payouts
from niaga.payments.rules.match_seen import account_proposals, giro_returns, ties
from niaga.payments.rules.numbers_in_text import numbers_in
from niaga.payments.rules.payer import payer_keys

SURE_WHO, SURE_WHAT, APART, LEAST = 45, 34, 15, 58
SHOWN = 5


@dataclass(slots=True)
class Who:
    """The evidence that a customer paid."""

    score: int = 0
    kinds: int = 0
    reasons: list[Reason] = field(default_factory=list)
    named: list[Debt] = field(default_factory=list)

    def add(self, score: int, reason: Reason) -> None:
        self.score = max(self.score, score) + (12 if self.kinds else 0)
        self.kinds += 1
        self.reasons.append(reason)


def match_line(line: LineFacts, facts: MatchFacts) -> Match:
    """The proposals for a line, the best first."""
    if line.amount < 0:
        return _decided([*giro_returns(line, facts), *account_proposals(line)])
    gateway = gateway_named(line, facts)
    seen = [*ties(line, facts), *payouts(line, facts, gateway)]
    proposals = [*seen, *account_proposals(line)]
    for customer_id, who in _who(line, facts).items():
        debts = facts.by_customer.get(customer_id, ())
        found = fits_on(line.amount, line.date, who.named, debts)
        if not found and who.score >= SURE_WHO:
            found = [oldest_first(line.amount, debts)]
        proposals += [_payment(customer_id, who, fit) for fit in found]
    if gateway is not None:
        return _of_gateway(gateway, proposals)
    if not any(one.score >= LEAST for one in proposals):
        proposals += _amount_alone(line, facts)
    return _decided(proposals)


def _of_gateway(gateway: GatewayName, proposals: Sequence[Proposal]) -> Match:
    """A gateway's money stands for payments that were recorded one by one: no customer's payment is proposed, whatever
    the text says besides. Without its payout the line waits."""
    match = _decided([one for one in proposals if one.kind != "payment"])
    found = any(one.payout_id for one in match.proposals)
    return match if found else replace(match, waits_for=gateway)


def match_lines(lines: Sequence[LineFacts], facts: MatchFacts) -> dict[UUID, Match]:
    """Each line by itself; of certain ones that would take the same invoice or payment, only the first stays so."""
    found: dict[UUID, Match] = {}
    taken: set[UUID] = set()
    for line in lines:
        match = match_line(line, facts)
        if match.outcome == CERTAIN:
            best = match.proposals[0]
            claims = {key for key, _amount in best.shares} | {key for key in (best.payment_id, best.payout_id) if key}
            if claims & taken:
                match = replace(match, outcome=SUGGESTED)
            taken |= claims
        found[line.id] = match
    return found


def _who(line: LineFacts, facts: MatchFacts) -> dict[UUID, Who]:
    who: dict[UUID, Who] = {}
    for named in numbers_in(line.said, facts.series):
        debt = facts.by_number.get(named.number)
        if debt is not None:
            one = who.setdefault(debt.customer_id, Who())
            if not one.named:
                one.add(50 if named.whole else 34, Reason("number", {"number": debt.number}))
            one.named.append(debt)
        elif (promise := facts.promises.get(named.number)) is not None:
            one = who.setdefault(promise.customer_id, Who())
            one.add(48 if named.whole else 30, Reason("promise", {"number": named.number}))
            one.named += [facts.debts[key] for key in promise.invoice_ids if key in facts.debts and key not in
                          {debt.invoice_id for debt in one.named}]  # fmt: skip
    for key in payer_keys(line.payer, line.payer_account, line.text):
        before = facts.known.get(key, ())
        for known in before:
            score = (50 if key.startswith("account") else 46) if len(before) == 1 else 26
            who.setdefault(known.customer_id, Who()).add(score, Reason("known", {"times": known.times}))
    for name in names_in(line, facts):
        fit = name.fit if name.alone else name.fit - 14
        score = 45 if fit >= 88 else 32 if fit >= 76 else 18
        code = "name" if name.alone else "name_of_several"
        who.setdefault(name.customer_id, Who()).add(score, Reason(code, {"fit": name.fit}))
    return who


def _payment(customer_id: UUID, who: Who, fit: AmountFit) -> Proposal:
    plain = not fit.others or fit.others[0][0] == "rounding"
    return Proposal(
        "payment", who.score + fit.fit, [*who.reasons, *fit.reasons], customer_id=customer_id, shares=fit.shares,
        others=fit.others, sure=plain and who.score >= SURE_WHO and fit.fit >= SURE_WHAT,
    )  # fmt: skip


def _amount_alone(line: LineFacts, facts: MatchFacts) -> list[Proposal]:
    """Nobody is named: an amount that one open invoice has, or has but for a unique code."""
    place = int(line.amount // 1000)
    near = [debt for step in (place, place - 1) for debt in facts.by_thousand.get(step, ())]
    exact = [debt for debt in near if debt.open == line.amount]
    if exact:
        score = 60 if len(exact) == 1 else 44
        return [
            Proposal("payment", score, [Reason("exact", {"numbers": [debt.number], "count": 1})],
                     customer_id=debt.customer_id, shares=[(debt.invoice_id, debt.open)])
            for debt in exact[:SHOWN]
        ]  # fmt: skip
    coded = [debt for debt in near if 0 < line.amount - debt.open <= 999]
    return [
        Proposal("payment", 46 if len(coded) == 1 else 36,
                 [Reason("unique_code", {"amount": line.amount - debt.open})], customer_id=debt.customer_id,
                 shares=[(debt.invoice_id, debt.open)], others=[("rounding", line.amount - debt.open)])
        for debt in coded[:SHOWN]
    ]  # fmt: skip


def _decided(proposals: Sequence[Proposal]) -> Match:
    best: dict[tuple[object, ...], Proposal] = {}
    for one in sorted(proposals, key=lambda one: (-one.score, str(one.customer_id))):
        best.setdefault(one.what, one)
    ordered = list(best.values())[:SHOWN]
    if not ordered:
        return Match(NONE)
    first = ordered[0]
    apart = len(ordered) == 1 or first.score - ordered[1].score >= APART
    if first.sure and apart:
        return Match(CERTAIN, ordered)
    return Match(SUGGESTED if first.score >= LEAST else NONE, ordered)
