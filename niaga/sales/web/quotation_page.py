"""The page of a quotation, and the deeds it offers."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from niaga.core.clock import now
from niaga.core.clock import today as day_at
from niaga.core.rules.tax_name import tax_name
from niaga.documents.queries.attachments import files_of, upload_url
from niaga.organization.access import access_of
from niaga.sales.models import Quotation, QuotationLine
from niaga.sales.queries.documents import get_quotation_page
from niaga.sales.queries.lines import margin_of, remarks_of, shown_quotation_lines, taken_by, tax_rows
from niaga.sales.rules.flows import quotation_flow
from niaga.sales.services.accept_quotation import accept_quotation
from niaga.sales.services.cancel_quotation import cancel_quotation
from niaga.sales.services.decline_quotation import decline_quotation
from niaga.sales.services.duplicate_quotation import duplicate_quotation
from niaga.sales.services.note_document import note_document
from niaga.sales.services.revise_quotation import revise_quotation
from niaga.sales.services.save_template import save_template
from niaga.sales.services.send_quotation import send_quotation
from niaga.sales.services.share_quotation import share_quotation
from niaga.sales.web.approval_words import ApprovalNote, approval_action, approval_note
from niaga.sales.web.document_timeline import document_timeline
from niaga.sales.web.shown_lines import shown_lines
from niaga.sales.web.totals import total_rows
from niaga.sales.web.words import QUOTATION, in_words, named_places
from niaga.stock.queries.availability import Availability, availability
from niaga.ui import formatting
from niaga.ui.documents import Action, Axis, Consequence, DocumentPage, Total
from niaga.ui.forms import deed_view


@login_required
@require_GET
def quotation(request: HttpRequest, quotation_id: UUID) -> HttpResponse:
    found = get_quotation_page(quotation_id=quotation_id, by=request.user)
    lines = shown_quotation_lines(quotation_id=found.id)
    ids = {product_id for line in lines for product_id in taken_by(line)}
    stock = availability(product_ids=ids, company_id=found.company_id)
    approval = approval_note(found, today=day_at(at=now(), zone=found.branch.zone))
    page = _page(request, found, lines, stock, approval).read(request)
    page.timeline = document_timeline(page)
    facts = {
        "page": page, "quotation": found,
        "lines": shown_lines(lines, found.currency, stock=stock, sees_cost=access_of(request.user).sees_cost),
        "approval": approval, "places": named_places(found), "may_send": _may(request, "send", found),
        "mail_to": _mail_to(found), "today": _today(found),
        "dialogs": {action.dialog for action in page.more if action.dialog},
    }  # fmt: skip
    return render(request, "sales/quotation.html", facts)


def _today(found: Quotation) -> object:
    return day_at(at=now(), zone=found.branch.zone)


def _mail_to(found: Quotation) -> str:
    return (found.contact.email if found.contact else "") or found.customer.email


def _may(request: HttpRequest, action: str, found: Quotation) -> bool:
    return access_of(request.user).reaches("quotation", action, found)


def _page(
    request: HttpRequest,
    found: Quotation,
    lines: list[QuotationLine],
    stock: dict[UUID, Availability],
    approval: ApprovalNote | None,
) -> DocumentPage:
    access = access_of(request.user)
    may_change = _may(request, "change", found)
    status = QUOTATION[found.status]
    version = _("version %(version)d") % {"version": found.offer_version}
    word = f"{status.label}, {version}"
    axes = [
        Axis(_("Status"), word if found.offer_version > 1 else status.label, status.tone, status.icon),
        Axis(_("Valid until"), formatting.day(found.valid_until)),
    ]
    if found.requested_date:
        axes.append(Axis(_("Requested"), formatting.day(found.requested_date)))
    if found.status in ("draft", "sent"):
        axes.append(_stock_axis(lines, stock))
    if access.sees_cost and (margin := margin_of(lines)) is not None:
        axes.append(Axis(_("Margin"), formatting.percent(margin[1], 1)))
    if found.salesperson:
        axes.append(Axis(_("Salesperson"), str(found.salesperson)))
    primary, actions, more = _actions(request, found, approval)
    taxes = tax_rows(lines)
    language, here = get_language() or "id", access.current_company
    return DocumentPage(
        kind="quotation", id=found.id, number=found.number, party=found.customer.name, party_id=found.customer_id,
        party_url=f"/customers/{found.customer_id}", axes=axes, primary=primary, actions=actions, more=more,
        totals=[Total(*row) for row in total_rows(found, taxes, country=here.country, home=here.currency)],
        remarks=remarks_of(
            found, lines, language=language, name=tax_name(here.country, language)
        ),
        words=in_words(found.total, found.currency, language),
        files=files_of(kind="quotation", subject_id=found.id, removable=may_change),
        upload_url=upload_url(kind="quotation", subject_id=found.id) if may_change else "",
        note_url=reverse("sales:quotation_note", args=[found.id]) if may_change else "",
    )  # fmt: skip


def _stock_axis(lines: list[QuotationLine], stock: dict[UUID, Availability]) -> Axis:
    wanted: dict[UUID, Decimal] = {}
    takes = {line.id: taken_by(line) for line in lines if line.is_chosen}
    for line in lines:
        for product_id, each in takes.get(line.id, {}).items():
            wanted[product_id] = wanted.get(product_id, Decimal(0)) + line.quantity * line.factor * each
    scarce = {product_id for product_id, need in wanted.items() if stock[product_id].free < need}
    short = len([each for each in takes.values() if scarce & set(each)])
    if not wanted:
        return Axis(_("Stock"), _("Not needed"))
    if not short:
        return Axis(_("Stock"), _("All available"), "good", "check")
    text = ngettext("%(count)d line short", "%(count)d lines short", short) % {"count": short}
    return Axis(_("Stock"), text, "warn", "triangle-alert")


def _actions(
    request: HttpRequest, found: Quotation, approval: ApprovalNote | None
) -> tuple[Action | None, list[Action], list[Action]]:
    """The one next deed, what is beside it, and the rest."""
    moves = quotation_flow.allowed(found.status)

    def url(name: str) -> str:
        return reverse(f"sales:quotation_{name}", args=[found.id])

    may = {name: _may(request, name, found) for name in ("change", "send", "accept", "cancel")}
    order = Action(_("Make order"), url=url("acceptance"), icon="check", kind="go", key="o")
    send = Action(_("Send"), dialog="send-quotation", icon="send", kind="go", key="s")
    revise = Action(_("Revise"), url=url("revision"), icon="pencil")
    primary: Action | None = None
    actions: list[Action] = []
    more: list[Action] = []
    if found.status == "draft":
        primary = (approval_action(approval) or send) if may["send"] else None
        if may["change"]:
            actions.append(Action(_("Edit"), url=url("edit"), icon="pencil", method="get", key="e"))
    elif found.status == "sent":
        primary = order if may["accept"] else None
        if may["change"]:
            actions.append(revise)
        if may["send"]:
            more.append(Action(_("Send again"), dialog="send-quotation", icon="send"))
    elif found.status in ("expired", "declined") and may["change"]:
        primary = Action(_("Revise"), url=url("revision"), icon="pencil", kind="go", key="e")
    elif found.status == "accepted" and hasattr(found, "order"):
        primary = Action(
            _("Open the order"), url=reverse("sales:order", args=[found.order.pk]), icon="arrow-right", kind="go",
            method="get", key="o",
        )  # fmt: skip
        if _may_ask(request, found.order):
            more.append(Action(_("Pro-forma invoice"), dialog="pro-forma", icon="file-text"))
    actions.append(
        Action(
            "PDF",
            url=reverse("documents:paper", args=["quotation", found.id]),
            icon="file-text",
            method="get",
            new_tab=True,
            key="p",
        )
    )
    if found.status == "draft" and may["accept"]:
        more.append(Action(_("Make order without sending"), url=url("acceptance"), icon="check"))
    if found.status == "sent" and may["send"]:
        more.append(Action(_("Link for the customer"), dialog="share-quotation", icon="link"))
    if access_of(request.user).allows("quotation", "create"):
        more.append(Action(_("Duplicate"), url=url("copy"), icon="copy"))
        more.append(Action(_("Save as template"), dialog="save-template", icon="bookmark"))
    if found.offer_version > 1 or found.status != "draft":
        more.append(Action(_("Versions"), url=url("versions"), icon="history", method="get"))
    if "decline" in moves and may["accept"]:
        question = Consequence(
            _("The customer declined?"), _("The offer ends. You can revise it and send a new version."),
            button=_("Note the decline"), reason=_("Why"),
        )  # fmt: skip
        more.append(Action(_("Declined"), url=url("decline"), icon="x", confirm=question))
    if "cancel" in moves and may["cancel"]:
        question = Consequence(
            _("Cancel this quotation?"), _("Its link will say that the offer no longer holds. It cannot be undone."),
            button=_("Cancel the quotation"), reason=_("Why"), danger=True,
        )  # fmt: skip
        more.append(
            Action(_("Cancel the quotation"), url=url("cancellation"), icon="ban", kind="bad", confirm=question)
        )
    return primary, actions, more


def _may_ask(request: HttpRequest, order: Any) -> bool:
    open_order = order.status in ("draft", "confirmed") and order.invoice_progress == "none"
    return open_order and access_of(request.user).reaches("order", "send", order)


def _here(quotation_id: UUID) -> str:
    return reverse("sales:quotation", args=[quotation_id])


def _send(request: HttpRequest, quotation_id: UUID) -> str:
    addresses = request.POST.get("to", "").replace(";", ",").split(",")
    send_quotation(
        quotation_id=quotation_id, to=addresses, message=request.POST.get("message", "").strip()[:4000],
        by=request.user, at=now(),
    )  # fmt: skip
    return _here(quotation_id)


def _accept(request: HttpRequest, quotation_id: UUID) -> str:
    order = accept_quotation(quotation_id=quotation_id, by=request.user, at=now())
    return reverse("sales:order", args=[order.id])


def _revise(request: HttpRequest, quotation_id: UUID) -> str:
    revise_quotation(quotation_id=quotation_id, by=request.user, at=now())
    return reverse("sales:quotation_edit", args=[quotation_id])


def _decline(request: HttpRequest, quotation_id: UUID) -> str:
    decline_quotation(quotation_id=quotation_id, reason=_reason(request), by=request.user, at=now())
    return _here(quotation_id)


def _cancel(request: HttpRequest, quotation_id: UUID) -> str:
    cancel_quotation(quotation_id=quotation_id, reason=_reason(request), by=request.user, at=now())
    return _here(quotation_id)


def _copy(request: HttpRequest, quotation_id: UUID) -> str:
    copy = duplicate_quotation(quotation_id=quotation_id, by=request.user, at=now())
    messages.success(request, _("%(number)s was written like it, at today's prices.") % {"number": copy.number})
    return reverse("sales:quotation_edit", args=[copy.id])


def _template(request: HttpRequest, quotation_id: UUID) -> str:
    name = request.POST.get("name", "")
    save_template(quotation_id=quotation_id, name=name, by=request.user, at=now())
    messages.success(request, _("Template “%(name)s” is kept.") % {"name": name.strip()})
    return _here(quotation_id)


def _note(request: HttpRequest, quotation_id: UUID) -> str:
    text = request.POST.get("text", "")
    note_document(kind="quotation", document_id=quotation_id, text=text, by=request.user, at=now())
    return _here(quotation_id)


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "").strip()[:1000]


send = deed_view("send", _send)
accept = deed_view("accept", _accept)
revise = deed_view("revise", _revise)
decline = deed_view("decline", _decline)
cancel = deed_view("cancel", _cancel)
duplicate = deed_view("duplicate", _copy)
keep_template = deed_view("keep_template", _template)
note = deed_view("note", _note)


@login_required
@require_POST
def share(request: HttpRequest, quotation_id: UUID) -> HttpResponse:
    """A new link for the customer, shown once: only its hash is kept."""
    address = share_quotation(quotation_id=quotation_id, by=request.user, at=now())
    found = get_quotation_page(quotation_id=quotation_id, by=request.user)
    text = _("Quotation %(number)s: %(address)s") % {"number": found.number, "address": address}
    return render(request, "sales/parts/link.html", {"address": address, "text": text, "quotation": found})


@login_required
@require_GET
def versions(request: HttpRequest, quotation_id: UUID) -> HttpResponse:
    """Every version the customer was sent, beside one another."""
    found = get_quotation_page(quotation_id=quotation_id, by=request.user)
    kept = list(found.versions.order_by("-offer_version"))
    if not kept:
        return redirect("sales:quotation", quotation_id)
    shown = [
        {
            "number": one.offer_version, "at": one.at, "total": _plain(one.content["header"]["total"]),
            "lines": [
                {
                    "description": line["description"], "is_item": line["product_id"] is not None,
                    "quantity": _plain(line["quantity"]), "unit_price": _plain(line["unit_price"]),
                    "amount": _plain(line["amount"]),
                }
                for line in one.content["lines"]
            ],
        }
        for one in kept
    ]  # fmt: skip
    return render(request, "sales/versions.html", {"quotation": found, "versions": shown})


def _plain(value: Any) -> Decimal:
    return Decimal(str(value)).normalize() + 0
