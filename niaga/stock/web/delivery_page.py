"""A delivery: what is picked and shipped, by whom it was taken, and its papers."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from niaga.core import clock
from niaga.core.queries.together import ask
from niaga.documents.queries.attachments import files_of, upload_url
from niaga.documents.services.attach_file import attach_file
from niaga.organization.access import access_of
from niaga.organization.queries.users import deeds_of
from niaga.stock.models import Delivery
from niaga.stock.queries.deliveries import delivery_line_rows, get_delivery
from niaga.stock.queries.together import companions_of, count_beside
from niaga.stock.registry import delivery_cards
from niaga.stock.services.deliver_goods import deliver_goods
from niaga.stock.services.note_carrier import note_carrier
from niaga.stock.services.pick_delivery import pick_delivery
from niaga.stock.web.words import DELIVERY
from niaga.ui import formatting
from niaga.ui.documents import Action, Axis, Consequence, DocumentPage, TimelineEntry
from niaga.ui.forms import DayField, facts_of, once

HAPPENED = {
    "draft": _("Drawn up"),
    "plan": _("Planned into a route"),
    "pick": _("Picking began"),
    "pick_short": _("Picked less than asked"),
    "pick_other_lot": _("Picked of another lot"),
    "substitute": _("Something else goes in its place"),
    "choose_lots": _("Lots chosen"),
    "ship": _("Shipped"),
    "deliver": _("Delivered"),
    "miss": _("The driver came in vain"),
    "join": _("Put together with others"),
    "part": _("Travels alone again"),
    "cancel": _("Cancelled"),
    "change": _("Changed"),
    "attach": _("File added"),
    "send": _("Sent"),
    "share": _("Link made for the customer"),
    "take_in": _("Money of the door taken in"),
    "report": _("A driver handed in what could not be taken"),
    "take_report": _("Taken as the driver handed it in"),
    "close_report": _("The driver's report closed"),
}


@login_required
@require_GET
def show_delivery(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    delivery = get_delivery(delivery_id=delivery_id, by=request.user)
    lines = delivery_line_rows(delivery_id=delivery.id)
    may = _rights(request, delivery)
    cards = list(delivery_cards)
    told = ask(*(card.ask(request, delivery.pk) for _name, card in cards))
    page = DocumentPage(
        kind="delivery", id=delivery.pk, status=delivery.status, number=delivery.number, party=delivery.customer.name,
        party_url=f"/customers/{delivery.customer_id}", party_id=delivery.customer_id, axes=_axes(delivery),
        primary=_primary(delivery, may), actions=_papers(delivery), more=_more(delivery, may),
        timeline=timeline_of(delivery.pk, HAPPENED),
        files=files_of(kind="delivery", subject_id=delivery.pk, removable=may["change"]),
        upload_url=upload_url(kind="delivery", subject_id=delivery.pk) if may["change"] else "",
    ).read(request)  # fmt: skip
    return render(
        request,
        "stock/delivery.html",
        {
            "page": page, "lines": lines, "delivery": delivery, "proof": getattr(delivery, "proof", None), "may": may,
            "companions": companions_of(delivery, by=request.user) if delivery.joint_id else [],
            "beside": 0 if delivery.joint_id else count_beside(delivery=delivery, by=request.user),
            "cards": [{"template": card.template, "told": one} for (_name, card), one in zip(cards, told, strict=True)],
        },
    )  # fmt: skip


def timeline_of(subject_id: UUID, words: dict[str, Any]) -> list[TimelineEntry]:
    """What happened to a document, the newest first, in words by verb. One statement."""
    return [
        TimelineEntry(
            at=row.at, text=str(words.get(row.verb, row.verb.replace("_", " ").capitalize())),
            by=row.who or "", quote=row.note,
        )
        for row in deeds_of(subject_id)
    ]  # fmt: skip


def _rights(request: HttpRequest, delivery: Delivery) -> dict[str, bool]:
    access = access_of(request.user)
    actions = ("change", "ship", "deliver", "cancel")
    rights = {action: access.reaches("delivery", action, delivery) for action in actions}
    rights["open"] = delivery.status in ("draft", "picking")
    return rights


def _axes(delivery: Delivery) -> list[Axis]:
    status = DELIVERY[delivery.status]
    axes = [Axis(_("Status"), status.label, status.tone, status.icon), Axis(_("Warehouse"), delivery.warehouse.name)]
    if delivery.source_number:
        axes.append(Axis(_("Order"), delivery.source_number))
    if delivery.planned_date:
        axes.append(Axis(_("Planned"), formatting.day(delivery.planned_date)))
    if delivery.shipped_date:
        axes.append(Axis(_("Shipped"), formatting.day(delivery.shipped_date)))
    return axes


def _primary(delivery: Delivery, may: dict[str, bool]) -> Action | None:
    if delivery.joint_id and ((may["open"] and may["ship"]) or (delivery.status == "shipped" and may["deliver"])):
        url = reverse("stock:joint", args=[delivery.joint_id])
        if may["open"]:
            return Action(_("Ship together"), url=url, icon="truck", kind="go", key="s", method="get")
        return Action(_("Record arrival"), url=url, icon="circle-check", kind="go", key="d", method="get")
    if may["open"] and may["ship"]:
        return Action(_("Ship"), icon="truck", kind="go", key="s", dialog="ship")
    if delivery.status == "shipped" and may["deliver"]:
        return Action(_("Record arrival"), icon="circle-check", kind="go", key="d", dialog="arrival")
    return None


def _papers(delivery: Delivery) -> list[Action]:
    subject = ["joint", delivery.joint_id] if delivery.joint_id else ["delivery", delivery.pk]
    note = reverse("documents:paper", args=subject)
    actions = [Action(_("Delivery note"), url=note, method="get", icon="file-text", new_tab=True)]
    if delivery.status in ("draft", "picking"):
        pick = f"{note}?variant=pick_list"
        actions.insert(0, Action(_("Pick list"), url=pick, method="get", icon="clipboard-list", new_tab=True))
    return actions


def _more(delivery: Delivery, may: dict[str, bool]) -> list[Action]:
    more = []
    if delivery.status == "draft" and may["change"]:
        more.append(
            Action(_("Start picking"), url=reverse("stock:picking", args=[delivery.pk]), icon="package-open", key="p")
        )
    if may["change"] and delivery.status != "cancelled":
        more.append(Action(_("Carrier and date"), dialog="carrier", icon="pencil"))
    if may["open"] and may["change"]:
        url = reverse("stock:together", args=[delivery.pk])
        more.append(Action(_("Send together with…"), url=url, icon="combine", method="get"))
    if may["open"] and may["cancel"]:
        more.append(
            Action(
                _("Cancel delivery"), url=f"/deliveries/{delivery.pk}/cancellation", icon="ban", kind="bad",
                confirm=Consequence(
                    _("Cancel this delivery?"),
                    _("The goods stay reserved for the order, which can be delivered anew."), reason=_("Reason"),
                    button=_("Cancel delivery"), danger=True,
                ),
            )
        )  # fmt: skip
    return more


@login_required
@require_POST
def picking(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    def deed() -> str:
        get_delivery(delivery_id=delivery_id, by=request.user)
        pick_delivery(delivery_id=delivery_id, by=request.user, at=clock.now())
        messages.success(request, gettext("Picking began."))
        return reverse("stock:delivery", args=[delivery_id])

    return once(request, deed)


class CarrierForm(forms.Form):
    carrier = forms.CharField(label=_("Carrier or driver"), max_length=80, required=False)
    tracking = forms.CharField(label=_("Tracking or number plate"), max_length=80, required=False)
    planned_date = DayField(label=_("Planned"), required=False)
    note = forms.CharField(label=_("Note on the delivery note"), required=False, widget=forms.Textarea)


@login_required
@require_POST
def carrier(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    get_delivery(delivery_id=delivery_id, by=request.user)
    facts = facts_of(CarrierForm(request.POST))

    def deed() -> str:
        note_carrier(
            delivery_id=delivery_id, carrier=facts["carrier"], tracking=facts["tracking"], note=facts["note"],
            planned_date=facts["planned_date"], by=request.user, at=clock.now(),
        )  # fmt: skip
        messages.success(request, gettext("Saved."))
        return reverse("stock:delivery", args=[delivery_id])

    return once(request, deed)


class ArrivalForm(forms.Form):
    received_by = forms.CharField(
        label=_("Who took the goods"), max_length=120, error_messages={"required": _("Say who took the goods.")}
    )
    photo = forms.FileField(label=_("Photo"), required=False, help_text=_("Of the goods or the signed note."))
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea)


@login_required
@require_POST
def arrival(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """Record who took the goods, with a photo when one was sent."""
    get_delivery(delivery_id=delivery_id, by=request.user)
    facts = facts_of(ArrivalForm(request.POST, request.FILES))

    def deed() -> str:
        at = clock.now()
        photo_id = None
        if facts["photo"]:
            photo_id = attach_file(
                subject_kind="delivery", subject_id=delivery_id, name=facts["photo"].name, content=facts["photo"],
                by=request.user, at=at, purpose="photo",
            ).id  # fmt: skip
        deliver_goods(
            delivery_id=delivery_id, received_by=facts["received_by"], photo_id=photo_id, note=facts["note"],
            by=request.user, at=at,
        )  # fmt: skip
        messages.success(request, gettext("Delivered."))
        return reverse("stock:delivery", args=[delivery_id])

    return once(request, deed)
