"""Price lists and what things cost."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from niaga.core.api import Page, PageQuery, cursor_page, etag, expected_version
from niaga.core.clock import now
from niaga.core.errors import NotFound
from niaga.organization.access import access_of
from niaga.organization.queries.branches import has_channel
from niaga.organization.queries.document_context import document_context
from niaga.pricing.api import schemas
from niaga.pricing.api.changes import router as changes
from niaga.pricing.api.loyalty import router as loyalty
from niaga.pricing.api.promotions import router as promotions
from niaga.pricing.models import PriceList
from niaga.pricing.queries.coupon_words import coupon_refusal_text
from niaga.pricing.queries.explained_steps import explained_steps, without_cost
from niaga.pricing.queries.price_lists import entries_of, price_list_for, price_lists_for
from niaga.pricing.queries.price_preview import Preview, WantedLine, price_preview
from niaga.pricing.queries.rules_of import shown_rules
from niaga.pricing.queries.who_buys import who_buys
from niaga.pricing.services.archive_price_list import archive_price_list
from niaga.pricing.services.change_price_list import change_price_list
from niaga.pricing.services.create_price_list import create_price_list
from niaga.pricing.services.set_prices import NewPrice, set_prices
from niaga.pricing.services.set_rules import NewRule, set_rules

router = Router(tags=["prices"])
router.add_router("", promotions)
router.add_router("", changes)
router.add_router("", loyalty)


def _answer(response: HttpResponse, found: PriceList) -> PriceList:
    response["ETag"] = etag(found.version)
    response["Location"] = f"/api/v1/price-lists/{found.id}"
    return found


@router.get("/price-lists", response=Page[schemas.PriceListOut], summary="List price lists")
def list_price_lists(
    request: HttpRequest,
    page: Query[PageQuery],
    group_id: UUID | None = None,
    tier_id: UUID | None = None,
    archived: bool = False,
) -> Any:
    """Price lists you may see, by code."""
    access_of(request.user).require("price_list", "view")
    rows = price_lists_for(request.user).filter(archived_at__isnull=not archived)
    if tier_id:
        rows = rows.filter(tier_id=tier_id)
    if group_id:
        rows = rows.filter(group_id=group_id)
    items, cursor = cursor_page(rows, order=("code", "id"), query=page)
    return {"items": items, "next_cursor": cursor}


@router.post("/price-lists", response={201: schemas.PriceListOut}, summary="Create a price list")
def post_price_list(request: HttpRequest, response: HttpResponse, body: schemas.PriceListIn) -> Any:
    facts = body.dict() | {"currency": body.currency or ""}
    company_id = access_of(request.user).current_company.id
    return Status(201, _answer(response, create_price_list(company_id=company_id, by=request.user, at=now(), **facts)))


@router.get("/price-lists/{price_list_id}", response=schemas.PriceListOut, summary="Show a price list")
def read_price_list(request: HttpRequest, response: HttpResponse, price_list_id: UUID) -> Any:
    return _answer(response, price_list_for(request.user, price_list_id))


@router.patch("/price-lists/{price_list_id}", response=schemas.PriceListOut, summary="Change a price list")
def patch_price_list(
    request: HttpRequest, response: HttpResponse, price_list_id: UUID, body: schemas.PriceListChange
) -> Any:
    """Change what is named; `If-Match` refuses when somebody else saved in between."""
    found = change_price_list(
        price_list_id=price_list_id, by=request.user, at=now(), expected_version=expected_version(request),
        **body.dict(exclude_unset=True),
    )  # fmt: skip
    return _answer(response, found)


@router.put(
    "/price-lists/{price_list_id}/archive",
    response=schemas.PriceListOut,
    summary="Archive a price list",
)
def put_archive(request: HttpRequest, response: HttpResponse, price_list_id: UUID) -> Any:
    """Take the list out of use. It is archived, never lost."""
    return _answer(response, archive_price_list(price_list_id=price_list_id, by=request.user, at=now()))


@router.delete(
    "/price-lists/{price_list_id}/archive",
    response=schemas.PriceListOut,
    summary="Restore a price list",
)
def delete_archive(request: HttpRequest, response: HttpResponse, price_list_id: UUID) -> Any:
    """Bring it back: it prices again from now on."""
    return _answer(response, archive_price_list(price_list_id=price_list_id, by=request.user, at=now(), restore=True))


@router.get("/price-lists/{price_list_id}/entries", response=Page[schemas.EntryOut], summary="List prices")
def list_entries_of(
    request: HttpRequest, price_list_id: UUID, page: Query[PageQuery], product_id: UUID | None = None
) -> Any:
    price_list_for(request.user, price_list_id)
    rows = entries_of(price_list_id)
    if product_id:
        rows = rows.filter(product_id=product_id)
    items, cursor = cursor_page(rows, order=("product_id", "min_quantity", "id"), query=page)
    return {"items": items, "next_cursor": cursor}


@router.put("/price-lists/{price_list_id}/entries", response=schemas.EntriesSet, summary="Set prices")
def put_entries(request: HttpRequest, response: HttpResponse, price_list_id: UUID, body: schemas.EntriesIn) -> Any:
    """Set up to 50,000 prices, all or none. The same call again changes nothing."""
    done = set_prices(
        price_list_id=price_list_id, by=request.user, at=now(), replace=body.replace,
        expected_version=expected_version(request),
        prices=[NewPrice(each.price, each.product_id, each.sku, each.min_quantity, each.unit) for each in body.entries],
    )  # fmt: skip
    found = _answer(response, price_list_for(request.user, price_list_id))
    return {name: getattr(done, name) for name in ("added", "changed", "removed", "same")} | {"version": found.version}


@router.get("/price-lists/{price_list_id}/rules", response=schemas.RulesOut, summary="List formulas")
def list_rules(request: HttpRequest, response: HttpResponse, price_list_id: UUID) -> Any:
    """The list's formulas, in order."""
    found = _answer(response, price_list_for(request.user, price_list_id))
    sees_cost = access_of(request.user).sees_cost
    return {"rules": shown_rules(price_list_id, sees_cost=sees_cost), "version": found.version}


@router.put("/price-lists/{price_list_id}/rules", response=schemas.RulesOut, summary="Set formulas")
def put_rules(request: HttpRequest, response: HttpResponse, price_list_id: UUID, body: schemas.RulesIn) -> Any:
    """Give the list these formulas in the place of those it has, all or none."""
    set_rules(
        price_list_id=price_list_id, by=request.user, at=now(), expected_version=expected_version(request),
        rules=[NewRule(**rule.dict()) for rule in body.rules],
    )  # fmt: skip
    return list_rules(request, response, price_list_id)


@router.post("/prices/preview", response=schemas.PreviewOut, summary="Preview prices")
def post_preview(request: HttpRequest, body: schemas.PreviewIn) -> Any:
    """What these lines would cost, and why. Nothing is written."""
    access = access_of(request.user)
    access.require("product", "view")
    branch_id = body.branch_id or access.default_branch.id
    context = document_context(branch_id=branch_id, at=now())
    access.require("product", "view", company_id=context.company_id)
    if body.channel_id and not has_channel(context.company_id, body.channel_id):
        raise NotFound(field="channel_id")
    buyer, taxed = who_buys(
        by=request.user, context=context, customer_id=body.customer_id, channel_id=body.channel_id,
        country=body.country, region=body.region,
    )  # fmt: skip
    on = body.on or context.today
    preview = price_preview(
        context=context, on=on, at_time=body.at, buyer=buyer, currency=body.currency or "",
        discount_percent=body.discount_percent, discount_amount=body.discount_amount,
        lines=[WantedLine(**line.dict()) for line in body.lines], coupon_codes=body.coupon_codes,
        points=body.points,
        **taxed._asdict(),
    )  # fmt: skip
    return _preview(preview, on=on, sees_cost=access.sees_cost)


_LINE = ("counted", "list_price", "unit_price", "discount_percent", "discount_amount", "promotion_discount", "amount",
         "document_discount", "points_discount", "net", "other_tax_base", "tax_rate", "tax", "luxury_rate",
         "luxury_tax", "total")  # fmt: skip
_DOCUMENT = ("currency", "prices_include_tax", "subtotal", "discount", "net", "other_tax_base", "tax",
             "luxury_tax", "rounding", "total", "points_used", "points_amount", "points_most")  # fmt: skip


def _preview(preview: Preview, *, on: Any, sees_cost: bool) -> dict[str, Any]:
    priced = preview.priced
    lines = []
    for line, product, unit, quantity in zip(
        priced.lines, preview.products, preview.units, preview.quantities, strict=True
    ):
        stored = line.explanation()
        shown = explained_steps(stored, priced.currency, sees_cost=sees_cost)
        lines.append(
            {name: getattr(line, name) for name in _LINE}
            | {
                "product_id": product.id, "sku": product.sku, "name": product.name, "quantity": quantity,
                "gift_of": line.gift_of, "unit": unit, "tax_code": line.tax_code,
                "margin": line.margin if sees_cost else None,
                "why": [{"text": step.text, "struck": step.struck, "note": step.note} for step in shown],
                "steps": stored if sees_cost else without_cost(stored),
            }
        )  # fmt: skip
    return {name: getattr(priced, name) for name in _DOCUMENT} | {
        "on": on, "lines": lines, "margin": priced.margin if sees_cost else None,
        "tax_groups": [group._asdict() for group in priced.tax_groups],
        "problems": [{"line": int(problem.line_key), "code": problem.code} for problem in priced.problems],
        "promotions": [one._asdict() for one in priced.promotions],
        "refused_coupons": [
            {"code": code, "reason": reason, "text": coupon_refusal_text(code, reason)}
            for code, reason in preview.refused.items()
        ],
    }  # fmt: skip
