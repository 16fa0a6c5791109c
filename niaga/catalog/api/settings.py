"""`/product-categories`, `/product-families`, `/units`, `/tax-categories`: the catalog's settings."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status

from niaga.catalog.api.schemas import (
    CategoryIn,
    CategoryOut,
    FamilyIn,
    FamilyOut,
    TaxCategoryIn,
    TaxCategoryOut,
    UnitIn,
    UnitOut,
)
from niaga.catalog.queries.catalog_lists import categories_for, families_for, tax_categories_for, units_for
from niaga.catalog.rules.tax_rates import NewTaxRate
from niaga.catalog.services.save_category import save_category
from niaga.catalog.services.save_family import save_family
from niaga.catalog.services.save_tax_category import save_tax_category
from niaga.catalog.services.save_unit import save_unit
from niaga.core.api import Page, PageQuery, cursor_page
from niaga.core.clock import now
from niaga.organization.access import access_of

categories, families = Router(tags=["products"]), Router(tags=["products"])
units, taxes = Router(tags=["settings"]), Router(tags=["settings"])


def _company(request: HttpRequest) -> UUID:
    return access_of(request.user).current_company.id


def _page(rows: Any, query: PageQuery) -> dict[str, Any]:
    items, next_cursor = cursor_page(rows, order=("id",), query=query)
    return {"items": items, "next_cursor": next_cursor}


@categories.get("", response=Page[CategoryOut], summary="List product categories")
def list_categories(request: HttpRequest, query: Query[PageQuery]) -> Any:
    access_of(request.user).require("product", "view")
    return _page(categories_for(request.user), query)


@categories.post("", response={201: CategoryOut}, summary="Create a product category")
def create_category(request: HttpRequest, body: CategoryIn) -> Any:
    return Status(201, save_category(company_id=_company(request), by=request.user, at=now(), **body.dict()))


@categories.put("/{category_id}", response=CategoryOut, summary="Change a product category")
def change_category(request: HttpRequest, category_id: UUID, body: CategoryIn) -> Any:
    return save_category(
        company_id=_company(request), category_id=category_id, by=request.user, at=now(), **body.dict()
    )


@families.get("", response=Page[FamilyOut], summary="List product families")
def list_families(request: HttpRequest, query: Query[PageQuery]) -> Any:
    access_of(request.user).require("product", "view")
    return _page(families_for(request.user), query)


@families.post("", response={201: FamilyOut}, summary="Create a product family")
def create_family(request: HttpRequest, body: FamilyIn) -> Any:
    return Status(201, save_family(company_id=_company(request), by=request.user, at=now(), **body.dict()))


@families.put("/{family_id}", response=FamilyOut, summary="Change a product family")
def change_family(request: HttpRequest, family_id: UUID, body: FamilyIn) -> Any:
    return save_family(company_id=_company(request), family_id=family_id, by=request.user, at=now(), **body.dict())


@units.get("", response=Page[UnitOut], summary="List units")
def list_units(request: HttpRequest, query: Query[PageQuery]) -> Any:
    access_of(request.user).require("product", "view")
    return _page(units_for(request.user), query)


@units.post("", response={201: UnitOut}, summary="Create a unit")
def create_unit(request: HttpRequest, body: UnitIn) -> Any:
    return Status(201, save_unit(company_id=_company(request), by=request.user, at=now(), **body.dict()))


@units.put("/{unit_id}", response=UnitOut, summary="Change a unit")
def change_unit(request: HttpRequest, unit_id: UUID, body: UnitIn) -> Any:
    return save_unit(company_id=_company(request), unit_id=unit_id, by=request.user, at=now(), **body.dict())


@taxes.get("", response=Page[TaxCategoryOut], summary="List tax categories")
def list_taxes(request: HttpRequest, query: Query[PageQuery]) -> Any:
    access_of(request.user).require("product", "view")
    return _page(tax_categories_for(request.user, archived=True), query)


@taxes.post("", response={201: TaxCategoryOut}, summary="Create a tax category")
def create_tax(request: HttpRequest, body: TaxCategoryIn) -> Any:
    return Status(201, _saved(request, body, None))


@taxes.put("/{category_id}", response=TaxCategoryOut, summary="Change a tax category")
def change_tax(request: HttpRequest, category_id: UUID, body: TaxCategoryIn) -> Any:
    return _saved(request, body, category_id)


def _saved(request: HttpRequest, body: TaxCategoryIn, category_id: UUID | None) -> Any:
    saved = save_tax_category(
        company_id=_company(request), code=body.code, name=body.name, category_id=category_id, by=request.user,
        at=now(), rates=[NewTaxRate(**rate.dict()) for rate in body.rates], add_info=body.add_info,
        facility_stamp=body.facility_stamp,
    )  # fmt: skip
    return tax_categories_for(request.user, archived=True).get(pk=saved.pk)
