"""`/products`: what is sold, with its units, bar codes and bundle parts."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from niaga.catalog.api.schemas import (
    ProductIn,
    ProductOut,
    ProductPatch,
    ProductQuery,
    ProductRow,
    SubstitutesIn,
    SubstitutesOut,
)
from niaga.catalog.models import Product
from niaga.catalog.queries.bundles import tell_bundle_costs
from niaga.catalog.queries.catalog_lists import narrowed_products, whole_product
from niaga.catalog.queries.products import product_for
from niaga.catalog.queries.substitutes import substitutes_of
from niaga.catalog.rules.product import NewSubstitute
from niaga.catalog.services.archive_product import archive_product
from niaga.catalog.services.create_product import create_product
from niaga.catalog.services.save_substitutes import save_substitutes
from niaga.catalog.services.update_product import update_product
from niaga.core.api import Page, cursor_page, etag, expected_version
from niaga.core.clock import now
from niaga.organization.access import access_of

router = Router(tags=["products"])


def _shown(request: HttpRequest, response: HttpResponse, product_id: UUID) -> Product:
    product = whole_product(request.user, product_id)
    response["ETag"] = etag(product.version)
    return product


@router.get("", response=Page[ProductRow], summary="List products")
def list_products(request: HttpRequest, query: Query[ProductQuery]) -> Any:
    access_of(request.user).require("product", "view")
    rows = narrowed_products(request.user, **query.dict(exclude={"cursor", "limit"}))
    items, next_cursor = cursor_page(rows.select_related("unit", "tax_category"), order=("id",), query=query)
    tell_bundle_costs(items)
    return {"items": items, "next_cursor": next_cursor}


@router.post("", response={201: ProductOut}, summary="Create a product")
def create(request: HttpRequest, response: HttpResponse, body: ProductIn) -> Any:
    company_id = access_of(request.user).current_company.id
    product = create_product(company_id=company_id, by=request.user, at=now(), **body.facts())
    response["Location"] = f"{request.path}/{product.pk}"
    return Status(201, _shown(request, response, product.pk))


@router.get("/{product_id}", response=ProductOut, summary="Show a product")
def show(request: HttpRequest, response: HttpResponse, product_id: UUID) -> Any:
    return _shown(request, response, product_id)


@router.patch("/{product_id}", response=ProductOut, summary="Change a product")
def change(request: HttpRequest, response: HttpResponse, product_id: UUID, body: ProductPatch) -> Any:
    update_product(product_id=product_id, by=request.user, at=now(), version=expected_version(request), **body.facts())
    return _shown(request, response, product_id)


@router.put("/{product_id}/archive", response=ProductOut, summary="Archive a product")
def archive(request: HttpRequest, response: HttpResponse, product_id: UUID) -> Any:
    archive_product(product_id=product_id, by=request.user, at=now(), version=expected_version(request))
    return _shown(request, response, product_id)


@router.delete("/{product_id}/archive", response=ProductOut, summary="Restore a product")
def restore(request: HttpRequest, response: HttpResponse, product_id: UUID) -> Any:
    archive_product(product_id=product_id, by=request.user, at=now(), version=expected_version(request), restore=True)
    return _shown(request, response, product_id)


def _substitutes(request: HttpRequest, response: HttpResponse, product_id: UUID) -> Any:
    product = product_for(request.user, product_id)
    response["ETag"] = etag(product.version)
    return {"substitutes": list(substitutes_of(product.pk))}


@router.get("/{product_id}/substitutes", response=SubstitutesOut, summary="List what may go in place of a product")
def show_substitutes(request: HttpRequest, response: HttpResponse, product_id: UUID) -> Any:
    """In the order in which they are offered when a pick falls short."""
    return _substitutes(request, response, product_id)


@router.put("/{product_id}/substitutes", response=SubstitutesOut, summary="Say what may go in place of a product")
def put_substitutes(request: HttpRequest, response: HttpResponse, product_id: UUID, body: SubstitutesIn) -> Any:
    """Replaces the list."""
    save_substitutes(
        product_id=product_id, substitutes=[NewSubstitute(**one.dict()) for one in body.substitutes],
        version=expected_version(request), by=request.user, at=now(),
    )  # fmt: skip
    return _substitutes(request, response, product_id)
