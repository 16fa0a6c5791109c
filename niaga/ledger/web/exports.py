"""Handing the journal of some days to an accountant: what was handed out, and its files."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from niaga.core import clock
from niaga.core.errors import Invalid, NotFound
from niaga.core.rules.calendar import previous_month
from niaga.ledger.queries.journal_export import journal_export_for, journal_exports
from niaga.ledger.queries.journal_profiles import journal_profiles
from niaga.ledger.services.export_journal import export_journal
from niaga.ledger.web.books import read_day
from niaga.ledger.web.journal_file import journal_file
from niaga.ledger.web.tabs import tabs_of
from niaga.organization.access import access_of
from niaga.organization.queries.users import name_of, user_names
from niaga.ui.formatting import day
from niaga.ui.forms import once
from niaga.ui.lists import Day, Empty, Listing, Money, Number, Reference, Text

FORMATS = ("csv", "xlsx")


class ExportList(Listing):
    key, title, sort, template = "journal_exports", _("For the accountant"), "-made", "ledger/exports.html"
    export = False
    columns = (
        Reference(
            "days",
            _("Days"),
            source=lambda row: f"{day(row.since)} – {day(row.until)}",
            sort=("since", "id"),
            phone="title",
        ),
        Number("lines", _("Lines")),
        Money("debit", _("Debit"), currency=lambda row: row.company.currency, phone="meta"),
        Day("made", _("Made"), source="created_at", sort=("created_at", "id"), phone="meta"),
        Text("by", _("By"), source="who", phone="meta"),
    )
    empty = Empty(
        _("Nothing was handed out yet"),
        _("Choose the days above, such as a month that you closed, and make the file for your accountant."),
        icon="sheet",
    )

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("ledger", "view")
        return journal_exports(by=self.request.user).select_related("company").annotate(who=name_of("created_by"))

    def url(self, row: Any) -> str:
        return reverse("ledger:export", args=[row.pk])

    def context(self) -> dict[str, Any]:
        access = access_of(self.request.user)
        month = previous_month(clock.today(at=clock.now(), zone=access.current_company.zone))
        return {
            "tabs": tabs_of(self.request, "exports"), "may_export": access.allows("ledger", "export"),
            "first": month.first, "last": month.last,
        }  # fmt: skip


def _asked(request: HttpRequest, name: str) -> date:
    found = read_day(request.POST.get(name, ""))
    if found is None:
        raise Invalid(gettext("Choose a day."), field=name)
    return found


@login_required
@require_POST
def new_export(request: HttpRequest) -> HttpResponse:
    company_id = access_of(request.user).current_company.id

    def deed() -> str:
        access_of(request.user).require("ledger", "export")
        made = export_journal(
            company_id=company_id, since=_asked(request, "since"), until=_asked(request, "until"), by=request.user,
            at=clock.now(),
        )  # fmt: skip
        return reverse("ledger:export", args=[made.pk])

    return once(request, deed)


@login_required
@require_GET
def show_export(request: HttpRequest, journal_export_id: UUID) -> HttpResponse:
    """What an export holds, and its files."""
    access = access_of(request.user)
    access.require("ledger", "view")
    found = journal_export_for(export_id=journal_export_id, by=request.user)
    context = {
        "export": found, "person": user_names([found.created_by]).get(found.created_by, "") if found.created_by else "",
        "currency": access.current_company.currency, "may_export": access.allows("ledger", "export"),
        "tabs": tabs_of(request, "exports"),
        "profiles": [one for one in journal_profiles(by=request.user).order_by("name") if one.is_ready],
    }  # fmt: skip
    return render(request, "ledger/export.html", context)


@login_required
@require_GET
def download_export(request: HttpRequest, journal_export_id: UUID, file_format: str) -> HttpResponseBase:
    if file_format not in FORMATS:
        raise NotFound()
    return journal_file(export_id=journal_export_id, kind=file_format, by=request.user)
