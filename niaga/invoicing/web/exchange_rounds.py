"""Planning a round of tukar faktur, and the collector's page of it: what came of each customer's invoices."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from niaga.core import clock
from niaga.core.errors import Forbidden, Invalid, NotFound, Refusal
from niaga.invoicing.queries.exchange_rules import exchange_rules
from niaga.invoicing.queries.exchanges import exchange_round, proposed, round_items, to_exchange
from niaga.invoicing.queries.invoices import see_invoice
from niaga.invoicing.services.cancel_exchange_round import cancel_exchange_round
from niaga.invoicing.services.plan_exchange_round import plan_exchange_round
from niaga.invoicing.services.record_exchange import Outcome, record_exchange
from niaga.invoicing.services.withdraw_exchange import withdraw_exchange
from niaga.invoicing.web.exchange_words import OUTCOMES, PAPERS, ROUNDS, days_in_words, hours_in_words
from niaga.invoicing.web.invoice_list import today_of
from niaga.organization.access import access_of
from niaga.organization.queries.users import salespeople
from niaga.ui import formatting
from niaga.ui.documents import Action, Consequence
from niaga.ui.forms import DayField, deed_view, facts_of, once

MOST_OTHERS = 200


@login_required
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """Choose a day and a collector; what is due for exchange then is ticked."""
    access_of(request.user).require("invoice", "send")
    day, fault, status = _day(request), "", 200
    if request.method == "POST":
        try:
            return once(request, lambda: _planned(request, day))
        except (NotFound, Forbidden):
            raise
        except Refusal as refusal:
            fault, status = str(refusal.message), 422
    due = proposed(day=day, by=request.user)
    chosen = set(request.POST.getlist("invoice_ids")) if request.method == "POST" else {str(row.pk) for row in due}
    others = to_exchange(by=request.user).filter(round_id=None).exclude(pk__in=[row.pk for row in due])
    context = {
        "day": day, "fault": fault, "customers": _by_customer(due), "chosen": chosen,
        "others": list(others.order_by("customer__name", "date", "id")[:MOST_OTHERS]),
        "collectors": list(salespeople(by=request.user)),
        "collector": request.POST.get("collector", str(request.user.pk)), "note": request.POST.get("note", ""),
    }  # fmt: skip
    return render(request, "invoicing/new_exchange_round.html", context, status=status)


def _day(request: HttpRequest) -> date:
    asked = request.POST.get("date") or request.GET.get("date", "")
    try:
        return date.fromisoformat(asked)
    except ValueError:
        return today_of(request) + timedelta(days=1)


def _by_customer(rows: Sequence[Any]) -> list[dict[str, Any]]:
    shown = []
    for _key, group in groupby(rows, key=lambda row: row.customer_id):
        mine = list(group)
        rule = mine[0].rule
        said = " · ".join(part for part in (hours_in_words(rule), rule.place) if part) if rule else ""
        shown.append({"customer": mine[0].customer, "rows": mine, "days": days_in_words(rule) if rule else "",
                      "said": said})  # fmt: skip
    return shown


def _keys(values: Sequence[str], field: str) -> list[UUID]:
    try:
        return [UUID(value) for value in values]
    except ValueError as error:
        raise Invalid(field=field) from error


def _planned(request: HttpRequest, day: date) -> str:
    [collector] = _keys([request.POST.get("collector") or str(request.user.pk)], "collector")
    found = plan_exchange_round(
        date=day, collector_id=collector, invoice_ids=_keys(request.POST.getlist("invoice_ids"), "invoice_ids"),
        note=request.POST.get("note", ""), by=request.user, at=clock.now(),
    )  # fmt: skip
    messages.success(request, gettext("Planned as %(number)s.") % {"number": found.number})
    return reverse("invoicing:exchange_round", args=[found.pk])


@login_required
@require_GET
def show_exchange_round(request: HttpRequest, exchange_round_id: UUID) -> HttpResponse:
    found = exchange_round(round_id=exchange_round_id, by=request.user)
    items = round_items(round_id=found.pk, by=request.user)
    rules = exchange_rules({item.customer_id for item in items})
    access = access_of(request.user)
    may_send = all(access.reaches("invoice", "send", item.invoice) for item in items)
    customers = []
    for key, group in groupby(sorted(items, key=lambda item: (_place(items, item), item.position)),
                              key=lambda item: item.customer_id):  # fmt: skip
        mine = list(group)
        rule = rules.get(key)
        paper = reverse("documents:paper", args=["exchange_round", found.pk])
        customers.append({
            "customer": mine[0].invoice.customer, "key": key, "rule": rule,
            "hours": hours_in_words(rule) if rule else "",
            "papers": [PAPERS[paper] for paper in rule.papers] if rule else [],
            "address": _address(mine[0].invoice.party), "paper": f"{paper}?variant={key}",
            "items": [{"row": item, "shown": OUTCOMES[item.outcome]} for item in mine],
            "waiting": [item for item in mine if item.outcome == "waiting"],
        })  # fmt: skip
    decided = sum(1 for item in items if item.outcome != "waiting")
    cancel = Action(
        _("Call off"), url=reverse("invoicing:cancel_exchange_round", args=[found.pk]), icon="ban", kind="bad",
        confirm=Consequence(
            _("Call this round off?"), _("What was taken in stays so. What waits can be planned for another day."),
            button=_("Call off"), danger=True,
        ),
    )  # fmt: skip
    said = ngettext("%(done)s of %(size)s invoice", "%(done)s of %(size)s invoices", len(items))
    context = {
        "round": found, "status": ROUNDS[found.status], "customers": customers, "decided": decided,
        "size": len(items), "share": 100 * decided // max(len(items), 1), "may": may_send and found.status == "planned",
        "progress": said % {"done": formatting.number(decided), "size": formatting.number(len(items))},
        "cancel": cancel if may_send and found.status == "planned" else None, "today": today_of(request),
    }  # fmt: skip
    return render(request, "invoicing/exchange_round.html", context)


def _place(items: Sequence[Any], item: Any) -> int:
    """Where the customer comes on the way."""
    return min(int(one.position) for one in items if one.customer_id == item.customer_id)


def _address(party: dict[str, Any]) -> str:
    return ", ".join(str(party[name]) for name in ("street", "city") if party.get(name))


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(choices=[(key, key) for key in ("taken", "refused", "missed")])
    receipt_number = forms.CharField(required=False, max_length=60)
    received_by_name = forms.CharField(required=False, max_length=120)
    promised = DayField(required=False)
    photo = forms.FileField(required=False)
    reason = forms.CharField(required=False, max_length=2000)
    next_date = DayField(required=False)


@login_required
@require_POST
def outcome(request: HttpRequest, exchange_round_id: UUID) -> HttpResponse:
    """What came of the ticked invoices of one customer."""
    exchange_round(round_id=exchange_round_id, by=request.user)
    facts = facts_of(OutcomeForm(request.POST, request.FILES))
    photo = facts.pop("photo")
    ids = _keys(request.POST.getlist("invoice_ids"), "invoice_ids")

    def deed() -> str:
        record_exchange(
            round_id=exchange_round_id, invoice_ids=ids, by=request.user, at=clock.now(),
            outcome=Outcome(**facts, photo=(photo.name or "", photo) if photo else None),
        )  # fmt: skip
        messages.success(request, gettext("Noted."))
        return reverse("invoicing:exchange_round", args=[exchange_round_id])

    return once(request, deed)


def _cancel(request: HttpRequest, round_id: UUID) -> str:
    cancel_exchange_round(round_id=round_id, by=request.user, at=clock.now())
    messages.success(request, gettext("The round is called off."))
    return reverse("invoicing:exchange_rounds")


def _seen(request: HttpRequest, round_id: UUID) -> None:
    exchange_round(round_id=round_id, by=request.user)


cancel = deed_view("cancel", _cancel, check=_seen)


def _withdraw(request: HttpRequest, invoice_id: UUID) -> str:
    withdraw_exchange(
        invoice_id=invoice_id, reason=request.POST.get("reason", ""), by=request.user, at=clock.now()
    )  # fmt: skip
    messages.success(request, gettext("Taken back. The invoice waits for its exchange again."))
    return reverse("invoicing:invoice", args=[invoice_id])


def _seen_invoice(request: HttpRequest, invoice_id: UUID) -> None:
    see_invoice(invoice_id=invoice_id, by=request.user)


withdraw = deed_view("withdraw", _withdraw, check=_seen_invoice)
