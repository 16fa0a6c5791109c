"""A prepared change: what it changes, what that would do, and the deeds that follow."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from niaga.core import clock
from niaga.core.queries.worker import worker_is_alive
from niaga.organization.access import access_of
from niaga.organization.queries.users import user_names
from niaga.pricing.models import Promotion
from niaga.pricing.queries.difference_words import heads_in_words, prices_in_words
from niaga.pricing.queries.differences_of import differences_of
from niaga.pricing.queries.drafted_promotion import both_promotions
from niaga.pricing.queries.price_changes import Counted, Found, counted, price_change_for
from niaga.pricing.queries.promotion_words import sentence, told_of
from niaga.pricing.queries.rules_of import data_in_words
from niaga.pricing.queries.what_if_customers import count_customers
from niaga.pricing.queries.what_if_documents import count_documents
from niaga.pricing.rules.differences import Differences
from niaga.pricing.rules.price_change import FLOW
from niaga.pricing.services.ask_to_count import ask_to_count
from niaga.pricing.services.check_change import check_change
from niaga.pricing.services.discard_change import discard_change
from niaga.pricing.services.publish_change import publish_change
from niaga.pricing.services.review_change import review_change
from niaga.pricing.services.unschedule_change import unschedule_change
from niaga.pricing.web.price_change_words import STATUSES, reason_of, subject_url
from niaga.ui.documents import Action, Axis, Consequence
from niaga.ui.formatting import day, moment
from niaga.ui.forms import once

SHOWN = 50


@login_required
def show_change(request: HttpRequest, change_id: UUID) -> HttpResponse:
    found = price_change_for(request.user, change_id)
    return render(request, "pricing/price_change.html", _context(request, found))


def _context(request: HttpRequest, found: Found) -> dict[str, Any]:
    subject, change = found
    can = FLOW.allowed(change.status)
    differences = differences_of(change)
    sees_cost = access_of(request.user).sees_cost
    rules = differences.rules
    context: dict[str, Any] = {
        "title": change.name, "change": change, "subject": subject, "axes": _axes(found),
        "kind": change.subject_kind, "subject_url": subject_url(change.subject_kind, subject.pk),
        "actions": _actions(found, can, differences), "can_change": "change" in can,
        "heads": heads_in_words(differences.heads, by=request.user),
        "prices": prices_in_words(
            differences.prices.items(), company_id=subject.company_id, currency=subject.currency, most=SHOWN
        ),
        "prices_in_all": len(differences.prices), "prices_left": max(0, len(differences.prices) - SHOWN),
        "rules": None if rules is None or isinstance(subject, Promotion) else data_in_words(
            rules[1], company_id=subject.company_id, currency=subject.currency, by=request.user,
            sees_cost=sees_cost,
        ), "sees_cost": sees_cost,
        "is_empty": not differences, "asks": "publish" in can and bool(differences),
    }  # fmt: skip
    if isinstance(subject, Promotion):
        context |= _told(request, subject, differences)
    if "publish" in can:
        context |= {
            "why_not": check_change(found=subject, change=change, by=request.user),
            "moved_on": subject.version != change.seen_version and change.status != "scheduled",
        }
    return context


def _told(request: HttpRequest, promotion: Promotion, differences: Differences) -> dict[str, Any]:
    """What the promotion does now, and what it would do, each in a sentence."""
    before, after = (
        sentence(told_of(row), with_whom=True) for row in both_promotions(request.user, promotion, differences)
    )
    return {"told_before": "" if promotion.unpublished else before, "told_after": after}


@login_required
def show_what_if(request: HttpRequest, change_id: UUID) -> HttpResponse:
    """The part of the page that tells what the change would do; the page asks for it when it is there."""
    found = price_change_for(request.user, change_id)
    context = {
        "change": found.change, "subject": found.subject, "kind": found.change.subject_kind,
        "sees_cost": access_of(request.user).sees_cost,
        "may_write_rates": access_of(request.user).allows("exchange_rate", "record"),
        **_what_if(request, found),
    }  # fmt: skip
    return render(request, "pricing/what_if.html", context)


def _axes(found: Found) -> list[Axis]:
    status = STATUSES[found.change.status]
    by = user_names([found.change.created_by]).get(found.change.created_by, "") if found.change.created_by else "Niaga"
    name = _("Promotion") if isinstance(found.subject, Promotion) else _("Price list")
    axes = [Axis(_("Status"), status.label, status.tone, status.icon), Axis(name, found.subject.name)]
    if found.change.publish_at is not None:
        axes.append(Axis(_("Moment"), moment(found.change.publish_at)))
    return [*axes, Axis(_("Prepared by"), by), Axis(_("Currency"), found.subject.currency)]


def _actions(found: Found, can: frozenset[str], differences: Differences) -> list[Action]:
    change = found.change

    def at(name: str) -> str:
        return reverse(f"pricing:{name}", args=[change.pk])

    actions = []
    if change.status == "discarded":
        name = "pricing:new_promotion_change" if isinstance(found.subject, Promotion) else "pricing:new_change"
        again = reverse(name, args=[found.subject.pk])
        actions.append(Action(_("Prepare another change"), url=again, icon="calendar-clock", method="get", kind="go"))
    if "discard" in can:
        consequence = Consequence(
            _("Discard this change?"), _("What holds stays as it is. This change stays to be read."),
            button=_("Discard"),
        )  # fmt: skip
        actions.append(
            Action(_("Discard"), url=at("discard_change"), icon="trash-2", kind="ghost", confirm=consequence)
        )
    if "unschedule" in can:
        actions.append(Action(_("Take back from its moment"), url=at("unschedule_change"), icon="rotate-ccw"))
    if "schedule" in can and differences:
        actions.append(Action(_("Publish at a moment"), url=at("schedule_change"), icon="clock", method="get"))
    if "publish" in can and differences:
        consequence = Consequence(
            _("Publish this change now?"),
            _("It holds from this moment for every new document. Confirmed orders and sent quotations keep their "
              "prices. You can roll it back."),
            button=_("Publish now"), reason=_("Reason"), must=False,
        )  # fmt: skip
        data = {"version": str(change.version)}
        publish = Action(
            _("Publish"), url=at("publish_change"), icon="check", kind="go", confirm=consequence, data=data
        )
        actions.append(publish)
    return actions


def _what_if(request: HttpRequest, found: Found) -> dict[str, Any]:
    told: Counted = counted(found, at=clock.now())
    scene = told.whole.scene(told.whole.buyer)
    about: dict[str, Any] = {
        "counting": found.change.counted, "of": told.whole.how_many, "fresh": told.fresh, "figures": told.figures,
        "share": min(95, 100 * (found.change.counted or 0) // max(1, told.whole.how_many)),
        "on": day(scene.on_date), "dependents": [one.name for one in told.whole.dependents],
        "worker_is_alive": found.change.counted is None or worker_is_alive(),
        "documents": count_documents(told.whole, by=request.user), "rate_missing": told.whole.rate_missing,
        "rate": told.whole.rate, "money": told.whole.money, "home": told.whole.context.currency,
    }  # fmt: skip
    if told.figures is not None:
        rows = [{**row, **{name: row[name] and Decimal(row[name]) for name in _FIGURES}} for row in told.figures.rows]
        sample = [UUID(one) for one in told.figures.sample]
        about |= {
            "rows": rows,
            "customers": count_customers(told.whole, sample, of=told.figures.changed, by=request.user),
        }
    return about


_FIGURES = ("quantity", "before", "after", "percent", "margin_before", "margin_after")


@require_POST
@login_required
def publish(request: HttpRequest, change_id: UUID) -> HttpResponse:
    version = request.POST.get("version", "")

    def deed() -> str:
        done = publish_change(
            change_id=change_id, by=request.user, at=clock.now(), note=reason_of(request),
            expected_version=int(version) if version.isdigit() else None,
        )  # fmt: skip
        messages.success(request, _("Published. It holds from now on."))
        return reverse("pricing:publication", args=[done.pk])

    return once(request, deed)


@require_POST
@login_required
def discard(request: HttpRequest, change_id: UUID) -> HttpResponse:
    return _deed(request, change_id, discard_change, _("The change is discarded."))


@require_POST
@login_required
def unschedule(request: HttpRequest, change_id: UUID) -> HttpResponse:
    return _deed(request, change_id, unschedule_change, _("The change is a draft again."))


@require_POST
@login_required
def review(request: HttpRequest, change_id: UUID) -> HttpResponse:
    return _deed(request, change_id, review_change, _("The change is set against what holds now."))


@require_POST
@login_required
def count(request: HttpRequest, change_id: UUID) -> HttpResponse:
    return _deed(request, change_id, ask_to_count, "")


def _deed(request: HttpRequest, change_id: UUID, service: Callable[..., Any], text: str) -> HttpResponse:
    def deed() -> str:
        service(change_id=change_id, by=request.user, at=clock.now())
        if text:
            messages.success(request, text)
        return reverse("pricing:price_change", args=[change_id])

    return once(request, deed)
