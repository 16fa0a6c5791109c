"""What gateways paid out to the bank."""

from django.db.models import QuerySet

from niaga.organization.access import Actor, access_of
from niaga.payments.models import GatewayPayout, Payment


def visible_payouts(*, by: Actor) -> QuerySet[GatewayPayout]:
    """They are the whole company's: who sees only their own payments sees none."""
    rows = GatewayPayout.objects.filter(access_of(by).filter("payment", branch=None, salesperson=None))
    return rows.select_related("account", "bank_account")


def may_record_payouts(*, by: Actor) -> bool:
    """Who records payments of the whole company, not of a branch alone."""
    access = access_of(by)
    company = access.current_company.id
    return access.reaches("payment", "record", Payment(company_id=company))
