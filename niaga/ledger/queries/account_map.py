"""Which account plays which role, and what was changed about it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import F

from niaga.core.queries.audit import audit_of
from niaga.ledger.models import Account, RoleAccount
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.users import name_of

SHOWN = 50


def account_map(*, by: Actor) -> list[Mapping[str, Any]]:
    """Every role of the current company with its account's code and name, by code."""
    seen = access_of(by).filter("ledger", branch=None, salesperson=None)
    rows = RoleAccount.objects.filter(seen).order_by("account__code", "role")
    return list[Any](rows.values("role", code=F("account__code"), name=F("account__name")))


def plan_of(*, by: Actor) -> list[Mapping[str, Any]]:
    """Codes and names of the current company's accounts, those that play no role any more too."""
    seen = access_of(by).filter("ledger", branch=None, salesperson=None)
    return list[Any](Account.objects.filter(seen).order_by("code").values("code", "name"))


def map_history(company_id: UUID) -> list[Any]:
    """The last changes of a company's account map, each with `who` made it. The caller has checked access."""
    return list(audit_of(company_id).filter(subject_kind="account_map").annotate(who=name_of("actor_id"))[:SHOWN])
