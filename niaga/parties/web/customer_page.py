"""The page of a customer: who they are, what they owe, and everything that happened."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from niaga.core import clock
from niaga.core.rules.formatting import format_npwp
from niaga.documents.queries.attachments import files_of, upload_url
from niaga.organization.access import access_of
from niaga.organization.queries.users import name_of
from niaga.parties.models import Customer, TaxTreatment
from niaga.parties.queries.customer_lists import consents_of, timeline_of, whole_customer
from niaga.parties.queries.customers import customer_for
from niaga.parties.rules.consent import PURPOSES as PURPOSE_CODES
from niaga.parties.rules.credit import CreditFigures
from niaga.parties.rules.phones import format_phone, is_mobile
from niaga.parties.services.archive_customer import archive_customer
from niaga.parties.services.record_consent import record_consent
from niaga.parties.services.write_note import write_note
from niaga.parties.web.words import CHAPTERS, PURPOSES, TRANSACTIONS, document_url, happened
from niaga.ui.documents import Action, Consequence
from niaga.ui.forms import once
from niaga.ui.registry.customers import sections_of_customer
from niaga.ui.registry.panels import customer_panels

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
    access = access_of(request.user)
    for entry in entries:  # the story names documents that the person may not open
        if entry["url"] and not access.allows(entry["row"].subject_kind, "view"):
            entry["url"] = ""
    more = begin + PAGE if len(rows) > PAGE else None
    return {
        "customer": customer, "entries": entries, "kind": kind, "text": text, "chapters": CHAPTERS.items(),
        "next": more, "begin": begin,
        "may_note": access.allows("customer", "change", customer.company_id),
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
