"""Whether a return without a document may be let by, and what was asked."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from niaga.approvals.queries.gate import rules_naming
from niaga.approvals.queries.requests import waits_about
from niaga.approvals.rules.gate import Rule, missing
from niaga.core.clock import today as day_at
from niaga.core.money import round_amount
from niaga.returns.errors import ReturnNeedsApproval
from niaga.returns.models import Return, ReturnLine

FIGURE = "undocumented_return"


def worth_of(rma: Return) -> Decimal:
    """What all that is announced would be credited, before fees."""
    rows = ReturnLine.objects.filter(rma_id=rma.pk, unit_price__isnull=False).values_list("quantity", "unit_price")
    return sum((round_amount(quantity * (price or 0), rma.currency) for quantity, price in rows), Decimal(0))


def lacking_for(rma: Return, *, amount: Decimal, at: datetime) -> tuple[list[Rule], dict[str, Any]]:
    """The rules that ask for a yes, and the figures they look at. Only rules that name such returns count."""
    rules = rules_naming(FIGURE, company_id=rma.company_id)
    if not rules:
        return [], {}
    group = rma.customer.group_id
    facts = {
        FIGURE: amount, "customer_group": [str(group)] if group else [], "party": str(rma.customer_id),
        "currency": rma.currency,
    }  # fmt: skip
    return missing(rules, [], facts, today=day_at(at=at, zone=rma.branch.zone)), facts


def refuse_without_yes(rma: Return, *, at: datetime) -> None:
    """:raises ReturnNeedsApproval: a rule asks for a yes: those whom it names let it by, and nobody else"""
    lacking, _facts = lacking_for(rma, amount=worth_of(rma), at=at)
    if not lacking:
        return
    waits = waits_about(subject_kind="return", subject_id=rma.pk) is not None
    names = [rule.name for rule in lacking]
    text = _("This waits for an approval: %(rules)s.") if waits else _("This needs an approval first: %(rules)s.")
    raise ReturnNeedsApproval(text % {"rules": ", ".join(names)}, waiting=waits, rules=names)


def needs_yes(rma: Return, *, at: datetime) -> bool:
    """Whether a rule asks for a yes to a return that is not decided yet."""
    return bool(lacking_for(rma, amount=worth_of(rma), at=at)[0])
