"""When and where customers take invoices in."""

from collections.abc import Collection
from uuid import UUID

from niaga.invoicing.models import ExchangeRule
from niaga.invoicing.rules.exchange_days import ExchangeDays
from niaga.organization.access import Actor
from niaga.organization.queries.company_basics import company_basics
from niaga.parties.queries.customers import customer_for


def exchange_rule_of(*, customer_id: UUID, by: Actor) -> ExchangeRule | None:
    """:raises NotFound: no such customer for this person"""
    customer_for(by, customer_id)
    return ExchangeRule.objects.filter(customer_id=customer_id).first()


def exchange_rules(customer_ids: Collection[UUID]) -> dict[UUID, ExchangeRule]:
    """Of many customers whom the caller may see; one statement."""
    rows = ExchangeRule.objects.filter(customer_id__in=customer_ids, is_active=True)
    return {rule.customer_id: rule for rule in rows}


def days_of(rule: ExchangeRule | None, country: str) -> ExchangeDays:
    """Without a rule: every working day."""
    if rule is None:
        return ExchangeDays(country=country)
    return ExchangeDays(frozenset(rule.weekdays), frozenset(rule.month_days), country)


def exchange_days_of(*, customer_id: UUID, company_id: UUID) -> ExchangeDays:
    return days_of(exchange_rules([customer_id]).get(customer_id), company_basics(company_id).country)
