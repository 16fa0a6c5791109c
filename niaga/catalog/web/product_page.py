"""The page of a product: what it is, how it is sold, what is in it, and what other apps know of it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from niaga.catalog.models import Product
from niaga.catalog.queries.catalog_lists import category_tree, variants_of, whole_product
from niaga.catalog.queries.products import product_for
from niaga.catalog.queries.substitutes import substitutes_of
from niaga.catalog.rules.load import GoodsLoad, each_of, goods_load
from niaga.catalog.services.archive_product import archive_product
from niaga.catalog.services.update_product import update_product
from niaga.catalog.web.product_list import KINDS
from niaga.core import clock
from niaga.documents.queries.attachments import as_files, attached_to, upload_url
from niaga.organization.access import access_of
from niaga.ui.documents import Action, Consequence
from niaga.ui.forms import once
from niaga.ui.registry import sections_of


@login_required
def show_product(request: HttpRequest, product_id: UUID) -> HttpResponse:
    product = whole_product(request.user, product_id)
    access = access_of(request.user)
    currency = access.current_company.currency
    units = [
        {
            "unit": row.unit, "factor": row.factor, "own": row.price is not None,
            "price": row.price if row.price is not None else product.price * row.factor,
            "weight": each_of(product.weight, row.weight, row.factor),
            "volume": each_of(product.volume, row.volume, row.factor),
        }
        for row in sorted(product.units.all(), key=lambda row: row.factor)
    ]  # fmt: skip
    path = ""
    if product.category_id:
        nodes = category_tree(product.company_id, archived=True)
        path = next((node.path for node in nodes if node.id == product.category_id), "")
    may_change = access.allows("product", "change", product.company_id) and product.archived_at is None
    attached = attached_to(kind="product", subject_id=product.pk)
    context = {
        "product": product,
        "currency": currency,
        "kind": KINDS[product.kind],
        "units": units,
        "load": load_of_one(product),
        "barcodes": sorted(product.barcodes.all(), key=lambda row: row.code),
        "parts": list(product.parts.all()),
        "substitutes": list(substitutes_of(product.pk)) if product.kind == "goods" else [],
        "variants": list(variants_of(request.user, product.family_id)) if product.family_id else [],
        "path": path,
        "sees_cost": access.sees_cost,
        "margin": _margin(product) if access.sees_cost else None,
        "may_change": may_change,
        "files": as_files(attached, removable=may_change),
        "upload_url": upload_url(kind="product", subject_id=product.pk) if may_change else "",
        "pictures": pictures_among(attached),
        "sections": sections_of(request, product.pk, {"unit": product.unit.code, "currency": currency}),
        "actions": _actions(request, product),
    }
    return render(request, "catalog/product.html", context)


def load_of_one(product: Product) -> GoodsLoad:
    """What one base unit weighs and takes up; of a bundle, what its parts do."""
    if product.kind != "bundle":
        return goods_load([(product.kind == "goods", Decimal(1), product.weight, product.volume)])
    parts = [(part.product.kind == "goods", part.quantity, part.product.weight, part.product.volume)
             for part in product.parts.all()]  # fmt: skip
    return goods_load(parts)


def _margin(product: Product) -> Any:
    """Share of the list price that is not cost, in percent."""
    if product.cost is None or not product.price:
        return None
    return (product.price - product.cost) * 100 / product.price


def _actions(request: HttpRequest, product: Product) -> dict[str, Any]:
    access = access_of(request.user)
    archived = product.archived_at is not None
    more = []
    if access.allows("product", "create", product.company_id) and not archived:
        url = f"{reverse('catalog:new')}?like={product.pk}"
        more.append(Action(_("Duplicate"), url=url, icon="copy", method="get"))
        more.append(
            Action(_("Variants"), url=reverse("catalog:variants", args=[product.pk]), icon="layers", method="get")
        )
    if access.allows("product", "archive", product.company_id):
        url = reverse("catalog:archive", args=[product.pk])
        ask = Consequence(
            _("Archive this product?"), _("New documents are no longer offered it. Stock and what names it stay.")
        )
        word = _("Restore") if archived else _("Archive")
        more.append(Action(word, url=url, icon="archive", confirm=None if archived else ask))
    primary = None
    if access.allows("product", "change", product.company_id) and not archived:
        url = reverse("catalog:change", args=[product.pk])
        primary = Action(_("Edit"), url=url, icon="pencil", method="get", kind="go", key="e")
    return {"primary": primary, "more": more}


def pictures_among(attached: Iterable[Any]) -> list[Any]:
    """The files that are pictures."""
    return [one for one in attached if one.file.inline and one.file.media_type.startswith("image/")]


@login_required
@require_POST
def choose_picture(request: HttpRequest, product_id: UUID) -> HttpResponse:
    """Make one of the product's pictures the one that lists and documents show."""

    def deed() -> str:
        product = product_for(request.user, product_id)
        wanted = request.POST.get("picture", "")
        pictures = pictures_among(attached_to(kind="product", subject_id=product.pk))
        chosen = next((one.pk for one in pictures if str(one.pk) == wanted), None)
        update_product(product_id=product_id, by=request.user, at=clock.now(), image_id=chosen)
        messages.success(request, gettext("Saved."))
        return reverse("catalog:product", args=[product_id])

    return once(request, deed)


@login_required
@require_POST
def archive(request: HttpRequest, product_id: UUID) -> HttpResponse:
    """Put the product away, or back when it is."""

    def deed() -> str:
        archived = product_for(request.user, product_id).archived_at is not None
        archive_product(product_id=product_id, by=request.user, at=clock.now(), restore=archived)
        if archived:
            messages.success(request, gettext("Restored."))
        else:
            undo = reverse("catalog:archive", args=[product_id])
            messages.success(request, gettext("Archived."), extra_tags=f"undo:{undo}")
        return reverse("catalog:product", args=[product_id])

    return once(request, deed)
