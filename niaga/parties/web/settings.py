"""Settings of customers: payment terms and groups."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from niaga.core import clock
from niaga.core.errors import NotFound
from niaga.organization.access import access_of
from niaga.organization.web.pages import bound_or_fresh
from niaga.parties.models import PaymentTerm
from niaga.parties.queries.customer_lists import groups_for, terms_for
from niaga.parties.rules.terms import Part
from niaga.parties.services.save_group import save_group
from niaga.parties.services.save_payment_term import save_payment_term
from niaga.parties.web.customer_form import show_refusal
from niaga.ui import formatting
from niaga.ui.forms import NumberField
from niaga.ui.stale import kept, one_at_a_time, overtaken


def part_in_words(percent: Decimal, days: int, end_of_month: bool, *, alone: bool, after_exchange: bool = False) -> str:
    """`50 % after 30 days`, `at once`, `10 days after the end of the month`, `30 days after the exchange`."""
    if after_exchange:
        when = _after_exchange(days, end_of_month)
    elif end_of_month and days:
        when = ngettext(
            "%(days)d day after the end of the month", "%(days)d days after the end of the month", days
        ) % {"days": days}  # fmt: skip
    elif end_of_month:
        when = gettext("at the end of the month")
    elif days:
        when = ngettext("after %(days)d day", "after %(days)d days", days) % {"days": days}
    else:
        when = gettext("at once")
    return when if alone else f"{formatting.percent(percent)} {when}"


def _after_exchange(days: int, end_of_month: bool) -> str:
    if end_of_month:
        text = ngettext(
            "%(days)d day after the end of the month of the exchange",
            "%(days)d days after the end of the month of the exchange", days,
        )  # fmt: skip
        return text % {"days": days}
    if not days:
        return gettext("when it is exchanged")
    return ngettext("%(days)d day after the exchange", "%(days)d days after the exchange", days) % {"days": days}


def _words(term: PaymentTerm) -> str:
    parts = sorted(term.parts.all(), key=lambda part: part.position)
    told = [
        part_in_words(
            part.percent, part.days, part.end_of_month, alone=len(parts) == 1, after_exchange=part.after_exchange
        )
        for part in parts
    ]
    if term.discount_percent:
        text = ngettext(
            "%(percent)s off within %(days)d day", "%(percent)s off within %(days)d days", term.discount_days
        )  # fmt: skip
        told.append(text % {"percent": formatting.percent(term.discount_percent), "days": term.discount_days})
        if term.discount_lessens_tax:
            told.append(gettext("by credit note"))
    return ", ".join(told)


def _discount(term: PaymentTerm) -> dict[str, Any]:
    """As the form shows it: nothing where there is none."""
    if not term.discount_percent:
        return {}
    return {
        "discount_percent": term.discount_percent, "discount_days": term.discount_days,
        "discount_lessens_tax": term.discount_lessens_tax,
    }  # fmt: skip


@login_required
def payment_terms(request: HttpRequest) -> HttpResponse:
    """All payment terms with what they mean, archived ones last."""
    access_of(request.user).require("setting", "view")
    rows = [
        {"row": term, "words": _words(term), "url": reverse("parties:term", args=[term.pk])}
        for term in sorted(
            terms_for(request.user, archived=True), key=lambda term: (term.archived_at is not None, term.name)
        )
    ]
    context = {
        "title": _("Payment terms"), "rows": rows, "new_url": reverse("parties:new_term"),
        "new_label": _("New payment term"), "may_change": access_of(request.user).allows("setting", "change"),
        "teach": _("A payment term says when an invoice is due: at once, after some days, or in instalments."),
    }  # fmt: skip
    return render(request, "parties/settings_list.html", context)


@login_required
def customer_groups(request: HttpRequest) -> HttpResponse:
    """All customer groups, archived ones last."""
    access_of(request.user).require("setting", "view")
    rows = [
        {"row": group, "words": "", "url": reverse("parties:group", args=[group.pk])}
        for group in sorted(
            groups_for(request.user, archived=True), key=lambda one: (one.archived_at is not None, one.name)
        )
    ]
    context = {
        "title": _("Customer groups"), "rows": rows, "new_url": reverse("parties:new_group"),
        "new_label": _("New group"), "may_change": access_of(request.user).allows("setting", "change"),
        "teach": _("A group holds customers who share prices: a price list for a group is theirs."),
    }  # fmt: skip
    return render(request, "parties/settings_list.html", context)


class GroupForm(forms.Form):
    code = forms.CharField(label=_("Code"), max_length=20)
    name = forms.CharField(label=_("Name"), max_length=80)
    archive = forms.BooleanField(
        label=_("Archived"), required=False, help_text=_("Not offered for customers any more.")
    )


class TermForm(GroupForm):
    discount_percent = NumberField(
        label=_("Early-payment discount in %"), max_digits=9, decimal_places=6, min_value=Decimal(0), required=False,
        help_text=_("Off what is claimed, for who pays the rest in time. Empty: none."),
    )  # fmt: skip
    discount_days = forms.IntegerField(
        label=_("When paid within so many days"), min_value=0, max_value=3650, required=False,
        help_text=_("Counted from the invoice's date, the last day included."),
    )  # fmt: skip
    discount_lessens_tax = forms.BooleanField(
        label=_("The discount lessens tax base and PPN"), required=False,
        help_text=_(
            "A credit note is issued by itself when it is taken. Not yet filed, the tax invoice states the lessened"
            " figures; filed before, it is to be replaced. Off: a cost of yours, and the tax stays as it is."
        ),
    )  # fmt: skip
    archive = forms.BooleanField(
        label=_("Archived"), required=False, help_text=_("Not offered for customers and documents any more.")
    )


class _Part(forms.Form):
    percent = NumberField(max_digits=9, decimal_places=6, min_value=Decimal(0), max_value=Decimal(100))
    days = forms.IntegerField(min_value=0, max_value=3650, required=False)


def _read_parts(request: HttpRequest) -> tuple[list[Part], list[dict[str, Any]], str]:
    """The instalments as typed: parts, the rows to show again, and the first fault."""
    percents, days, ends = (request.POST.getlist(name) for name in ("part_percent", "part_days", "part_end"))
    parts: list[Part] = []
    rows: list[dict[str, Any]] = []
    fault = ""
    for percent, number, end in zip(percents, days, ends, strict=False):
        if not percent.strip() and not number.strip():
            continue
        rows.append({"percent": percent, "days": number, "end": end if end in _ENDS else "0"})
        form = _Part({"percent": percent, "days": number})
        if form.is_valid():
            parts.append(
                Part(form.cleaned_data["percent"], form.cleaned_data["days"] or 0, *_ENDS.get(end, _ENDS["0"]))
            )
        else:
            fault = fault or str(next(iter(form.errors.values()))[0])
    return parts, rows, fault


_ENDS = {"0": (False, False), "1": (True, False), "2": (False, True), "3": (True, True)}
"""What the days of a part are counted from: the end of a month or not, the exchange or the invoice's date."""
_BLANK: tuple[dict[str, Any], ...] = ({}, {})


def _held_parts(term: PaymentTerm) -> list[dict[str, Any]]:
    """The instalments as the form shows them."""
    return [
        {
            "percent": formatting.number(part.percent),
            "days": str(part.days),
            "end": str(part.end_of_month + 2 * part.after_exchange),
        }
        for part in sorted(term.parts.all(), key=lambda part: part.position)
    ]


def _as_posted(rows: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Rows of instalments as a browser sends them back untouched."""
    return {
        "part_percent": [row.get("percent", "") for row in rows],
        "part_days": [row.get("days", "") for row in rows],
        "part_end": ["1" if row.get("end") else "0" for row in rows],
    }


@login_required
@one_at_a_time
def edit_term(request: HttpRequest, term_id: UUID | None = None) -> HttpResponse:
    """A payment term and its instalments."""
    access = access_of(request.user)
    access.require("setting", "change")
    term = terms_for(request.user, archived=True).filter(pk=term_id).first() if term_id else None
    if term_id and term is None:
        raise NotFound()
    status = 200
    initial = (
        {"code": term.code, "name": term.name, "archive": term.archived_at is not None, **_discount(term)}
        if term
        else None
    )
    held = _held_parts(term) if term else [{"percent": "100", "days": "30", "end": False}]
    form = bound_or_fresh(
        request, lambda data: TermForm(data, initial=initial), subject=term_id, more=_as_posted([*held, *_BLANK])
    )
    rows = held
    if request.method == "POST":
        parts, rows, fault = _read_parts(request)

        def deed(values: dict[str, Any]) -> str:
            values |= {name: values[name] or 0 for name in ("discount_percent", "discount_days")}
            save_payment_term(
                company_id=access.current_company.id, term_id=term_id, parts=parts, by=request.user, at=clock.now(),
                **values,
            )  # fmt: skip
            messages.success(request, gettext("Saved."))
            return reverse("parties:terms")

        if fault and not overtaken(form):
            form.add_error(None, ValidationError(fault))
        elif answer := kept(request, form, deed, refuse=show_refusal):
            return answer
        status = 422
    context = {
        "form": form, "title": term.name if term else _("New payment term"), "part_rows": [*rows, *_BLANK],
        "back": reverse("parties:terms"),
    }  # fmt: skip
    return render(request, "parties/term_form.html", context, status=status)


@login_required
@one_at_a_time
def edit_group(request: HttpRequest, group_id: UUID | None = None) -> HttpResponse:
    """A customer group."""
    access = access_of(request.user)
    access.require("setting", "change")
    group = groups_for(request.user, archived=True).filter(pk=group_id).first() if group_id else None
    if group_id and group is None:
        raise NotFound()
    status = 200
    initial = {"code": group.code, "name": group.name, "archive": group.archived_at is not None} if group else None
    form = bound_or_fresh(request, lambda data: GroupForm(data, initial=initial), subject=group_id)

    def deed(values: dict[str, Any]) -> str:
        save_group(company_id=access.current_company.id, group_id=group_id, by=request.user, at=clock.now(), **values)
        messages.success(request, gettext("Saved."))
        return reverse("parties:groups")

    if request.method == "POST":
        if answer := kept(request, form, deed, refuse=show_refusal):
            return answer
        status = 422
    context = {"form": form, "title": group.name if group else _("New group"), "back": reverse("parties:groups")}
    return render(request, "parties/term_form.html", context, status=status)
