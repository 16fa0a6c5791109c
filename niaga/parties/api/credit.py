"""`/credit-policy`: how long invoices may be overdue, and what groups say of their members' credit."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from niaga.core.clock import now
from niaga.organization.access import access_of
from niaga.parties.api.schemas import CreditPolicyIn, CreditPolicyOut
from niaga.parties.queries.credit_policy import company_days, confirms_when_free, groups_with_credit
from niaga.parties.rules.credit import GroupCredit
from niaga.parties.services.set_credit_policy import set_credit_policy

router = Router(tags=["credit"])


def _shown(request: HttpRequest) -> dict[str, Any]:
    return {
        "overdue_days": company_days(by=request.user), "groups": list(groups_with_credit(by=request.user)),
        "confirms_when_free": confirms_when_free(access_of(request.user).current_company.id),
    }  # fmt: skip


@router.get("", response=CreditPolicyOut, summary="Show the credit policy")
def show(request: HttpRequest) -> Any:
    access_of(request.user).require("customer", "view")
    return _shown(request)


@router.put("", response=CreditPolicyOut, summary="Set the credit policy")
def put(request: HttpRequest, body: CreditPolicyIn) -> Any:
    """Set the company's days, and limit and days of the groups that are named."""
    set_credit_policy(
        company_id=access_of(request.user).current_company.id, overdue_days=body.overdue_days,
        groups=[GroupCredit(one.group_id, one.limit, one.overdue_days) for one in body.groups],
        confirms_when_free=body.confirms_when_free,
        by=request.user, at=now(),
    )  # fmt: skip
    return _shown(request)
