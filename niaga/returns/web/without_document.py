"""Goods without a document: whose they are, what of what comes back and why; and the order, once it is found."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from niaga.core import clock
from niaga.core.errors import Invalid, Refusal
from niaga.organization.access import access_of
from niaga.organization.queries.branches import branch_choices
from niaga.parties.queries.customers import customer_for, customers_for
from niaga.returns.queries.bought import History, history_of
from niaga.returns.queries.link_candidates import link_candidates
from niaga.returns.queries.returns import reasons_of, see_return
from niaga.returns.services.ask_return_approval import ask_return_approval
from niaga.returns.services.check_undocumented import UndocumentedItem
from niaga.returns.services.link_return import link_return
from niaga.returns.services.request_undocumented import request_undocumented
from niaga.returns.web.words import CONDITIONS, WISHES, price_told
from niaga.ui import formatting
from niaga.ui.forms import deed_view, once

_SHOWN, _FURTHER = 60, 2


@login_required
def new_undocumented(request: HttpRequest) -> HttpResponse:
    """Without a customer: find one. With one: what they ever bought, and what of it, or besides, comes back."""
    access = access_of(request.user)
    access.require("return", "create")
    customer_id = _uuid(request.GET.get("customer"))
    if customer_id is None:
        text = request.GET.get("q", "").strip()[:100]
        rows = customers_for(request.user).filter(archived_at=None)
        found = list((rows.filter(name__icontains=text) if text else rows).order_by("name", "id")[:30])
        return render(request, "returns/choose_customer.html", {"text": text, "customers": found})
    customer = customer_for(request.user, customer_id)
    company = access.current_company
    today = clock.today(at=clock.now(), zone=company.zone)
    history = history_of(
        company_id=company.id, customer_id=customer.pk, currency=company.currency, today=today
    )[:_SHOWN]  # fmt: skip
    branches = list(branch_choices(by=request.user))
    may_type = access.allows("return", "price")
    error, status = "", 200
    if request.method == "POST":
        try:

            def deed() -> str:
                rma = request_undocumented(
                    customer_id=customer.pk, branch_id=_branch(request, branches), items=_items(request, history),
                    why=request.POST.get("note", ""), wish=request.POST.get("wish", "credit"),
                    asked_by=request.POST.get("asked_by", ""), by=request.user, at=clock.now(),
                    photos=[(one.name or "", one) for one in request.FILES.getlist("files")],
                )  # fmt: skip
                messages.success(request, gettext("The return is asked for. Somebody else decides about it."))
                return reverse("returns:return", args=[rma.id])

            return once(request, deed)
        except Refusal as refusal:
            error, status = _said(refusal), 422
    language = get_language() or "id"
    context: dict[str, Any] = {
        "customer": customer, "rows": [_row(request, one, company.currency) for one in history], "error": error,
        "further": [_further(request, place) for place in range(_FURTHER)], "may_type": may_type,
        "reasons": [(str(one.id), one.name(language)) for one in reasons_of(by=request.user)],
        "conditions": CONDITIONS.items(), "wishes": WISHES.items(), "sent": request.POST, "branches": branches,
    }  # fmt: skip
    return render(request, "returns/new_undocumented.html", context, status=status)


def _row(request: HttpRequest, one: History, currency: str) -> dict[str, Any]:
    sent, key = request.POST, one.key
    return {
        "one": one, "quantity": sent.get(f"line-{key}", ""), "price": sent.get(f"price-{key}", ""),
        "reason": sent.get(f"reason-{key}", ""), "condition": sent.get(f"condition-{key}", "unopened"),
        "proposed": "" if one.proposal.price is None else formatting.number(one.proposal.price),
        "told": price_told(one.proposal.as_json()), "currency": currency,
    }  # fmt: skip


def _further(request: HttpRequest, place: int) -> dict[str, str]:
    names = ("product", "product_text", "quantity", "price", "reason", "condition")
    return {"place": str(place), **{name: request.POST.get(f"further-{place}-{name}", "") for name in names}}


def _items(request: HttpRequest, history: list[History]) -> list[UndocumentedItem]:
    """:raises Invalid: a figure is no number, or a line has no reason"""
    items = []
    for one in history:
        quantity = _figure(request, f"line-{one.key}")
        if quantity:
            items.append(
                UndocumentedItem(
                    one.sold.product_id, _reason(request, f"reason-{one.key}", one.sold.name), quantity, one.sold.unit,
                    request.POST.get(f"condition-{one.key}", "unopened"), _figure(request, f"price-{one.key}"),
                )
            )  # fmt: skip
    for place in range(_FURTHER):
        name = f"further-{place}-"
        product_id, quantity = _uuid(request.POST.get(f"{name}product")), _figure(request, f"{name}quantity")
        if product_id is None or not quantity:
            continue
        reason_id = _reason(request, f"{name}reason", request.POST.get(f"{name}product_text", ""))
        condition = request.POST.get(f"{name}condition", "unopened")
        items.append(
            UndocumentedItem(
                product_id, reason_id, quantity, condition=condition, price=_figure(request, f"{name}price")
            )
        )
    return items


def _figure(request: HttpRequest, name: str) -> Decimal | None:
    text = request.POST.get(name, "").strip()[:40]
    if not text:
        return None
    try:
        return formatting.parse_number(text)
    except ValueError as error:
        raise Invalid(gettext("“%(text)s” is no number.") % {"text": text}, field=name) from error


def _reason(request: HttpRequest, name: str, of: str) -> UUID:
    found = _uuid(request.POST.get(name))
    if found is None:
        raise Invalid(gettext("Choose why “%(name)s” comes back.") % {"name": of[:60]}, field=name)
    return found


def _branch(request: HttpRequest, branches: list[Any]) -> UUID:
    wanted = _uuid(request.POST.get("branch"))
    found = next((one.pk for one in branches if one.pk == wanted), None) or (branches[0].pk if branches else None)
    if found is None:
        raise Invalid(gettext("You belong to no branch that could take goods in."), field="branch")
    return UUID(str(found))


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _said(refusal: Refusal) -> str:
    """A refusal with what it says of each line."""
    lines = [
        ": ".join(filter(None, (str(fault.get("description", "")), str(fault.get("message", "")))))
        for fault in refusal.lines
    ]
    return " · ".join([str(refusal.message), *filter(None, lines)])


@login_required
@require_safe
def find_order(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """The customer's orders that hold these goods, the latest first."""
    rma = see_return(return_id=return_id, by=request.user)
    access_of(request.user).require("return", "create", rma)
    context = {"rma": rma, "orders": link_candidates(rma, by=request.user)}
    return render(request, "returns/link.html", context)


def _seen(request: HttpRequest, return_id: UUID) -> None:
    see_return(return_id=return_id, by=request.user)


def _link(request: HttpRequest, return_id: UUID) -> str:
    order_id = _uuid(request.POST.get("order"))
    if order_id is None:
        raise Invalid(gettext("Choose an order."), field="order")
    rma = link_return(return_id=return_id, order_id=order_id, by=request.user, at=clock.now())
    messages.success(request, gettext("It is a return of %(number)s now.") % {"number": rma.order_number})
    return reverse("returns:return", args=[return_id])


def _ask(request: HttpRequest, return_id: UUID) -> str:
    note = request.POST.get("reason", "")
    ask_return_approval(return_id=return_id, note=note, by=request.user, at=clock.now())
    messages.success(request, gettext("Asked. Those who decide are told."))
    return reverse("returns:return", args=[return_id])


link = deed_view("link", _link, check=_seen)
ask = deed_view("ask_approval", _ask, check=_seen)
