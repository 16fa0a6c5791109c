"""A return: what comes back and why, what became of it, what was credited; and the one next deed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from niaga.approvals.queries.requests import waits_about
from niaga.core import clock
from niaga.documents.queries.attachments import files_of, upload_url
from niaga.invoicing.queries.tax_filings import taxed_credit_notes
from niaga.organization.access import access_of
from niaga.organization.queries.users import deeds_of
from niaga.payments.queries.credit_refunds import refunds_of_notes
from niaga.payments.queries.refund_gate import asked_of
from niaga.payments.web.request_words import PAY_OUT_WAYS, REFUND_WAYS, REFUNDS
from niaga.pricing.queries.used_coupons import coupons_of
from niaga.returns.models import Return, ReturnLine
from niaga.returns.queries.bought import return_settings
from niaga.returns.queries.gifts import gifts_to_charge
from niaga.returns.queries.paper import SHOWN
from niaga.returns.queries.return_gate import needs_yes
from niaga.returns.queries.returns import notes_of, return_lines, see_return, unannounced_of
from niaga.returns.queries.supplier_credits import answers_of, visible_supplier_credits
from niaga.returns.queries.takers import takers, usual_taker
from niaga.returns.services.authorize_return import authorize_return
from niaga.returns.services.cancel_return import cancel_return
from niaga.returns.services.link_return import OPEN
from niaga.returns.services.reject_return import reject_return
from niaga.returns.services.send_return_slip import send_return_slip
from niaga.returns.services.settle_return import settle_return
from niaga.returns.web.supplier_side import supplier_key
from niaga.returns.web.words import (
    CONDITIONS,
    FAULTS,
    HAPPENED,
    KINDS,
    REFUSED_TO,
    SOURCES,
    WAYS,
    WISHES,
    price_told,
    status_of,
    verdict_told,
)
from niaga.ui import formatting
from niaga.ui.documents import Action, Axis, Consequence, DocumentPage, TimelineEntry
from niaga.ui.forms import deed_view

ACTIONS = ("create", "decide", "receive", "inspect", "settle", "cancel")


@login_required
@require_GET
def show_return(request: HttpRequest, return_id: UUID) -> HttpResponse:
    rma = see_return(return_id=return_id, by=request.user)
    lines = return_lines(return_id=rma.id)
    access = access_of(request.user)
    may = {name: access.reaches("return", name, rma) for name in ACTIONS}
    is_own = rma.without_document and rma.created_by is not None and rma.created_by == request.user.pk
    may["authorize"] = may["decide"] and not is_own
    waits = _waits(rma)
    page = DocumentPage(
        kind="return", id=rma.id, status=rma.status, number=rma.number or gettext("Return"), party=rma.customer.name,
        party_url=f"/customers/{rma.customer_id}", party_id=rma.customer_id, axes=_axes(rma, lines),
        primary=_primary(rma, may, waits), more=_more(rma, lines, may), timeline=_timeline(rma),
        files=files_of(kind="return", subject_id=rma.id, removable=may["decide"]),
        upload_url=upload_url(kind="return", subject_id=rma.id) if any(may.values()) else "",
    ).read(request)  # fmt: skip
    lacks_yes = rma.without_document and rma.status == "requested" and needs_yes(rma, at=clock.now())
    notes = notes_of(return_id=rma.id) if rma.status == "settled" and access.allows("invoice", "view") else []
    context = {
        "page": page, "rma": rma, "lines": [shown_line(line) for line in lines], "may": may, "notes": notes,
        "unannounced": unannounced_of(return_id=rma.id), "kind": KINDS[rma.kind], "wish": WISHES[rma.wish],
        "source": SOURCES[rma.source], "settlement": getattr(rma, "settlement", None), "ways": WISHES.items(),
        "way": WAYS.get(rma.settlement.way) if hasattr(rma, "settlement") else "", "fees": any(
            line.fee_percent and (line.kept or line.percent) for line in lines
        ),
        "waits": waits, "lacks_yes": lacks_yes, "is_own": is_own and may["decide"],
        "gifts": gifts_to_charge(rma), "coupons": _coupons(rma, may),
        "tax_returns": _tax_returns(request, notes),
        "asked_back": _asked_back(request, notes),
        "refunds": _refunds(request, notes), "refund_ways": PAY_OUT_WAYS.items(),
        "may_refund": access.allows("payment", "refund"),
        "answers": answers_of(rma.id) if rma.supplier_id is not None else [], "refused_to": REFUSED_TO,
        "supplier_credits": _supplier_credits(request, rma, lines), **_takers(request, rma, lines, may),
    }  # fmt: skip
    return render(request, "returns/return.html", context)


def _takers(
    request: HttpRequest, rma: Return, lines: list[ReturnLine], may: dict[str, bool]
) -> dict[str, Any]:  # fmt: skip
    """To whom the goods may go instead of to our warehouse, where somebody may still say so."""
    if rma.status != "requested" or rma.kind != "goods" or rma.without_document or not may["decide"]:
        return {"takers": [], "usual_taker": None}
    return {"takers": takers(by=request.user), "usual_taker": usual_taker(rma, lines)}


def _supplier_credits(request: HttpRequest, rma: Return, lines: list[ReturnLine]) -> list[Any]:
    """What suppliers owe for goods of it, for who may see what goods cost."""
    if not any(line.at_supplier for line in lines) or not access_of(request.user).sees_cost:
        return []
    return list(visible_supplier_credits(by=request.user).filter(rma_id=rma.id).order_by("date", "id"))


def _coupons(rma: Return, may: dict[str, bool]) -> list[str]:
    """The codes that who settles may give back, where the company asks."""
    ready = rma.status == "inspected" and may["settle"] and rma.order_id is not None
    if not ready or return_settings(rma.company_id).coupons != "ask":
        return []
    return coupons_of(rma.order_id)  # type: ignore[arg-type]


def _waits(rma: Return) -> UUID | None:
    """The request for a yes that it waits for."""
    if not rma.without_document or rma.status != "requested":
        return None
    return waits_about(subject_kind="return", subject_id=rma.pk)


def shown_line(line: ReturnLine) -> dict[str, Any]:
    """A line in words."""
    language = get_language() or "id"
    became = [
        (label, value)
        for label, value in (
            (gettext("back in stock"), line.restocked), (gettext("being refurbished"), line.refurbishing),
            (gettext("scrapped"), line.scrapped), (gettext("sent back"), line.sent_back),
            (gettext("with the supplier"), line.at_supplier), (gettext("to be decided"), line.undecided),
        )
        if value
    ]  # fmt: skip
    return {
        "row": line, "reason": line.reason.name(language), "fault": FAULTS[line.reason.fault],
        "price": price_told(line.price_basis) if line.order_line_id is None else "",
        "condition": CONDITIONS[line.condition], "verdict": verdict_told(line.verdict),
        "fits": line.verdict.get("fits", True), "became": became,
        "outstanding": line.quantity - line.received,
    }  # fmt: skip


def _refunds(request: HttpRequest, notes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = refunds_of_notes([one["credit_note_id"] for one in notes], by=request.user)
    return [{**one, "said": REFUNDS[one["status"]], "by": REFUND_WAYS[one["way"]].label} for one in found]


def _asked_back(request: HttpRequest, notes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The money of its credit notes that waits for a yes."""
    may = notes and access_of(request.user).allows("payment", "view")
    return asked_of([one["credit_note_id"] for one in notes]) if may else []


def _tax_returns(request: HttpRequest, notes: list[dict[str, Any]]) -> dict[UUID, Any]:
    """The buyer's nota retur of each credit note that bears tax, or that it is missing."""
    if not notes:
        return {}
    rows = taxed_credit_notes(by=request.user).filter(pk__in=[one["credit_note_id"] for one in notes])
    found = {row["pk"]: row for row in rows.values("pk", "return_number", "return_date")}
    for one in notes:
        one["tax_return"] = found.get(one["credit_note_id"])
    return found


def _axes(rma: Return, lines: list[ReturnLine]) -> list[Axis]:
    status = status_of(rma)
    axes = [
        Axis(_("Status"), status.label, status.tone, status.icon),
        Axis(_("Order"), rma.order_number or _("No document")),
    ]
    if rma.kind == "goods" and rma.status == "authorized" and any(line.received for line in lines):
        done = sum(1 for line in lines if line.received == line.quantity)
        text = gettext("%(done)s of %(all)s lines") % {"done": done, "all": len(lines)}
        axes.append(Axis(_("Received"), text, "calm", "package-open"))
    if rma.outside_policy:
        axes.append(Axis(_("Policy"), _("Outside"), "warn", "triangle-alert"))
    goes_to = Axis(_("Goes to"), rma.supplier.name) if rma.supplier else Axis(_("Warehouse"), rma.warehouse.name)
    axes += [Axis(_("Asked for"), formatting.day(rma.date)), goes_to]
    return axes


def _primary(rma: Return, may: dict[str, bool], waits: UUID | None) -> Action | None:
    if rma.status == "requested" and may["authorize"] and not waits:
        return Action(_("Authorize"), dialog="authorize", icon="check", kind="go", key="a")
    if rma.status == "authorized" and rma.supplier_id is not None and may["receive"]:
        url = reverse("returns:supplier_answer", args=[rma.id])
        return Action(_("Supplier's answer"), url=url, method="get", icon="forward", kind="go", key="r")
    if rma.status == "authorized" and rma.kind == "goods" and may["receive"]:
        url = reverse("returns:receipt", args=[rma.id])
        return Action(_("Receive"), url=url, method="get", icon="package-open", kind="go", key="r")
    if rma.status == "received" and may["inspect"]:
        url = reverse("returns:inspection", args=[rma.id])
        return Action(_("Inspect"), url=url, method="get", icon="clipboard-list", kind="go", key="i")
    ready = "authorized" if rma.kind == "claim" else "inspected"
    if rma.status == ready and may["settle"]:
        return Action(_("Settle the return"), dialog="settle", icon="circle-check", kind="go", key="s")
    return None


def _more(rma: Return, lines: list[ReturnLine], may: dict[str, bool]) -> list[Action]:
    more = []
    if rma.without_document and rma.status in OPEN and may["create"]:
        url = reverse("returns:find_order", args=[rma.id])
        more.append(Action(_("The order was found"), url=url, method="get", icon="link"))
    if rma.kind == "goods" and rma.status in SHOWN:
        url = reverse("documents:paper", args=["return", rma.id])
        more.append(Action(_("Return slip"), url=url, method="get", icon="printer"))
    if rma.kind == "goods" and rma.status == "authorized" and may["decide"]:
        more.append(Action(_("Mail the slip"), url=reverse("returns:slip", args=[rma.id]), icon="send"))
    if any(line.refurbishing for line in lines) and may["inspect"]:
        url = reverse("returns:refurbishing", args=[rma.id])
        more.append(Action(_("Refurbishing is over"), url=url, method="get", icon="wrench"))
    if rma.status == "requested" and may["decide"]:
        consequence = Consequence(
            _("Reject this return?"), _("Nothing comes back; the customer may ask again."), reason=_("Reason"),
            button=_("Reject"), danger=True,
        )  # fmt: skip
        url = reverse("returns:rejection", args=[rma.id])
        more.append(Action(_("Reject"), url=url, icon="circle-x", kind="bad", confirm=consequence))
    if rma.status in ("requested", "authorized") and may["cancel"] and not any(line.received for line in lines):
        consequence = Consequence(
            _("Cancel this return?"), _("Nothing comes back after all."), reason=_("Reason"),
            button=_("Cancel return"), danger=True,
        )  # fmt: skip
        url = reverse("returns:cancellation", args=[rma.id])
        more.append(Action(_("Cancel return"), url=url, icon="ban", kind="bad", confirm=consequence))
    return more


def _timeline(rma: Return) -> list[TimelineEntry]:
    return [
        TimelineEntry(
            at=row.at, text=str(HAPPENED.get(row.verb, row.verb.replace("_", " ").capitalize())), by=row.who or "",
            quote=row.note,
        )
        for row in deeds_of(rma.id)
    ]  # fmt: skip


def _seen(request: HttpRequest, return_id: UUID) -> None:
    see_return(return_id=return_id, by=request.user)


def _here(return_id: UUID) -> str:
    return reverse("returns:return", args=[return_id])


def _authorize(request: HttpRequest, return_id: UUID) -> str:
    rma = authorize_return(
        return_id=return_id, note=request.POST.get("note", ""),
        supplier_id=supplier_key(request.POST.get("supplier", "")), by=request.user, at=clock.now(),
    )  # fmt: skip
    messages.success(request, gettext("%(number)s is authorized.") % {"number": rma.number})
    return _here(return_id)


def _reject(request: HttpRequest, return_id: UUID) -> str:
    reject_return(return_id=return_id, reason=request.POST.get("reason", ""), by=request.user, at=clock.now())
    messages.success(request, gettext("The return is rejected."))
    return _here(return_id)


def _cancel(request: HttpRequest, return_id: UUID) -> str:
    cancel_return(return_id=return_id, reason=request.POST.get("reason", ""), by=request.user, at=clock.now())
    messages.success(request, gettext("The return is cancelled."))
    return _here(return_id)


def _settle(request: HttpRequest, return_id: UUID) -> str:
    settle_return(
        return_id=return_id, way=request.POST.get("way", "credit"),
        refund_way=request.POST.get("refund_way", "original"),
        waive_fees=request.POST.get("waive_fees") == "1", waive_gifts=request.POST.get("waive_gifts") == "1",
        coupon_back=request.POST.get("coupon_back") == "1", note=request.POST.get("note", ""), by=request.user,
        at=clock.now(),
    )  # fmt: skip
    messages.success(request, gettext("The return is settled."))
    return _here(return_id)


def _send_slip(request: HttpRequest, return_id: UUID) -> str:
    send_return_slip(return_id=return_id, by=request.user, at=clock.now())
    messages.success(request, gettext("The slip is on its way by mail."))
    return _here(return_id)


send_slip = deed_view("send_slip", _send_slip, check=_seen)
authorize = deed_view("authorize", _authorize, check=_seen)
reject = deed_view("reject", _reject, check=_seen)
cancel = deed_view("cancel", _cancel, check=_seen)
settle = deed_view("settle", _settle, check=_seen)
