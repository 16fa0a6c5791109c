"""Asking that goods of an order come back, and what becomes of it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from niaga.core import clock
from niaga.core.errors import Invalid, NotFound, Refusal
from niaga.documents.queries.attachments import attachments_of
from niaga.documents.services.print_paper import print_paper
from niaga.documents.web.serving import serve_pdf
from niaga.portal.queries.access import portal_settings
from niaga.portal.queries.bought import order_of, return_of
from niaga.portal.queries.visitors import Visitor
from niaga.portal.services.ask_return import ask_return
from niaga.portal.web import sent
from niaga.portal.web.door import portal_page
from niaga.portal.web.frame import show
from niaga.returns.queries.paper import SHOWN
from niaga.returns.queries.returnable import Returnable, returnable_lines
from niaga.returns.queries.returns import note_for_customer, reasons_of, return_lines
from niaga.returns.queries.takers import sent_straight_to
from niaga.returns.services.check_items import ReturnItem
from niaga.returns.web.words import CONDITIONS, WISHES, status_of
from niaga.ui import formatting
from niaga.ui.forms import once


@require_http_methods(["GET", "POST"])
@portal_page("")
def new_return(request: HttpRequest, visitor: Visitor, order_id: UUID) -> HttpResponse:
    """Nothing is decided here: somebody in the office authorizes it."""
    order = order_of(visitor, order_id)
    if not portal_settings(visitor.company_id).takes_returns:
        raise NotFound()
    lines = [line for line in returnable_lines(order_id=order.pk) if line.room > 0]
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            return once(request, lambda: _deed(request, visitor, order_id, lines), principal_id=visitor.person_id)
        except Refusal as raised:
            refusal = raised
    language = get_language() or "id"
    facts: dict[str, Any] = {
        "order": order, "lines": [_row(request, line, refusal) for line in lines], "refusal": refusal,
        "reasons": [(str(one.pk), one.name(language)) for one in reasons_of(by=visitor.actor)],
        "conditions": CONDITIONS.items(), "wishes": WISHES.items(), "typed": request.POST,
    }  # fmt: skip
    return show(request, visitor, "portal/new_return.html", facts, place="orders", status=422 if refusal else 200)


@require_safe
@portal_page("return", "return_id")
def show_return(request: HttpRequest, visitor: Visitor, return_id: UUID) -> HttpResponse:
    found = return_of(visitor, return_id)
    files = attachments_of(kind="return", ids=[return_id], purpose="portal").get(return_id, [])
    lines = return_lines(return_id=return_id)
    facts = {
        "rma": found, "status": status_of(found), "lines": lines, "files": files,
        "note": note_for_customer(found, lines),
        "wish": WISHES.get(found.wish, ""), "language": get_language() or "id",
        "send_to": sent_straight_to(found), "has_slip": found.kind == "goods" and found.status in SHOWN,
    }  # fmt: skip
    return show(request, visitor, "portal/return.html", facts, place="orders")


@require_safe
@portal_page("")
def return_slip(request: HttpRequest, visitor: Visitor, return_id: UUID) -> HttpResponseBase:
    """The slip to put to the goods, once the return is authorized."""
    found = return_of(visitor, return_id)
    paper = print_paper(
        kind="return", subject_id=found.pk, by=visitor.actor, at=clock.now(), language=get_language() or "id"
    )
    return serve_pdf(paper.content, name=paper.name, download="download" in request.GET)


def _row(request: HttpRequest, line: Returnable, refusal: Refusal | None) -> dict[str, Any]:
    typed = request.POST
    faults = [one for one in (refusal.lines if refusal else []) if one.get("line_id") == str(line.order_line_id)]
    fault = ""
    if faults:
        room = faults[0].get("available")
        fault = (
            str(faults[0].get("message", "")) if room is None
            else _("At most %(room)s.") % {"room": formatting.number(room)}
        )  # fmt: skip
    return {
        "line": line, "quantity": typed.get(f"line-{line.key}", ""), "reason": typed.get(f"reason-{line.key}", ""),
        "condition": typed.get(f"condition-{line.key}", "unopened"), "fault": fault,
    }  # fmt: skip


def _deed(request: HttpRequest, visitor: Visitor, order_id: UUID, lines: list[Returnable]) -> str:
    items = []
    for line in lines:
        quantity = sent.amount(request, f"line-{line.key}")
        if not quantity:
            continue
        reason = sent.key(request.POST.get(f"reason-{line.key}"))
        if reason is None:
            raise Invalid(_("Choose why “%(name)s” comes back.") % {"name": line.name[:60]}, field="lines")
        condition = request.POST.get(f"condition-{line.key}", "unopened")
        items.append(ReturnItem(line.order_line_id, reason, quantity, line.part_id, condition))
    return_id = ask_return(
        visitor=visitor, order_id=order_id, items=items, wish=request.POST.get("wish", "credit"),
        note=request.POST.get("note", ""), files=sent.files(request), at=clock.now(),
    )  # fmt: skip
    return f"{reverse('portal:return', args=[return_id])}?said=asked"
