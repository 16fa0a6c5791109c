"""Whether a write-off has the yes that the company's rules ask for."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from niaga.approvals.errors import ApprovalNeeded
from niaga.approvals.queries.gate import asked_of, gate_of, rules_of
from niaga.approvals.rules.condition import read_facts
from niaga.approvals.rules.gate import Approval, Rule, missing
from niaga.core.errors import NotFound
from niaga.core.money import round_amount
from niaga.invoicing.models import Invoice, WriteOff
from niaga.parties.queries.approval_facts import whom_facts

FIGURE = "write_off"


def claim_with_gate(invoice_id: UUID) -> Invoice:
    """The issued invoice, with the rules of its company and the last request about it.

    :raises NotFound: there is none
    """
    rows = Invoice.objects.select_related("branch", "company", "customer").annotate(**gate_of())
    found: Invoice | None = rows.filter(pk=invoice_id, status="issued").exclude(kind="credit_note").first()
    if found is None:
        raise NotFound()
    return found


def lacking_for(claim: Invoice, *, amount: Decimal, today: date) -> tuple[list[Rule], dict[str, Any]]:
    """The rules that ask for a yes nobody gave, and the figures they look at. Only rules that name a write-off count.

    A yes lets one write-off by: one that was used does not cover the next.
    """
    home = claim.company.currency
    worth = amount if claim.currency == home else round_amount(amount * (claim.exchange_rate or 1), home)
    rules = [rule for rule in rules_of(claim) if any(test.field == FIGURE for test in rule.condition.tests())]
    if not rules:
        return [], {}
    whom = whom_facts(customer=claim.customer, company_id=claim.company_id, sellers=[claim.salesperson_id])
    facts = {FIGURE: worth, "currency": home, **whom}
    return missing(rules, _given(claim), facts, today=today), facts


def refuse_without_yes(claim: Invoice, *, amount: Decimal, today: date) -> None:
    """:raises ApprovalNeeded: a rule asks for a yes that nobody gave to so much"""
    lacking, _facts = lacking_for(claim, amount=amount, today=today)
    if lacking:
        asked = asked_of(claim)
        waits = asked is not None and asked["status"] == "waiting"
        names = [rule.name for rule in lacking]
        text = _("This waits for an approval: %(rules)s.") if waits else _("This needs an approval first: %(rules)s.")
        raise ApprovalNeeded(text % {"rules": ", ".join(names)}, waiting=waits, rules=names)


def _given(claim: Invoice) -> list[Approval]:
    asked = asked_of(claim)
    if asked is None or asked["status"] != "approved":
        return []
    last = WriteOff.objects.filter(invoice_id=claim.pk).order_by("-deed__at").values_list("deed__at", flat=True).first()
    settled_at = parse_datetime(str(asked["settled_at"]))
    if last is not None and (settled_at is None or last >= settled_at):
        return []
    return [Approval({one["id"]: one["revision"] for one in asked["rules"]}, read_facts(asked["facts"]))]
