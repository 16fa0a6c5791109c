"""The company's profile, how it counts tax and rounds, its bank accounts; and which company is open."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from niaga.core.clock import now, today
from niaga.core.errors import NotFound
from niaga.organization.access import access_of
from niaga.organization.queries.companies import bank_accounts, company_for_settings
from niaga.organization.queries.fiscal import fiscal_setting, fiscal_settings
from niaga.organization.services.change_company import change_company
from niaga.organization.services.keep_bank_account import keep_bank_account
from niaga.organization.services.set_fiscal_setting import ROUNDING_STEPS, set_fiscal_setting
from niaga.organization.web.current_company import SESSION_KEY
from niaga.organization.web.fields import LANGUAGES, SettingsForm, zones
from niaga.organization.web.pages import form_page
from niaga.ui.formatting import number
from niaga.ui.forms import DayField, NumberField
from niaga.ui.stale import one_at_a_time

MONTHS = [
    (1, _("January")), (2, _("February")), (3, _("March")), (4, _("April")), (5, _("May")), (6, _("June")),
    (7, _("July")), (8, _("August")), (9, _("September")), (10, _("October")), (11, _("November")), (12, _("December")),
]  # fmt: skip


class CompanyForm(SettingsForm):
    name = forms.CharField(label=_("Name"), max_length=200)
    legal_name = forms.CharField(
        label=_("Legal name"), max_length=200, required=False, help_text=_("As on tax invoices, when it differs.")
    )
    npwp = forms.CharField(label="NPWP", max_length=30, required=False, help_text=_("15 or 16 digits."))
    nitku = forms.CharField(
        label="NITKU", max_length=30, required=False, help_text=_("The NPWP and six digits; 000000 is the head office.")
    )
    street = forms.CharField(label=_("Street"), max_length=300, required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    province = forms.CharField(label=_("Province"), max_length=100, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=10, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    email = forms.CharField(label=_("E-mail"), max_length=254, required=False)
    website = forms.CharField(label=_("Website"), max_length=200, required=False)
    zone = forms.ChoiceField(label=_("Time zone"), choices=zones)
    language = forms.ChoiceField(
        label=_("Language of documents"), choices=LANGUAGES, help_text=_("For customers who name none.")
    )
    document_note = forms.CharField(
        label=_("Note on documents"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("At the foot of quotations and invoices."),
    )
    pictures_on_quotations = forms.BooleanField(
        label=_("Pictures on quotations"),
        required=False,
        help_text=_(
            "Prints each product's main picture beside its line on the PDF of every quotation, also of those sent "
            "before. The customer's page shows them in any case."
        ),
    )
    half = ("npwp", "nitku", "city", "province", "postcode", "phone", "email", "website", "zone", "language")


@login_required
@one_at_a_time
def company(request: HttpRequest) -> HttpResponse:
    row = company_for_settings(by=request.user)
    names = list(CompanyForm.base_fields)

    def save(values: dict[str, Any]) -> str:
        change_company(company_id=row.id, by=request.user, at=now(), **values)
        return reverse("organization:company")

    return form_page(
        request,
        form=lambda data: CompanyForm(data, initial={name: getattr(row, name) for name in names}),
        deed=save,
        subject=row.id,
        title=_("Company profile"),
        company=row,
        template="organization/company.html",
        may_change=access_of(request.user).allows("setting", "manage"),
    )


class FiscalForm(SettingsForm):
    valid_from = DayField(
        label=_("Valid from"), help_text=_("Documents dated before this day keep what held until then.")
    )
    charges_tax = forms.BooleanField(label=_("The company charges PPN (it is a PKP)"), required=False)
    prices_include_tax = forms.BooleanField(
        label=_("Prices include tax, unless a price list says otherwise"), required=False
    )
    round_total_to = forms.TypedChoiceField(
        label=_("Round totals to"),
        coerce=lambda text: next(step for step in ROUNDING_STEPS if str(step) == text),
        choices=[(str(step), number(step) if step else _("not at all")) for step in ROUNDING_STEPS],
        help_text=_("The difference stands on the document as rounding, never in the tax."),
    )
    tax_rounding = forms.ChoiceField(
        label=_("Tax is rounded"),
        choices=[("line", _("on every line")), ("document", _("once a document"))],
        help_text=_("In Indonesia on every line; elsewhere often once a document and tax rate."),
    )
    fiscal_year_starts = forms.TypedChoiceField(label=_("The fiscal year begins in"), coerce=int, choices=MONTHS)
    quotation_valid_days = forms.IntegerField(label=_("A quotation is valid for (days)"), min_value=1, max_value=365)
    stamp_duty = NumberField(
        min_value=0,
        max_digits=19,
        decimal_places=4,
        label=_("Stamp duty (bea meterai)"),
        help_text=_("On receipts, and on invoices that take a down payment off. 0: there is none."),
    )
    stamp_duty_above = NumberField(
        label=_("Stamp duty is due above"), help_text=_("Exactly this sum is free."), min_value=0, max_digits=19,
        decimal_places=4,
    )  # fmt: skip
    half = (
        "stamp_duty",
        "stamp_duty_above",
        "round_total_to",
        "tax_rounding",
        "fiscal_year_starts",
        "quotation_valid_days",
        "valid_from",
    )


@login_required
@one_at_a_time
def fiscal(request: HttpRequest) -> HttpResponse:
    here = access_of(request.user).current_company
    rows = list(fiscal_settings(by=request.user, company_id=here.id))
    day = today(at=now(), zone=here.zone)
    held = fiscal_setting(here.id, day)

    def save(values: dict[str, Any]) -> str:
        set_fiscal_setting(company_id=here.id, by=request.user, at=now(), **values)
        return reverse("organization:fiscal")

    initial = {
        "valid_from": day,
        "charges_tax": held.charges_tax,
        "prices_include_tax": held.prices_include_tax,
        "round_total_to": str(held.round_total_to.normalize().quantize(1) if held.round_total_to else 0),
        "fiscal_year_starts": held.fiscal_year_starts,
        "quotation_valid_days": held.quotation_valid_days,
        "tax_rounding": held.tax_rounding,
        "stamp_duty": held.stamp_duty,
        "stamp_duty_above": held.stamp_duty_above,
    }
    return form_page(
        request,
        form=lambda data: FiscalForm(data, initial=initial),
        deed=save,
        subject=next((row.id for row in rows if row.valid_from == held.valid_from), None),
        title=_("Tax and rounding"),
        rows=[(row, row.valid_from == held.valid_from, dict(MONTHS)[row.fiscal_year_starts]) for row in rows],
        template="organization/fiscal.html",
        may_change=access_of(request.user).allows("setting", "manage"),
    )


class BankAccountForm(SettingsForm):
    bank = forms.CharField(label=_("Bank"), max_length=80)
    number = forms.CharField(label=_("Account number"), max_length=40)
    holder = forms.CharField(label=_("In the name of"), max_length=120)
    currency = forms.CharField(label=_("Currency"), max_length=3)
    on_invoices = forms.BooleanField(label=_("Print it on invoices"), required=False)
    position = forms.IntegerField(label=_("Place in the list"), min_value=0, max_value=99)
    half = ("number", "holder", "currency", "position")


@require_GET
@login_required
def accounts(request: HttpRequest) -> HttpResponse:
    access_of(request.user).require("setting", "view")
    may_change = access_of(request.user).allows("setting", "manage")
    rows = bank_accounts(by=request.user)
    return render(request, "organization/bank_accounts.html", {"rows": rows, "may_change": may_change})


@login_required
@one_at_a_time
def account(request: HttpRequest, account_id: UUID | None = None) -> HttpResponse:
    access_of(request.user).require("setting", "manage")
    here = access_of(request.user).current_company
    row = next((row for row in bank_accounts(by=request.user) if row.id == account_id), None)
    if account_id is not None and row is None:
        raise NotFound()
    initial: dict[str, Any] = {"currency": here.currency, "on_invoices": True, "position": 0}
    if row is not None:
        initial = {name: getattr(row, name) for name in BankAccountForm.base_fields}

    def save(values: dict[str, Any]) -> str:
        keep_bank_account(company_id=here.id, account_id=account_id, by=request.user, at=now(), **values)
        return reverse("organization:accounts")

    return form_page(
        request,
        form=lambda data: BankAccountForm(data, initial=initial),
        deed=save,
        subject=account_id,
        title=row.bank if row else _("New bank account"),
        back=(_("Bank accounts"), reverse("organization:accounts")),
        archive=reverse("organization:account_archive", args=[row.id]) if row else "",
        archived=bool(row and row.archived_at),
        may_change=True,
    )


@require_POST
@login_required
def account_archive(request: HttpRequest, account_id: UUID) -> HttpResponse:
    here = access_of(request.user).current_company
    archived_at = None if "restore" in request.POST else now()
    keep_bank_account(company_id=here.id, account_id=account_id, archived_at=archived_at, by=request.user, at=now())
    return redirect("organization:accounts")


@require_POST
@login_required
def choose_company(request: HttpRequest, company_id: UUID) -> HttpResponse:
    """Open another company's pages, from now on, in this browser."""
    if company_id not in access_of(request.user).company_ids:
        raise NotFound()
    request.session[SESSION_KEY] = str(company_id)
    return redirect("/")
