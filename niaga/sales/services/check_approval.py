"""Whether a document has the yes it needs, at the moment it binds: it is sent, confirmed, amended."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from niaga.approvals.errors import ApprovalNeeded
from niaga.approvals.queries.gate import asked_of, given_of, has_rules, rules_of
from niaga.approvals.queries.rules import flat, names_of
from niaga.approvals.rules.condition import FIELDS, Kind
from niaga.approvals.rules.gate import Approval, Rule, missing
from niaga.approvals.services.ask_approval import Subject
from niaga.approvals.wording import condition_words
from niaga.sales.models import Quotation, SalesOrder
from niaga.sales.queries.approval_facts import Document, before_and_after, facts_of

Passed = dict[str, Any]
"""What the audit row of a binding verb keeps: the rules that held, each with the revision somebody said yes to."""


def check_approval(document: Document, *, today: date) -> Passed:
    """Let a document by that no rule is about, or that has its yes. Nothing is read where there are no rules.

    :raises ApprovalNeeded: a rule holds, and nobody said yes to figures as bad as these
    """
    if not has_rules(document):
        return {}
    facts = facts_of(document, today=today)
    rules = rules_of(document)
    lacking = missing(rules, given_of(document), facts, today=today)
    if lacking:
        raise refusal_of(document, lacking)
    return passed([rule for rule in rules if rule.holds(facts, today)])


def amendment_facts(
    order: SalesOrder, *, stored: Sequence[Any], rows: Iterable[Mapping[str, Any]], total: Decimal, today: date
) -> tuple[list[Rule], dict[str, Any], list[Rule]]:
    """Of a change of a promise: the rules without a yes, its figures, and the rules that hold.

    What is promised already stands as a yes: a change that makes nothing worse is nobody's to decide.
    """
    before, after = before_and_after(
        order, today=today, stored=stored, lines=[row for row in rows if row["product_id"]], total=total
    )
    rules = rules_of(order)
    promised = Approval({rule.id: rule.revision for rule in rules if rule.holds(before, today)}, before)
    lacking = missing(rules, [*given_of(order), promised], after, today=today)
    return lacking, after, [rule for rule in rules if rule.holds(after, today)]


def passed(rules: Sequence[Rule]) -> Passed:
    return {"approvals": [{"id": rule.id, "revision": rule.revision} for rule in rules]} if rules else {}


def refusal_of(document: Document, lacking: Sequence[Rule]) -> ApprovalNeeded:
    """The refusal in words: each rule with what it is about, and whether it was asked for."""
    asked = asked_of(document)
    waits = asked is not None and asked["status"] == "waiting"
    said = "; ".join(f"{name}: {words}" for name, words in told(document.company_id, lacking))
    text = (_("This waits for an approval. %(rules)s.") if waits else _("This needs an approval first. %(rules)s.")) % {
        "rules": said
    }
    return ApprovalNeeded(text, waiting=waits, rules=[rule.name for rule in lacking])


def told(company_id: UUID, rules: Sequence[Rule]) -> list[tuple[str, str]]:
    """Each rule by its name and in words."""
    chosen = {test.field for rule in rules for test in rule.condition.tests() if FIELDS[test.field].kind is Kind.CHOICE}
    names = flat(names_of(company_id, fields=chosen)) if chosen else {}
    return [(rule.name, condition_words(rule.condition, rule.currency, names)) for rule in rules]


def subject_of(document: Quotation | SalesOrder, *, amount: Decimal | None = None) -> Subject:
    """A document, loaded with its customer, as approvals keeps it."""
    return Subject(
        kind="quotation" if isinstance(document, Quotation) else "order", id=document.pk, number=document.number,
        company_id=document.company_id, branch_id=document.branch_id, salesperson_id=document.salesperson_id,
        party_id=document.customer_id, party=document.customer.name,
        amount=document.total if amount is None else amount, currency=document.currency,
        own_of=(document.created_by,),
    )  # fmt: skip
