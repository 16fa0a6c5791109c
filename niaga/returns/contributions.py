"""What returns adds to the pages of all: its place, its finds, its stage of the chain, its deed on documents below."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niaga.approvals.registry import approval_subjects
from niaga.core.queries.numbered import numbered
from niaga.core.queries.together import Question
from niaga.core.registry import document_readers, document_words, invariants, names, state_words
from niaga.documents.registry import TrialPaper, papers, subjects, trial_papers
from niaga.organization.access import access_of
from niaga.returns.models import Return
from niaga.returns.queries.file_subject import return_subject
from niaga.returns.queries.invariants import INVARIANTS
from niaga.returns.queries.paper import return_paper, trial_returns
from niaga.returns.queries.returns import visible_returns, waiting_returns
from niaga.returns.web.return_approval import return_approval
from niaga.returns.web.words import RETURN, status_of
from niaga.ui.documents import Action
from niaga.ui.registry import (
    BadgeCount,
    ChainLink,
    Command,
    DocumentRef,
    Hit,
    NavigationGroup,
    NavigationItem,
    SearchContribution,
    SettingsGroup,
    SettingsPlace,
    badges,
    chain,
    commands,
    document_actions,
    navigation,
    search,
    settings_places,
)


def _may(request: HttpRequest, action: str = "view") -> bool:
    return access_of(request.user).allows("return", action)


def _badges(request: HttpRequest) -> Mapping[str, BadgeCount]:
    return {"returns": BadgeCount(waiting_returns(by=request.user).order_by())} if _may(request) else {}


def _find(request: HttpRequest, text: str, limit: int) -> Sequence[Hit]:
    """Returns by the beginning of their number, or its last figures."""
    if not _may(request):
        return []
    rows = numbered(visible_returns(by=request.user), text).select_related("customer")
    hits = []
    for one in rows.order_by("-created_at")[:limit]:
        status = status_of(one)
        hits.append(
            Hit(
                title=one.number or "", url=reverse("returns:return", args=[one.pk]), kind="return", id=str(one.pk),
                detail=f"{one.customer.name} · {one.order_number or _('No document')}", meta=status.label,
                tone=status.tone, meta_icon=status.icon,
            )
        )  # fmt: skip
    return hits


def _offer(request: HttpRequest, text: str, hits: Sequence[Hit]) -> Sequence[Command]:
    if not _may(request, "create"):
        return []
    order = next((hit for hit in hits if hit.kind == "order"), None)
    if order is not None:
        url = f"{reverse('returns:new')}?order={order.id}"
        return [Command(_("Return of {subject}"), url, icon="undo-2", subject=order.title)]
    return [] if text else [Command(_("New return"), reverse("returns:new"), icon="undo-2")]


_STARTS = {
    "order": ("confirmed", "closed"), "invoice": ("invoice issued",), "delivery": ("shipped", "delivered"),
}  # fmt: skip


def _start(request: HttpRequest, ref: DocumentRef, status: str) -> Sequence[Action]:
    """“Return” in the menu of what was sold."""
    if status not in _STARTS.get(ref.kind, ()) or not _may(request, "create"):
        return []
    url = f"{reverse('returns:new')}?{ref.kind}={ref.id}"
    return [Action(_("Return"), url=url, icon="undo-2", method="get")]


Links = Mapping[DocumentRef, Sequence[ChainLink]]


def _chain(request: HttpRequest, refs: Sequence[DocumentRef]) -> Question[Links] | Links:
    """The returns of an order and of its invoices, with the credit notes that settle them."""
    asked = {ref.id: ref for ref in refs if ref.kind in ("order", "invoice", "return")}
    if not asked or not _may(request):
        return {}
    ids = list(asked)
    rows = visible_returns(by=request.user).exclude(status__in=("rejected", "cancelled"))
    rows = rows.filter(
        Q(pk__in=ids) | Q(order_id__in=ids) | Q(settlement__notes__credit_note_id__in=ids)
        | Q(settlement__notes__credit_note__credits_id__in=ids)
    )  # fmt: skip
    sees_invoices = access_of(request.user).allows("invoice", "view")

    def links(found: Sequence[Mapping[str, Any]]) -> Links:
        told: dict[DocumentRef, list[ChainLink]] = {ref: [] for ref in asked.values()}
        for row in found:
            url = reverse("returns:return", args=[row["id"]])
            link = ChainLink("return", row["id"], row["number"] or "…", url, done=row["status"] == "settled")
            touched = {row["id"], row["order_id"], row["note_id"], row["invoice_id"]}
            for asked_id, ref in asked.items():
                if asked_id not in touched:
                    continue
                if link not in told[ref]:
                    told[ref].append(link)
                if ref.kind != "return":
                    continue
                if row["order_id"]:
                    url = f"/orders/{row['order_id']}"
                    order = ChainLink("order", row["order_id"], row["order_number"], url, done=True)
                    if order not in told[ref]:
                        told[ref].append(order)
                if row["note_id"] and sees_invoices:
                    note_url = f"/invoices/{row['note_id']}"
                    told[ref].append(ChainLink("invoice", row["note_id"], row["note_number"], note_url, done=True))
        return told

    shown = rows.order_by("date", "id").values(
        "id", "number", "status", "order_id", "order_number", note_id=F("settlement__notes__credit_note_id"),
        note_number=F("settlement__notes__credit_note__number"),
        invoice_id=F("settlement__notes__credit_note__credits_id"),
    )  # fmt: skip
    return Question(shown, links)


def _numbers(ids: Collection[UUID]) -> Mapping[UUID, str]:
    rows = Return.objects.filter(pk__in=list(ids)).values_list("id", "number", "order_number")
    return {key: number or order or str(_("Return")) for key, number, order in rows}


def contribute() -> None:
    navigation.add(
        NavigationItem(
            key="returns", label=_("Returns"), icon="undo-2", url_name="returns:returns",
            group=NavigationGroup.GOODS, order=68, allowed=_may,
        )
    )  # fmt: skip
    settings_places.add(
        SettingsPlace(
            key="returns", label=_("Returns"), text=_("Why things come back, and what may"), icon="undo-2",
            url_name="returns:settings", group=SettingsGroup.SELLING,
            allowed=lambda request: access_of(request.user).allows("setting", "view"),
        )
    )  # fmt: skip
    badges.add("returns", _badges)
    search.add("returns", SearchContribution(_("Returns"), "undo-2", find=_find))
    commands.add("returns", _offer)
    chain.add("returns", _chain)
    document_actions.add("returns", _start)
    approval_subjects.add("return", return_approval)
    papers.add("return", return_paper)
    trial_papers.add("return_slip", TrialPaper("return", trial_returns))
    subjects.add("return", return_subject)
    state_words.add("return", RETURN)
    names.add("return", _numbers)
    document_words.add("return", lambda ids: dict.fromkeys(ids, str(_("Return"))))
    document_readers.add("return", lambda user, key: visible_returns(by=user).filter(pk=key).exists())
    for name, check in INVARIANTS.items():
        invariants.add(f"returns.{name}", check)
