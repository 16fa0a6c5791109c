"""The import files of accounting programs: send the empty one, point at its columns, have exports in it."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from niaga.core import clock
from niaga.core.errors import Invalid, Refusal
from niaga.ledger.models import JournalProfile
from niaga.ledger.queries.journal_profiles import journal_profile_for, journal_profiles
from niaga.ledger.services.add_journal_profile import LONGEST_NAME, add_journal_profile
from niaga.ledger.services.change_journal_profile import change_journal_profile, remove_journal_profile
from niaga.ledger.web.profile_file import profile_file
from niaga.ledger.web.tabs import tabs_of
from niaga.ledger.wording import DATE_WORDS, DECIMAL_WORDS, SOURCE_WORDS
from niaga.organization.access import access_of
from niaga.organization.web.pages import form_page
from niaga.ui.documents import Action, Consequence
from niaga.ui.forms import once
from niaga.ui.stale import one_at_a_time


@login_required
def show_profiles(request: HttpRequest) -> HttpResponse:
    """`GET` shows them, `POST` takes a template and goes on to its columns."""
    access = access_of(request.user)
    access.require("ledger", "view")
    error, field, status = "", "", 200
    if request.method == "POST":
        access.require("period", "close")
        try:
            made = _sent(request)
            return redirect(reverse("ledger:profile", args=[made.pk]))
        except Refusal as refusal:
            error, field, status = str(refusal.message), refusal.field or "file", 422
    context = {
        "profiles": list(journal_profiles(by=request.user).order_by("name")), "error": error, "error_field": field,
        "name": request.POST.get("name", ""), "may_keep": access.allows("period", "close"),
        "tabs": tabs_of(request, "exports"),
    }  # fmt: skip
    return render(request, "ledger/profiles.html", context, status=status)


def _sent(request: HttpRequest) -> JournalProfile:
    sent: Any = request.FILES.get("file")
    if sent is None:
        raise Invalid(gettext("Choose a file."), field="file")
    return add_journal_profile(
        company_id=access_of(request.user).current_company.id, name=request.POST.get("name", ""), chunks=sent.chunks(),
        by=request.user, at=clock.now(),
    )  # fmt: skip


class ProfileForm(forms.Form):
    """A name, how days and amounts are written, and what stands in each column."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    dates = forms.ChoiceField(label=_("Days are written"), choices=list(DATE_WORDS.items()))
    decimal = forms.ChoiceField(
        label=_("Decimal sign"),
        choices=list(DECIMAL_WORDS.items()),
        help_text=_("In a CSV; a spreadsheet has numbers."),
    )

    def __init__(self, data: Any, profile: JournalProfile) -> None:
        self.levels = profile.template.levels
        initial = {"name": profile.name, "dates": profile.dates, "decimal": profile.decimal}
        choices = [("", _("stays empty")), *SOURCE_WORDS.items()]
        made: dict[str, forms.Field] = {}
        for number, level in enumerate(self.levels):
            for place, heading in enumerate(level.headings):
                key = f"column_{number}_{place}"
                initial[key] = profile.columns[number][place]
                made[key] = forms.ChoiceField(label=heading or "–", choices=choices, required=False)
                made[key].widget.attrs["aria-label"] = heading or str(place + 1)
        super().__init__(data, initial=initial)
        self.fields.update(made)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each column with its field; the tag that a row begins with is not asked for."""
        return [
            {"heading": heading, "field": self[f"column_{number}_{place}"], "tag": level.tag, "letter": _letters(place)}
            for number, level in enumerate(self.levels)
            for place, heading in enumerate(level.headings)
            if not (level.tag and not place)
        ]


def _letters(place: int) -> str:
    return (_letters(place // 26 - 1) if place > 25 else "") + chr(65 + place % 26)


@login_required
@one_at_a_time
def profile(request: HttpRequest, journal_profile_id: UUID) -> HttpResponse:
    access = access_of(request.user)
    access.require("ledger", "view")
    found = journal_profile_for(profile_id=journal_profile_id, by=request.user)

    def save(values: dict[str, Any]) -> str:
        change_journal_profile(
            profile_id=found.pk, name=values["name"], columns=_columns(values, found), dates=values["dates"],
            decimal=values["decimal"], by=request.user, at=clock.now(),
        )  # fmt: skip
        return reverse("ledger:profiles")

    removal = Action(
        _("Remove"), url=reverse("ledger:remove_profile", args=[found.pk]), icon="trash-2", kind="bad",
        confirm=Consequence(
            gettext("Remove this program?"),
            gettext("Its columns are forgotten. What was exported stays, and the template can be sent again."),
            danger=True,
        ),
    )  # fmt: skip
    return form_page(
        request,
        form=lambda data: ProfileForm(data, found),
        deed=save,
        template="ledger/profile.html",
        subject=found.pk,
        may_change=access.allows("period", "close"),
        profile=found,
        removal=removal,
    )


def _columns(values: dict[str, Any], found: JournalProfile) -> list[list[str]]:
    return [
        [values[f"column_{number}_{place}"] for place in range(len(level.headings))]
        for number, level in enumerate(found.template.levels)
    ]


@login_required
@require_POST
def remove_profile(request: HttpRequest, journal_profile_id: UUID) -> HttpResponse:
    def deed() -> str:
        name = remove_journal_profile(profile_id=journal_profile_id, by=request.user, at=clock.now())
        messages.success(request, gettext("%(name)s was removed.") % {"name": name})
        return reverse("ledger:profiles")

    access_of(request.user).require("period", "close")
    return once(request, deed)


@login_required
@require_GET
def download_in_profile(request: HttpRequest, journal_export_id: UUID, journal_profile_id: UUID) -> HttpResponseBase:
    return profile_file(export_id=journal_export_id, profile_id=journal_profile_id, by=request.user)
