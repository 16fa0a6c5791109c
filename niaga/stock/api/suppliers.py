"""Who sends goods straight to customers."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from niaga.catalog.queries.products import product_for
from niaga.core.api import Page, PageQuery, Price, page_of
from niaga.core.clock import now
from niaga.core.errors import NotFound
from niaga.organization.access import access_of
from niaga.stock.queries.suppliers import get_supplier, supply_of, visible_suppliers
from niaga.stock.services.archive_supplier import archive_supplier
from niaga.stock.services.save_supplier import SupplierDetails, save_supplier
from niaga.stock.services.save_supply import save_supply

router = Router(tags=["drop-ships"])


class SupplierIn(Schema):
    name: str = Field(min_length=1, max_length=120)
    contact: str = Field("", max_length=120)
    email: str = Field("", max_length=254)
    phone: str = Field("", max_length=40)
    address: str = Field("", max_length=1_000)
    language: Literal["id", "en"] = "id"
    lead_days: int = Field(3, ge=0, le=365, description="From asking to sending, usually.")
    mails_at_once: bool = Field(False, description="Requests are mailed as soon as an order is confirmed.")


class SupplierOut(Schema):
    id: UUID
    name: str
    contact: str
    email: str
    phone: str
    address: str
    language: str
    lead_days: int
    mails_at_once: bool
    archived_at: datetime | None


class SupplyIn(Schema):
    supplier_id: UUID
    code: str = Field("", max_length=40, description="What the supplier calls it.")
    unit_cost: Price | None = Field(None, description="Agreed, of one base unit; kept only of who may see costs.")


class SupplyOut(Schema):
    product_id: UUID
    supplier_id: UUID
    code: str
    unit_cost: Decimal | None = Field(description="For who may see costs.")

    @staticmethod
    def resolve_unit_cost(row: Any, context: Any) -> Decimal | None:
        return row.unit_cost if access_of(context["request"].user).sees_cost else None


@router.get("/suppliers", response=Page[SupplierOut], summary="List suppliers")
def list_suppliers(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """Who sends goods straight to customers, those put away too."""
    access_of(request.user).require("product", "view")
    return page_of(visible_suppliers(by=request.user, archived=True), order=("name", "id"), query=query)


@router.post("/suppliers", response={201: SupplierOut}, summary="Add a supplier")
def post_supplier(request: HttpRequest, response: HttpResponse, body: SupplierIn) -> Any:
    access = access_of(request.user)
    supplier = save_supplier(
        supplier_id=None, company_id=access.current_company.id, details=SupplierDetails(**body.dict()),
        by=request.user, at=now(),
    )  # fmt: skip
    response["Location"] = f"/api/v1/suppliers/{supplier.id}"
    return Status(201, supplier)


@router.get("/suppliers/{supplier_id}", response=SupplierOut, summary="Show a supplier")
def read_supplier(request: HttpRequest, supplier_id: UUID) -> Any:
    access_of(request.user).require("product", "view")
    return get_supplier(supplier_id=supplier_id, by=request.user)


@router.put("/suppliers/{supplier_id}", response=SupplierOut, summary="Change a supplier")
def put_supplier(request: HttpRequest, supplier_id: UUID, body: SupplierIn) -> Any:
    """Requests that were made keep what they say."""
    access = access_of(request.user)
    access.require("product", "change")
    get_supplier(supplier_id=supplier_id, by=request.user)
    return save_supplier(
        supplier_id=supplier_id, company_id=access.current_company.id, details=SupplierDetails(**body.dict()),
        by=request.user, at=now(),
    )  # fmt: skip


@router.put("/suppliers/{supplier_id}/archive", response=SupplierOut, summary="Put a supplier away")
def archive(request: HttpRequest, supplier_id: UUID) -> Any:
    """Nothing new is asked of them."""
    access_of(request.user).require("product", "change")
    get_supplier(supplier_id=supplier_id, by=request.user)
    return archive_supplier(supplier_id=supplier_id, archived=True, by=request.user, at=now())


@router.delete("/suppliers/{supplier_id}/archive", response=SupplierOut, summary="Take a supplier back")
def restore(request: HttpRequest, supplier_id: UUID) -> Any:
    access_of(request.user).require("product", "change")
    get_supplier(supplier_id=supplier_id, by=request.user)
    return archive_supplier(supplier_id=supplier_id, archived=False, by=request.user, at=now())


@router.get("/products/{product_id}/supply", response=SupplyOut, summary="Show a product's way of supply")
def read_supply(request: HttpRequest, product_id: UUID) -> Any:
    """Who sends it straight to customers; 404 when it comes from stock."""
    product_for(request.user, product_id)
    found = supply_of(product_id)
    if found is None:
        raise NotFound()
    return found


@router.put("/products/{product_id}/supply", response=SupplyOut, summary="Supply a product straight from a supplier")
def put_supply(request: HttpRequest, product_id: UUID, body: SupplyIn) -> Any:
    """Orders that are confirmed from now on ask this supplier."""
    access_of(request.user).require("product", "change")
    product = product_for(request.user, product_id)
    return save_supply(product_id=product_id, company_id=product.company_id, **body.dict(), by=request.user, at=now())


@router.delete("/products/{product_id}/supply", response={204: None}, summary="Supply a product from stock")
def delete_supply(request: HttpRequest, product_id: UUID) -> Any:
    access_of(request.user).require("product", "change")
    product = product_for(request.user, product_id)
    save_supply(product_id=product_id, company_id=product.company_id, supplier_id=None, by=request.user, at=now())
    return Status(204, None)
