"""The project's addresses and some pages that only tests have."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import CharField, DecimalField, QuerySet, Value
from django.db.models.functions import NullIf
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.urls import path
from django_cotton.compiler_regex import CottonCompiler

from niaga.config.urls import urlpatterns as project
from niaga.core.errors import Refusal, WrongState
from niaga.ui.documents import Action, DocumentPage
from niaga.ui.forms import AmountField, once, refuse
from niaga.ui.lists import (
    BulkAction,
    Choice,
    Day,
    Days,
    Done,
    Empty,
    Flag,
    Listing,
    Money,
    Search,
    Status,
    StatusColumn,
    Text,
    Total,
    View,
)
from niaga.ui.models import SavedView
from niaga.ui.order_grid import OrderGrid, products_answer
from niaga.ui.web.style import preview, style

DEEDS: list[str] = []
GRID = """{% extends "ui/app.html" %}{% load ui %}{% block head %}{% asset "grid" %}{% endblock %}
{% block content %}<h1>Grid</h1><c-form id="f" draft="grid"><c-order_grid :grid="grid" /></c-form>{% endblock %}"""
FORM = """{% extends "ui/app.html" %}
{% block content %}<c-form id="f" draft="d" :form="form"><c-fields :form="form" /></c-form>{% endblock %}"""


def send(request: HttpRequest, ids: list[UUID]) -> Done:
    if not SavedView.objects.filter(pk__in=ids).exists():
        raise WrongState()
    return Done(f"{len(ids)} sent", undo_url="/undo")


class Samples(Listing):
    key, title, sort = "samples", "Samples", "name"
    columns = (
        Text("name", "Name", sort="name", sub="query", phone="title"),
        StatusColumn("list_key", "Status", statuses={"sent": Status("Sent", "calm", "send")}, phone="status"),
        Day("date", "Date", source="created_at", sort="created_at", phone="meta"),
        Money("total", "Total", phone="value"),
        Money("cost", "Cost", source="total", hidden_from=lambda request: True),
        Text("note", "Note", source=lambda row: "", sort="key_or_none"),
    )
    filters = (
        Search("q", "Find", match=lambda rows, text: rows.filter(name__startswith=text)),
        Choice("status", "Status", options=[("sent", "Sent"), ("draft", "Draft")], lookup="list_key"),
        Days("date", "Date", lookup="created_at__date"),
        Flag("mine", "Mine", match=lambda rows: rows.none()),
    )
    views = (View("Waiting", "status=sent"),)
    totals = (Total("total", "Total", currency="currency"),)
    bulk = (BulkAction("send", "Send", act=send),)
    empty = Empty("No samples", "A sample is a sample.")

    def rows(self) -> QuerySet[Any, Any]:
        return SavedView.objects.filter(user_id=UUID(int=7)).annotate(
            total=Value(Decimal("1000.5"), output_field=DecimalField(max_digits=19, decimal_places=4)),
            currency=Value("IDR", output_field=CharField()),
            key_or_none=NullIf("list_key", Value("")),
        )

    def url(self, row: Any) -> str:
        return f"/samples/{row.pk}"

    def actions(self) -> list[Action]:
        edit = Action("Edit all", url="/samples/edit", method="get")
        new = Action("New sample", url="/samples/new", method="get", kind="go")
        return [edit, new] if "reader" not in self.request.GET else [edit]


class SampleForm(forms.Form):
    name = forms.CharField()
    limit = AmountField(required=False)


@login_required
def form(request: HttpRequest) -> HttpResponse:
    sample = SampleForm(request.POST or None)
    if request.method == "POST" and sample.is_valid():

        def deed() -> str:
            if sample.cleaned_data["name"] == "taken":
                raise Refusal("This name is taken.", field="name")
            DEEDS.append(sample.cleaned_data["name"])
            return "/samples"

        try:
            return once(request, deed)
        except Refusal as refusal:
            refuse(sample, refusal)
    page = engines["django"].from_string(CottonCompiler().process(FORM)).render({"form": sample}, request)
    return HttpResponse(page, status=422 if sample.errors else 200)


@login_required
def refused(request: HttpRequest) -> HttpResponse:
    raise WrongState("The quotation has expired.", field="valid_until")


@login_required
def document(request: HttpRequest) -> HttpResponse:
    page = DocumentPage(
        kind="quotation", id=UUID(int=1), number="SQ-1", party="<b>Toko</b>", party_id=UUID(int=2), live=False
    ).read(request)
    return render(request, "ui/document.html", {"page": page})


def grid_products(request: HttpRequest) -> HttpResponse:
    return products_answer([{"id": UUID(int=4), "sku": "GUL-0040", "name": "Gula pasir 50 kg", "unit": "sak"}])


@login_required
def grid(request: HttpRequest) -> HttpResponse:
    lines = OrderGrid(products="/grid/products", preview="/ui/preview")
    page = engines["django"].from_string(CottonCompiler().process(GRID)).render({"grid": lines}, request)
    return HttpResponse(page)


urlpatterns = [
    path("ui/", style),
    path("ui/preview", preview),
    path("grid", grid),
    path("grid/products", grid_products),
    path("samples", Samples.as_view(), name="samples"),
    path("form", form),
    path("refused", refused),
    path("document", document),
    *project,
]
