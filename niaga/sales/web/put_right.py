"""The page on which an issued invoice is put right: a copy of it that can be changed, and what the deed will do."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from niaga.core import clock
from niaga.core.errors import Invalid, Refusal
from niaga.invoicing.queries.invoices import invoice_line_rows, whole_invoice
from niaga.organization.access import access_of
from niaga.parties.queries.selling_facts import customer_facts
from niaga.sales.rules.put_right import RightLine
from niaga.sales.services.put_invoice_right import RightDetails, put_invoice_right
from niaga.ui import formatting
from niaga.ui.forms import once

FIGURES = ("quantity", "unit_price", "discount_percent")


@login_required
@require_http_methods(["GET", "POST"])
def put_right(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    invoice = whole_invoice(invoice_id=invoice_id, by=request.user, today=clock.now().date())
    for action in ("credit", "create", "issue"):
        access_of(request.user).require("invoice", action, invoice)
    lines = [line for line in invoice_line_rows(invoice_id=invoice_id) if line["quantity"]]
    if request.method == "GET" and (invoice.status != "issued" or invoice.kind != "invoice"):
        return redirect("invoicing:invoice", invoice_id=invoice_id)
    fault, faults = "", {}
    if request.method == "POST":
        try:
            details = _details(request, lines)
            return once(request, lambda: _deed(request, invoice_id, details))
        except Refusal as refusal:
            fault = str(refusal.message)
            faults = {line["line"]: line for line in refusal.lines}
            if refusal.lines:
                fault = " ".join([fault, *(_told(line) for line in refusal.lines)])
    context = {
        "invoice": invoice, "rows": [_row(request, line, faults) for line in lines], "fault": fault,
        "may_send": access_of(request.user).reaches("invoice", "send", invoice),
        "buyer": _buyer(invoice), "posted": request.POST, "address": invoice.party.get("email", ""),
    }  # fmt: skip
    return render(request, "sales/put_right.html", context, status=422 if fault else 200)


def _told(line: Mapping[str, Any]) -> str:
    if "available" not in line:
        return str(line.get("message", ""))
    return gettext("Line %(line)s: %(available)s at most.") % {
        "line": line["line"], "available": formatting.number(line["available"].normalize() + 0)
    }  # fmt: skip


def _row(request: HttpRequest, line: Mapping[str, Any], faults: Mapping[int, Any]) -> dict[str, Any]:
    """A line with what was typed for it, or as it was issued."""
    key = line["id"]
    is_advance = line["amount"] < 0
    typed = {name: request.POST.get(f"{name}-{key}") for name in (*FIGURES, "description")}
    own = {
        "quantity": formatting.number(line["quantity"].normalize() + 0),
        "unit_price": formatting.number(line["unit_price"].normalize() + 0),
        "discount_percent": formatting.number(line["discount_percent"].normalize() + 0),
        "description": line["description"],
    }
    return {
        "line": line,
        "is_advance": is_advance,
        "wrong": line["position"] in faults,
        **{name: own[name] if text is None else text for name, text in typed.items()},
    }


def _buyer(invoice: Any) -> dict[str, Any]:
    """The buyer on the invoice beside the customer as it is now, and whether that makes another buyer of it."""
    customer = customer_facts(customer_id=invoice.customer_id)
    now = customer.frozen_party() if customer is not None else {}
    then = invoice.party
    differs = {name for name in now if str(now[name] or "") != str(then.get(name) or "")}
    return {"then": then, "now": now, "differs": bool(differs), "other": bool(differs & {"tax_id_kind", "tax_id"})}


def _details(request: HttpRequest, lines: list[Mapping[str, Any]]) -> RightDetails:
    """What the form asks for.

    :raises Invalid: a figure is no number
    """
    posted, right = request.POST, {}
    for line in lines:
        key = line["id"]
        changed: dict[str, Any] = {}
        for name in FIGURES:
            text = posted.get(f"{name}-{key}")
            if text is None:
                continue
            figure = _number(text, f"{name}-{key}")
            if figure != line[name]:
                changed[name] = figure
        words = posted.get(f"description-{key}")
        if words is not None and _plain(words) != _plain(line["description"]):
            changed["description"] = words.strip()
        if changed:
            right[key] = RightLine(**changed)
    sends = posted.get("send") == "1"
    to = [one.strip() for one in posted.get("to", "").replace(";", ",").split(",") if one.strip()]
    if sends and not to:
        raise Invalid(gettext("Give at least one e-mail address."), field="to")
    return RightDetails(
        reason=posted.get("reason", ""), lines=right,
        buyer="customer" if posted.get("buyer") == "customer" else "invoice",
        tax="customer" if posted.get("tax") == "customer" else "invoice",
        customer_reference=posted.get("customer_reference"), note=posted.get("note"),
        keeps_dues=posted.get("dues", "keep") == "keep", mail_to=to if sends else (),
        message=posted.get("message", "") if sends else "",
    )  # fmt: skip


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _number(text: str, field: str) -> Decimal:
    try:
        return formatting.parse_number(text) if text.strip() else Decimal(0)
    except ValueError as error:
        raise Invalid(gettext("“%(text)s” is no number.") % {"text": text[:40]}, field=field) from error


def _deed(request: HttpRequest, invoice_id: UUID, details: RightDetails) -> str:
    done = put_invoice_right(invoice_id=invoice_id, details=details, by=request.user, at=clock.now())
    messages.success(request, gettext("Put right. This invoice takes the place of the first."))
    return reverse("invoicing:invoice", args=[done.replacement_id])
