"""The loyalty programme, its tiers, its members and their points."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from niaga.core.api import Page, PageQuery, cursor_page, etag, expected_version, page_of
from niaga.core.clock import now, today
from niaga.core.errors import NotFound
from niaga.organization.access import access_of
from niaga.pricing.api import loyalty_schemas as schemas
from niaga.pricing.models import LoyaltyProgramme, LoyaltyTier, PointsAccount
from niaga.pricing.queries.loyalty import (
    exclusions_of,
    members_for,
    points_entries,
    points_lots,
    points_standing,
    programme_for,
    tiers_for,
)
from niaga.pricing.queries.loyalty_figures import next_tier, worth
from niaga.pricing.queries.loyalty_words import programme_sentence, told_programme
from niaga.pricing.rules.new_promotion import NewScope
from niaga.pricing.services.adjust_points import adjust_points
from niaga.pricing.services.archive_tier import archive_tier
from niaga.pricing.services.join_programme import join_programme
from niaga.pricing.services.save_tier import save_tier
from niaga.pricing.services.set_programme import NewProgramme, set_programme
from niaga.pricing.services.set_tier import set_tier

router = Router(tags=["loyalty"])

_OWN = tuple(name for name in schemas.ProgrammeOut.model_fields if name not in ("sentence", "excluded"))
_ACCOUNT = ("customer_id", "balance", "owed", "tier_id", "tier_until", "tier_by_hand", "joined_at")


def _answer(response: HttpResponse, found: LoyaltyProgramme) -> dict[str, Any]:
    response["ETag"] = etag(found.version)
    response["Location"] = "/api/v1/loyalty"
    excluded = list(exclusions_of(found))
    return {name: getattr(found, name) for name in _OWN} | {
        "excluded": excluded, "sentence": programme_sentence(told_programme(found, excluded))
    }  # fmt: skip


@router.get("/loyalty", response=schemas.ProgrammeOut, summary="Show the loyalty programme")
def read_programme(request: HttpRequest, response: HttpResponse) -> Any:
    found = programme_for(request.user)
    if found is None:
        raise NotFound(field="programme")
    return _answer(response, found)


@router.put("/loyalty", response=schemas.ProgrammeOut, summary="Set the loyalty programme")
def put_programme(request: HttpRequest, response: HttpResponse, body: schemas.ProgrammeIn) -> Any:
    """Start it, or say all of it anew. It holds from now on; what was earned stays.

    `If-Match` refuses when somebody else saved in between.
    """
    facts = body.dict() | {"excluded": tuple(NewScope(**part.dict()) for part in body.excluded)}
    found = set_programme(
        company_id=access_of(request.user).current_company.id, programme=NewProgramme(**facts), by=request.user,
        at=now(), expected_version=expected_version(request),
    )  # fmt: skip
    return _answer(response, found)


@router.get("/loyalty/tiers", response=Page[schemas.LoyaltyTierOut], summary="List tiers")
def list_tiers(request: HttpRequest, page: Query[PageQuery], archived: bool = False) -> Any:
    """The tiers of the programme, the lowest first."""
    access_of(request.user).require("loyalty", "view")
    rows = tiers_for(request.user).filter(archived_at__isnull=not archived)
    return page_of(rows, order=("threshold", "id"), query=page)


@router.post("/loyalty/tiers", response={201: schemas.LoyaltyTierOut}, summary="Create a tier")
def post_tier(request: HttpRequest, response: HttpResponse, body: schemas.LoyaltyTierIn) -> Any:
    company_id = access_of(request.user).current_company.id
    return Status(201, _tier(response, save_tier(company_id=company_id, by=request.user, at=now(), **body.dict())))


@router.put("/loyalty/tiers/{tier_id}", response=schemas.LoyaltyTierOut, summary="Replace a tier")
def put_tier(request: HttpRequest, response: HttpResponse, tier_id: UUID, body: schemas.LoyaltyTierIn) -> Any:
    """Members come to it when they next earn; none leaves a tier before its period ends."""
    found = save_tier(
        company_id=access_of(request.user).current_company.id, tier_id=tier_id, by=request.user, at=now(),
        expected_version=expected_version(request), **body.dict(),
    )  # fmt: skip
    return _tier(response, found)


@router.put("/loyalty/tiers/{tier_id}/archive", response=schemas.LoyaltyTierOut, summary="Archive a tier")
def put_tier_archive(request: HttpRequest, response: HttpResponse, tier_id: UUID) -> Any:
    """Its members come to the tier that their points reach. Not while price lists or promotions are made for it."""
    company_id = access_of(request.user).current_company.id
    return _tier(response, archive_tier(company_id=company_id, tier_id=tier_id, by=request.user, at=now()))


def _tier(response: HttpResponse, found: LoyaltyTier) -> LoyaltyTier:
    response["ETag"] = etag(found.version)
    response["Location"] = "/api/v1/loyalty/tiers"
    return found


@router.get("/loyalty/members", response=Page[schemas.MemberOut], summary="List members")
def list_members(
    request: HttpRequest, page: Query[PageQuery], tier_id: UUID | None = None, ends_by: date | None = None
) -> Any:
    """Members whose customer you may see, who has most points first; `ends_by`: whose first points end by then."""
    access_of(request.user).require("loyalty", "view")
    rows = members_for(request.user)
    if tier_id:
        rows = rows.filter(tier_id=tier_id)
    if ends_by:
        rows = rows.filter(ends_on__lte=ends_by)
    items, cursor = cursor_page(rows, order=("-balance", "id"), query=page)
    return {"items": items, "next_cursor": cursor}


@router.get("/loyalty/members/{customer_id}", response=schemas.StandingOut, summary="Show a customer's points")
def read_member(request: HttpRequest, customer_id: UUID) -> Any:
    """What the customer has, what it is worth, and the way to the next tier. 404: no member."""
    return _standing(request, customer_id)


@router.put("/loyalty/members/{customer_id}", response=schemas.StandingOut, summary="Make a customer a member")
def put_member(request: HttpRequest, customer_id: UUID) -> Any:
    """With the welcome points. A second time changes nothing."""
    join_programme(customer_id=customer_id, by=request.user, at=now())
    return _standing(request, customer_id)


@router.get(
    "/loyalty/members/{customer_id}/entries", response=Page[schemas.PointsEntryOut], summary="List points entries"
)
def list_points_entries(request: HttpRequest, customer_id: UUID, page: Query[PageQuery]) -> Any:
    """What was earned, used, taken back, given back, ended and given by hand, the last first."""
    return page_of(points_entries(request.user, customer_id), order=("-at", "-id"), query=page)


@router.post(
    "/loyalty/members/{customer_id}/entries",
    response={201: schemas.StandingOut},
    summary="Give or take points",
)
def post_points_entry(request: HttpRequest, customer_id: UUID, body: schemas.PointsAdjustmentIn) -> Any:
    """By hand, with a reason. A customer who is no member becomes one.

    `too_few_points`, with `field` `points`: more would be taken than there are.
    """
    adjust_points(customer_id=customer_id, by=request.user, at=now(), **body.dict())
    return Status(201, _standing(request, customer_id))


@router.get("/loyalty/members/{customer_id}/lots", response=Page[schemas.PointsLotOut], summary="List what ends when")
def list_points_lots(request: HttpRequest, customer_id: UUID, page: Query[PageQuery]) -> Any:
    """What is left of the customer's points, the latest that came in first."""
    return page_of(points_lots(request.user, customer_id), order=("-id",), query=page)


@router.put("/loyalty/members/{customer_id}/tier", response=schemas.StandingOut, summary="Set a member's tier")
def put_member_tier(request: HttpRequest, customer_id: UUID, body: schemas.TierChoiceIn) -> Any:
    """By hand until a day, with a reason; only points that reach a higher tier change it before."""
    set_tier(customer_id=customer_id, by=request.user, at=now(), **body.dict())
    return _standing(request, customer_id)


def _standing(request: HttpRequest, customer_id: UUID) -> dict[str, Any]:
    company = access_of(request.user).current_company
    day = today(at=now(), zone=company.zone)
    found, programme = points_standing(request.user, customer_id, day), programme_for(request.user)
    if found is None or programme is None:
        raise NotFound(field="customer_id")
    account: PointsAccount = found.account
    above = next_tier(account, months=programme.tier_months, today=day, zone=company.zone)
    return {name: getattr(account, name) for name in _ACCOUNT} | {
        "tier_name": found.tier_name or None, "usable": found.usable, "ending": found.ending, "ends_on": found.ends_on,
        "worth": worth(found.usable, programme.point_value, programme.currency), "currency": programme.currency,
        "next_tier_id": above.tier.id if above else None, "missing": above.missing if above else None,
    }  # fmt: skip
