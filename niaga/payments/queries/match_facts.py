"""What is known about some bank lines: open invoices, customers, payers from before, payments that no statement showed.

As many statements for five thousand lines as for one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Sum

from niaga.core.queries.series import series_of
from niaga.core.queries.together import Question, Row, ask
from niaga.invoicing.queries.allocations import open_debts
from niaga.invoicing.queries.early_discounts import standing_offers
from niaga.organization.access import Actor
from niaga.parties.queries.payer_names import MOST_BEGINNINGS, payer_names
from niaga.payments.models import BankLine, KnownPayer, LineSettlement, Payment
from niaga.payments.queries.payments import visible_payments
from niaga.payments.queries.payout_facts import gateway_names, unseen_payouts
from niaga.payments.queries.promise_sources import promise_sources
from niaga.payments.rules.match_amounts import MOST_CODE
from niaga.payments.rules.match_facts import Debt, Known, LineFacts, MatchFacts, Promise, Unseen
from niaga.payments.rules.match_seen import MOST_RETURN_FEE
from niaga.payments.rules.numbers_in_text import Series, numbers_in
from niaga.payments.rules.payer import blocking_keys, payer_keys

INVOICES = ("invoice", "down_payment", "late_fee", "giro_fee")
LONGEST_GIRO, NEAR = timedelta(days=200), timedelta(days=8)
MOST_OUT = 500
"""So many amounts that went out are looked for among giros, the smallest first."""
FEW = 60
"""Of so few lines only the invoices are read that may fit one of them."""


def line_facts(line: BankLine) -> LineFacts:
    return LineFacts(
        line.pk, line.date, line.amount, line.text, payer=line.payer, payer_account=line.payer_account,
        reference=line.reference,
    )  # fmt: skip


def match_facts(*, lines: Sequence[LineFacts], company_id: UUID, currency: str, by: Actor) -> MatchFacts:
    """What the person may know that fits some of the lines, of one bank account's currency."""
    promised = {source.series: source for _name, source in promise_sources}
    series = [Series(*row) for row in series_of(company_id=company_id, kinds=(*INVOICES, *promised))]
    named = {(one.kind, one.number) for line in lines if line.amount > 0 for one in numbers_in(line.said, series)}
    promises: dict[str, Promise] = {}
    for kind, source in promised.items():
        promises |= source.find(numbers=[number for of, number in named if of == kind], by=by)
    known, gateways, payouts = ask(
        _known(lines, company_id), gateway_names(company_id=company_id),
        unseen_payouts(lines=lines, company_id=company_id, currency=currency),
    )  # fmt: skip
    asked = {key for line in lines if line.amount > 0 for key in blocking_keys(f"{line.payer} {line.text}", 24)}
    sure = {one.customer_id for found in known.values() for one in found}
    sure |= {promise.customer_id for promise in promises.values()}
    cleared = _cleared(lines, currency, by)
    sure |= {giro.customer_id for giro in cleared}
    people = payer_names(by=by, beginnings=asked, customer_ids=sure)
    names = {key: [name for name in (own, legal) if name] for key, own, legal in people}
    numbers = [number for kind, number in named if kind in INVOICES]
    whose = None if len(lines) > FEW or len(asked) > MOST_BEGINNINGS else set(names) | sure
    debts = _debts(lines, whose=whose, numbers=numbers, currency=currency, by=by)
    return MatchFacts(
        series=series, debts=debts, promises=promises, names=names, keys=_keys(names), known=known,
        unseen=_unseen(lines, currency, by), cleared=cleared,
        payouts=payouts, gateways=gateways,
    )  # fmt: skip


def _known(lines: Sequence[LineFacts], company_id: UUID) -> Question[Mapping[str, Sequence[Known]]]:
    keys = sorted({key for line in lines for key in payer_keys(line.payer, line.payer_account, line.text)})
    rows = KnownPayer.objects.filter(company_id=company_id, key__in=keys).order_by("key", "customer_id")

    def told(found: list[Row]) -> Mapping[str, Sequence[Known]]:
        by_key: dict[str, list[Known]] = {}
        for row in found:
            by_key.setdefault(row["key"], []).append(Known(row["customer_id"], row["times"]))
        return by_key

    return Question(rows.values("key", "customer_id", "times"), told)


def _keys(names: Mapping[UUID, Sequence[str]]) -> Mapping[str, Sequence[UUID]]:
    found: dict[str, list[UUID]] = {}
    for customer_id, called in names.items():
        for key in dict.fromkeys(key for name in called for key in blocking_keys(name)):
            found.setdefault(key, []).append(customer_id)
    return found


def _debts(
    lines: Sequence[LineFacts], *, whose: set[UUID] | None, numbers: Iterable[str], currency: str, by: Actor
) -> dict[UUID, Debt]:
    rows = open_debts(by=by, currency=currency)
    if whose is not None:
        amounts = [line.amount for line in lines if line.amount > 0]
        fits = [Q(invoice__number__in=list(numbers)), *(Q(open__range=(one - MOST_CODE, one)) for one in amounts)]
        of_these = rows.filter(reduce(or_, fits)).order_by().values("customer_id")
        rows = rows.filter(Q(customer_id__in=list(whose)) | Q(customer_id__in=of_these))
    found = list(rows)
    debts = {row[0]: Debt(*row[:-1]) for row in found}
    offering = [row[0] for row in found if row[-1]]
    offers = standing_offers(invoice_ids=offering, on=min((line.date for line in lines), default=None))
    for key, offer in offers.items():
        if offer.pay:
            debts[key] = replace(debts[key], discount=offer.amount, discount_until=offer.until)
    return debts


def _unseen(lines: Sequence[LineFacts], currency: str, by: Actor) -> list[Unseen]:
    """Transfers and giros that were recorded by hand and stand on no statement."""
    amounts = {line.amount for line in lines if line.amount > 0}
    if not amounts:
        return []
    days = [line.date for line in lines]
    rows = visible_payments(by=by).filter(
        status="recorded", method__in=("transfer", "giro"), currency=currency, amount__in=amounts,
        date__range=(min(days) - LONGEST_GIRO, max(days) + NEAR),
    )  # fmt: skip
    return _told(rows.exclude(stands("payment", "tie")))


def _cleared(lines: Sequence[LineFacts], currency: str, by: Actor) -> list[Unseen]:
    """Giros that were cleared, or that somebody returned by hand already, which a statement may take back."""
    amounts = {-line.amount for line in lines if line.amount < 0}
    if not amounts:
        return []
    about = reduce(or_, (Q(amount__range=(one - MOST_RETURN_FEE, one)) for one in sorted(amounts)[:MOST_OUT]))
    rows = visible_payments(by=by).filter(
        Q(status="recorded", clearing__isnull=False) | Q(reversal__bounced=True), about, method="giro",
        currency=currency,
    )  # fmt: skip
    return _told(rows.exclude(stands("giro_return")))


def stands(*kinds: str) -> Exists:
    """Whether a bank line is settled by the payment in this way, and was not taken back."""
    rows = LineSettlement.objects.filter(payment_id=OuterRef("pk"), kind__in=kinds).order_by()
    return Exists(rows.values("payment_id").annotate(sum=Sum("amount")).exclude(sum=Decimal(0)))


def _told(rows: Iterable[Payment]) -> list[Unseen]:
    return [
        Unseen(
            payment.pk, payment.number, payment.customer_id, payment.method, payment.amount, payment.date,
            payment.reference, cleared=payment.method == "giro",
        )
        for payment in rows
    ]  # fmt: skip
