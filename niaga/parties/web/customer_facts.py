"""What is written on a customer's page, each in a form of its own: credit, contacts, addresses, tax treatments."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niaga.core import clock
from niaga.core.errors import NotFound, Refusal
from niaga.organization.access import access_of
from niaga.organization.queries.company_basics import company_basics
from niaga.organization.web.pages import bound_or_fresh
from niaga.parties.models import Customer
from niaga.parties.queries.credit import credit_figures
from niaga.parties.queries.customer_lists import addresses_of, contacts_of
from niaga.parties.queries.customers import customer_for
from niaga.parties.queries.tax_treatments import tax_treatments_of
from niaga.parties.rules.phones import format_phone
from niaga.parties.services.raise_credit import raise_credit
from niaga.parties.services.save_address import save_address
from niaga.parties.services.save_contact import save_contact
from niaga.parties.services.save_tax_treatment import save_tax_treatment
from niaga.parties.services.set_credit import MOST_DAYS, set_credit
from niaga.parties.web.customer_form import show_refusal
from niaga.parties.web.words import TRANSACTIONS
from niaga.ui.forms import AmountField, DayField, once
from niaga.ui.stale import one_at_a_time, overtaken


def _back(customer_id: UUID) -> str:
    return reverse("parties:customer", args=[customer_id])


class CreditForm(forms.Form):
    limit = AmountField(
        label=_("Credit limit"), required=False, help_text=_("Empty: the group's limit, and without one no limit.")
    )
    overdue_days = forms.IntegerField(
        label=_("Days an invoice may be overdue"), required=False, min_value=0, max_value=MOST_DAYS,
        help_text=_("After that new orders and deliveries wait. Empty: the group's days, else the company's."),
    )  # fmt: skip
    on_hold = forms.BooleanField(
        label=_("On hold"),
        required=False,
        help_text=_("Orders and deliveries of this customer wait until somebody decides; earlier releases are void."),
    )
    note = forms.CharField(label=_("Reason"), max_length=500, required=False)


class RaiseForm(forms.Form):
    amount = AmountField(
        label=_("Raise the limit by"), help_text=_("In place of an earlier raise. Zero ends the one in force.")
    )
    last_day = DayField(label=_("Last day"), help_text=_("From the next day on the limit is as before, by itself."))
    reason = forms.CharField(label=_("Reason"), max_length=1000)


class ContactForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    role = forms.CharField(label=_("Position"), max_length=80, required=False)
    phone = forms.CharField(label=_("Phone or WhatsApp"), max_length=30, required=False)
    email = forms.CharField(label=_("E-mail"), max_length=254, required=False)
    is_main = forms.BooleanField(label=_("Main contact"), required=False)


class AddressForm(forms.Form):
    label = forms.CharField(label=_("Label"), max_length=60, required=False, help_text=_("Such as: warehouse, shop."))
    street = forms.CharField(label=_("Street"), max_length=300, required=False)
    district = forms.CharField(label=_("District"), max_length=100, required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    province = forms.CharField(label=_("Province"), max_length=100, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=10, required=False)
    country = forms.CharField(label=_("Country"), max_length=2, initial="ID")
    for_billing = forms.BooleanField(label=_("For invoices"), required=False, initial=True)
    for_delivery = forms.BooleanField(label=_("For deliveries"), required=False, initial=True)


class TreatmentForm(forms.Form):
    is_taxed = forms.TypedChoiceField(
        label=_("This buyer"), coerce=lambda text: text == "1",
        choices=[("1", _("pays tax, filed with another code")), ("0", _("is charged no tax"))],
    )  # fmt: skip
    transaction_code = forms.ChoiceField(
        label=_("Transaction code"), required=False,
        help_text=_("02 and 03: the buyer pays the PPN to the state. 07 and 08: not charged. None: exports."),
    )  # fmt: skip
    valid_from = DayField(label=_("Valid from"))
    valid_until = DayField(label=_("Valid until"), required=False, help_text=_("Empty: until further notice."))
    region = forms.CharField(
        label=_("Only for deliveries to"), max_length=120, required=False,
        help_text=_("Provinces with commas between, such as a free zone's. Empty: everywhere."),
    )  # fmt: skip
    document = forms.CharField(
        label=_("Number of the permit"), max_length=60, required=False, help_text=_("The paper that grants it.")
    )
    document_date = DayField(label=_("Date of the permit"), required=False)
    add_info = forms.CharField(
        label=_("Facility note"), max_length=12, required=False, help_text=_("With code 07 or 08: such as TD.00501.")
    )
    facility_stamp = forms.CharField(
        label=_("Facility stamp"), max_length=12, required=False, help_text=_("With code 07 or 08: such as TD.01101.")
    )
    note = forms.CharField(
        label=_("Printed on documents"), max_length=200, required=False,
        help_text=_("Why the tax is another, in your customer's language."),
    )  # fmt: skip
    half = (
        "is_taxed", "transaction_code", "valid_from", "valid_until", "document", "document_date", "add_info",
        "facility_stamp",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.half:
            self.fields[name].widget_width = "half"  # type: ignore[attr-defined]
        codes = [(code, f"{code} · {label}") for code, label in TRANSACTIONS.items()]
        self.fields["transaction_code"].choices = [("", "–"), *codes]  # type: ignore[attr-defined]


def _edited(
    request: HttpRequest, customer: Customer, form: forms.Form, save: Any, *, title: Any, removable: bool
) -> HttpResponse:
    """A small form about a customer: shown, saved once, refused beside its fields."""
    status = 200
    if request.method == "POST":
        removing = removable and request.POST.get("remove") == "1"
        if removing or (not overtaken(form) and form.is_valid()):

            def deed() -> str:
                save(removing)
                return _back(customer.pk)

            try:
                return once(request, deed)
            except Refusal as refusal:
                show_refusal(form, refusal)
        status = 422
    context = {"form": form, "customer": customer, "title": title, "removable": removable}
    return render(request, "parties/part_form.html", context, status=status)


@login_required
@one_at_a_time
def credit(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    customer = customer_for(request.user, customer_id)
    access_of(request.user).require("customer", "credit", customer)
    account = customer.credit_account
    initial = {"limit": account.limit, "overdue_days": account.overdue_days, "on_hold": account.on_hold}
    form = bound_or_fresh(request, lambda data: CreditForm(data, initial=initial), subject=customer_id)

    def save(_removing: bool) -> None:
        set_credit(customer_id=customer_id, by=request.user, at=clock.now(), **form.cleaned_data)

    return _edited(request, customer, form, save, title=_("Credit limit"), removable=False)


@login_required
@one_at_a_time
def raise_limit(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """A limit that is raised for a while."""
    customer = customer_for(request.user, customer_id)
    access_of(request.user).require("customer", "credit", customer)
    on = clock.today(at=clock.now(), zone=access_of(request.user).current_company.zone)
    figures = credit_figures([customer.pk], on=on)[customer.pk]
    in_force = figures.raise_in_force
    initial = {"amount": in_force, "last_day": figures.raised_until} if in_force else {}
    form = bound_or_fresh(request, lambda data: RaiseForm(data, initial=initial), subject=customer_id)

    def save(_removing: bool) -> None:
        raise_credit(customer_id=customer_id, by=request.user, at=clock.now(), **form.cleaned_data)

    return _edited(request, customer, form, save, title=_("Raise the limit for a while"), removable=False)


@login_required
@one_at_a_time
def contact(request: HttpRequest, customer_id: UUID, contact_id: UUID | None = None) -> HttpResponse:
    customer = customer_for(request.user, customer_id)
    access_of(request.user).require("customer", "change", customer)
    row = contacts_of(customer.pk).filter(pk=contact_id).first() if contact_id else None
    initial = {name: getattr(row, name) for name in ContactForm.base_fields} if row else {}
    if initial.get("phone"):
        initial["phone"] = format_phone(initial["phone"])
    changed = customer_id if contact_id else None  # the trail is the customer's
    form = bound_or_fresh(request, lambda data: ContactForm(data, initial=initial), subject=changed)

    def save(removing: bool) -> None:
        fields = {} if removing else form.cleaned_data
        save_contact(
            customer_id=customer_id, contact_id=contact_id, archive=removing, by=request.user, at=clock.now(), **fields
        )

    title = row.name if row else _("New contact")
    return _edited(request, customer, form, save, title=title, removable=row is not None)


@login_required
@one_at_a_time
def address(request: HttpRequest, customer_id: UUID, address_id: UUID | None = None) -> HttpResponse:
    customer = customer_for(request.user, customer_id)
    access_of(request.user).require("customer", "change", customer)
    row = addresses_of(customer.pk).filter(pk=address_id).first() if address_id else None
    initial = {name: getattr(row, name) for name in AddressForm.base_fields} if row else {}
    changed = customer_id if address_id else None
    form = bound_or_fresh(request, lambda data: AddressForm(data, initial=initial), subject=changed)

    def save(removing: bool) -> None:
        fields = {} if removing else form.cleaned_data
        save_address(
            customer_id=customer_id, address_id=address_id, archive=removing, by=request.user, at=clock.now(), **fields
        )

    title = (row.label or row.city or row.street) if row else _("New address")
    return _edited(request, customer, form, save, title=title, removable=row is not None)


@login_required
@one_at_a_time
def tax_treatment(request: HttpRequest, customer_id: UUID, treatment_id: UUID | None = None) -> HttpResponse:
    """How the customer is taxed from a day on, in place of the usual."""
    customer = customer_for(request.user, customer_id)
    access_of(request.user).require("tax_filing", "record", company_id=customer.company_id)
    held = tax_treatments_of(customer_id=customer.pk, by=request.user)
    row = held.filter(pk=treatment_id).first() if treatment_id else None
    if treatment_id and row is None:
        raise NotFound()
    initial: dict[str, Any] = {"valid_from": clock.today(at=clock.now(), zone=company_basics(customer.company_id).zone)}
    if row:
        initial = {name: getattr(row, name) for name in TreatmentForm.base_fields}
        initial["is_taxed"] = "1" if row.is_taxed else "0"
    changed = customer_id if treatment_id else None
    form = bound_or_fresh(request, lambda data: TreatmentForm(data, initial=initial), subject=changed)

    def save(removing: bool) -> None:
        fields = {} if removing else form.cleaned_data
        save_tax_treatment(
            customer_id=customer_id, treatment_id=treatment_id, remove=removing, by=request.user, at=clock.now(),
            **fields,
        )  # fmt: skip

    return _edited(request, customer, form, save, title=_("Tax treatment"), removable=row is not None)
