"""Settings: the places where goods are."""

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
from django.views.decorators.http import require_GET, require_POST

from niaga.core import clock
from niaga.core.errors import NotFound, Refusal
from niaga.organization.access import access_of
from niaga.organization.queries.branches import branches
from niaga.organization.web.pages import bound_or_fresh
from niaga.stock.queries.warehouses import all_warehouses
from niaga.stock.services.archive_warehouse import archive_warehouse
from niaga.stock.services.change_warehouse import change_warehouse
from niaga.stock.services.create_warehouse import create_warehouse
from niaga.ui.forms import once, refuse
from niaga.ui.stale import one_at_a_time, overtaken


class PlaceForm(forms.Form):
    code = forms.CharField(label=_("Code"), max_length=20)
    name = forms.CharField(label=_("Name"), max_length=80)
    branch = forms.ChoiceField(label=_("Branch"))

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].choices = [  # type: ignore[attr-defined]
            (str(key), name) for key, name in branches(by=request.user).values_list("id", "name")
        ]


@login_required
@require_GET
def warehouses(request: HttpRequest) -> HttpResponse:
    access_of(request.user).require("setting", "view")
    context = {"rows": list(all_warehouses(by=request.user)), "may_change": _may_change(request)}
    return render(request, "stock/warehouses.html", context)


def _may_change(request: HttpRequest) -> bool:
    return access_of(request.user).allows("setting", "manage")


@login_required
@one_at_a_time
def edit_warehouse(request: HttpRequest, warehouse_id: UUID | None = None) -> HttpResponse:
    """A new warehouse, or a change of one."""
    access = access_of(request.user)
    access.require("setting", "manage")
    row = None
    if warehouse_id is not None:
        row = all_warehouses(by=request.user).filter(pk=warehouse_id).first()
        if row is None:
            raise NotFound()
    initial = {"code": row.code, "name": row.name, "branch": str(row.branch_id)} if row else {}
    form = bound_or_fresh(request, lambda data: PlaceForm(request, data, initial=initial), subject=warehouse_id)
    status = 200
    if request.method == "POST":
        status = 422
        if not overtaken(form) and form.is_valid():
            facts = form.cleaned_data

            def deed() -> str:
                shared: dict[str, Any] = {
                    "code": facts["code"], "name": facts["name"], "branch_id": UUID(facts["branch"]),
                    "by": request.user, "at": clock.now(),
                }  # fmt: skip
                if warehouse_id is None:
                    create_warehouse(company_id=access.current_company.id, **shared)
                else:
                    change_warehouse(warehouse_id=warehouse_id, **shared)
                messages.success(request, gettext("Saved."))
                return reverse("stock:warehouses")

            try:
                return once(request, deed)
            except Refusal as refusal:
                refuse(form, refusal)
    return render(request, "stock/warehouse_form.html", {"form": form, "row": row}, status=status)


@login_required
@require_POST
def archive(request: HttpRequest, warehouse_id: UUID) -> HttpResponse:
    def deed() -> str:
        row = archive_warehouse(warehouse_id=warehouse_id, by=request.user, at=clock.now())
        words = gettext("Archived.") if row.archived_at else gettext("Restored.")
        messages.success(request, words, extra_tags=f"undo:{reverse('stock:archive_warehouse', args=[warehouse_id])}")
        return reverse("stock:warehouses")

    return once(request, deed)
