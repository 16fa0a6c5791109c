"""Writing a promotion: first what it does, then only the fields of that, with a sentence that tells what it will do."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from niaga.core import clock
from niaga.core.errors import Refusal
from niaga.organization.access import access_of
from niaga.organization.web.pages import bound_or_fresh
from niaga.pricing.errors import NeverPublished
from niaga.pricing.models import PriceChange
from niaga.pricing.queries.assortment import find_parts
from niaga.pricing.queries.drafted_promotion import drafted_promotion
from niaga.pricing.queries.price_changes import promotion_change_for
from niaga.pricing.queries.promotion_words import sentence, told_of
from niaga.pricing.queries.promotions import whole_promotion
from niaga.pricing.services.change_promotion import change_promotion
from niaga.pricing.services.create_promotion import create_promotion
from niaga.pricing.services.draft_promotion import draft_promotion
from niaga.pricing.services.prepare_promotion import prepare_promotion
from niaga.pricing.web.promotion_form import PromotionForm, initial_of
from niaga.pricing.web.promotion_kinds import KINDS
from niaga.pricing.web.promotion_rows import rows_of, take_faults
from niaga.pricing.web.rule_form import version_of
from niaga.ui.forms import once, refuse
from niaga.ui.stale import one_at_a_time, overtaken

PART_WORDS = {
    "product": _("product"), "family": _("family of variants"), "category": _("category"), "brand": _("brand"),
    "brand_in_category": _("brand in a category"),
}  # fmt: skip


@login_required
def new_promotion(request: HttpRequest) -> HttpResponse:
    """`GET` offers the kinds, with `?kind=` its empty form, `?like=` that of another one; `POST` opens it."""
    access = access_of(request.user)
    access.require("price_list", "create")
    like = _like(request)
    kind = KINDS.get(like.kind if like else request.GET.get("kind", ""))
    if kind is None:
        return render(request, "pricing/promotion_kinds.html", {"kinds": KINDS.values()})
    status = 200
    if request.method == "POST":
        form = PromotionForm(request, kind, request.POST)
        if form.is_valid():

            def deed() -> str:
                who: dict[str, Any] = {"company_id": access.current_company.id, "by": request.user, "at": clock.now()}
                if form.cleaned_data.get("prepared"):
                    change = prepare_promotion(promotion=form.promotion(), **who)
                    messages.success(request, gettext("The promotion is prepared aside."))
                    return reverse("pricing:price_change", args=[change.pk])
                made = create_promotion(promotion=form.promotion(), **who)
                if made.by_coupon:
                    messages.success(request, gettext("The promotion is there. Now its coupons."))
                    return reverse("pricing:new_coupons", args=[made.pk])
                messages.success(request, gettext("The promotion is there."))
                return reverse("pricing:promotion", args=[made.pk])

            try:
                return once(request, deed)
            except Refusal as refusal:
                _refuse(form, refusal)
        status = 422
    elif like:
        form = PromotionForm(request, kind, initial={**initial_of(like), "name": ""})
        form.rows = rows_of(like)
    else:
        form = PromotionForm(request, kind)
    return _page(request, form, status=status, shown=like)


def _like(request: HttpRequest) -> Any:
    try:
        return whole_promotion(request.user, UUID(request.GET["like"])) if "like" in request.GET else None
    except ValueError as error:
        raise Http404 from error


@login_required
@one_at_a_time
def edit_promotion(request: HttpRequest, promotion_id: UUID) -> HttpResponse:
    found = whole_promotion(request.user, promotion_id, "change")
    if found.unpublished:
        raise NeverPublished()
    kind = KINDS[found.kind]
    status = 200

    def made(data: Any) -> PromotionForm:
        args = () if data is None else (data,)
        return PromotionForm(request, kind, *args, initial=initial_of(found), new=False, promotion=found)

    standing = rows_of(found).shown().as_posted() | {"version": [str(found.version)]}
    form = bound_or_fresh(request, made, subject=found.id, more=standing)
    if request.method == "POST":
        if not overtaken(form) and form.is_valid():

            def deed() -> str:
                version = request.POST.get("version", "")
                change_promotion(
                    promotion_id=promotion_id, promotion=form.promotion(), by=request.user, at=clock.now(),
                    expected_version=int(version) if version.isdigit() else None,
                )  # fmt: skip
                messages.success(request, gettext("Saved."))
                return reverse("pricing:promotion", args=[promotion_id])

            try:
                return once(request, deed)
            except Refusal as refusal:
                _refuse(form, refusal)
        status = 422
    return _page(request, form, status=status, shown=found, promotion=found)


@login_required
@one_at_a_time
def draft(request: HttpRequest, promotion_change_id: UUID) -> HttpResponse:
    """Write into a prepared change how the promotion is to be."""
    promotion, change = promotion_change_for(request.user, promotion_change_id)
    found = drafted_promotion(request.user, promotion, change)
    kind = KINDS[found.kind]
    status = 200

    def made(data: Any) -> PromotionForm:
        args = () if data is None else (data,)
        return PromotionForm(request, kind, *args, initial=initial_of(found), new=False, promotion=found)

    standing = rows_of(found).shown().as_posted() | {"version": [str(change.version)]}
    form = bound_or_fresh(request, made, subject=change.pk, more=standing)
    if request.method == "POST":
        if not overtaken(form) and form.is_valid():

            def deed() -> str:
                draft_promotion(
                    change_id=promotion_change_id, promotion=form.promotion(), by=request.user, at=clock.now(),
                    expected_version=version_of(request),
                )  # fmt: skip
                messages.success(request, gettext("Saved in the change."))
                return reverse("pricing:price_change", args=[promotion_change_id])

            try:
                return once(request, deed)
            except Refusal as refusal:
                _refuse(form, refusal)
        status = 422
    return _page(request, form, status=status, shown=found, promotion=found, change=change)


@login_required
@require_POST
def tell(request: HttpRequest) -> HttpResponse:
    """The sentence of what is typed so far."""
    access_of(request.user).require("price_list", "view")
    kind = KINDS.get(request.GET.get("kind", ""))
    if kind is None:
        raise Http404
    form = PromotionForm(request, kind, request.POST)
    gift = request.POST.get("gift_product_id_text", "") if request.POST.get("gift_product_id") else ""
    return render(request, "pricing/promotion_told.html", {"told": form.told(gift[:250])})


@login_required
def parts(request: HttpRequest) -> HttpResponse:
    """`GET ?q=` for a lookup field: products, families, categories and brands as one types."""
    access_of(request.user).require("price_list", "view")
    return JsonResponse(
        [
            {
                "id": one.key,
                "label": gettext("%(brand)s in %(category)s") % {"brand": one.brand, "category": one.name}
                if one.brand
                else one.name,
                "detail": one.detail, "meta": str(PART_WORDS[one.kind]),
            }
            for one in find_parts(request.GET.get("q", "")[:100], request.user)
        ],
        safe=False,
    )  # fmt: skip


def _page(
    request: HttpRequest,
    form: PromotionForm,
    *,
    status: int,
    shown: Any = None,
    promotion: Any = None,
    change: PriceChange | None = None,
) -> HttpResponse:
    """`shown` is the promotion whose values an untouched form shows; `change` is what it is written into."""
    gift = (shown.gift_name or "") if shown else ""
    told = ""
    if form.is_bound:
        gift = request.POST.get("gift_product_id_text", "")[:250]
        told = form.told(gift)
    elif shown is not None:
        told = sentence(told_of(shown), with_whom=True)
    form.rows.shown()
    context = {
        "form": form, "kind": form.kind, "promotion": promotion, "gift_text": gift, "told": told,
        "title": promotion.name if promotion else form.kind.label, "change": change, **_way_back(promotion, change),
    }  # fmt: skip
    return render(request, "pricing/promotion_form.html", context, status=status)


def _way_back(promotion: Any, change: PriceChange | None) -> dict[str, Any]:
    if change is not None:
        return {"back": reverse("pricing:price_change", args=[change.pk]), "back_text": change.name}
    if promotion is not None:
        return {"back": reverse("pricing:promotion", args=[promotion.pk]), "back_text": promotion.name}
    return {"back": reverse("pricing:promotions"), "back_text": _("Promotions")}


def _refuse(form: PromotionForm, refusal: Refusal) -> None:
    """Each answer beside its field or its rows."""
    if not refusal.lines:
        alone = [{"field": refusal.field, "message": str(refusal.message)}]
        if take_faults(form.rows, alone):
            refuse(form, refusal)
        return
    for fault in take_faults(form.rows, refusal.lines):
        form.add_error(fault["field"] if fault["field"] in form.fields else None, fault["message"])
