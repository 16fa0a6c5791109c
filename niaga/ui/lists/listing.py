"""The list page: one statement for the rows, one for count and totals, one for the saved views; never one per row."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from niaga.core.errors import Refusal
from niaga.ui.documents import Action
from niaga.ui.lists import paging
from niaga.ui.lists.columns import Column, Label
from niaga.ui.lists.drawing import drawn_rows
from niaga.ui.lists.export import csv_response, xlsx_response
from niaga.ui.lists.filters import Filter
from niaga.ui.lists.paging import Page, page_of
from niaga.ui.lists.parts import BulkAction, Empty, Heading, ShownFilter, Total, View
from niaga.ui.lists.totals import count_and_sums
from niaga.ui.person import person_id
from niaga.ui.queries.saved_views import saved_views_of

Rows = QuerySet[Any, Any]
MOST_AT_ONCE = 1_000
"""Rows of one deed; more is work for a job."""


class Listing:
    """Subclass it, name the parts, route `as_view()`."""

    key: ClassVar[str]
    title: ClassVar[Label]
    columns: ClassVar[Sequence[Column]]
    filters: ClassVar[Sequence[Filter]] = ()
    views: ClassVar[Sequence[View]] = ()
    totals: ClassVar[Sequence[Total]] = ()
    sort: ClassVar[str] = ""
    bulk: ClassVar[Sequence[BulkAction]] = ()
    empty: ClassVar[Empty | None] = None
    above: ClassVar[tuple[Label, str] | None] = None  # the page this list hangs below, and its address
    page_size: ClassVar[int] = 50
    template: ClassVar[str] = "ui/list.html"
    export: ClassVar[bool] = True
    live: ClassVar[str] = ""  # kind of the documents of whose news the list looks again by itself

    def __init__(self, request: HttpRequest, **kwargs: Any) -> None:
        self.request = request
        self.kwargs = kwargs
        self.in_file = [one for one in self.columns if not (one.hidden_from and one.hidden_from(request))]

    @property
    def shown(self) -> list[Column]:
        """The columns of the page; those of a file are all of `in_file`."""
        return [one for one in self.in_file if not one.only_exported]

    # what a list tells

    def rows(self) -> Rows:
        """The queryset the person may see, from the app's `queries`, with everything the columns read."""
        raise NotImplementedError

    def url(self, row: Any) -> str:
        """Where a row leads; empty when it leads nowhere."""
        return ""

    def actions(self) -> Sequence[Action]:
        """The buttons of the head; the last with `kind="go"` is the primary one."""
        return ()

    def subtitle(self) -> Label:
        return ""

    def context(self) -> dict[str, Any]:
        """More for an own template that extends `ui/list.html`."""
        return {}

    def prepare(self, rows: list[Any]) -> list[Any]:
        """A last look at the 50 rows of the page, to fill in what one further statement tells about all of them."""
        return rows

    # how it is done

    @classmethod
    def as_view(cls) -> Callable[..., HttpResponseBase]:
        @login_required
        def view(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            listing = cls(request, **kwargs)
            if request.method == "POST":
                return listing.act()
            wanted = request.GET.get("export", "")
            if cls.export and wanted in ("csv", "xlsx"):
                return listing.exported(wanted)
            return listing.page()

        view.__name__ = cls.__name__
        return view

    def filter_values(self) -> list[ShownFilter]:
        return [ShownFilter(item, item.read(self.request.GET)) for item in self.filters]

    def narrowed(self, values: list[ShownFilter]) -> Rows:
        rows = self.rows()
        for shown in values:
            if shown.value is not None:
                rows = shown.filter.narrow(rows, shown.value, self.request)
        return rows

    def order(self) -> tuple[str, str]:
        """The column sorted by and its direction, "" or "-"."""
        wanted = self.request.GET.get("sort", "") or self.sort
        name, direction = wanted.lstrip("-"), "-" if wanted.startswith("-") else ""
        if any(column.name == name and column.sort for column in self.shown):
            return name, direction
        return self.sort.lstrip("-"), "-" if self.sort.startswith("-") else ""

    def order_fields(self) -> list[str]:
        """The fields that rows are ordered by; the last is the key, so that no two rows are equal."""
        name, direction = self.order()
        for column in self.shown:
            if column.name == name and column.sort:
                fields = (column.sort,) if isinstance(column.sort, str) else column.sort
                return [*(_turned(one, direction) for one in fields), f"{direction}pk"]
        return ["pk"]

    def ordered(self, rows: Rows) -> Rows:
        return rows.order_by(*self.order_fields())

    def sums(self, rows: Rows) -> tuple[int, list[tuple[Label, str]]]:
        """Count and totals of the filter in one statement."""
        return count_and_sums(rows, self.totals)

    def page(self) -> HttpResponse:
        values = self.filter_values()
        narrowed = self.narrowed(values)
        count, totals = self.sums(narrowed)
        page = Page([])
        if count:
            page = page_of(
                self.ordered(narrowed), order=self.order_fields(), size=self.page_size, count=count,
                query=self.request.GET, salt=self.key,
            )  # fmt: skip
        for shown in values:
            if hasattr(shown.filter, "choices"):
                shown.choices = shown.filter.choices(self.request)
        bulk = [deed for deed in self.bulk if deed.allowed is None or deed.allowed(self.request)]
        filtered = any(shown.value is not None for shown in values)
        actions = self.actions()
        context = {
            "listing": self,
            "title": self.title,
            "filters": values,
            "filtered": filtered,
            "headings": self.headings(),
            "rows": drawn_rows(self.prepare(page.rows), self.shown, url=self.url, pick=bool(bulk)),
            "count": count,
            "all_at_once": min(count, MOST_AT_ONCE),
            "totals": totals,
            "page": page,
            "number": -(-page.start // self.page_size),
            "pages": max(1, -(-count // self.page_size)),
            "end": page.start + len(page.rows) - 1 if page.rows else 0,
            "bulk": bulk,
            "views": self.shown_views(),
            "query": self.query(),
            "page_actions": actions,
            "first_actions": [action for action in actions if action.kind == "go"],
            **self.context(),
        }
        response = render(self.request, self.template, context)
        response["Vary"] = "HX-Request"
        return response

    def headings(self) -> list[Heading]:
        name, direction = self.order()
        headings = []
        for column in self.shown:
            url = ""
            if column.sort:
                query = self.request.GET.copy()
                for gone in paging.NAMES:
                    query.pop(gone, None)
                query["sort"] = f"-{column.name}" if column.name == name and not direction else column.name
                url = f"{self.request.path}?{query.urlencode()}"
            sorted_as = "descending" if direction else "ascending"
            headings.append(Heading(column, url, sorted_as if column.name == name else ""))
        return headings

    def query(self) -> str:
        """The present filter and order as a query string, without page and export."""
        query = self.request.GET.copy()
        for name in (*paging.NAMES, "export"):
            query.pop(name, None)
        for name in [name for name, value in query.items() if not value]:
            query.pop(name)
        return query.urlencode()

    def shown_views(self) -> list[dict[str, Any]]:
        """All, the list's own views, the person's saved ones; the one whose query this is, is current."""
        present = _parts(self.query())
        shown: list[dict[str, Any]] = [{"label": _("All"), "query": "", "id": ""}]
        shown += [{"label": view.label, "query": view.query, "id": ""} for view in self.views]
        shown += [
            {"label": saved.name, "query": saved.query, "id": str(saved.pk)}
            for saved in saved_views_of(user_id=person_id(self.request), list_key=self.key)
        ]
        for view in shown:
            view["url"] = f"{self.request.path}?{view['query']}" if view["query"] else self.request.path
            view["current"] = _parts(view["query"]) == present
        return shown

    def act(self) -> HttpResponse:
        """A deed on the selected rows; the answer returns to the list as it was, or goes where the deed says."""
        wanted = self.request.POST.get("bulk", "")
        for deed in self.bulk:
            if deed.key == wanted and (deed.allowed is None or deed.allowed(self.request)):
                ids = self.picked()
                if ids:
                    try:
                        done = deed.act(self.request, ids)
                    except Refusal as refusal:
                        messages.error(self.request, str(refusal.message))
                    else:
                        tags = f"undo:{done.undo_url}" if done.undo_url else ""
                        level = messages.DEFAULT_LEVELS[done.level.upper()]
                        messages.add_message(self.request, level, str(done.message), extra_tags=tags)
                        if done.url:
                            return HttpResponseRedirect(done.url)
        return HttpResponseRedirect(self.request.get_full_path())

    def picked(self) -> list[UUID]:
        """The rows the deed is for: those ticked, or with `scope=all` the whole filter in its order, up to a limit."""
        if self.request.POST.get("scope") == "all":
            rows = self.ordered(self.narrowed(self.filter_values()))
            return list(rows.values_list("pk", flat=True)[:MOST_AT_ONCE])
        return _ids(self.request.POST.getlist("pick"))

    def exported(self, kind: str) -> HttpResponseBase:
        """All rows of the filter, in the order shown; streamed, so that size does not matter."""
        rows = self.ordered(self.narrowed(self.filter_values()))
        name = f"{self.key}.{kind}"
        if kind == "csv":
            return csv_response(self.in_file, rows, name)
        return xlsx_response(self.in_file, rows, name, title=str(self.title))


def _turned(name: str, direction: str) -> str:
    if not direction:
        return name
    return name[1:] if name.startswith("-") else f"-{name}"


def _ids(texts: Sequence[str]) -> list[UUID]:
    ids = []
    for text in texts:
        try:
            ids.append(UUID(text))
        except ValueError:
            continue
    return ids


def _parts(query: str) -> list[str]:
    return sorted(part for part in query.split("&") if part)
