"""Writing a customer: the whole form, the quick one of a dialog, and the hints beside the fields."""

import json
from collections.abc import Mapping
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

from niaga.core import clock
from niaga.core.errors import Refusal
from niaga.core.rules.formatting import format_npwp
from niaga.organization.access import access_of
from niaga.organization.queries.branches import branches, territories
from niaga.organization.queries.users import salespeople
from niaga.organization.web.pages import bound_or_fresh
from niaga.parties.models import Customer
from niaga.parties.queries.customer_lists import groups_for, terms_for, whole_customer
from niaga.parties.queries.find_customers import possible_duplicates
from niaga.parties.rules.customer import NewAddress, NewContact
from niaga.parties.rules.phones import BadPhone, format_phone, to_e164
from niaga.parties.rules.tax_ids import BadTaxId, check_nitku, check_tax_id
from niaga.parties.services.check_customer import tax_id_doubt, tax_id_fault
from niaga.parties.services.create_customer import create_customer
from niaga.parties.services.save_tag import save_tag
from niaga.parties.services.update_customer import update_customer
from niaga.ui.forms import AmountField, once
from niaga.ui.stale import one_at_a_time, overtaken

KINDS = [("", "—"), ("npwp", "NPWP"), ("nik", "NIK"), ("passport", _("Passport")), ("other", _("Other"))]
LANGUAGES = [("", _("As the company")), ("id", "Bahasa Indonesia"), ("en", "English")]


class CustomerForm(forms.Form):
    """What a person writes of a customer. Checks are the services'; here is only what it is called."""

    name = forms.CharField(label=_("Name"), max_length=200, widget=forms.TextInput(attrs={"autofocus": True}))
    code = forms.CharField(
        label=_("Code"), max_length=30, required=False, help_text=_("Empty: the next number is taken.")
    )
    legal_name = forms.CharField(
        label=_("Legal name"), max_length=200, required=False, help_text=_("As on the tax invoice, when it differs.")
    )
    is_person = forms.BooleanField(label=_("A person, not a company"), required=False)
    email = forms.CharField(label=_("E-mail"), max_length=254, required=False)
    phone = forms.CharField(label=_("Phone or WhatsApp"), max_length=30, required=False)
    tax_id_kind = forms.ChoiceField(label=_("Kind of tax number"), choices=KINDS, required=False)
    tax_id = forms.CharField(label=_("Tax number"), max_length=30, required=False)
    nitku = forms.CharField(
        label="NITKU", max_length=30, required=False, help_text=_("22 digits; empty means the head office.")
    )
    language = forms.ChoiceField(label=_("Language of documents"), choices=LANGUAGES, required=False)
    currency = forms.ChoiceField(label=_("Currency of documents"), required=False)
    group = forms.ChoiceField(label=_("Group"), required=False, help_text=_("Decides which price lists hold."))
    payment_term = forms.ChoiceField(label=_("Payment term"), required=False)
    salesperson = forms.ChoiceField(label=_("Salesperson"), required=False)
    branch = forms.ChoiceField(label=_("Branch"), required=False)
    territory = forms.ChoiceField(label=_("Territory"), required=False)
    tags = forms.CharField(
        label=_("Tags"),
        max_length=400,
        required=False,
        help_text=_("Words with commas between, such as: pareto, cafe."),
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea)
    credit_limit = AmountField(
        label=_("Credit limit"), required=False, help_text=_("Empty: the group's limit, and without one no limit.")
    )
    contact_name = forms.CharField(label=_("Contact person"), max_length=120, required=False)
    contact_phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    street = forms.CharField(label=_("Street"), max_length=300, required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    province = forms.CharField(label=_("Province"), max_length=100, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=10, required=False)

    def __init__(self, request: HttpRequest, *args: Any, new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by = request.user
        choices: Mapping[str, Any] = {
            "group": groups_for(by).values_list("id", "name"),
            "payment_term": terms_for(by).prefetch_related(None).values_list("id", "name"),
            "salesperson": salespeople(by=by).values_list("id", "name"),
            "branch": branches(by=by).values_list("id", "name"),
            "territory": territories(by=by).values_list("id", "name"),
        }
        for name, rows in choices.items():
            self.fields[name].choices = [("", "—"), *((str(key), label) for key, label in rows)]  # type: ignore[attr-defined]
        here = access_of(by).current_company
        if here.other_currencies:
            codes = dict.fromkeys(
                [here.currency, *here.other_currencies, *filter(None, [self.initial.get("currency")])]
            )
            own = _("Your company's own")
            self.fields["currency"].choices = [("", own), *((code, code) for code in codes)]  # type: ignore[attr-defined]
        else:
            del self.fields["currency"]
        if not new or not access_of(by).allows("customer", "credit"):
            del self.fields["credit_limit"]
        if not new:
            self.fields["code"].help_text = ""
            for name in ("contact_name", "contact_phone", "street", "city", "province", "postcode"):
                del self.fields[name]

    def facts(self) -> dict[str, Any]:
        """The columns of a customer, as the services take them."""
        data = self.cleaned_data
        plain = ("name", "legal_name", "is_person", "email", "phone", "tax_id", "nitku", "language", "note")
        facts = {name: data[name] for name in plain}
        if "currency" in data:
            facts["currency"] = data["currency"]
        facts["tax_id_kind"] = (data["tax_id_kind"] or "npwp") if data["tax_id"] else ""
        for name in ("group", "payment_term", "salesperson", "branch", "territory"):
            facts[f"{name}_id"] = UUID(data[name]) if data[name] else None
        return facts

    def tag_names(self) -> list[str]:
        return [name.strip() for name in self.cleaned_data["tags"].split(",") if name.strip()]


def show_refusal(form: forms.Form, refusal: Refusal) -> None:
    """Every finding beside its field; what has no field here stands above the form."""
    findings = refusal.lines or [{"field": refusal.field, "message": str(refusal.message)}]
    moved = {"contacts.0.name": "contact_name", "contacts.0.phone": "contact_phone", "addresses.0.street": "street"}
    for finding in findings:
        field = moved.get(str(finding.get("field")), finding.get("field"))
        form.add_error(field if field in form.fields else None, str(finding["message"]))


def _tags(request: HttpRequest, form: CustomerForm) -> tuple[UUID, ...]:
    company_id = access_of(request.user).current_company.id
    return tuple(
        save_tag(company_id=company_id, name=name, by=request.user, at=clock.now()).pk for name in form.tag_names()
    )


def _create(request: HttpRequest, form: CustomerForm) -> Customer:
    data = form.cleaned_data
    facts = form.facts()
    people = [NewContact(name=data["contact_name"], phone=data["contact_phone"])] if data["contact_name"] else []
    place = {name: data[name] for name in ("street", "city", "province", "postcode")}
    return create_customer(
        company_id=access_of(request.user).current_company.id,
        by=request.user,
        at=clock.now(),
        code=data["code"] or None,
        credit_limit=data.get("credit_limit"),
        tag_ids=_tags(request, form),
        contacts=tuple(people),
        addresses=(NewAddress(**place),) if any(place.values()) else (),
        **facts,
    )


@login_required
def new_customer(request: HttpRequest) -> HttpResponse:
    """`GET` shows the empty form, `POST` makes the customer and opens its page."""
    access_of(request.user).require("customer", "create")
    status = 200
    form = CustomerForm(request, initial={"name": request.GET.get("name", "")[:200]})
    if request.method == "POST":
        form = CustomerForm(request, request.POST)
        if form.is_valid():

            def deed() -> str:
                customer = _create(request, form)
                messages.success(request, gettext("%(name)s is saved.") % {"name": customer.name})
                return reverse("parties:customer", args=[customer.pk])

            try:
                return once(request, deed)
            except Refusal as refusal:
                show_refusal(form, refusal)
        status = 422
    return render(request, "parties/customer_form.html", {"form": form, "title": _("New customer")}, status=status)


@login_required
@one_at_a_time
def change_customer(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """`GET` shows the customer in its form, `POST` saves it unless somebody else did in between."""
    customer = whole_customer(request.user, customer_id)
    access_of(request.user).require("customer", "change", customer)
    status = 200

    def made(data: Any) -> CustomerForm:
        return CustomerForm(request, data, new=False, initial=_initial(customer))

    form = bound_or_fresh(request, made, subject=customer_id, more={"version": [str(customer.version)]})
    if request.method == "POST":
        if not overtaken(form) and form.is_valid():

            def deed() -> str:
                update_customer(
                    customer_id=customer_id, by=request.user, at=clock.now(), version=_seen(request),
                    code=form.cleaned_data["code"] or customer.code, tag_ids=_tags(request, form), **form.facts(),
                )  # fmt: skip
                messages.success(request, gettext("Saved."))
                return reverse("parties:customer", args=[customer_id])

            try:
                return once(request, deed)
            except Refusal as refusal:
                show_refusal(form, refusal)
        status = 422
    context = {
        "form": form,
        "customer": customer,
        "title": customer.name,
        "version": _seen(request) or customer.version,
    }
    return render(request, "parties/customer_form.html", context, status=status)


def _seen(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _initial(customer: Any) -> dict[str, Any]:
    initial = {name: getattr(customer, name) for name in CustomerForm.base_fields if hasattr(customer, name)}
    for name in ("group", "payment_term", "salesperson", "branch", "territory"):
        key = getattr(customer, f"{name}_id")
        initial[name] = str(key) if key else ""
    initial["phone"] = format_phone(customer.phone) if customer.phone else ""
    initial["tax_id"] = format_npwp(customer.tax_id) if customer.tax_id_kind == "npwp" else customer.tax_id
    initial["tags"] = ", ".join(customer.tag_names)
    return initial


class QuickForm(forms.Form):
    """A customer in the middle of something else: only what is needed to go on."""

    name = forms.CharField(label=_("Name"), max_length=200)
    phone = forms.CharField(label=_("Phone or WhatsApp"), max_length=30, required=False)
    email = forms.CharField(label=_("E-mail"), max_length=254, required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)


@login_required
def quick_customer(request: HttpRequest) -> HttpResponse:
    """The form of a dialog. Saved, it tells the page by the event `customer-created` with `id` and `label`."""
    access_of(request.user).require("customer", "create")
    form = QuickForm(initial={"name": request.GET.get("name", "")[:200]})
    if request.method == "POST":
        form = QuickForm(request.POST)
        if form.is_valid():
            data = form.cleaned_data
            try:
                customer = create_customer(
                    company_id=access_of(request.user).current_company.id, by=request.user, at=clock.now(),
                    name=data["name"], phone=data["phone"], email=data["email"],
                    addresses=(NewAddress(city=data["city"]),) if data["city"] else (),
                )  # fmt: skip
            except Refusal as refusal:
                show_refusal(form, refusal)
            else:
                answer = render(request, "parties/quick_done.html", {"customer": customer})
                told = {"id": str(customer.pk), "label": customer.name, "code": customer.code}
                answer["HX-Trigger"] = json.dumps({"customer-created": told, "close-dialog": True})
                return answer
    return render(request, "parties/quick_form.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def check_tax_number(request: HttpRequest) -> HttpResponse:
    """What is to be said beside a tax number while it is written: a fault, a doubt, or that it fits."""
    kind = request.GET.get("tax_id_kind", "") or "npwp"
    text, nitku = request.GET.get("tax_id", "").strip(), request.GET.get("nitku", "").strip()
    fault, doubt, shown = "", "", ""
    try:
        if text:
            checked = check_tax_id(kind, text)
            doubt = tax_id_doubt(checked.doubt)
            shown = format_npwp(checked.value) if kind == "npwp" else checked.value
        if nitku:
            check_nitku(nitku, npwp=text if kind in ("npwp", "nik") else "")
    except BadTaxId as bad:
        fault = tax_id_fault("nitku" if nitku and bad.code == "not_of_this_npwp" else kind, bad.code)
    return render(request, "parties/tax_hint.html", {"fault": fault, "doubt": doubt, "shown": shown})


@login_required
def check_duplicates(request: HttpRequest) -> HttpResponse:
    """Customers that may be the same as the one being written."""
    phone = request.GET.get("phone", "")
    try:
        phone = to_e164(phone)
    except BadPhone:
        phone = ""
    try:
        tax_id = check_tax_id(request.GET.get("tax_id_kind", "") or "npwp", request.GET.get("tax_id", "")).value
    except BadTaxId:
        tax_id = ""
    try:
        but = UUID(request.GET.get("but", ""))
    except ValueError:
        but = None
    found = possible_duplicates(
        by=request.user, name=request.GET.get("name", "")[:200], phone=phone, tax_id=tax_id,
        email=request.GET.get("email", "")[:254], but=but,
    )  # fmt: skip
    shown = [{"one": one, "phone": format_phone(one.phone) if one.phone else ""} for one in found]
    return render(request, "parties/duplicates.html", {"found": shown})
