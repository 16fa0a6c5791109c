"""Why things come back, and the policy."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from niaga.core.clock import now
from niaga.core.errors import NotFound
from niaga.organization.access import access_of
from niaga.returns.api import schemas
from niaga.returns.queries.bought import return_settings
from niaga.returns.queries.returns import reasons_of, rules_of
from niaga.returns.services.save_reason import save_reason
from niaga.returns.services.save_rule import remove_rule, save_rule
from niaga.returns.services.save_settings import save_settings

router = Router(tags=["returns"])


def _reason(request: HttpRequest, reason_id: UUID) -> Any:
    found = reasons_of(by=request.user, archived=True).filter(pk=reason_id).first()
    if found is None:
        raise NotFound()
    return found


def _names(body: schemas.ReturnReasonDetails) -> dict[str, Any]:
    facts = body.dict()
    names = {"name_id": facts.pop("indonesian"), "name_en": facts.pop("english")}
    return facts | names


def _rule(request: HttpRequest, rule_id: UUID) -> Any:
    found = rules_of(by=request.user).filter(pk=rule_id).first()
    if found is None:
        raise NotFound()
    return found


@router.get("/return-reasons", response=schemas.ReturnReasonList, summary="List reasons for returns")
def list_reasons(request: HttpRequest) -> Any:
    access_of(request.user).require("setting", "view")
    return {"items": list(reasons_of(by=request.user, archived=True))}


@router.post("/return-reasons", response={201: schemas.ReturnReasonOut}, summary="Add a reason for returns")
def post_reason(request: HttpRequest, response: HttpResponse, body: schemas.ReturnReasonDetails) -> Any:
    key = save_reason(company_id=access_of(request.user).current_company.id, **_names(body), by=request.user, at=now())
    return Status(201, _reason(request, key))


@router.put(
    "/return-reasons/{return_reason_id}", response=schemas.ReturnReasonOut, summary="Change a reason for returns"
)
def put_reason(request: HttpRequest, return_reason_id: UUID, body: schemas.ReturnReasonDetails) -> Any:
    access_of(request.user).require("setting", "change")
    _reason(request, return_reason_id)
    company_id = access_of(request.user).current_company.id
    save_reason(company_id=company_id, reason_id=return_reason_id, **_names(body), by=request.user, at=now())
    return _reason(request, return_reason_id)


@router.get("/return-settings", response=schemas.ReturnSettingsOut, summary="Show how returns are treated")
def read_settings(request: HttpRequest) -> Any:
    access_of(request.user).require("setting", "view")
    return return_settings(access_of(request.user).current_company.id)


@router.put("/return-settings", response=schemas.ReturnSettingsOut, summary="Change how returns are treated")
def put_settings(request: HttpRequest, body: schemas.ReturnSettingsOut) -> Any:
    """Returns that were asked for keep what was said to them."""
    company_id = access_of(request.user).current_company.id
    return save_settings(company_id=company_id, **body.dict(), by=request.user, at=now())


@router.get("/return-rules", response=schemas.ReturnRuleList, summary="List the return policy")
def list_rules(request: HttpRequest) -> Any:
    """Of the rules that fit a line the narrowest holds."""
    access_of(request.user).require("setting", "view")
    return {"items": list(rules_of(by=request.user))}


@router.post("/return-rules", response={201: schemas.ReturnRuleOut}, summary="Add a rule of the return policy")
def post_rule(request: HttpRequest, response: HttpResponse, body: schemas.ReturnRuleDetails) -> Any:
    key = save_rule(company_id=access_of(request.user).current_company.id, **body.dict(), by=request.user, at=now())
    return Status(201, _rule(request, key))


@router.put(
    "/return-rules/{return_rule_id}", response=schemas.ReturnRuleOut, summary="Change a rule of the return policy"
)
def put_rule(request: HttpRequest, return_rule_id: UUID, body: schemas.ReturnRuleDetails) -> Any:
    access_of(request.user).require("setting", "change")
    _rule(request, return_rule_id)
    company_id = access_of(request.user).current_company.id
    save_rule(company_id=company_id, rule_id=return_rule_id, **body.dict(), by=request.user, at=now())
    return _rule(request, return_rule_id)


@router.delete("/return-rules/{return_rule_id}", response={204: None}, summary="Remove a rule of the return policy")
def delete_rule(request: HttpRequest, return_rule_id: UUID) -> Any:
    access_of(request.user).require("setting", "change")
    _rule(request, return_rule_id)
    remove_rule(rule_id=return_rule_id, by=request.user, at=now())
    return Status(204, None)
