"""Branches, teams, territories and channels."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from niaga.core.clock import now
from niaga.core.errors import NotFound
from niaga.organization.access import access_of
from niaga.organization.models import Branch
from niaga.organization.queries import branches as queries
from niaga.organization.services.change_branch import change_branch
from niaga.organization.services.create_branch import create_branch
from niaga.organization.services.keep_channel import keep_channel
from niaga.organization.services.keep_team import keep_team
from niaga.organization.services.keep_territory import keep_territory
from niaga.organization.web.fields import SettingsForm, choose, chosen, tree, zones
from niaga.organization.web.pages import form_page
from niaga.ui.documents import Action
from niaga.ui.lists import Empty, Flag, Listing, Search, Text
from niaga.ui.lists.addresses import row_address
from niaga.ui.stale import one_at_a_time


class BranchForm(SettingsForm):
    code = forms.CharField(label=_("Code"), max_length=20, help_text=_("Short; it stands in lists."))
    name = forms.CharField(label=_("Name"), max_length=120)
    zone = forms.ChoiceField(
        label=_("Time zone"), choices=zones, help_text=_("The date of a document is the date here.")
    )
    is_store = forms.BooleanField(label=_("A store, where customers come in"), required=False)
    nitku = forms.CharField(label="NITKU", max_length=30, required=False, help_text=_("The NPWP and six digits."))
    street = forms.CharField(label=_("Street"), max_length=300, required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    half = ("code", "zone", "nitku", "city", "phone")


def _as_they_are(rows: QuerySet[Branch]) -> QuerySet[Branch]:
    """Archived rows are let in by `rows` itself."""
    return rows


def _matching(rows: QuerySet[Branch], text: str) -> QuerySet[Branch]:
    return queries.matching_branches(rows, text)


class BranchList(Listing):
    key, title, sort = "branches", _("Branches"), "code"
    above = (_("Settings"), "/settings")
    columns = (
        Text("name", _("Name"), sort="name", phone="title"),
        Text("code", _("Code"), sort="code", phone="meta"),
        Text("city", _("City"), sort="city", phone="meta"),
        Text("kind", _("Kind"), source=lambda row: _kind(row), phone="value"),
        Text("zone", _("Time zone"), source=lambda row: row.zone.replace("_", " ")),
    )
    filters = (
        Search("q", _("Name, code or city"), match=_matching),
        Flag("archived", _("Archived too"), match=_as_they_are),
    )
    empty = Empty(
        _("No branches yet"), _("A branch is a place of the company: an office, a depot, a store."), icon="store"
    )

    def rows(self) -> QuerySet[Branch]:
        access_of(self.request.user).require("setting", "view")
        return queries.branches(by=self.request.user, archived=bool(self.request.GET.get("archived")))

    def url(self, row: Branch) -> str:
        return row_address("organization:branch", row.pk)

    def actions(self) -> list[Action]:
        if not access_of(self.request.user).allows("setting", "manage"):
            return []
        url = reverse("organization:branch_new")
        return [Action(_("New branch"), url=url, icon="plus", method="get", kind="go", key="n")]


def _kind(row: Branch) -> str:
    kind = _("Head office") if row.is_head else _("Store") if row.is_store else _("Branch")
    return f"{kind} · {_('Archived')}" if row.archived_at else str(kind)


@login_required
@one_at_a_time
def branch(request: HttpRequest, branch_id: UUID | None = None) -> HttpResponse:
    access = access_of(request.user)
    access.require("setting", "view" if branch_id else "manage")
    row = None
    if branch_id is not None:
        row = queries.branches(by=request.user, archived=True).filter(pk=branch_id).first()
    if branch_id is not None and row is None:
        raise NotFound()
    names = list(BranchForm.base_fields)
    initial: dict[str, Any] = {"zone": access.current_company.zone}
    if row is not None:
        initial = {name: getattr(row, name) for name in names}

    def save(values: dict[str, Any]) -> str:
        if row is None:
            create_branch(company_id=access.current_company.id, by=request.user, at=now(), **values)
        else:
            change_branch(branch_id=row.id, by=request.user, at=now(), **values)
        return reverse("organization:branches")

    may_change = access.allows("setting", "manage")
    return form_page(
        request,
        form=lambda data: BranchForm(data, initial=initial),
        deed=save,
        subject=branch_id,
        title=row.name if row else _("New branch"),
        back=(_("Branches"), reverse("organization:branches")),
        archive=reverse("organization:branch_archive", args=[row.id]) if row and not row.is_head and may_change else "",
        archived=bool(row and row.archived_at),
        may_change=may_change,
    )


@require_POST
@login_required
def branch_archive(request: HttpRequest, branch_id: UUID) -> HttpResponse:
    archived_at = None if "restore" in request.POST else now()
    change_branch(branch_id=branch_id, archived_at=archived_at, by=request.user, at=now())
    return redirect("organization:branches")


@dataclass(frozen=True, slots=True)
class Kept:
    """A small kind of master data: what it is called, how it is read and kept."""

    key: str
    one: str | Promise
    many: str | Promise
    new: str | Promise
    text: str | Promise
    icon: str
    rows: Callable[..., QuerySet[Any]]
    keep: Callable[..., UUID]
    names: tuple[str, ...]


KINDS = {
    "teams": Kept(
        "team", _("Team"), _("Teams"), _("New team"),
        _("Sales teams hang in a tree: who leads a team sees what the teams below it sell."),
        "users", queries.teams, keep_team, ("name", "parent_id", "branch_id"),
    ),
    "territories": Kept(
        "territory", _("Territory"), _("Territories"), _("New territory"),
        _("Sales areas hang in a tree: country, province, city, district. Each customer lies in one."),
        "map", queries.territories, keep_territory, ("name", "code", "parent_id"),
    ),
    "channels": Kept(
        "channel", _("Channel"), _("Channels"), _("New channel"),
        _("Where sales come from: the sales team, a store, the web shop, a marketplace."),
        "share-2", queries.channels, keep_channel, ("code", "name"),
    ),
}  # fmt: skip


class KeptForm(SettingsForm):
    """The fields of all the kinds; each form keeps its own."""

    code = forms.CharField(label=_("Code"), max_length=20, required=False)
    name = forms.CharField(label=_("Name"), max_length=120)
    parent_id = forms.TypedChoiceField(label=_("Below"), required=False, coerce=chosen, empty_value=None)
    branch_id = forms.TypedChoiceField(label=_("Branch"), required=False, coerce=chosen, empty_value=None)

    def __init__(self, *args: Any, kept: Kept, others: list[tuple[int, Any]], branches: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in list(self.fields):
            if name not in kept.names:
                del self.fields[name]
        if "parent_id" in self.fields:
            rows = [(row.id, "\u2003" * depth + row.name) for depth, row in others]
            self.fields["parent_id"].choices = choose(rows, _("at the top"))  # type: ignore[attr-defined]
        if "branch_id" in self.fields:
            self.fields["branch_id"].choices = choose(branches)  # type: ignore[attr-defined]
        if kept.key == "channel":
            self.fields["code"].required = True


@require_GET
@login_required
def kept_list(request: HttpRequest, kind: str) -> HttpResponse:
    access = access_of(request.user)
    access.require("setting", "view")
    kept = KINDS[kind]
    rows = list(kept.rows(by=request.user, archived=True))
    shown = tree(rows) if "parent_id" in kept.names else [(0, row) for row in rows]
    context = {
        "kept": kept,
        "kind": kind,
        "rows": [(range(depth), row, reverse(f"organization:{kept.key}", args=[row.id])) for depth, row in shown],
        "new_url": reverse(f"organization:{kept.key}_new"),
        "may_change": access.allows("setting", "manage"),
    }
    return render(request, "organization/kept.html", context)


@login_required
@one_at_a_time
def kept_one(request: HttpRequest, kind: str, row_id: UUID | None = None) -> HttpResponse:
    access = access_of(request.user)
    access.require("setting", "manage")
    kept = KINDS[kind]
    rows = list(kept.rows(by=request.user, archived=True))
    row = next((row for row in rows if row.id == row_id), None)
    if row_id is not None and row is None:
        raise NotFound()
    others = [] if "parent_id" not in kept.names else [
        (depth, one) for depth, one in tree(rows) if one.id != row_id and one.archived_at is None
    ]  # fmt: skip
    places = queries.branches(by=request.user).values_list("id", "name") if "branch_id" in kept.names else ()
    initial = {name: getattr(row, name) for name in kept.names} if row else {}

    def save(values: dict[str, Any]) -> str:
        kept.keep(
            company_id=access.current_company.id, by=request.user, at=now(), **{f"{kept.key}_id": row_id}, **values
        )
        return reverse(f"organization:{kind}")

    return form_page(
        request,
        form=lambda data: KeptForm(data, initial=initial, kept=kept, others=others, branches=places),
        deed=save,
        subject=row_id,
        title=row.name if row else kept.new,
        back=(kept.many, reverse(f"organization:{kind}")),
        archive=reverse(f"organization:{kept.key}_archive", args=[row.id]) if row else "",
        archived=bool(row and row.archived_at),
        may_change=True,
    )


@require_POST
@login_required
def kept_archive(request: HttpRequest, kind: str, row_id: UUID) -> HttpResponse:
    kept = KINDS[kind]
    here = access_of(request.user).current_company
    archived_at = None if "restore" in request.POST else now()
    kept.keep(company_id=here.id, by=request.user, at=now(), archived_at=archived_at, **{f"{kept.key}_id": row_id})
    return redirect(f"organization:{kind}")
