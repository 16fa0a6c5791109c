"""What a supplier said of goods that went straight back to them, and what they owe for it."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from niaga.core import clock
from niaga.core.errors import Invalid, Refusal, WrongState
from niaga.documents.services.attach_files import attach_files
from niaga.organization.access import access_of
from niaga.returns.models import ReturnLine
from niaga.returns.queries.contents import lots_of_lines
from niaga.returns.queries.returns import return_lines, see_return
from niaga.returns.queries.supplier_costs import supplier_costs
from niaga.returns.queries.supplier_credits import receipts_of, see_supplier_credit
from niaga.returns.services.note_supplier_credit import CreditDetails, note_supplier_credit
from niaga.returns.services.record_supplier_answer import AnswerItem, record_supplier_answer
from niaga.returns.web.words import CREDIT_WAYS, REFUSED_TO
from niaga.sales.web.deliveries import figures
from niaga.ui import formatting
from niaga.ui.forms import once

MOST_FILES = 10


def supplier_key(text: str) -> UUID | None:
    """:raises Invalid: it names no supplier"""
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Invalid(gettext("There is no such supplier."), field="supplier_id") from error


@login_required
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """How much of each line the supplier took back, and refused."""
    rma = see_return(return_id=return_id, by=request.user)
    access = access_of(request.user)
    access.require("return", "receive", rma)
    if rma.status != "authorized" or rma.supplier_id is None:
        raise WrongState()
    lines, error = return_lines(return_id=rma.id), ""
    if request.method == "POST":
        try:
            items, photos = _items(request, lines), request.FILES.getlist("files")

            def deed() -> str:
                record_supplier_answer(
                    return_id=rma.id, items=items, refused_to=request.POST.get("refused_to", "customer"),
                    is_last=request.POST.get("is_last") == "1", note=request.POST.get("note", ""), by=request.user,
                    at=clock.now(),
                )  # fmt: skip
                if photos:
                    attach_files(
                        subject_kind="return", subject_id=rma.id, by=request.user, at=clock.now(),
                        files=[(one.name or "", one) for one in photos[:MOST_FILES]],
                    )  # fmt: skip
                messages.success(request, gettext("The supplier's answer is noted."))
                return reverse("returns:return", args=[rma.id])

            return once(request, deed)
        except Refusal as refusal:
            error = _said(refusal)
    lots = lots_of_lines(lines)
    left = {line.id: line.quantity - line.received for line in lines}
    costs = supplier_costs(lines, left, currency=rma.company.currency) if access.sees_cost else {}
    rows = [_row(request, line, left[line.id], costs, lots.get(line.id, [])) for line in lines if left[line.id]]
    context = {
        "rma": rma, "rows": rows, "error": error, "sent": request.POST, "sees_cost": access.sees_cost,
        "refused_to": REFUSED_TO.items(),
    }  # fmt: skip
    return render(request, "returns/supplier_answer.html", context, status=422 if error else 200)


def _items(request: HttpRequest, lines: list[ReturnLine]) -> list[AnswerItem]:
    accepted, refused, amounts = (figures(request, f"{name}-") for name in ("accepted", "refused", "amount"))
    sees_cost = access_of(request.user).sees_cost
    nought = Decimal(0)

    def credited(line: ReturnLine) -> Decimal | None:
        """Left empty it is what it cost, not nothing."""
        written = request.POST.get(f"amount-{line.id}", "").strip()
        return amounts[line.id] if sees_cost and written else None

    return [
        AnswerItem(
            line.id, accepted.get(line.id, nought), refused.get(line.id, nought), credited(line),
            request.POST.get(f"lot-{line.id}", "")[:40],
        )
        for line in lines
    ]  # fmt: skip


def _row(
    request: HttpRequest, line: ReturnLine, left: Decimal, costs: dict[UUID, Decimal], lots: list[str]
) -> dict[str, Any]:
    typed = request.POST if request.method == "POST" else {f"accepted-{line.id}": formatting.number(left)}
    return {
        "line": line, "left": left, "cost": costs.get(line.id), "lots": lots if len(lots) > 1 else [],
        "lot": request.POST.get(f"lot-{line.id}", ""),
        **{name: typed.get(f"{name}-{line.id}", "") for name in ("accepted", "refused", "amount")},
    }  # fmt: skip


def _said(refusal: Refusal) -> str:
    told = [
        f"{fault['description']}: {formatting.number(fault['available'])}"
        for fault in refusal.lines if "available" in fault
    ]  # fmt: skip
    return " · ".join([str(refusal.message), *told])


@login_required
@require_http_methods(["GET", "POST"])
def credit(request: HttpRequest, supplier_credit_id: UUID) -> HttpResponse:
    """What is owed, how it ended so far, and noting more of it."""
    found = see_supplier_credit(credit_id=supplier_credit_id, by=request.user)
    error = ""
    if request.method == "POST":
        access_of(request.user).require("return", "settle", found.rma)
        try:
            details = _details(request)

            def deed() -> str:
                note_supplier_credit(credit_id=found.id, details=details, by=request.user, at=clock.now())
                messages.success(request, gettext("Noted, and posted."))
                return reverse("returns:supplier_credit", args=[found.id])

            return once(request, deed)
        except Refusal as refusal:
            error = str(refusal.message)
    receipts = [{"row": one, "way": CREDIT_WAYS[one.way]} for one in receipts_of(found.id)]
    context = {
        "one": found, "receipts": receipts, "error": error, "sent": request.POST, "ways": CREDIT_WAYS.items(),
        "may_note": access_of(request.user).reaches("return", "settle", found.rma) and found.left > 0,
    }  # fmt: skip
    return render(request, "returns/supplier_credit.html", context, status=422 if error else 200)


def _details(request: HttpRequest) -> CreditDetails:
    typed, day = request.POST.get("amount", "").strip(), request.POST.get("day", "").strip()
    try:
        amount = formatting.parse_number(typed) if typed else None
        on = date.fromisoformat(day) if day else None
    except ValueError as error:
        raise Invalid(gettext("This is no amount or no day."), field="amount") from error
    return CreditDetails(
        request.POST.get("way", ""), amount, on, request.POST.get("reference", ""), request.POST.get("note", "")
    )
