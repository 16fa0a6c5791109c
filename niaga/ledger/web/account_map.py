"""Which account of the company's own plan plays which role, and what was changed about it."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.core import clock
from niaga.ledger.queries.account_map import account_map, map_history, plan_of
from niaga.ledger.rules.plan import LONGEST_CODE, LONGEST_NAME, ChosenAccount
from niaga.ledger.services.map_accounts import map_accounts
from niaga.ledger.web.role_words import ROLES
from niaga.ledger.web.tabs import tabs_of
from niaga.organization.access import access_of
from niaga.organization.web.pages import form_page
from niaga.ui.documents import TimelineEntry
from niaga.ui.stale import one_at_a_time


def _field(label: Any, *, max_length: int, required: bool = True, **attrs: str) -> forms.CharField:
    """The row of the table says what the field is about, so that its own label is only read out."""
    widget = forms.TextInput(attrs={**attrs, "autocomplete": "off", "aria-label": label})
    return forms.CharField(label=label, max_length=max_length, required=required, widget=widget)


class AccountMapForm(forms.Form):
    """A code and a name for each role."""

    def __init__(self, data: Any, standing: list[Any]) -> None:
        now = {row["role"]: row for row in standing}
        initial = {f"{role}_{part}": row[part] for role, row in now.items() for part in ("code", "name")}
        super().__init__(data, initial=initial)
        for role, (label, _hint) in ROLES.items():
            code, name = format_lazy("{}: {}", label, _("Code")), format_lazy("{}: {}", label, _("Name"))
            self.fields[f"{role}_code"] = _field(code, max_length=LONGEST_CODE, list="plan", size="14")
            self.fields[f"{role}_name"] = _field(name, max_length=LONGEST_NAME, required=False, size="26")

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [
            {"label": label, "hint": hint, "fields": [self[f"{role}_code"], self[f"{role}_name"]]}
            for role, (label, hint) in ROLES.items()
        ]


@login_required
@one_at_a_time
def accounts(request: HttpRequest) -> HttpResponse:
    access = access_of(request.user)
    access.require("ledger", "view")
    company_id, standing = access.current_company.id, account_map(by=request.user)

    def save(values: dict[str, Any]) -> str:
        map_accounts(
            company_id=company_id, by=request.user, at=clock.now(),
            accounts={role: ChosenAccount(values[f"{role}_code"], values[f"{role}_name"]) for role in ROLES},
        )  # fmt: skip
        return reverse("ledger:accounts")

    return form_page(
        request, form=lambda data: AccountMapForm(data, standing), deed=save, template="ledger/accounts.html",
        subject=company_id, may_change=access.allows("period", "close"), tabs=tabs_of(request, "accounts"),
        plan=plan_of(by=request.user), history=_told(map_history(company_id)),
        shown=[{**row, "label": ROLES[row["role"]][0], "hint": ROLES[row["role"]][1]} for row in standing],
    )  # fmt: skip


def _told(rows: list[Any]) -> list[TimelineEntry]:
    return [TimelineEntry(at=row.at, text="; ".join(_changes(row.data)), by=row.who or "") for row in rows]


def _changes(data: dict[str, Any]) -> list[str]:
    """Each change in words: a role's account, an account's name."""
    moved = [
        gettext("%(role)s: %(after)s instead of %(before)s")
        % {"role": ROLES[role][0], "before": before or "–", "after": after}
        for role, (before, after) in data.get("roles", {}).items()
        if role in ROLES
    ]
    renamed = [
        gettext("%(code)s is called %(after)s instead of %(before)s") % {"code": code, "before": before, "after": after}
        for code, (before, after) in data.get("names", {}).items()
    ]
    return [*moved, *renamed]
