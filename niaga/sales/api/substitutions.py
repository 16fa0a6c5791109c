"""Other goods in place of missing ones."""

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema, Status

from niaga.core.api import Number, Page, PageQuery, PositiveQuantity, page_of
from niaga.core.clock import now
from niaga.organization.access import access_of
from niaga.parties.queries.customers import customer_for
from niaga.sales.models import Substitution
from niaga.sales.queries.substitutions import (
    agreement_of,
    get_substitution,
    offers_for,
    own_agreement,
    see_pick_line,
    visible_substitutions,
    waiting,
)
from niaga.sales.services.decide_substitution import decide_substitution
from niaga.sales.services.save_substitution_rule import save_substitution_rule
from niaga.sales.services.substitute_pick import substitute_pick
from niaga.stock.queries.picking import get_pick_list

router = Router(tags=["picking"])


class SubstitutionRuleIn(Schema):
    """`agreement`: empty takes the rule away."""

    agreement: Literal["", "never", "ask", "ahead"]


class SubstitutionRuleOut(Schema):
    """What is said, and what holds: that, or the company's rule, or never."""

    agreement: str
    holds: str


class OfferedIn(Schema):
    """`key` is made by who picks; what comes twice with it counts once. `quantity` in the substitute's base unit."""

    key: UUID
    substitute_id: UUID
    quantity: PositiveQuantity


class AnswerIn(Schema):
    note: Annotated[str, Field(max_length=200)] = ""


class SubstitutionQuery(PageQuery):
    waiting: bool = Field(False, description="Only those that wait for an answer while their delivery is still here.")


class SubstitutionOut(Schema):
    """`quantity` of the ordered product is replaced by `substitute_quantity`, both in base units."""

    id: UUID
    order_id: UUID
    delivery_id: UUID
    product_id: UUID
    quantity: Number
    substitute_id: UUID
    substitute_quantity: Number
    price: str
    state: str
    reason: str
    new_line_id: UUID | None
    asked_at: dt.datetime
    decided_at: dt.datetime | None
    note: str


class StandInOut(Schema):
    """Goods that can go in place of those of a pick line: `free` of them are there; the ordered goods are replaced in
    steps of `step`, each base unit by `ratio`. `agreement`: `ahead` is done at once, `ask` asks the seller."""

    pick_line_id: UUID
    product_id: UUID
    sku: str
    name: str
    unit: str
    place: str
    free: Number
    ratio: Number
    step: Number
    agreement: str


class OffersOut(Schema):
    offers: list[StandInOut]


def _shown(request: HttpRequest, response: HttpResponse, substitution_id: UUID) -> Substitution:
    response["Location"] = f"/api/v1/substitutions/{substitution_id}"
    return get_substitution(substitution_id=substitution_id, by=request.user)


@router.get("/substitutions", response=Page[SubstitutionOut], summary="List substitutes")
def list_substitutions(request: HttpRequest, query: Query[SubstitutionQuery]) -> Any:
    """What went, or may go, in place of missing goods, the latest first."""
    access_of(request.user).require("order", "view")
    rows = visible_substitutions(by=request.user)
    return page_of(waiting(rows) if query.waiting else rows, order=("-asked_at", "-id"), query=query)


@router.get("/substitutions/{substitution_id}", response=SubstitutionOut, summary="Show a substitute")
def read_substitution(request: HttpRequest, response: HttpResponse, substitution_id: UUID) -> Any:
    return _shown(request, response, substitution_id)


@router.get("/pick-lists/{pick_list_id}/substitutes", response=OffersOut, summary="List what can be offered")
def list_offers(request: HttpRequest, pick_list_id: UUID) -> Any:
    """For the lines that you have taken and not fetched yet, in the order of their products' lists."""
    found = get_pick_list(pick_list_id=pick_list_id, by=request.user)
    access_of(request.user).require("stock", "record", found)
    told = {} if request.user.pk is None else offers_for(pick_list_id=found.id, picker_id=request.user.pk)
    return {"offers": [{"pick_line_id": line, **one._asdict()} for line, offers in told.items() for one in offers]}


@router.post("/pick-lines/{pick_line_id}/substitutions", response=SubstitutionOut, summary="Offer a substitute")
def post_substitution(request: HttpRequest, pick_line_id: UUID, body: OfferedIn) -> Any:
    """For a line that was picked short. Done at once where the customer agreed ahead, else the seller is asked."""
    see_pick_line(pick_line_id=pick_line_id, key=body.key, by=request.user)
    found = substitute_pick(
        key=body.key, pick_line_id=pick_line_id, substitute_id=body.substitute_id, quantity=body.quantity,
        by=request.user, at=now(),
    )  # fmt: skip
    return Status(200, found)


@router.post("/substitutions/{substitution_id}/approval", response=SubstitutionOut, summary="Say yes to a substitute")
def post_approval(
    request: HttpRequest, response: HttpResponse, substitution_id: UUID, body: AnswerIn | None = None
) -> Any:
    """The customer agrees: the substitute is held, put into the delivery and onto its pick list."""
    return _decide(request, response, substitution_id, True, body)


@router.post("/substitutions/{substitution_id}/refusal", response=SubstitutionOut, summary="Say no to a substitute")
def post_refusal(
    request: HttpRequest, response: HttpResponse, substitution_id: UUID, body: AnswerIn | None = None
) -> Any:
    """The customer declines: what is missing stays in the order for a later delivery."""
    return _decide(request, response, substitution_id, False, body)


def _decide(
    request: HttpRequest, response: HttpResponse, substitution_id: UUID, approved: bool, body: AnswerIn | None
) -> Any:
    get_substitution(substitution_id=substitution_id, by=request.user)
    decide_substitution(
        substitution_id=substitution_id, approved=approved, note=body.note if body else "", by=request.user, at=now()
    )
    return Status(200, _shown(request, response, substitution_id))


def _rule(request: HttpRequest, customer_id: UUID | None) -> Any:
    access = access_of(request.user)
    access.require("customer", "view")
    if customer_id is not None:
        customer_for(request.user, customer_id)
    company_id = access.current_company.id
    own = own_agreement(company_id=company_id, customer_id=customer_id)
    holds = own or "never" if customer_id is None else agreement_of(company_id=company_id, customer_id=customer_id)
    return {"agreement": own, "holds": holds}


def _save(request: HttpRequest, customer_id: UUID | None, body: SubstitutionRuleIn) -> Any:
    company_id = access_of(request.user).current_company.id
    save_substitution_rule(
        company_id=company_id, customer_id=customer_id, agreement=body.agreement, by=request.user, at=now()
    )
    return _rule(request, customer_id)


@router.get("/substitution-rule", response=SubstitutionRuleOut, summary="Show whether customers take substitutes")
def read_substitution_rule(request: HttpRequest) -> Any:
    """For customers who have no rule of their own."""
    return _rule(request, None)


@router.put("/substitution-rule", response=SubstitutionRuleOut, summary="Say whether customers take substitutes")
def put_substitution_rule(request: HttpRequest, body: SubstitutionRuleIn) -> Any:
    return _save(request, None, body)


@router.get(
    "/customers/{customer_id}/substitution-rule", response=SubstitutionRuleOut,
    summary="Show whether a customer takes substitutes",
)  # fmt: skip
def read_customer_substitution_rule(request: HttpRequest, customer_id: UUID) -> Any:
    return _rule(request, customer_id)


@router.put(
    "/customers/{customer_id}/substitution-rule", response=SubstitutionRuleOut,
    summary="Say whether a customer takes substitutes",
)  # fmt: skip
def put_customer_substitution_rule(request: HttpRequest, customer_id: UUID, body: SubstitutionRuleIn) -> Any:
    return _save(request, customer_id, body)
