"""The warehouse's two pages, made for a phone: counting what came, and saying what becomes of it."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from niaga.catalog.queries.scanned import products_of_code
from niaga.core import clock
from niaga.core.errors import Refusal
from niaga.organization.access import access_of
from niaga.returns.models import Return, ReturnLine
from niaga.returns.queries.contents import lots_of_lines
from niaga.returns.queries.returns import return_lines, see_return
from niaga.returns.queries.takers import takers, usual_taker
from niaga.returns.services.inspect_return import Finding, inspect_return
from niaga.returns.services.receive_return import receive_return
from niaga.returns.web.supplier_side import supplier_key
from niaga.returns.web.words import OUTCOMES
from niaga.sales.web.deliveries import figures
from niaga.ui import formatting
from niaga.ui.forms import once


def _found(request: HttpRequest, return_id: UUID, action: str) -> tuple[Return, list[ReturnLine]]:
    rma = see_return(return_id=return_id, by=request.user)
    access_of(request.user).require("return", action, rma)
    return rma, return_lines(return_id=rma.id)


@login_required
def receive(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """Count what came, by hand or by bar code, and take it in."""
    rma, lines = _found(request, return_id, "receive")
    error = ""
    if request.method == "POST":
        try:
            quantities = figures(request)

            def deed() -> str:
                receive_return(
                    return_id=rma.id, quantities=quantities, lots=_lots(request, lines),
                    is_last=request.POST.get("is_last") == "1",
                    note=request.POST.get("note", ""), unannounced=request.POST.get("unannounced", ""),
                    by=request.user, at=clock.now(),
                )  # fmt: skip
                messages.success(request, gettext("The goods are here, and held until they are inspected."))
                return reverse("returns:return", args=[rma.id])

            return once(request, deed)
        except Refusal as refusal:
            error = _said(refusal)
    return _counting_page(request, rma, lines, error=error)


@login_required
@require_POST
def count(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """One more of what the scanned code stands for; nothing is written yet."""
    rma, lines = _found(request, return_id, "receive")
    code = request.POST.get("code", "").strip()[:60]
    wanted = products_of_code(company_id=rma.company_id, code=code) if code else {}
    hit = next((line for line in lines if line.product_id in wanted and line.received < line.quantity), None)
    error = "" if hit or not code else gettext("“%(code)s” is not announced on this return.") % {"code": code}
    return _counting_page(request, rma, lines, error=error, more=hit)


def _lots(request: HttpRequest, lines: list[ReturnLine]) -> dict[UUID, str]:
    """The lot that was chosen for each line, where goods are kept by lot."""
    return {line.id: request.POST.get(f"lot-{line.id}", "")[:40] for line in lines}


def _counting_page(
    request: HttpRequest, rma: Return, lines: list[ReturnLine], *, error: str, more: ReturnLine | None = None
) -> HttpResponse:
    rows = []
    lots = lots_of_lines(lines)
    for line in lines:
        counted = request.POST.get(f"line-{line.id}", "")
        if more is not None and line.id == more.id:
            try:
                counted = formatting.number((formatting.parse_number(counted) if counted else Decimal(0)) + 1)
            except ValueError:
                counted = "1"
        rows.append(
            {"line": line, "left": line.quantity - line.received, "counted": counted, "hit": line is more,
             "lots": lots.get(line.id, []), "lot": request.POST.get(f"lot-{line.id}", "")}
        )  # fmt: skip
    context = {"rma": rma, "rows": rows, "error": error, "hit": more, "sent": request.POST}
    return render(request, "returns/receive.html", context, status=422 if error and "code" not in request.POST else 200)


def _said(refusal: Refusal) -> str:
    """A refusal with what it says of each line."""
    told = [
        f"{fault['description']}: {formatting.number(fault['available'])}"
        for fault in refusal.lines if "available" in fault
    ]  # fmt: skip
    return " · ".join([str(refusal.message), *told])


@login_required
def inspect(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """Say of each line what becomes of how much."""
    return _inspection(request, return_id, from_refurbishing=False)


@login_required
def refurbished(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """The same of what was refurbished."""
    return _inspection(request, return_id, from_refurbishing=True)


def _inspection(request: HttpRequest, return_id: UUID, *, from_refurbishing: bool) -> HttpResponse:
    rma, lines = _found(request, return_id, "inspect")
    outcomes = {key: OUTCOMES[key] for key in (("restock", "scrap") if from_refurbishing else OUTCOMES)}
    if not from_refurbishing and not takers(by=request.user, with_address=False):
        outcomes.pop("to_supplier")
    error = ""
    if request.method == "POST":
        try:
            findings = [
                Finding(line_id, outcome, quantity, request.POST.get(f"note-{line_id}", ""))
                for outcome in outcomes
                for line_id, quantity in figures(request, f"{outcome}-").items()
            ]

            def deed() -> str:
                inspect_return(
                    return_id=rma.id, findings=findings, from_refurbishing=from_refurbishing,
                    supplier_id=supplier_key(request.POST.get("supplier", "")), by=request.user, at=clock.now(),
                )  # fmt: skip
                messages.success(request, gettext("Noted; the stock is right."))
                return reverse("returns:return", args=[rma.id])

            return once(request, deed)
        except Refusal as refusal:
            error = _said(refusal)
    rows = [_row(request, line, list(outcomes.items()), from_refurbishing) for line in lines]
    context = {
        "rma": rma, "rows": [row for row in rows if row["left"]], "error": error, "refurbished": from_refurbishing,
        "suppliers": [] if from_refurbishing else takers(by=request.user, with_address=False),
        "supplier": request.POST.get("supplier", "") or str(usual_taker(rma, lines) or ""),
    }  # fmt: skip
    return render(request, "returns/inspect.html", context, status=422 if error else 200)


def _row(request: HttpRequest, line: ReturnLine, outcomes: list[Any], from_refurbishing: bool) -> dict[str, Any]:
    left = line.refurbishing if from_refurbishing else line.undecided
    start = {"restock": formatting.number(left)}  # the everyday answer
    fields = [
        {"name": f"{key}-{line.id}", "label": label,
         "value": request.POST.get(f"{key}-{line.id}", "") if request.method == "POST" else start.get(key, "")}
        for key, label in outcomes
    ]  # fmt: skip
    return {"line": line, "left": left, "fields": fields, "note": request.POST.get(f"note-{line.id}", "")}
