"""The history of a price list or a promotion: what was published, by whom, when; and the way back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from niaga.core import clock
from niaga.organization.access import access_of
from niaga.organization.queries.users import user_names
from niaga.pricing.models import Promotion, Publication
from niaga.pricing.queries.difference_names import overtaken_lines
from niaga.pricing.queries.difference_words import heads_in_words, prices_in_words
from niaga.pricing.queries.differences_of import differences_in, state_of
from niaga.pricing.queries.drafted_promotion import promotion_with
from niaga.pricing.queries.price_changes import publication_for, publications_of
from niaga.pricing.queries.price_lists import price_list_for
from niaga.pricing.queries.promotion_words import sentence, told_of
from niaga.pricing.queries.promotions import promotion_for, whole_promotion
from niaga.pricing.queries.rules_of import data_in_words
from niaga.pricing.queries.subjects import Subject, kind_of
from niaga.pricing.rules.differences import Differences
from niaga.pricing.services.roll_back import roll_back
from niaga.pricing.web.price_change_words import HISTORIES, KINDS, counts_in_words, reason_of, subject_url
from niaga.pricing.web.price_lists import may
from niaga.ui.documents import Action, Axis, Consequence
from niaga.ui.formatting import moment
from niaga.ui.forms import once
from niaga.ui.lists import Empty, Listing, Text
from niaga.ui.lists.addresses import row_address

SHOWN = 200


def _counts(row: Any) -> str:
    return counts_in_words(list(row.heads), row.prices, rules=row.rules is not None, kind=row.subject_kind)


class Publications(Listing):
    key, title, sort = "price_publications", _("History"), "-id"
    columns = (
        Text("at", _("When"), source=lambda row: moment(row.at), sort="id", phone="title"),
        Text("kind", _("What"), source=lambda row: KINDS[row.kind], sub="note", phone="status"),
        Text("change", _("Price change"), source="change__name", phone="meta"),
        Text("counts", _("Changed"), source=_counts, phone="meta"),
        Text("who", _("By"), source="who"),
    )
    empty = Empty(
        _("Nothing was published yet"),
        _("Every change is kept here with what was before, so that it can be rolled back."),
        icon="history",
    )

    def __init__(self, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(request, **kwargs)
        self.found: Subject = self.subject(**kwargs)
        self.above = (self.found.name, subject_url(kind_of(self.found), self.found.pk))  # type: ignore[misc]

    def subject(self, **kwargs: Any) -> Subject:
        return price_list_for(self.request.user, kwargs["price_list_id"])

    def rows(self) -> QuerySet[Any]:
        return publications_of(self.found.pk)

    def prepare(self, rows: list[Any]) -> list[Any]:
        names = user_names([row.by for row in rows if row.by is not None])
        for row in rows:
            row.who = names.get(row.by, "Niaga")
        return rows

    def url(self, row: Any) -> str:
        return row_address("pricing:publication", row.pk)


class PromotionPublications(Publications):
    def subject(self, **kwargs: Any) -> Subject:
        return promotion_for(self.request.user, kwargs["promotion_id"])


@login_required
def show_publication(request: HttpRequest, publication_id: UUID) -> HttpResponse:
    subject, found = publication_for(request.user, publication_id)
    return render(request, "pricing/publication.html", _context(request, subject, found))


def _context(request: HttpRequest, subject: Subject, found: Publication) -> dict[str, Any]:
    differences = differences_in(found)
    back = differences.turned_round()
    now = state_of(subject, back)
    later = overtaken_lines(subject, back.overtaken(now))
    is_back = not back.from_here(now)
    who = user_names([found.by]).get(found.by, "") if found.by else "Niaga"
    sees_cost = access_of(request.user).sees_cost
    axes = [
        Axis(_("What"), KINDS[found.kind]), Axis(_("When"), moment(found.at)), Axis(_("By"), who),
        *([Axis(_("Why"), found.note)] if found.note else []),
    ]  # fmt: skip
    actions = []
    if may(request, "change") and not is_back:
        consequence = Consequence(
            _("Roll this back?"),
            _("What it changed becomes again as it was before, from this moment on. Documents keep their prices.")
            if not later
            else _("Later changes of the same things are undone with it: those that this page names."),
            button=_("Roll back"),
            reason=_("Reason"),
            must=False,
            danger=bool(later),
        )
        url = reverse("pricing:roll_back", args=[found.pk])
        actions.append(
            Action(_("Roll back"), url=url, icon="undo-2", confirm=consequence, data={"over": "1"} if later else {})
        )
    rules = differences.rules
    asked: dict[str, Any] = {
        "company_id": subject.company_id, "currency": subject.currency, "by": request.user,
        "sees_cost": sees_cost,
    }  # fmt: skip
    return {
        "title": f"{subject.name} · {moment(found.at)}", "kind": found.subject_kind, "publication": found,
        "history": reverse(HISTORIES[found.subject_kind], args=[subject.pk]), "axes": axes,
        "actions": actions, "heads": heads_in_words(differences.heads, by=request.user),
        "prices": prices_in_words(
            differences.prices.items(), company_id=subject.company_id, currency=subject.currency, most=SHOWN
        ),
        "prices_in_all": len(differences.prices), "prices_left": max(0, len(differences.prices) - SHOWN),
        **(
            _told(request, subject, differences)
            if isinstance(subject, Promotion)
            else {
                "rules_before": data_in_words(rules[0], **asked) if rules is not None else None,
                "rules_after": data_in_words(rules[1], **asked) if rules is not None else None,
            }
        ),
        "later": [line["message"] for line in later],
        "is_back": is_back, "may_change": may(request, "change"),
    }  # fmt: skip


def _told(request: HttpRequest, promotion: Promotion, differences: Differences) -> dict[str, Any]:
    """What the promotion did before and after, each in a sentence; what was not changed then is as it is now."""
    row = whole_promotion(request.user, promotion.pk)
    sides = []
    for side in (0, 1):
        heads = {name: pair[side] for name, pair in differences.heads.items()}
        parts = differences.rules[side] if differences.rules is not None else None
        sides.append(sentence(told_of(promotion_with(row, heads, parts, by=request.user)), with_whom=True))
    return {"told_before": sides[0], "told_after": sides[1]} if sides[0] != sides[1] else {}


@require_POST
@login_required
def take_back(request: HttpRequest, publication_id: UUID) -> HttpResponse:
    """Roll back; over later changes only when the page named them and the person goes on (`over=1`)."""

    def deed() -> str:
        done = roll_back(
            publication_id=publication_id, by=request.user, at=clock.now(), note=reason_of(request),
            over_later_changes=request.POST.get("over") == "1",
        )  # fmt: skip
        messages.success(request, gettext("Rolled back. It holds from now on."))
        return reverse("pricing:publication", args=[done.pk])

    return once(request, deed)
