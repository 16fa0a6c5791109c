"""An invoice: what it claims, when it is due, what settled it, and the one next deed."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from niaga.core.queries.together import Question, ask
from niaga.core.rules.terbilang import amount_in_words
from niaga.documents.queries.attachments import files_of, upload_url
from niaga.documents.queries.links import openings_of
from niaga.documents.web.stamps import stamp_axes
from niaga.invoicing.models import Invoice
from niaga.invoicing.queries.allocations import open_balances, open_credits
from niaga.invoicing.queries.collection import marks_of, open_dispute_of, promise_of
from niaga.invoicing.queries.corrections import correction_around
from niaga.invoicing.queries.early_discounts import discounts_given, offer_of
from niaga.invoicing.queries.invoices import credit_notes_of, invoice_line_rows, whole_invoice
from niaga.invoicing.queries.settlements import what_it_settles, what_settles
from niaga.invoicing.queries.tax_filings import taxed_credit_notes, taxed_invoices
from niaga.invoicing.queries.tax_slips import tax_slips_of
from niaga.invoicing.queries.write_offs import write_offs_of
from niaga.invoicing.registry import invoice_cards
from niaga.invoicing.web.invoice_actions import more_actions, primary_action, shown_actions
from niaga.invoicing.web.invoice_figures import in_base, planned_dues, shown_dues, shown_remarks, shown_totals
from niaga.invoicing.web.invoice_list import today_of
from niaga.invoicing.web.invoice_timeline import shown_timeline
from niaga.invoicing.web.reminder_words import MARKS, level_name
from niaga.invoicing.web.tax_list import shown_serial
from niaga.invoicing.web.tax_words import TAX_STATES
from niaga.invoicing.web.words import KINDS, STATUS, payment_status, with_contents
from niaga.ledger.queries.journal import journal_of
from niaga.organization.access import access_of
from niaga.parties.queries.customer_lists import terms_for
from niaga.ui import formatting
from niaga.ui.documents import Axis, DocumentPage


@login_required
@require_GET
def show_invoice(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    today = today_of(request)
    invoice = whole_invoice(invoice_id=invoice_id, by=request.user, today=today)
    lines = with_contents(invoice_line_rows(invoice_id=invoice.pk))
    may = _rights(request, invoice)
    is_issued = invoice.status == "issued"
    is_credit = invoice.kind == "credit_note"
    offer = offer_of(invoice, on=None)
    page = DocumentPage(
        kind="invoice", id=invoice.pk, status=f"{invoice.kind} {invoice.status}",
        number=invoice.number or str(KINDS[invoice.kind]),
        party=invoice.customer.name, party_url=f"/customers/{invoice.customer_id}", party_id=invoice.customer_id,
        axes=_axes(invoice, today), primary=primary_action(invoice, may), actions=shown_actions(invoice, may),
        more=more_actions(invoice, may, lines, offer), timeline=shown_timeline(invoice),
        totals=[*shown_totals(invoice, lines), *in_base(invoice)],
        remarks=shown_remarks(invoice, lines),
        words=amount_in_words(invoice.total, invoice.currency, get_language() or "id"),
        files=files_of(kind="invoice", subject_id=invoice.pk, removable=may["change"]),
        upload_url=upload_url(kind="invoice", subject_id=invoice.pk) if may["change"] else "",
    ).read(request)  # fmt: skip
    context = {
        "page": page, "invoice": invoice, "lines": lines, "may": may, "is_issued": is_issued, "is_credit": is_credit,
        "is_discount": is_credit and not any(line["quantity"] for line in lines),  # it belongs to its invoice
        "today": today, "offer": offer, "offer_holds": offer is not None and offer.holds(today),
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
        "correction": correction_around(invoice.pk),
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
            "to_replace", *(f"discount_{name}" for name in _TAXED), *_TAXED,
        ).then(_filing)  # fmt: skip
        questions["dispute"] = open_dispute_of(invoice.pk)
        questions["write_offs"] = write_offs_of(invoice.pk)
        questions["discounts"] = discounts_given(invoice.pk)
        questions["promise"] = promise_of(invoice.pk)
        questions["reminders"] = marks_of(invoice.pk)
        questions["notes"] = Question(notes.values("pk", "kind", "status", "number", "total", "currency"), list)
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


_TAXED = ("net", "other_tax_base", "tax", "luxury_tax")


def _first(rows: Any, key: UUID, *names: str) -> Question[Any]:
    return Question(rows.filter(pk=key).values(*names), lambda found: next(iter(found), None))


def _filing(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Where the invoice stands with the tax office, as its card shows it."""
    if row is None:
        return None
    return {
        "state": row["tax_state"], "shown": TAX_STATES[row["tax_state"]], "serial": shown_serial(row["tax_serial"]),
        "filed_on": row["tax_filing__filed_on"], "reason": row["tax_filing__reason"],
        "slip_left": row["slip_left"], "to_replace": row["to_replace"], "discount_net": row["discount_net"],
        **{name: row[name] - row[f"discount_{name}"] for name in _TAXED},
        "file_id": row["tax_filing__file_id"], "currency_rate": row["tax_filing__currency_rate"],
    }  # fmt: skip


def _terms(request: HttpRequest) -> list[Any]:
    return list(terms_for(request.user).prefetch_related(None))


def _offered(rows: Any) -> Any:
    return rows.values("invoice_id", "currency", "open", number=F("invoice__number"))[:50]


def _rights(request: HttpRequest, invoice: Invoice) -> dict[str, bool]:
    access = access_of(request.user)
    pairs = [("invoice", name) for name in ("create", "change", "discard", "issue", "credit", "write_off", "send")]
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
