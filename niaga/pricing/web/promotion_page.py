"""One promotion: what it does, how much of it is used, its coupons, where it was used, and what it would do."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from niaga.core import clock
from niaga.documents.queries.attachments import files_of, upload_url
from niaga.organization.access import access_of
from niaga.organization.queries.users import deeds_of
from niaga.pricing.queries.price_changes import open_changes_of
from niaga.pricing.queries.promotion_words import sentence, told_of
from niaga.pricing.queries.promotions import coupons_of, uses_of, whole_promotion
from niaga.pricing.queries.terms_in_words import days, hours, whom
from niaga.pricing.services.archive_promotion import archive_promotion
from niaga.pricing.web.coupons import standing as coupon_standing
from niaga.pricing.web.coupons import used
from niaga.pricing.web.price_change_words import STATUSES
from niaga.pricing.web.promotion_kinds import KINDS
from niaga.pricing.web.promotion_trial import trial_of
from niaga.pricing.web.promotions import standing, today_of
from niaga.ui.documents import Action, Axis, Consequence, TimelineEntry
from niaga.ui.formatting import money, number
from niaga.ui.forms import once
from niaga.ui.registry.chain import ChainLink, ChainStage, DocumentRef, chains_of

MOST_COUPONS, MOST_USES = 6, 20


@login_required
def show_promotion(request: HttpRequest, promotion_id: UUID) -> HttpResponse:
    """The promotion's page; a `POST` tries what it would do, and writes nothing."""
    found = whole_promotion(request.user, promotion_id)
    if request.headers.get("HX-Target") == "trial":
        return render(request, "pricing/promotion_trial.html", {"promotion": found, "trial": trial_of(request, found)})
    today = today_of(request)
    now = standing(found, today)
    may = {
        action: access_of(request.user).allows("price_list", action, found.company_id)
        for action in ("create", "change", "archive")
    }
    coupons = list(coupons_of(request.user, promotion_id)[: MOST_COUPONS + 1]) if found.by_coupon else []
    uses = list(uses_of(request.user, promotion_id)[: MOST_USES + 1])
    changes = list(open_changes_of(found.pk)) if may["change"] else []
    context = {
        "promotion": found, "title": found.name, "kind": KINDS[found.kind],
        "told": sentence(told_of(found)),
        "axes": [
            Axis(_("Status"), now.label, now.tone, now.icon),
            Axis(_("For"), whom(found) or _("Everybody")),
            Axis(_("Valid"), days(found.valid_from, found.valid_to) or _("always")),
            *([Axis(_("Hours"), hours(found))] if hours(found) else []),
            *([Axis(_("Priority"), str(found.priority))] if found.priority else []),
        ],
        "actions": _actions(found, may, changes), "may": may, "limits": _limits(found),
        "coupons": [
            {"row": one, "state": coupon_standing(one, today), "used": used(one)} for one in coupons[:MOST_COUPONS]
        ],
        "more_coupons": len(coupons) > MOST_COUPONS,
        "uses": _shown_uses(request, uses[:MOST_USES]), "more_uses": len(uses) > MOST_USES,
        "files": files_of(kind="promotion", subject_id=found.pk, removable=may["change"]),
        "upload_url": upload_url(kind="promotion", subject_id=found.pk) if may["change"] else "",
        "timeline": _timeline(promotion_id),
        "changes": [(change, STATUSES[change.status]) for change in changes],
        "trial": trial_of(request, found),
    }  # fmt: skip
    return render(request, "pricing/promotion.html", context)


def _actions(found: Any, may: dict[str, bool], changes: Sequence[Any]) -> list[Action]:
    history = reverse("pricing:promotion_history", args=[found.pk])
    actions = [Action(_("History"), url=history, icon="history", method="get")]
    if may["archive"] and not found.unpublished:
        if found.archived_at is None:
            consequence = Consequence(
                _("Archive this promotion?"),
                _("It ends at once; documents that have it keep it. You can bring it back."), button=_("Archive"),
            )  # fmt: skip
            url = reverse("pricing:archive_promotion", args=[found.pk])
            actions.append(Action(_("Archive"), url=url, icon="archive", confirm=consequence))
        else:
            url = reverse("pricing:restore_promotion", args=[found.pk])
            actions.append(Action(_("Bring back"), url=url, icon="rotate-ccw"))
    if may["create"]:
        like = f"{reverse('pricing:new_promotion')}?like={found.pk}"
        actions.append(Action(_("One like this"), url=like, icon="copy-plus", method="get"))
    if may["change"] and not (found.unpublished and changes):
        prepare = reverse("pricing:new_promotion_change", args=[found.pk])
        actions.append(Action(_("Prepare a change"), url=prepare, icon="calendar-clock", method="get"))
    if may["change"] and not found.unpublished:
        edit = reverse("pricing:edit_promotion", args=[found.pk])
        actions.append(Action(_("Edit"), url=edit, icon="pencil", method="get", kind="go", key="e"))
    return actions


def _limits(found: Any) -> list[dict[str, Any]]:
    """What is used of what may be; `share` of a hundred where there is a limit."""
    shown = [
        _limit(_("Documents"), number(found.used), found.used, found.most_uses, number),
        _limit(
            _("Taken off"), money(found.taken_off, found.currency), found.taken_off, found.budget,
            lambda value: money(value, found.currency),
        ),
    ]  # fmt: skip
    if found.most_per_customer:
        shown.append({"label": _("Documents of one customer"), "value": number(found.most_per_customer), "share": None})
    return shown


def _limit(label: Any, text: str, value: Any, most: Any, said: Any) -> dict[str, Any]:
    if most is None:
        return {"label": label, "value": text, "share": None}
    share = min(100, int(Decimal(value) * 100 / most))
    tone = "bad" if share >= 100 else "warn" if share >= 80 else ""
    of = gettext("%(used)s of %(most)s") % {"used": text, "most": said(most)}
    return {"label": label, "value": of, "share": share, "tone": tone}


def _shown_uses(request: HttpRequest, uses: Sequence[Any]) -> list[dict[str, Any]]:
    """The uses on documents that the person may see, each with its address, the offer it comes from and its invoices;
    the documents' own apps say which."""
    refs = {use.pk: DocumentRef(use.source_kind, use.source_id) for use in uses}
    chains = chains_of(request, list(refs.values()))
    links = {use_id: _own_link(ref, chains[ref]) for use_id, ref in refs.items()}
    return [
        {"row": use, "link": links[use.pk], "others": other_links(refs[use.pk], chains[refs[use.pk]])}
        for use in uses
        if links[use.pk] is not None
    ]


def other_links(ref: DocumentRef, stages: Sequence[ChainStage]) -> list[ChainLink]:
    """The offer that a document comes from, and its invoices, as far as the person may see them."""
    told = [one for stage in stages if stage.kind in ("quotation", "invoice") for one in stage.links]
    return [one for one in told if (one.kind, one.id) != (ref.kind, ref.id)]


def _own_link(ref: DocumentRef, stages: Sequence[ChainStage]) -> ChainLink | None:
    return next((one for stage in stages for one in stage.links if (one.kind, one.id) == (ref.kind, ref.id)), None)


def _timeline(promotion_id: UUID) -> list[TimelineEntry]:
    return [
        TimelineEntry(at=row.at, text=_happened(row.verb, row.data), by=row.who or "") for row in deeds_of(promotion_id)
    ]


def _happened(verb: str, data: dict[str, Any]) -> str:
    count = int(data.get("count", 1))
    codes = ", ".join(data.get("codes", [])[:3])
    match verb:
        case "make_coupons":
            return ngettext("Coupon made: %(codes)s", "%(count)s coupons made", count) % {
                "count": number(count), "codes": codes
            }  # fmt: skip
        case "withdraw_coupons":
            return ngettext("Coupon withdrawn: %(codes)s", "%(count)s coupons withdrawn", count) % {
                "count": number(count), "codes": codes
            }  # fmt: skip
        case "restore_coupons":
            return ngettext("Coupon taken back: %(codes)s", "%(count)s coupons taken back", count) % {
                "count": number(count), "codes": codes
            }  # fmt: skip
        case "attach" | "detach":
            told = _("File added: %(name)s") if verb == "attach" else _("File removed: %(name)s")
            return str(told) % {"name": data.get("name", "")}
    return str(HAPPENED.get(verb, verb.replace("_", " ").capitalize()))


HAPPENED = {
    "create": _("Created"), "change": _("Changed"), "set_parts": _("Steps or parts changed"),
    "archive": _("Archived"), "restore": _("Brought back"), "prepare": _("Prepared aside"),
    "publish": _("Published"), "roll_back": _("Rolled back"),
}  # fmt: skip


@require_POST
@login_required
def archive(request: HttpRequest, promotion_id: UUID) -> HttpResponse:
    return _archive(request, promotion_id, restore=False)


@require_POST
@login_required
def restore(request: HttpRequest, promotion_id: UUID) -> HttpResponse:
    return _archive(request, promotion_id, restore=True)


def _archive(request: HttpRequest, promotion_id: UUID, *, restore: bool) -> HttpResponse:
    def deed() -> str:
        archive_promotion(promotion_id=promotion_id, by=request.user, at=clock.now(), restore=restore)
        if restore:
            messages.success(request, gettext("The promotion holds again."))
        else:
            undo = reverse("pricing:restore_promotion", args=[promotion_id])
            messages.success(request, gettext("The promotion is archived."), extra_tags=f"undo:{undo}")
        return reverse("pricing:promotion", args=[promotion_id])

    return once(request, deed)
