"""Writing and changing a quotation in the order grid."""

from dataclasses import asdict
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from niaga.core.clock import now
from niaga.core.errors import Refusal
from niaga.organization.access import access_of
from niaga.organization.queries.document_context import document_context
from niaga.organization.web.pages import bind_to
from niaga.parties.queries.customers import customer_for
from niaga.sales.models import Quotation
from niaga.sales.queries.documents import get_quotation
from niaga.sales.queries.lines import shown_quotation_lines, units_of
from niaga.sales.queries.templates import get_template, templates_for
from niaga.sales.rules.lines import from_json
from niaga.sales.services.draft_quotation import QuotationDetails, draft_quotation
from niaga.sales.services.update_quotation import update_quotation
from niaga.sales.web.customers import may_add
from niaga.sales.web.forms import QuotationForm, as_id
from niaga.sales.web.grid_lines import grid_lines, line_errors, order_grid, split_codes, to_input, unreadable
from niaga.sales.web.template_lines import template_grid_lines
from niaga.ui.forms import once
from niaga.ui.order_grid import read_lines
from niaga.ui.stale import one_at_a_time, overtaken, watched


@login_required
@require_http_methods(["GET", "POST"])
def new_quotation(request: HttpRequest) -> HttpResponse:
    """A new quotation; `?customer=` and `?template=` or `?from=` (another quotation) fill it."""
    access = access_of(request.user)
    access.require("quotation", "create")
    branch = access.default_branch
    context = document_context(branch_id=branch.id, at=now())
    if request.method == "POST":
        return _save(request, None, branch.id)
    initial: dict[str, Any] = {
        "customer": request.GET.get("customer", ""),
        "valid_until": context.today + timedelta(days=context.quotation_valid_days),
    }
    lines: list[dict[str, Any]] = []
    if template_id := as_id(request.GET.get("template", "")):
        template = get_template(template_id=template_id, by=request.user)
        lines = template_grid_lines(
            company_id=context.company_id, currency=context.currency, lines=[from_json(line) for line in template.lines]
        )
        initial |= {
            "note": template.note, "terms_text": template.terms_text,
            "valid_until": context.today + timedelta(days=template.valid_days),
        }  # fmt: skip
    form = QuotationForm(request, initial=initial)
    return _page(request, form, None, lines)


@login_required
@require_http_methods(["GET", "POST"])
@one_at_a_time
def edit_quotation(request: HttpRequest, quotation_id: UUID) -> HttpResponse:
    quotation = get_quotation(quotation_id=quotation_id, by=request.user)
    access_of(request.user).require("quotation", "change", quotation)
    if quotation.status != "draft":
        messages.info(request, _("This quotation is with the customer. Revise it to change it."))
        return redirect("sales:quotation", quotation_id)
    if request.method == "POST":
        return _save(request, quotation, quotation.branch_id)
    stored = shown_quotation_lines(quotation_id=quotation.id)
    units = units_of(company_id=quotation.company_id, lines=stored)
    return _page(
        request, watched(_form(request, quotation)), quotation, grid_lines(stored, units, currency=quotation.currency)
    )


def _form(request: HttpRequest, quotation: Quotation | None, data: Any = None) -> QuotationForm:
    """The form with what stands as its initial values."""
    if quotation is None:
        return QuotationForm(request, data)
    return QuotationForm(
        request,
        data,
        initial={
            "customer": quotation.customer_id, "contact": quotation.contact_id,
            "delivery_address": quotation.delivery_address.get("id"),
            "billing_address": quotation.billing_address.get("id"),
            "customer_reference": quotation.customer_reference,
            "salesperson": quotation.salesperson_id, "payment_term": quotation.payment_term_id,
            "channel": quotation.channel_id,
            "discount_percent": quotation.discount_percent.normalize() + 0 if quotation.discount_percent else None,
            "discount_amount": None if quotation.discount_percent else quotation.discount_amount or None,
            "coupon_codes": " ".join(quotation.coupon_codes), "points": quotation.points_used or None,
            "currency": quotation.currency,
            "note": quotation.note, "terms_text": quotation.terms_text, "valid_until": quotation.valid_until,
            "requested_date": quotation.requested_date,
            "version": quotation.version,
        },
    )  # fmt: skip


def _save(request: HttpRequest, quotation: Quotation | None, branch_id: UUID) -> HttpResponse:
    form = bind_to(request, partial(_form, request, quotation), subject=quotation.id if quotation else None)
    errors: dict[str, str] = {}
    try:
        lines = read_lines(request.POST.get("lines", ""))
    except Refusal as refusal:
        lines = []
        form.is_valid()
        form.add_error(None, str(refusal.message))
    if not overtaken(form) and form.is_valid():
        errors = unreadable(lines)
        if errors:
            form.add_error(None, _("Some lines need your attention."))
        else:
            try:
                return once(request, lambda: _deed(request, form, lines, quotation, branch_id))
            except Refusal as refusal:
                errors = line_errors(lines, refusal)
                form.refuse(request, refusal)
    return _page(request, form, quotation, request.POST.get("lines", ""), errors=errors, status=422)


def _deed(request: HttpRequest, form: QuotationForm, lines: Any, quotation: Quotation | None, branch_id: UUID) -> str:
    data = form.cleaned_data
    details = QuotationDetails(
        **asdict(form.places()), salesperson_id=form.chosen("salesperson"), payment_term_id=form.chosen("payment_term"),
        channel_id=form.chosen("channel"),
        valid_until=data["valid_until"], requested_date=data["requested_date"],
        customer_reference=data["customer_reference"],
        discount_percent=data["discount_percent"] or Decimal(0), discount_amount=data["discount_amount"] or Decimal(0),
        coupon_codes=split_codes(data["coupon_codes"]), points=int(data.get("points") or 0),
        currency=data.get("currency", ""),
        note=data["note"], terms_text=data["terms_text"],
    )  # fmt: skip
    customer_for(request.user, data["customer"])  # may this person sell to them
    if quotation is None:
        saved = draft_quotation(
            customer_id=data["customer"], branch_id=branch_id, lines=[to_input(line) for line in lines],
            details=details, by=request.user, at=now(),
        )  # fmt: skip
    else:
        stored = {line.id: line for line in shown_quotation_lines(quotation_id=quotation.id)}
        saved = update_quotation(
            quotation_id=quotation.id, version=data["version"], customer_id=data["customer"],
            lines=[to_input(line, stored=stored) for line in lines], details=details, by=request.user, at=now(),
        )  # fmt: skip
    return reverse("sales:quotation", args=[saved.id])


def _page(
    request: HttpRequest,
    form: QuotationForm,
    quotation: Quotation | None,
    lines: Any,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    facts = {
        "form": form, **may_add(request), "quotation": quotation, "customer": form.known,
        "grid": order_grid(lines=lines, errors=errors, requested=True),
        "templates": [] if quotation or status != 200 else list(templates_for(by=request.user)[:12]),
        "choose_template": request.GET.get("template", ""),
    }  # fmt: skip
    return render(request, "sales/quotation_form.html", facts, status=status)
