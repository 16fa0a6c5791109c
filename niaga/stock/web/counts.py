"""Counting stock: a sheet, what was found, and the differences."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from niaga.core import clock
from niaga.core.errors import Invalid, NotFound, Refusal
from niaga.organization.access import access_of
from niaga.stock.models import Adjustment
from niaga.stock.queries.counts import adjustment_lines, visible_adjustments
from niaga.stock.services.cancel_count import cancel_count
from niaga.stock.services.draft_count import draft_count
from niaga.stock.services.enter_count import enter_count
from niaga.stock.services.post_count import post_count
from niaga.stock.web.papers import WarehouseForm
from niaga.stock.web.tabs import may
from niaga.stock.web.words import COUNT
from niaga.ui import formatting
from niaga.ui.documents import Action, Consequence
from niaga.ui.forms import once, refuse


class CountForm(WarehouseForm):
    reason = forms.CharField(label=_("Name of the count"), max_length=200, required=False)


@login_required
def new_count(request: HttpRequest) -> HttpResponse:
    access_of(request.user).require("stock", "create")
    form = CountForm(request, request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():

            def deed() -> str:
                count = draft_count(
                    warehouse_id=UUID(form.cleaned_data["warehouse"]), reason=form.cleaned_data["reason"],
                    by=request.user, at=clock.now(),
                )  # fmt: skip
                return reverse("stock:count", args=[count.pk])

            try:
                return once(request, deed)
            except Refusal as refusal:
                refuse(form, refusal)
    context = {
        "form": form, "title": _("Count stock"), "button": _("Make the sheet"), "back": reverse("stock:adjustments"),
        "teach": _(
            "The sheet lists everything the warehouse has. Enter what you find; lines that you leave empty stay as"
            " they are."
        ),
    }  # fmt: skip
    return render(request, "stock/paper_form.html", context, status=status)


def _found(request: HttpRequest, count_id: UUID) -> Adjustment:
    found = visible_adjustments(by=request.user).filter(pk=count_id, is_count=True).first()
    if found is None:
        raise NotFound()
    return found


@login_required
def show_count(request: HttpRequest, count_id: UUID) -> HttpResponse:
    """The sheet; a POST writes down what was counted."""
    count = _found(request, count_id)
    if request.method == "POST":
        return once(request, lambda: _enter(request, count))
    open_ = count.status == "draft"
    primary = None
    if open_ and may(request, "record") and count.counted_count:  # type: ignore[attr-defined]
        primary = Action(
            _("Post the differences"), url=reverse("stock:count_posting", args=[count_id]), icon="check", kind="go",
            confirm=Consequence(
                _("Post this count?"),
                _("What was counted becomes what is on hand. The moves stay for good; lines without a figure are left"
                  " as they are."),
            ),
        )  # fmt: skip
    more = None
    if open_ and may(request, "cancel"):
        more = Action(_("Put aside"), url=reverse("stock:count_cancellation", args=[count_id]), icon="ban")
    context = {
        "count": count, "status": COUNT[count.status], "lines": adjustment_lines(count_id), "primary": primary,
        "more": more, "may_enter": open_ and may(request, "change"),
    }  # fmt: skip
    return render(request, "stock/count.html", context)


def _enter(request: HttpRequest, count: Adjustment) -> str:
    counted: dict[UUID, Decimal | None] = {}
    for name, text in request.POST.items():
        if name.startswith("line-"):
            try:
                counted[UUID(name.removeprefix("line-"))] = (
                    formatting.parse_number(str(text)) if str(text).strip() else None
                )
            except ValueError as error:
                message = gettext("“%(text)s” is no number.") % {"text": str(text)[:40]}
                raise Invalid(message, field=name) from error
    version: Any = request.POST.get("version", "")
    enter_count(
        count_id=count.pk, counted=counted, version=int(version) if version.isdigit() else None, by=request.user,
        at=clock.now(),
    )  # fmt: skip
    messages.success(request, gettext("Saved."))
    return reverse("stock:count", args=[count.pk])


@login_required
@require_POST
def post(request: HttpRequest, count_id: UUID) -> HttpResponse:
    _found(request, count_id)

    def deed() -> str:
        post_count(count_id=count_id, by=request.user, at=clock.now())
        messages.success(request, gettext("What was counted is on hand now."))
        return reverse("stock:count", args=[count_id])

    return once(request, deed)


@login_required
@require_POST
def cancel(request: HttpRequest, count_id: UUID) -> HttpResponse:
    _found(request, count_id)

    def deed() -> str:
        cancel_count(count_id=count_id, by=request.user, at=clock.now())
        messages.success(request, gettext("The count is put aside."))
        return reverse("stock:count", args=[count_id])

    return once(request, deed)
