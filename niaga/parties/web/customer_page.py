"""The page of a customer: who they are, what they owe, and everything that happened."""

from decimal import Decimal
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
from django.views.decorators.http import require_POST

from niaga.core import clock
from niaga.core.errors import NotFound, Refusal
from niaga.core.rules.formatting import format_npwp
from niaga.documents.queries.attachments import files_of, upload_url
from niaga.organization.access import access_of
from niaga.organization.queries.company_basics import company_basics
from niaga.organization.queries.users import name_of
from niaga.organization.web.pages import bound_or_fresh
from niaga.parties.models import Customer, TaxTreatment
from niaga.parties.queries.credit import credit_figures
from niaga.parties.queries.customer_lists import addresses_of, consents_of, contacts_of, timeline_of, whole_customer
from niaga.parties.queries.customers import customer_for
from niaga.parties.queries.tax_treatments import tax_treatments_of
from niaga.parties.rules.consent import PURPOSES as PURPOSE_CODES
from niaga.parties.rules.credit import CreditFigures
from niaga.parties.rules.phones import format_phone, is_mobile
from niaga.parties.services.archive_customer import archive_customer
from niaga.parties.services.raise_credit import raise_credit
from niaga.parties.services.record_consent import record_consent
from niaga.parties.services.save_address import save_address
from niaga.parties.services.save_contact import save_contact
from niaga.parties.services.save_tax_treatment import save_tax_treatment
from niaga.parties.services.set_credit import MOST_DAYS, set_credit
from niaga.parties.services.write_note import write_note
from niaga.parties.web.customer_form import show_refusal
from niaga.parties.web.words import CHAPTERS, PURPOSES, TRANSACTIONS, document_url, happened
from niaga.ui.documents import Action, Consequence
from niaga.ui.forms import AmountField, DayField, once
from niaga.ui.registry.customers import sections_of_customer
from niaga.ui.registry.panels import customer_panels
from niaga.ui.stale import one_at_a_time, overtaken

PAGE = 30


@login_required
def show_customer(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """The customer's page; the timeline alone when htmx asks for it."""
    if request.headers.get("HX-Target") == "story":
        return render(request, "parties/story.html", _story(request, customer_for(request.user, customer_id)))
    customer = whole_customer(request.user, customer_id)
    access = access_of(request.user)
    figures: CreditFigures = customer.figures
    may_change = access.allows("customer", "change", customer.company_id) and customer.archived_at is None
    context = {
        "customer": customer,
        "account": figures,
        "exposure": figures.exposure,
        "available": figures.available,
        "used": _used(figures.exposure, figures.limit),
        "phone": format_phone(customer.phone) if customer.phone else "",
        "whatsapp": customer.phone.lstrip("+") if customer.phone and is_mobile(customer.phone) else "",
        "tax_id": format_npwp(customer.tax_id) if customer.tax_id_kind == "npwp" else customer.tax_id,
        "contacts": [
            {"row": row, "phone": format_phone(row.phone) if row.phone else ""} for row in customer.contacts.all()
            if row.archived_at is None
        ],
        "addresses": [row for row in customer.addresses.all() if row.archived_at is None],
        "treatments": _treatments(request, customer),
        "may_treat": access.allows("tax_filing", "record", customer.company_id) and customer.archived_at is None,
        "tags": customer.tag_names,
        "panel": customer_panels(request, [customer.pk])[customer.pk],
        "sections": sections_of_customer(request, customer.pk),
        "consents": _consents(customer.pk),
        "may_change": may_change,
        "may_credit": access.allows("customer", "credit", customer.company_id),
        "files": files_of(kind="customer", subject_id=customer.pk, removable=may_change),
        "upload_url": upload_url(kind="customer", subject_id=customer.pk) if may_change else "",
        "actions": _actions(request, customer),
        **_story(request, customer),
    }  # fmt: skip
    return render(request, "parties/customer.html", context)


def _treatments(request: HttpRequest, customer: Customer) -> list[dict[str, Any]]:
    """How the customer is taxed, the latest first, each with whether it holds today."""
    today = clock.today(at=clock.now(), zone=access_of(request.user).current_company.zone)
    return [
        {
            "row": row, "holds": row.valid_from <= today and (row.valid_until is None or today <= row.valid_until),
            "label": str(TRANSACTIONS.get(row.transaction_code, "")) or gettext("no tax charged"),
        }
        for row in TaxTreatment.objects.filter(customer=customer).order_by("-valid_from", "region")
    ]  # fmt: skip


def _actions(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    """The primary deed and the menu, as far as the person may."""
    access = access_of(request.user)
    here = customer.company_id
    archived = customer.archived_at is not None
    more = []
    if access.allows("customer", "archive", here):
        word = _("Restore") if archived else _("Archive")
        more.append(
            Action(word, url=reverse("parties:archive", args=[customer.pk]), icon="archive")
            if archived
            else Action(
                word, url=reverse("parties:archive", args=[customer.pk]), icon="archive",
                confirm=Consequence(
                    _("Archive this customer?"),
                    _("New documents are no longer offered it. What names it stays, and it can be restored."),
                ),
            )
        )  # fmt: skip
    edit = None
    if access.allows("customer", "change", here) and not archived:
        edit = Action(
            _("Edit"), url=reverse("parties:change", args=[customer.pk]), icon="pencil", method="get", key="e"
        )
    primary = None
    if access.allows("quotation", "create", here) and not archived:
        primary = Action(
            _("New quotation"),
            url=f"/quotations/new?customer={customer.pk}",
            icon="plus",
            method="get",
            kind="go",
            key="q",
        )
    return {"primary": primary, "edit": edit, "more": more}


def _story(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    """One page of the timeline, as filtered, with the names of who did it. One statement."""
    kind, text = request.GET.get("kind", ""), request.GET.get("text", "").strip()[:100]
    kind = kind if kind in CHAPTERS else ""
    start = request.GET.get("from", "")
    begin = int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 0
    told = timeline_of(customer.pk, kind=kind, text=text).annotate(who=name_of("actor_id"))
    rows: list[Any] = list(told[begin : begin + PAGE + 1])
    entries = [
        {
            "row": row,
            "what": happened(row.kind),
            "url": document_url(row.subject_kind, row.subject_id),
            "who": row.who or "",
            "quote": PURPOSES.get(row.text, row.text) if row.kind.startswith("consent") else row.text,
        }
        for row in rows[:PAGE]
    ]
    more = begin + PAGE if len(rows) > PAGE else None
    return {
        "customer": customer, "entries": entries, "kind": kind, "text": text, "chapters": CHAPTERS.items(),
        "next": more, "begin": begin,
        "may_note": access_of(request.user).allows("customer", "change", customer.company_id),
    }  # fmt: skip


def _consents(customer_id: UUID) -> list[dict[str, Any]]:
    """Each purpose with its latest word and the history behind it. One statement."""
    rows = list(consents_of(customer_id)[:100])
    shown = []
    for code in PURPOSE_CODES:
        history = [row for row in rows if row.purpose == code]
        shown.append(
            {"code": code, "label": PURPOSES[code], "latest": history[0] if history else None, "history": history}
        )
    return shown


def _used(exposure: Decimal, limit: Decimal | None) -> int:
    """How much of the limit is used, 0 to 100."""
    if not limit:
        return 100 if exposure > 0 else 0
    return max(0, min(100, int(exposure * 100 / limit)))


def _back(customer_id: UUID) -> str:
    return reverse("parties:customer", args=[customer_id])


@login_required
@require_POST
def archive(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Put the customer away, or back when it is."""

    def deed() -> str:
        archived = customer_for(request.user, customer_id).archived_at is not None
        archive_customer(customer_id=customer_id, by=request.user, at=clock.now(), restore=archived)
        if archived:
            messages.success(request, gettext("Restored."))
        else:
            undo = reverse("parties:archive", args=[customer_id])
            messages.success(request, gettext("Archived."), extra_tags=f"undo:{undo}")
        return _back(customer_id)

    return once(request, deed)


@login_required
@require_POST
def add_note(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    def deed() -> str:
        write_note(customer_id=customer_id, text=request.POST.get("text", ""), by=request.user, at=clock.now())
        return _back(customer_id)

    return once(request, deed)


@login_required
@require_POST
def consent(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    def deed() -> str:
        record_consent(
            customer_id=customer_id, purpose=request.POST.get("purpose", ""), given=request.POST.get("given") == "1",
            source=request.POST.get("source", ""), by=request.user, at=clock.now(),
        )  # fmt: skip
        return _back(customer_id)

    return once(request, deed)


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
