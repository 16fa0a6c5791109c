"""Promotions, their coupons, and where they were used."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from niaga.core.api import Page, PageQuery, cursor_page, etag, expected_version
from niaga.core.clock import now, today
from niaga.organization.access import access_of
from niaga.pricing.api import promotion_schemas as schemas
from niaga.pricing.queries.promotion_words import sentence, told_of
from niaga.pricing.queries.promotions import (
    coupons_of,
    in_state,
    promotion_rows,
    scopes_in,
    tiers_in,
    uses_of,
    whole_promotion,
)
from niaga.pricing.rules.new_promotion import NewPromotion, NewScope
from niaga.pricing.services.archive_promotion import archive_promotion
from niaga.pricing.services.change_promotion import change_promotion
from niaga.pricing.services.create_promotion import create_promotion
from niaga.pricing.services.make_coupons import make_coupons
from niaga.pricing.services.withdraw_coupons import withdraw_coupons
from niaga.ui.registry.chain import DocumentRef, chains_of

router = Router(tags=["promotions"])

_OWN = (
    "id", "name", "kind", "currency", "customer_id", "tier_id", "group_id", "territory_id", "branch_id", "channel_id",
    "valid_from", "valid_to", "weekdays", "from_time", "until_time", "priority", "exclusive", "by_coupon", "buy", "get",
    "most_times", "most_amount", "gift_product_id", "most_uses", "most_per_customer", "budget", "version", "created_at",
    "archived_at", "unpublished",
)  # fmt: skip


def shown(row: Any) -> dict[str, Any]:
    """A row of `promotion_rows` as it is answered."""
    return {name: getattr(row, name) for name in _OWN} | {
        "tiers": [{"least": least, "figure": figure} for least, figure in tiers_in(row)],
        "scopes": [scope._asdict() for scope in scopes_in(row)],
        "used": row.used, "taken_off": row.taken_off, "sentence": sentence(told_of(row)),
    }  # fmt: skip


def _answer(request: HttpRequest, response: HttpResponse, promotion_id: UUID) -> dict[str, Any]:
    found = whole_promotion(request.user, promotion_id)
    response["ETag"] = etag(found.version)
    response["Location"] = f"/api/v1/promotions/{found.id}"
    return shown(found)


def asked(body: schemas.PromotionIn) -> NewPromotion:
    """What a body asks for."""
    facts = body.dict() | {"currency": body.currency or ""}
    facts["tiers"] = tuple((tier.least, tier.figure) for tier in body.tiers)
    facts["scopes"] = tuple(NewScope(**scope.dict()) for scope in body.scopes)
    return NewPromotion(**facts)


@router.get("/promotions", response=Page[schemas.PromotionOut], summary="List promotions")
def list_promotions(
    request: HttpRequest,
    page: Query[PageQuery],
    state: schemas.State = "",
    kind: schemas.Kind | None = None,
    customer_id: UUID | None = None,
    by_coupon: bool | None = None,
) -> Any:
    """Promotions you may see, the newest first; without a `state` all that are not archived, also
    those in preparation."""
    access = access_of(request.user)
    access.require("price_list", "view")
    on = today(at=now(), zone=access.current_company.zone)
    rows = in_state(promotion_rows(request.user), state, on)
    for name, value in (("kind", kind), ("customer_id", customer_id), ("by_coupon", by_coupon)):
        if value is not None:
            rows = rows.filter(**{name: value})
    items, cursor = cursor_page(rows, order=("-created_at", "-id"), query=page)
    return {"items": [shown(row) for row in items], "next_cursor": cursor}


@router.post("/promotions", response={201: schemas.PromotionOut}, summary="Create a promotion")
def post_promotion(request: HttpRequest, response: HttpResponse, body: schemas.PromotionIn) -> Any:
    """It holds at once, within its days and hours; one with `by_coupon` when it has coupons."""
    company_id = access_of(request.user).current_company.id
    made = create_promotion(company_id=company_id, promotion=asked(body), by=request.user, at=now())
    return Status(201, _answer(request, response, made.id))


@router.get("/promotions/{promotion_id}", response=schemas.PromotionOut, summary="Show a promotion")
def read_promotion(request: HttpRequest, response: HttpResponse, promotion_id: UUID) -> Any:
    return _answer(request, response, promotion_id)


@router.put("/promotions/{promotion_id}", response=schemas.PromotionOut, summary="Replace a promotion")
def put_promotion(request: HttpRequest, response: HttpResponse, promotion_id: UUID, body: schemas.PromotionIn) -> Any:
    """Say all of it anew, but its currency. `If-Match` refuses when somebody else saved in between.

    Confirmed documents keep what they have. A limit cannot lie below what is used.
    """
    change_promotion(
        promotion_id=promotion_id, promotion=asked(body), by=request.user, at=now(),
        expected_version=expected_version(request),
    )  # fmt: skip
    return _answer(request, response, promotion_id)


@router.put("/promotions/{promotion_id}/archive", response=schemas.PromotionOut, summary="Archive a promotion")
def put_promotion_archive(request: HttpRequest, response: HttpResponse, promotion_id: UUID) -> Any:
    """End it at once. Documents that have it keep it."""
    archive_promotion(promotion_id=promotion_id, by=request.user, at=now())
    return _answer(request, response, promotion_id)


@router.delete("/promotions/{promotion_id}/archive", response=schemas.PromotionOut, summary="Restore a promotion")
def delete_promotion_archive(request: HttpRequest, response: HttpResponse, promotion_id: UUID) -> Any:
    """It holds again from now on."""
    archive_promotion(promotion_id=promotion_id, by=request.user, at=now(), restore=True)
    return _answer(request, response, promotion_id)


@router.get("/promotions/{promotion_id}/coupons", response=Page[schemas.CouponOut], summary="List coupons")
def list_coupons(request: HttpRequest, promotion_id: UUID, page: Query[PageQuery], withdrawn: bool = False) -> Any:
    """The coupons of a promotion, by code; with `withdrawn` those that are taken no more."""
    rows = coupons_of(request.user, promotion_id).filter(archived_at__isnull=not withdrawn)
    items, cursor = cursor_page(rows, order=("code", "id"), query=page)
    return {"items": items, "next_cursor": cursor}


@router.post("/promotions/{promotion_id}/coupons", response={201: schemas.CouponsOut}, summary="Make coupons")
def post_coupons(request: HttpRequest, promotion_id: UUID, body: schemas.CouponsIn) -> Any:
    """By the codes named, or so many that nobody can guess; all or none."""
    made = make_coupons(promotion_id=promotion_id, by=request.user, at=now(), **body.dict())
    return Status(201, {"coupons": made})


@router.delete(
    "/promotions/{promotion_id}/coupons/{coupon_id}",
    response={204: None},
    summary="Withdraw a coupon",
)
def delete_coupon(request: HttpRequest, promotion_id: UUID, coupon_id: UUID) -> Any:
    """New documents no longer take it; those that were confirmed with it keep it. A second time changes nothing."""
    withdraw_coupons(promotion_id=promotion_id, coupon_ids=[coupon_id], by=request.user, at=now())
    return Status(204, None)


@router.put(
    "/promotions/{promotion_id}/coupons/{coupon_id}",
    response={204: None},
    summary="Take a coupon back",
)
def put_coupon(request: HttpRequest, promotion_id: UUID, coupon_id: UUID) -> Any:
    """A coupon that was withdrawn can be used again."""
    withdraw_coupons(promotion_id=promotion_id, coupon_ids=[coupon_id], by=request.user, at=now(), restore=True)
    return Status(204, None)


@router.get("/promotions/{promotion_id}/uses", response=Page[schemas.UseOut], summary="List uses")
def list_uses(request: HttpRequest, promotion_id: UUID, page: Query[PageQuery]) -> Any:
    """The documents that have it, the latest first: those that you may see, so that a page may hold fewer."""
    items, cursor = cursor_page(uses_of(request.user, promotion_id), order=("-at", "-id"), query=page)
    refs = {use.pk: DocumentRef(use.source_kind, use.source_id) for use in items}
    chains = chains_of(request, list(refs.values()))
    seen = {
        use_id
        for use_id, ref in refs.items()
        if any((one.kind, one.id) == (ref.kind, ref.id) for stage in chains[ref] for one in stage.links)
    }
    return {"items": [use for use in items if use.pk in seen], "next_cursor": cursor}
