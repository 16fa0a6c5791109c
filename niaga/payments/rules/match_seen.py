"""Lines that are not new money of a customer: a payment recorded before, a giro, what the bank itself does."""

import re
from decimal import Decimal

from rapidfuzz import fuzz

from niaga.payments.rules.match_facts import LineFacts, MatchFacts, Proposal, Reason, Unseen
from niaga.payments.rules.payer import bare_name

DAYS = 7
MOST_RETURN_FEE = Decimal(250_000)
"""What a bank takes for a returned giro at most."""
# What banks write beside their own deeds; each with the role of the account it goes to, and its sign.
_WORDS = (
    (re.compile(r"\b(?:PAJAK BUNGA|PJK BUNGA|TAX ON INTEREST|PPH BUNGA)\b", re.IGNORECASE), "other_costs", -1),
    (
        re.compile(
            r"\b(?:BIAYA (?:ADM\w*|TRANSFER|TRF|METERAI|MATERAI|KLIRING|RTGS|TOLAKAN\w*|BUKU CEK)|BY ADM\w*"
            r"|ADMIN(?:ISTRASI)? FEE|BEA METERAI|SERVICE CHARGE|MONTHLY FEE)\b",
            re.IGNORECASE,
        ),
        "bank_fees",
        -1,
    ),
    (re.compile(r"\b(?:BUNGA|JASA GIRO|INTEREST|BAGI HASIL)\b", re.IGNORECASE), "bank_interest", 1),
    (re.compile(r"\b(?:SETORAN MODAL|PRIVE|TAMBAHAN MODAL)\b", re.IGNORECASE), "owners_money", 0),
)
_RETURNED = re.compile(r"\b(?:TOLAKAN|TOLAK|RETUR|RETURN(?:ED)?|BOUNCED?|KOSONG)\b", re.IGNORECASE)


def account_proposals(line: LineFacts) -> list[Proposal]:
    """Fees and interest by the words that banks use for them."""
    if _RETURNED.search(line.text) and not re.search(r"\bBIAYA\b", line.text, re.IGNORECASE):
        return []
    for words, role, sign in _WORDS:
        if words.search(line.text) and (not sign or (line.amount > 0) == (sign > 0)):
            reasons = [Reason("bank_word", {"role": role})]
            return [Proposal("account", 92, reasons, role=role, sure=role in ("bank_fees", "bank_interest"))]
    return []


def ties(line: LineFacts, facts: MatchFacts) -> list[Proposal]:
    """Payments that somebody recorded, or giros that wait, which this line may show."""
    found = []
    for payment in facts.unseen:
        if payment.amount != line.amount or abs((line.date - payment.date).days) > (
            200 if payment.method == "giro" else DAYS
        ):
            continue
        score, reasons = 52, [Reason("recorded", {"number": payment.number})]
        if _names_it(line, payment):
            score += 45
            reasons.append(Reason("reference", {"reference": payment.reference}))
        fit = _name_fit(line, payment, facts)
        if fit >= 80:
            score += 40
            reasons.append(Reason("name", {"fit": fit}))
        found.append(
            Proposal("tie", score + 30 if score > 52 else score + 10, reasons, customer_id=payment.customer_id,
                     payment_id=payment.payment_id, sure=score > 52)
        )  # fmt: skip
    return found


def giro_returns(line: LineFacts, facts: MatchFacts) -> list[Proposal]:
    """Giros that were cleared and that the bank takes back after all: by the words that banks use, or by the number;
    what it takes besides is its fee."""
    said = bool(_RETURNED.search(line.text))
    found = []
    for giro in facts.cleared:
        fee = -line.amount - giro.amount
        named = _names_it(line, giro)
        if not (said or named) or not 0 <= fee <= MOST_RETURN_FEE or giro.date > line.date or (fee and not named):
            continue
        reasons = [Reason("giro_back", {"number": giro.number, "giro": giro.reference})]
        score = 70
        if named:
            score += 26
            reasons.append(Reason("reference", {"reference": giro.reference}))
        if (fit := _name_fit(line, giro, facts)) >= 80:
            score += 20
            reasons.append(Reason("name", {"fit": fit}))
        if fee:
            score -= 10
            reasons.append(Reason("return_fee", {"amount": fee}))
        found.append(
            Proposal("giro_return", score, reasons, customer_id=giro.customer_id, payment_id=giro.payment_id,
                     others=[("bank_fees", -fee)] if fee else ())
        )  # fmt: skip
    return found


def _name_fit(line: LineFacts, payment: Unseen, facts: MatchFacts) -> int:
    names = facts.names.get(payment.customer_id, ())
    return max((int(fuzz.token_set_ratio(bare_name(line.said), bare_name(name))) for name in names), default=0)


def _names_it(line: LineFacts, payment: Unseen) -> bool:
    bare = re.sub(r"[^0-9A-Z]", "", payment.reference.upper())
    return len(bare) >= 4 and bare in re.sub(r"[^0-9A-Z]", "", line.said.upper())
