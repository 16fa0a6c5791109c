"""Prepared changes of price lists and promotions, what they would do, and what was published."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from niaga.core.api import Page, PageQuery, cursor_page, etag, expected_version
from niaga.core.clock import now
from niaga.organization.access import access_of
from niaga.pricing.api import change_schemas as schemas
from niaga.pricing.api.promotion_schemas import PromotionIn, PromotionOut
from niaga.pricing.api.promotions import asked, shown
from niaga.pricing.api.schemas import EntriesIn, PriceListChange, PriceListIn, RulesIn
from niaga.pricing.models import PriceChange, Publication
from niaga.pricing.queries.drafted_promotion import drafted_promotion
from niaga.pricing.queries.price_changes import (
    changes_of,
    counted,
    list_change_for,
    price_change_for,
    promotion_change_for,
    publication_for,
    publications_of,
)
from niaga.pricing.queries.price_lists import price_list_for
from niaga.pricing.queries.promotions import promotion_for
from niaga.pricing.queries.rules_of import tells_cost
from niaga.pricing.queries.subjects import MODELS
from niaga.pricing.queries.what_if_customers import count_customers
from niaga.pricing.queries.what_if_documents import count_documents
from niaga.pricing.queries.what_if_products import without_cost
from niaga.pricing.services.ask_to_count import ask_to_count
from niaga.pricing.services.change_entries import change_entries
from niaga.pricing.services.change_heads import change_heads
from niaga.pricing.services.change_rules import change_rules, drafted_rules
from niaga.pricing.services.discard_change import discard_change
from niaga.pricing.services.draft_promotion import draft_promotion
from niaga.pricing.services.prepare_change import prepare_change
from niaga.pricing.services.prepare_list import prepare_list
from niaga.pricing.services.prepare_promotion import prepare_promotion
from niaga.pricing.services.prepare_promotion_change import prepare_promotion_change
from niaga.pricing.services.publish_change import publish_change
from niaga.pricing.services.review_change import review_change
from niaga.pricing.services.roll_back import roll_back
from niaga.pricing.services.schedule_change import schedule_change
from niaga.pricing.services.set_prices import NewPrice
from niaga.pricing.services.set_rules import NewRule
from niaga.pricing.services.unschedule_change import unschedule_change

router = Router(tags=["prices"])


def _told(change: PriceChange) -> dict[str, Any]:
    names = (
        "id",
        "name",
        "status",
        "publish_at",
        "note",
        "heads",
        "seen_version",
        "version",
        "created_at",
        "updated_at",
    )
    prices = getattr(change, "prices", None)
    return {name: getattr(change, name) for name in names} | {
        **_subject(change), "prices": change.entries.count() if prices is None else prices,
        "changes_rules": change.rules is not None,
    }  # fmt: skip


def _subject(row: Any) -> dict[str, Any]:
    """Of a change or a publication: which list or promotion."""
    return {f"{kind}_id": row.subject_id if row.subject_kind == kind else None for kind in MODELS}


def _answer(request: HttpRequest, response: HttpResponse, change_id: UUID) -> dict[str, Any]:
    change = price_change_for(request.user, change_id).change
    response["ETag"] = etag(change.version)
    response["Location"] = f"/api/v1/price-changes/{change.id}"
    return _told(change)


@router.post("/price-changes", response={201: schemas.PriceChangeOut}, summary="Prepare a price list")
def post_list(request: HttpRequest, response: HttpResponse, body: PriceListIn) -> Any:
    """Open a new price list aside: it holds for nobody until this change, its first, is published."""
    facts = body.dict() | {"currency": body.currency or ""}
    company_id = access_of(request.user).current_company.id
    made = prepare_list(company_id=company_id, by=request.user, at=now(), **facts)
    return Status(201, _answer(request, response, made.id))


@router.get(
    "/price-lists/{price_list_id}/changes", response=Page[schemas.PriceChangeOut], summary="List prepared changes"
)
def list_changes(request: HttpRequest, price_list_id: UUID, page: Query[PageQuery]) -> Any:
    """Those of a price list that you may change, also what was published and discarded."""
    price_list_for(request.user, price_list_id, "change")
    items, cursor = cursor_page(changes_of(price_list_id), order=("id",), query=page)
    return {"items": [_told(one) for one in items], "next_cursor": cursor}


@router.post("/price-lists/{price_list_id}/changes", response={201: schemas.PriceChangeOut}, summary="Prepare a change")
def post_change(request: HttpRequest, response: HttpResponse, price_list_id: UUID, body: schemas.PriceChangeIn) -> Any:
    """Nothing of it holds before it is published."""
    made = prepare_change(price_list_id=price_list_id, name=body.name, by=request.user, at=now())
    return Status(201, _answer(request, response, made.id))


@router.get("/price-changes/{change_id}", response=schemas.PriceChangeOut, summary="Show a prepared change")
def read_change(request: HttpRequest, response: HttpResponse, change_id: UUID) -> Any:
    return _answer(request, response, change_id)


@router.patch("/price-changes/{change_id}", response=schemas.PriceChangeOut, summary="Change the list's fields in it")
def patch_change(request: HttpRequest, response: HttpResponse, change_id: UUID, body: PriceListChange) -> Any:
    change_heads(
        change_id=change_id, by=request.user, at=now(), expected_version=expected_version(request),
        **body.dict(exclude_unset=True),
    )  # fmt: skip
    return _answer(request, response, change_id)


@router.put("/price-changes/{change_id}/entries", response=schemas.ChangedEntries, summary="Set prices in a change")
def put_entries(request: HttpRequest, response: HttpResponse, change_id: UUID, body: EntriesIn) -> Any:
    """As prices of a list are set; only what differs from the list is kept."""
    prices = change_entries(
        change_id=change_id, by=request.user, at=now(), replace=body.replace,
        expected_version=expected_version(request),
        prices=[NewPrice(each.price, each.product_id, each.sku, each.min_quantity, each.unit) for each in body.entries],
    )  # fmt: skip
    return {"prices": prices, "version": _answer(request, response, change_id)["version"]}


@router.get("/price-changes/{change_id}/rules", response=schemas.DraftedRules, summary="List formulas of a change")
def list_rules(request: HttpRequest, change_id: UUID) -> Any:
    """All formulas, as the change leaves them."""
    found, change = list_change_for(request.user, change_id)
    sees_cost = access_of(request.user).sees_cost
    rules = []
    for rule in drafted_rules(found, change):
        row = asdict(rule)
        if tells_cost(rule) and not sees_cost:
            row |= dict.fromkeys(("percent", "surcharge", "round_to", "round_minus", "least_margin"))
        rules.append(row)
    return {"rules": rules, "version": change.version}


@router.put("/price-changes/{change_id}/rules", response=schemas.DraftedRules, summary="Set formulas in a change")
def put_rules(request: HttpRequest, change_id: UUID, body: RulesIn) -> Any:
    """In the place of all that the list has."""
    change_rules(
        change_id=change_id, by=request.user, at=now(), expected_version=expected_version(request),
        rules=[NewRule(**rule.dict()) for rule in body.rules],
    )  # fmt: skip
    return list_rules(request, change_id)


@router.get(
    "/price-changes/{promotion_change_id}/promotion",
    response=PromotionOut,
    summary="Show a promotion as a change leaves it",
)
def read_drafted(request: HttpRequest, promotion_change_id: UUID) -> Any:
    """Nothing of it holds before the change is published."""
    found, change = promotion_change_for(request.user, promotion_change_id)
    return shown(drafted_promotion(request.user, found, change))


@router.put(
    "/price-changes/{promotion_change_id}/promotion", response=schemas.PriceChangeOut, summary="Write a promotion in it"
)
def put_drafted(request: HttpRequest, response: HttpResponse, promotion_change_id: UUID, body: PromotionIn) -> Any:
    """All of it, but its currency; only what differs from what holds is kept."""
    draft_promotion(
        change_id=promotion_change_id, promotion=asked(body), by=request.user, at=now(),
        expected_version=expected_version(request),
    )  # fmt: skip
    return _answer(request, response, promotion_change_id)


@router.post("/promotion-changes", response={201: schemas.PriceChangeOut}, summary="Prepare a promotion")
def post_prepared(request: HttpRequest, response: HttpResponse, body: PromotionIn) -> Any:
    """Open a new promotion aside: it holds nowhere until this change, its first, is published."""
    company_id = access_of(request.user).current_company.id
    made = prepare_promotion(company_id=company_id, promotion=asked(body), by=request.user, at=now())
    return Status(201, _answer(request, response, made.id))


@router.get(
    "/promotions/{promotion_id}/changes", response=Page[schemas.PriceChangeOut], summary="List prepared changes"
)
def list_promotion_changes(request: HttpRequest, promotion_id: UUID, page: Query[PageQuery]) -> Any:
    """Those of a promotion that you may change, also what was published and discarded."""
    promotion_for(request.user, promotion_id, "change")
    items, cursor = cursor_page(changes_of(promotion_id), order=("id",), query=page)
    return {"items": [_told(one) for one in items], "next_cursor": cursor}


@router.post("/promotions/{promotion_id}/changes", response={201: schemas.PriceChangeOut}, summary="Prepare a change")
def post_promotion_change(
    request: HttpRequest, response: HttpResponse, promotion_id: UUID, body: schemas.PromotionChangeIn
) -> Any:
    """Nothing of it holds before it is published."""
    wanted = asked(body.promotion) if body.promotion is not None else None
    made = prepare_promotion_change(
        promotion_id=promotion_id, name=body.name, promotion=wanted, by=request.user, at=now()
    )
    return Status(201, _answer(request, response, made.id))


@router.get(
    "/promotions/{promotion_id}/publications", response=Page[schemas.PublicationOut], summary="List publications"
)
def list_promotion_publications(request: HttpRequest, promotion_id: UUID, page: Query[PageQuery]) -> Any:
    """What a promotion became, one after the other."""
    promotion_for(request.user, promotion_id)
    items, cursor = cursor_page(publications_of(promotion_id), order=("id",), query=page)
    return {"items": [_publication(one, one.prices) for one in items], "next_cursor": cursor}


@router.get("/price-changes/{change_id}/what-if", response=schemas.WhatIfOut, summary="What a change would do")
def what_if(request: HttpRequest, change_id: UUID) -> Any:
    """Products by the biggest change, customers, open quotations and draft orders. Nothing is written."""
    found = price_change_for(request.user, change_id)
    told = counted(found, at=now())
    sees_cost = access_of(request.user).sees_cost
    scene = told.whole.scene(told.whole.buyer)
    documents = count_documents(told.whole, by=request.user)
    missing = told.whole.rate_missing
    figures = told.figures
    sample = [UUID(one) for one in figures.sample] if figures is not None else []
    customers = count_customers(told.whole, sample, of=figures.changed if figures else 0, by=request.user)
    products = None
    if figures is not None:
        rows = figures.rows if sees_cost else [without_cost(row) for row in figures.rows]
        products = asdict(figures) | {"fresh": told.fresh, "biggest": rows}
        if not sees_cost:
            products |= {"below_cost": None, "below_floor": None}
    return {
        "on": scene.on_date.isoformat(), "stand_on_it": [one.name for one in told.whole.dependents],
        "products": products, "customers": customers.customers,
        "customers_exact": customers.whole and figures is not None,
        "customer_rows": [asdict(row) | {"largest_percent": row.largest} for row in customers.rows],
        "documents": [
            {"id": row.document.id, "kind": str(row.document.kind), "number": row.document.number,
             "customer": row.document.party, "keeps_its_prices": row.document.kept, "lines": row.lines,
             "before": row.before, "after": row.after, "difference": row.difference,
             "discount_before": row.discount_before, "discount_after": row.discount_after,
             "margin_before": row.margin_before if sees_cost else None,
             "margin_after": row.margin_after if sees_cost else None}
            for row in documents.rows
        ],
        "documents_left_off": documents.left_off, "documents_difference": documents.difference,
        "documents_base_difference": documents.base_difference, "currency": told.whole.money.currency,
        "exchange_rate": told.whole.rate, "rate_missing": missing and str(missing.message),
    }  # fmt: skip


@router.post("/price-changes/{change_id}/counting", response=schemas.PriceChangeOut, summary="Count many products")
def post_counting(request: HttpRequest, response: HttpResponse, change_id: UUID) -> Any:
    """Let the worker count what a change of many products does; `what-if` answers it then."""
    ask_to_count(change_id=change_id, by=request.user, at=now())
    return _answer(request, response, change_id)


@router.post(
    "/price-changes/{change_id}/review", response=schemas.PriceChangeOut, summary="Set against the list as it is"
)
def post_review(request: HttpRequest, response: HttpResponse, change_id: UUID) -> Any:
    """After somebody changed the list or promotion: the ends of the change stay."""
    review_change(change_id=change_id, by=request.user, at=now(), expected_version=expected_version(request))
    return _answer(request, response, change_id)


@router.post(
    "/price-changes/{change_id}/publication", response={201: schemas.PublicationOut}, summary="Publish a change"
)
def post_publication(request: HttpRequest, response: HttpResponse, change_id: UUID, body: schemas.ChangeNoteIn) -> Any:
    """All of it holds from this moment on."""
    done = publish_change(
        change_id=change_id, note=body.note, by=request.user, at=now(), expected_version=expected_version(request)
    )
    return Status(201, _published(response, done))


@router.put("/price-changes/{change_id}/schedule", response=schemas.PriceChangeOut, summary="Publish at a moment")
def put_schedule(request: HttpRequest, response: HttpResponse, change_id: UUID, body: schemas.PriceScheduleIn) -> Any:
    moment = body.publish_at if body.publish_at.tzinfo else body.publish_at.replace(tzinfo=now().tzinfo)
    schedule_change(
        change_id=change_id,
        publish_at=moment,
        note=body.note,
        by=request.user,
        at=now(),
        expected_version=expected_version(request),
    )
    return _answer(request, response, change_id)


@router.delete(
    "/price-changes/{change_id}/schedule", response=schemas.PriceChangeOut, summary="Take back from its moment"
)
def delete_schedule(request: HttpRequest, response: HttpResponse, change_id: UUID) -> Any:
    """It is a draft again."""
    unschedule_change(change_id=change_id, by=request.user, at=now())
    return _answer(request, response, change_id)


@router.post("/price-changes/{change_id}/discarding", response=schemas.PriceChangeOut, summary="Discard a change")
def post_discarding(request: HttpRequest, response: HttpResponse, change_id: UUID) -> Any:
    """What holds was never touched."""
    discard_change(change_id=change_id, by=request.user, at=now(), expected_version=expected_version(request))
    return _answer(request, response, change_id)


def _published(response: HttpResponse, one: Publication) -> dict[str, Any]:
    response["Location"] = f"/api/v1/publications/{one.id}"
    return _publication(one, len(one.products))


def _publication(one: Publication, prices: int) -> dict[str, Any]:
    names = ("id", "kind", "change_id", "reverses_id", "by", "at", "note", "heads")
    return {name: getattr(one, name) for name in names} | {
        **_subject(one), "subject_version": one.subject_version,
        "changes_rules": one.rules is not None, "prices": prices,
    }  # fmt: skip


@router.get(
    "/price-lists/{price_list_id}/publications", response=Page[schemas.PublicationOut], summary="List publications"
)
def list_publications(request: HttpRequest, price_list_id: UUID, page: Query[PageQuery]) -> Any:
    """What a price list became, one after the other."""
    price_list_for(request.user, price_list_id)
    items, cursor = cursor_page(publications_of(price_list_id), order=("id",), query=page)
    return {"items": [_publication(one, one.prices) for one in items], "next_cursor": cursor}


@router.get("/publications/{publication_id}", response=schemas.PublicationWhole, summary="Show a publication")
def read_publication(request: HttpRequest, publication_id: UUID) -> Any:
    """With every price that it changed, before and after."""
    _subject_row, one = publication_for(request.user, publication_id)
    columns = zip(one.products, one.units, one.quantities, one.before, one.after, strict=True)
    names = ("product_id", "unit_id", "min_quantity", "before", "after")
    return _publication(one, len(one.products)) | {
        "changed_prices": [dict(zip(names, row, strict=True)) for row in columns]
    }


@router.post("/publications/{publication_id}/rollback", response={201: schemas.PublicationOut}, summary="Roll back")
def post_rollback(request: HttpRequest, response: HttpResponse, publication_id: UUID, body: schemas.RollBackIn) -> Any:
    """Make what it changed as it was before, by a new publication."""
    done = roll_back(
        publication_id=publication_id, note=body.note, over_later_changes=body.over_later_changes, by=request.user,
        at=now(),
    )  # fmt: skip
    return Status(201, _published(response, done))
