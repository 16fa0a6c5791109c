"""An invoice: what it claims, when it is due, what settled it, and the one next deed."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from niaga.core import clock
from niaga.core.errors import Invalid
from niaga.core.queries.together import Question, ask
from niaga.core.rules.tax_name import tax_name
from niaga.core.rules.terbilang import amount_in_words
from niaga.documents.queries.attachments import files_of, upload_url
from niaga.documents.queries.links import openings_of
from niaga.documents.web.stamps import stamp_actions, stamp_axes
from niaga.invoicing.models import Invoice
from niaga.invoicing.queries.allocations import open_balances, open_credits
from niaga.invoicing.queries.collection import marks_of, open_dispute_of, promise_of
from niaga.invoicing.queries.invoices import credit_notes_of, invoice_line_rows, see_invoice, whole_invoice
from niaga.invoicing.queries.settlements import what_it_settles, what_settles
from niaga.invoicing.queries.tax_filings import taxed_credit_notes, taxed_invoices
from niaga.invoicing.queries.tax_slips import tax_slips_of
from niaga.invoicing.registry import invoice_cards
from niaga.invoicing.services.allocate_credit import allocate_credit
from niaga.invoicing.services.change_draft import change_draft
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.invoicing.services.send_invoice import send_invoice
from niaga.invoicing.services.share_invoice import share_invoice
from niaga.invoicing.services.stamp_invoice import stamp_invoice
from niaga.invoicing.web.invoice_list import today_of
from niaga.invoicing.web.reminder_words import MARKS, level_name
from niaga.invoicing.web.tax_list import shown_serial
from niaga.invoicing.web.tax_words import TAX_STATES
from niaga.invoicing.web.words import KINDS, STATUS, days_late, payment_status, with_contents
from niaga.ledger.queries.journal import journal_of
from niaga.organization.access import access_of
from niaga.organization.queries.users import deeds_of
from niaga.parties.queries.customer_lists import terms_for
from niaga.pricing.queries.loyalty_words import points_used_told
from niaga.pricing.rules.tax_remarks import TaxRow, tax_remarks
from niaga.ui import formatting
from niaga.ui.documents import Action, Axis, Consequence, DocumentPage, TimelineEntry, Total
from niaga.ui.forms import once

HAPPENED = {
    "draft": _("Draft written"),
    "change": _("Draft changed"),
    "plan": _("Instalments planned"),
    "issue": _("Issued"),
    "discard": _("Discarded"),
    "send": _("Sent by e-mail"),
    "share": _("Link made"),
    "allocate": _("Credit used"),
    "release": _("Credit released"),
    "attach": _("File added"),
    "stamp": _("e-meterai affixed"),
    "dispute": _("Disputed by the customer"),
    "settle_dispute": _("Dispute settled"),
    "promise": _("Payment promised"),
    "exchange_plan": _("Planned for tukar faktur"),
    "exchange_taken": _("Taken in by the customer"),
    "exchange_refused": _("Not taken in: refused"),
    "exchange_missed": _("Not taken in: nobody met"),
    "exchange_withdrawn": _("Exchange taken back"),
    "tax_export": _("Put into a Coretax file"),
    "tax_withdraw": _("Coretax file withdrawn"),
    "tax_file": _("Tax serial number recorded"),
    "tax_replace": _("Tax serial number replaced"),
    "tax_forget": _("Tax serial number taken back"),
    "tax_cancel": _("Cancelled in Coretax"),
    "tax_leave_out": _("Left out of tax filing"),
    "tax_take_in": _("To be filed again"),
    "tax_buyer": _("Customer's tax facts taken"),
    "tax_return": _("Buyer's nota retur recorded"),
    "tax_slip": _("Collector's tax slip recorded"),
    "tax_slip_reverse": _("Collector's tax slip taken back"),
}


@login_required
@require_GET
def show_invoice(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    today = today_of(request)
    invoice = whole_invoice(invoice_id=invoice_id, by=request.user, today=today)
    lines = with_contents(invoice_line_rows(invoice_id=invoice.pk))
    may = _rights(request, invoice)
    is_issued = invoice.status == "issued"
    is_credit = invoice.kind == "credit_note"
    page = DocumentPage(
        kind="invoice", id=invoice.pk, status=f"{invoice.kind} {invoice.status}",
        number=invoice.number or str(KINDS[invoice.kind]),
        party=invoice.customer.name, party_url=f"/customers/{invoice.customer_id}", party_id=invoice.customer_id,
        axes=_axes(invoice, today), primary=_primary(invoice, may), actions=_actions(invoice, may),
        more=_more(invoice, may, lines), timeline=_timeline(invoice),
        totals=[*shown_totals(invoice, lines), *_in_base(invoice)],
        remarks=shown_remarks(invoice, lines),
        words=amount_in_words(invoice.total, invoice.currency, get_language() or "id"),
        files=files_of(kind="invoice", subject_id=invoice.pk, removable=may["change"]),
        upload_url=upload_url(kind="invoice", subject_id=invoice.pk) if may["change"] else "",
    ).read(request)  # fmt: skip
    context = {
        "page": page, "invoice": invoice, "lines": lines, "may": may, "is_issued": is_issued, "is_credit": is_credit,
        "today": today,
        "dues": shown_dues(invoice, today) if is_issued and not is_credit else planned_dues(invoice),
        "address": invoice.party.get("email", ""),
        "terms": _terms(request) if invoice.status == "draft" and may["change"] else [],
        "creditable": [line for line in lines if line["quantity"] and line["quantity"] > line["credited"]],
        **(_around(request, invoice, may) if is_issued else {}),
    }  # fmt: skip
    return render(request, "invoicing/invoice.html", context)


def _around(request: HttpRequest, invoice: Any, may: dict[str, bool]) -> dict[str, Any]:
    """What settles an issued invoice or could, its credit notes, its entry in the books, and who opened its link."""
    by, customer_id = request.user, invoice.customer_id
    usable = bool(invoice.open) and may["allocate"]
    questions: dict[str, Any] = {
        "journal": journal_of(invoice.pk, by=by),
        "opened": openings_of(kind="invoice", ids=[invoice.pk]).then(lambda found: found.get(invoice.pk)),
    }
    if invoice.kind == "credit_note":
        questions["settled"] = what_it_settles(invoice.pk)
        questions["tax_return"] = _first(taxed_credit_notes(by=by), invoice.pk, "return_number", "return_date")
        questions["targets"] = Question(_offered(open_balances(customer_id=customer_id, by=by)), list) if usable else []
    else:
        notes = credit_notes_of(invoice_id=invoice.pk, by=by)
        questions["settled"] = what_settles(invoice.pk)
        questions["filing"] = _first(
            taxed_invoices(by=by), invoice.pk, "tax_state", "tax_serial", "tax_filing__filed_on", "tax_filing__reason",
            "tax_filing__file_id", "tax_filing__currency_rate", "slip_left",
        ).then(_filing)  # fmt: skip
        questions["dispute"] = open_dispute_of(invoice.pk)
        questions["promise"] = promise_of(invoice.pk)
        questions["reminders"] = marks_of(invoice.pk)
        questions["notes"] = Question(notes.values("pk", "status", "number", "total", "currency"), list)
        if invoice.tax_by_buyer:
            slips = tax_slips_of(invoice_id=invoice.pk)
            shown = ("pk", "number", "date", "amount", "reversed_at", "reason")
            questions["slips"] = Question(slips.values(*shown), list)
        questions["credits"] = Question(_offered(open_credits(customer_id=customer_id, by=by)), list) if usable else []
    cards = {name: card for name, card in invoice_cards if invoice.kind != "credit_note"}
    questions |= {f"card:{name}": card.ask(request, invoice.pk) for name, card in cards.items()}
    around = dict(zip(questions, ask(*questions.values()), strict=True))
    around["cards"] = [{"template": card.template, "told": around.pop(f"card:{name}")} for name, card in cards.items()]
    around["reminders"] = [
        {"row": row, "name": level_name(row["days"]), "shown": MARKS[row["outcome"]]}
        for row in around.get("reminders") or []
    ]
    return around


def _first(rows: Any, key: UUID, *names: str) -> Question[Any]:
    return Question(rows.filter(pk=key).values(*names), lambda found: next(iter(found), None))


def _filing(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Where the invoice stands with the tax office, as its card shows it."""
    if row is None:
        return None
    return {
        "state": row["tax_state"], "shown": TAX_STATES[row["tax_state"]], "serial": shown_serial(row["tax_serial"]),
        "filed_on": row["tax_filing__filed_on"], "reason": row["tax_filing__reason"],
        "slip_left": row["slip_left"],
        "file_id": row["tax_filing__file_id"], "currency_rate": row["tax_filing__currency_rate"],
    }  # fmt: skip


def _terms(request: HttpRequest) -> list[Any]:
    return list(terms_for(request.user).prefetch_related(None))


def _offered(rows: Any) -> Any:
    return rows.values("invoice_id", "currency", "open", number=F("invoice__number"))[:50]


def _rights(request: HttpRequest, invoice: Invoice) -> dict[str, bool]:
    access = access_of(request.user)
    pairs = [("invoice", name) for name in ("change", "discard", "issue", "credit", "send")]
    pairs += [("payment", "record"), ("payment", "allocate")]
    rights = {action: access.reaches(kind, action, invoice) for kind, action in pairs}
    return rights | {"file": access.allows("tax_filing", "record", invoice.company_id)}


def _axes(invoice: Any, today: date) -> list[Axis]:
    status = STATUS[invoice.status]
    axes = [Axis(_("Status"), status.label, status.tone, status.icon)]
    payment = payment_status(invoice, today)
    if payment is not None:
        axes.append(Axis(_("Payment"), payment.label, payment.tone, payment.icon))
    if invoice.date:
        axes.append(Axis(_("Date"), formatting.day(invoice.date)))
    if invoice.status == "issued" and invoice.kind != "credit_note":
        axes.append(Axis(_("Due"), formatting.day(invoice.next_due) or _("After the exchange")))
    if invoice.status == "issued" and invoice.open and invoice.open != invoice.total:
        axes.append(Axis(_("Open"), formatting.money(invoice.open, invoice.currency)))
    if invoice.kind != "invoice":
        axes.append(Axis(_("Kind"), KINDS[invoice.kind]))
    return [*axes, *stamp_axes(invoice)]


def _primary(invoice: Any, may: dict[str, bool]) -> Action | None:
    """The one next deed: issue a draft, then take the money."""
    if invoice.status == "draft" and may["issue"]:
        if invoice.kind == "credit_note":
            text = gettext(
                "It gets its number and lessens what the customer owes by %(total)s, for good. It cannot be changed"
                " or taken back."
            )
        else:
            text = gettext(
                "It gets its number and claims %(total)s from the customer, for good. It cannot be changed or deleted"
                " afterwards; a mistake is put right by a credit note."
            )
        return Action(
            _("Issue"), url=reverse("invoicing:issue", args=[invoice.pk]), icon="check", kind="go", key="i",
            confirm=Consequence(
                gettext("Issue to %(customer)s?") % {"customer": invoice.customer.name},
                text % {"total": formatting.money(invoice.total, invoice.currency)}, button=_("Issue"),
            ),
        )  # fmt: skip
    if invoice.status == "issued" and invoice.kind != "credit_note" and invoice.open and may["record"]:
        url = f"/payments/new?customer={invoice.customer_id}&invoice={invoice.pk}"
        return Action(_("Record payment"), url=url, icon="banknote", method="get", kind="go", key="p")
    return None


def _actions(invoice: Any, may: dict[str, bool]) -> list[Action]:
    pdf = reverse("documents:paper", args=["invoice", invoice.pk])
    actions = [Action("PDF", url=pdf, method="get", icon="file-text", new_tab=True)]
    if invoice.status == "issued" and may["send"]:
        actions.insert(0, Action(_("Send"), dialog="send", icon="send", key="m"))
    if invoice.status == "draft" and may["change"]:
        actions.insert(0, Action(_("Edit"), dialog="edit", icon="pencil", key="e"))
        if invoice.kind != "credit_note":
            url = reverse("invoicing:instalments", args=[invoice.pk])
            actions.append(Action(_("Instalments"), url=url, method="get", icon="calendar-range"))
    return actions


def _more(invoice: Any, may: dict[str, bool], lines: list[Mapping[str, Any]]) -> list[Action]:
    more = stamp_actions(invoice, may=may["issue"])
    if invoice.status == "draft" and may["discard"]:
        more.append(
            Action(
                _("Discard draft"), url=f"/invoices/{invoice.pk}/discard", icon="trash-2", kind="bad",
                confirm=Consequence(
                    _("Discard this draft?"), _("What it billed can be billed anew. No number is lost."),
                    button=_("Discard draft"), danger=True,
                ),
            )
        )  # fmt: skip
    if invoice.status == "issued" and invoice.kind != "credit_note":
        if may["credit"] and any(line["quantity"] and line["quantity"] > line["credited"] for line in lines):
            more.append(Action(_("Write credit note"), dialog="credit", icon="undo-2"))
        if may["send"] and invoice.open:
            more.append(Action(_("Note a dispute"), dialog="dispute", icon="message-circle-warning"))
            more.append(Action(_("Note a promise to pay"), dialog="promise", icon="handshake"))
        if may["send"]:
            more.append(Action(_("Make a link"), url=reverse("invoicing:link", args=[invoice.pk]), icon="link"))
    return more


def _timeline(invoice: Invoice) -> list[TimelineEntry]:
    entries = []
    for row in deeds_of(invoice.pk):
        quote = row.note
        if row.verb == "stamp":
            quote = row.data["serial"]
        if row.verb == "send":
            quote = ", ".join(row.data.get("to", []))
        if row.verb in ("allocate", "release"):
            quote = f"{row.data.get('invoice', '')} · {row.data.get('amount', '')}"
        entries.append(
            TimelineEntry(
                at=row.at, text=str(HAPPENED.get(row.verb, row.verb.replace("_", " ").capitalize())),
                by=row.who or "", quote=quote,
            )
        )  # fmt: skip
    return entries


def shown_totals(invoice: Invoice, lines: list[Mapping[str, Any]]) -> list[Total]:
    def shown(amount: Decimal) -> str:
        return formatting.amount(amount, invoice.currency)

    name = tax_name(invoice.company.country, get_language() or "id")
    totals = [Total(_("Subtotal"), shown(invoice.subtotal))]
    if invoice.discount_amount:
        totals.append(Total(_("Discount"), shown(-invoice.discount_amount)))
    if invoice.points_amount:
        totals.append(Total(points_used_told(invoice.points_used), shown(-invoice.points_amount)))
    groups: dict[tuple[Decimal, int, int, Decimal], list[Mapping[str, Any]]] = {}
    for line in lines:
        if line["tax_rate"] or line["luxury_rate"]:
            key = (line["tax_rate"], line["base_numerator"], line["base_denominator"], line["luxury_rate"])
            groups.setdefault(key, []).append(line)
    for (rate, numerator, denominator, luxury_rate), group in groups.items():
        if numerator != denominator:
            base = sum((line["other_tax_base"] for line in group), Decimal(0))
            label = gettext("Other tax base (%(part)s)") % {"part": f"{numerator}/{denominator}"}
            totals.append(Total(label, shown(base)))
        if rate:
            tax = sum((line["tax"] for line in group), Decimal(0))
            totals.append(Total(f"{name} {formatting.percent(rate)}", shown(tax)))
        if luxury_rate:
            luxury = sum((line["luxury_tax"] for line in group), Decimal(0))
            totals.append(Total(f"PPnBM {formatting.percent(luxury_rate)}", shown(luxury)))
    if invoice.rounding:
        totals.append(Total(_("Rounding"), shown(invoice.rounding)))
    totals.append(Total(_("Total"), formatting.money(invoice.total, invoice.currency), sum=True))
    if invoice.tax_by_buyer:
        totals.append(Total(gettext("%(name)s paid to the state by the buyer") % {"name": name},
                            shown(-invoice.tax_by_buyer)))  # fmt: skip
        label = gettext("To be credited") if invoice.kind == "credit_note" else gettext("To pay")
        totals.append(Total(label, formatting.money(invoice.payable, invoice.currency), sum=True))
    return totals


def _in_base(invoice: Invoice) -> list[Total]:
    """What an issued invoice in another currency comes to in the company's own, at its frozen rate."""
    home = invoice.company.currency
    if invoice.currency == home or invoice.exchange_rate is None or invoice.base_total is None:
        return []
    rate = formatting.number(invoice.exchange_rate.normalize() + 0)
    return [Total(gettext("In %(home)s at %(rate)s") % {"home": home, "rate": rate},
                  formatting.money(invoice.base_total, home))]  # fmt: skip


def shown_remarks(invoice: Invoice, lines: list[Mapping[str, Any]]) -> list[str]:
    """What the invoice says of its buyer's tax, and of the points that it earned."""
    rows = [TaxRow(*(line[name] for name in TaxRow._fields)) for line in lines]
    language = get_language() or "id"
    name = tax_name(invoice.company.country, language)
    remarks = list(tax_remarks(invoice.tax_treatment, rows, currency=invoice.currency, language=language, name=name))
    if (points := invoice.points_earned) > 0:  # type: ignore[attr-defined]
        text = ngettext("Earned %(points)s point.", "Earned %(points)s points.", points)
        remarks.append(text % {"points": formatting.number(points)})
    return remarks


def planned_dues(invoice: Invoice) -> list[dict[str, Any]]:
    """The instalments that were planned by hand for a draft."""
    return [
        {"row": {"due_date": date.fromisoformat(one["due_date"]), "amount": Decimal(one["amount"])},
         "open": Decimal(one["amount"]), "late": 0}
        for one in (invoice.instalments if invoice.status == "draft" else [])
    ]  # fmt: skip


def shown_dues(invoice: Any, today: date) -> list[dict[str, Any]]:
    """The instalments, each with what of it is covered: the earliest first."""
    left = invoice.payable - invoice.open
    shown = []
    for due in invoice.dues.order_by("position"):
        covered = min(left, due.amount)
        left -= covered
        late = days_late(due.due_date, today) if covered < due.amount else 0
        shown.append({"row": due, "open": due.amount - covered, "late": late})
    return shown


@login_required
@require_POST
def issue(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    see_invoice(invoice_id=invoice_id, by=request.user)

    def deed() -> str:
        invoice = issue_invoice(invoice_id=invoice_id, by=request.user, at=clock.now())
        messages.success(request, gettext("Issued as %(number)s.") % {"number": invoice.number})
        return reverse("invoicing:invoice", args=[invoice_id])

    return once(request, deed)


@login_required
@require_POST
def edit(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    see_invoice(invoice_id=invoice_id, by=request.user)
    version, term = request.POST.get("version", ""), request.POST.get("payment_term", "")
    try:
        term_id = UUID(term) if term else None
    except ValueError as error:
        raise Invalid(gettext("Choose one of the payment terms."), field="payment_term") from error

    def deed() -> str:
        change_draft(
            invoice_id=invoice_id, note=request.POST.get("note", ""), terms_text=request.POST.get("terms_text", ""),
            customer_reference=request.POST.get("customer_reference", ""), payment_term_id=term_id,
            version=int(version) if version.isdigit() else None, by=request.user, at=clock.now(),
        )  # fmt: skip
        messages.success(request, gettext("Saved."))
        return reverse("invoicing:invoice", args=[invoice_id])

    return once(request, deed)


@login_required
@require_POST
def send(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    see_invoice(invoice_id=invoice_id, by=request.user)
    to = [one.strip() for one in request.POST.get("to", "").replace(";", ",").split(",") if one.strip()]

    def deed() -> str:
        send_invoice(
            invoice_id=invoice_id, to=to, message=request.POST.get("message", ""), by=request.user, at=clock.now()
        )
        messages.success(request, gettext("On its way to %(to)s.") % {"to": ", ".join(to)})
        return reverse("invoicing:invoice", args=[invoice_id])

    return once(request, deed)


@login_required
@require_POST
def stamp(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    see_invoice(invoice_id=invoice_id, by=request.user)

    def deed() -> str:
        stamp_invoice(invoice_id=invoice_id, serial=request.POST.get("serial", ""), by=request.user, at=clock.now())
        messages.success(request, gettext("The e-meterai is noted."))
        return reverse("invoicing:invoice", args=[invoice_id])

    return once(request, deed)


@login_required
@require_POST
def link(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """Make a link for the customer and show it once, to be copied."""
    see_invoice(invoice_id=invoice_id, by=request.user)
    made: list[str] = []

    def deed() -> str:
        made.append(share_invoice(invoice_id=invoice_id, by=request.user, at=clock.now()))
        messages.success(request, gettext("The customer's link: %(url)s") % {"url": made[0]})
        return reverse("invoicing:invoice", args=[invoice_id])

    return once(request, deed)


@login_required
@require_POST
def allocation(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """Use what is left of a credit note on an invoice; `release` takes it back. `invoice_id` is the credit note's."""
    see_invoice(invoice_id=invoice_id, by=request.user)
    back = request.POST.get("back", "")
    try:
        target = UUID(request.POST.get("invoice", ""))
        text = request.POST.get("amount", "").strip()
        amount = formatting.parse_number(text) if text else None
    except ValueError as error:
        raise Invalid(gettext("Choose an invoice, and write an amount or none."), field="amount") from error
    if amount is not None and request.POST.get("release") == "1":
        amount = -amount

    def deed() -> str:
        allocate_credit(credit_note_id=invoice_id, invoice_id=target, amount=amount, by=request.user, at=clock.now())
        messages.success(request, gettext("Saved."))
        return reverse("invoicing:invoice", args=[target if back == "target" else invoice_id])

    return once(request, deed)
