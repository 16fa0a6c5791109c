"""Whether money may go back without a yes, and what was asked."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, Sum
from django.utils.translation import gettext as _

from niaga.approvals.queries.gate import rules_naming
from niaga.approvals.rules.gate import Rule, missing
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound
from niaga.core.money import base_share, round_amount
from niaga.invoicing.queries.allocations import sellers_settled_by
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.approval_facts import whom_facts
from niaga.payments.errors import RefundNeedsApproval
from niaga.payments.models import AskedRefund, CreditRefund, Payment, Refund

FIGURE = "refund_amount"


def lacking_for(about: Any, *, amount: Decimal, at: datetime) -> tuple[list[Rule], dict[str, Any]]:
    """The rules that ask for a yes, and the figures they look at, of a payment or of a credit note. Only rules that
    name what goes back count.

    What went back of it before counts with it, so that nobody stays below a limit by giving back in parts. A yes is for
    one refund: it lets by what was asked, and nothing later.
    """
    rules = rules_naming(FIGURE, company_id=about.company_id)
    if not rules:
        return [], {}
    home, customer = about.company.currency, about.customer
    whom = whom_facts(customer=customer, company_id=about.company_id, sellers=_sellers(about))
    facts = {FIGURE: _worth(about, amount, home) + _before(about), "currency": home, **whom}
    return missing(rules, [], facts, today=day_at(at=at, zone=about.branch.zone)), facts


def refuse_without_yes(about: Any, *, amount: Decimal, at: datetime) -> None:
    """:raises RefundNeedsApproval: a rule asks for a yes to so much"""
    lacking, _facts = lacking_for(about, amount=amount, at=at)
    if not lacking:
        return
    waits = asked_of([about.pk]) != []
    names = [rule.name for rule in lacking]
    text = _("This waits for an approval: %(rules)s.") if waits else _("This needs an approval first: %(rules)s.")
    raise RefundNeedsApproval(text % {"rules": ", ".join(names)}, waiting=waits, rules=names, amount=amount)


def asked_of(subject_ids: Collection[UUID]) -> list[dict[str, Any]]:
    """The refunds of payments or credit notes that wait for a yes. Whose they are the caller checked."""
    rows: QuerySet[Any, Any] = AskedRefund.objects.filter(
        request__subject_id__in=list(subject_ids), request__subject_kind="refund"
    )
    waiting = rows.filter(request__status="waiting").order_by("-asked_at")
    return list(waiting.values("id", "request_id", "amount", "currency", "way", "asked_at", who=F("asked_by__name")))


def asked_refund(request_id: UUID) -> AskedRefund | None:
    """What a request asks to give back. Whether a person may see it the caller checks."""
    rows = AskedRefund.objects.select_related("request", "payment__customer", "credit_note", "bank_account")
    return rows.filter(request_id=request_id).first()


def see_asked_refund(request_id: UUID, *, by: Actor) -> AskedRefund:
    """:raises NotFound: none, or none of what `by` may see"""
    found = asked_refund(request_id)
    about = found and (found.payment or found.credit_note)
    if found is None or not access_of(by).reaches("payment", "view", about):
        raise NotFound()
    return found


def _sellers(about: Any) -> set[UUID | None]:
    """Who sold what is given back: of a payment those of the invoices that it settles, and its customer's."""
    found = {about.salesperson_id}
    return found | sellers_settled_by(about.pk) if isinstance(about, Payment) else found


def _worth(about: Any, amount: Decimal, home: str) -> Decimal:
    if isinstance(about, Payment):
        return base_share(amount, whole=about.amount, base_whole=about.base_amount, home=home)
    return amount if about.currency == home else round_amount(amount * (about.exchange_rate or 1), home)


def _before(about: Any) -> Decimal:
    rows = (
        Refund.objects.filter(payment_id=about.pk)
        if isinstance(about, Payment)
        else Refund.objects.filter(pk__in=CreditRefund.objects.filter(credit_note_id=about.pk).values("refund_id"))
    )
    found: Decimal | None = rows.exclude(status="failed").aggregate(sum=Sum("base_amount"))["sum"]
    return found or Decimal(0)
