"""The formulas of a prepared change, one at a time."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from niaga.core import clock
from niaga.core.errors import Refusal
from niaga.organization.access import access_of
from niaga.pricing.models import PriceChange, PriceList
from niaga.pricing.queries.difference_names import products_named
from niaga.pricing.queries.differences_of import differences_of
from niaga.pricing.queries.price_changes import list_change_for
from niaga.pricing.queries.rules_of import tells_cost
from niaga.pricing.services.change_rules import change_rules, drafted_rules
from niaga.pricing.services.set_rules import NewRule
from niaga.pricing.web.rule_form import RuleForm, initial_of, refuse_rule, told, version_of
from niaga.ui.forms import once


@login_required
def new_rule(request: HttpRequest, change_id: UUID) -> HttpResponse:
    return _page(request, list_change_for(request.user, change_id), None)


@login_required
def edit_rule(request: HttpRequest, change_id: UUID, position: int) -> HttpResponse:
    return _page(request, list_change_for(request.user, change_id), position)


@require_POST
@login_required
def tell(request: HttpRequest, change_id: UUID) -> HttpResponse:
    """What the formula that is being written would make of some products, with all else that the change changes."""
    found, change = list_change_for(request.user, change_id)
    return told(request, found, list(enumerate(drafted_rules(found, change), 1)), differences_of(change))


@require_POST
@login_required
def remove_rule(request: HttpRequest, change_id: UUID, position: int) -> HttpResponse:
    found, change = list_change_for(request.user, change_id)

    def deed() -> str:
        stored = drafted_rules(found, change)
        kept = [rule for place, rule in enumerate(stored, 1) if place != position]
        if len(kept) == len(stored):
            raise Http404
        change_rules(
            change_id=change_id, rules=kept, by=request.user, at=clock.now(), expected_version=version_of(request)
        )
        messages.success(request, gettext("The change takes the formula away."))
        return reverse("pricing:price_change", args=[change_id])

    return once(request, deed)


def _page(request: HttpRequest, found: tuple[PriceList, PriceChange], position: int | None) -> HttpResponse:
    price_list, change = found
    stored = drafted_rules(price_list, change)
    changed: NewRule | None = stored[position - 1] if position is not None and 0 < position <= len(stored) else None
    hidden = changed is not None and tells_cost(changed) and not access_of(request.user).sees_cost
    if position is not None and (changed is None or hidden):
        raise Http404
    status = 200
    form = RuleForm(request, price_list, initial=initial_of(changed) if changed else {"basis": "price"})
    if request.method == "POST":
        form = RuleForm(request, price_list, request.POST)
        if form.is_valid():

            def deed() -> str:
                written = form.rule()
                rules = [written if rule is changed else rule for rule in stored]
                change_rules(
                    change_id=change.pk, rules=rules if changed else [*rules, written], by=request.user,
                    at=clock.now(), expected_version=version_of(request),
                )  # fmt: skip
                messages.success(request, gettext("Saved in the change."))
                return reverse("pricing:price_change", args=[change.pk])

            try:
                return once(request, deed)
            except Refusal as refusal:
                refuse_rule(form, refusal, place=position or len(stored) + 1)
        status = 422
    context: dict[str, Any] = {
        "form": form, "rule": changed, "product_text": request.POST.get("product_id_text", _product(change, changed)),
        "title": gettext("Formula") if changed else gettext("New formula"), "version": change.version,
        "back": reverse("pricing:price_change", args=[change.pk]), "back_text": change.name,
        "draft": f"change-rule-{change.pk}",
        "tell": f"{reverse('pricing:tell_change_formula', args=[change.pk])}?position={position or 0}",
        "remove": reverse("pricing:remove_change_rule", args=[change.pk, position]) if position is not None else "",
    }  # fmt: skip
    return render(request, "pricing/rule_form.html", context, status=status)


def _product(change: PriceChange, rule: NewRule | None) -> str:
    if rule is None or rule.product_id is None:
        return ""
    known = products_named(change.company_id, {rule.product_id}).get(rule.product_id)
    return known.name if known else ""
