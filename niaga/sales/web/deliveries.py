"""Deeds on deliveries that also count on their order; the pages are stock's."""

from decimal import Decimal
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from niaga.core import clock
from niaga.core.errors import Invalid
from niaga.sales.errors import AlreadyAsked, CreditHeld
from niaga.sales.services.ask_delivery_release import ask_delivery_release
from niaga.sales.services.cancel_order_delivery import cancel_order_delivery
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from niaga.sales.services.ship_together import ship_together
from niaga.stock.queries.deliveries import get_delivery
from niaga.stock.queries.together import deliveries_of_joint, get_joint
from niaga.ui import formatting
from niaga.ui.forms import once


def figures(request: HttpRequest, prefix: str = "line-") -> dict[UUID, Decimal]:
    """The figures of fields named `prefix` + a line's id, as people write them; an empty one is nothing.

    :raises Invalid: one is no number
    """
    found = {}
    for name, text in request.POST.items():
        if not name.startswith(prefix):
            continue
        try:
            key = UUID(name.removeprefix(prefix))
            found[key] = formatting.parse_number(str(text)) if str(text).strip() else Decimal(0)
        except ValueError as error:
            message = gettext("“%(text)s” is no number.") % {"text": str(text)[:40]}
            raise Invalid(message, field=name) from error
    return found


@login_required
@require_POST
def ship(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    get_delivery(delivery_id=delivery_id, by=request.user)
    quantities = figures(request)

    def deed() -> str:
        try:
            ship_order_delivery(delivery_id=delivery_id, quantities=quantities or None, by=request.user, at=clock.now())
        except CreditHeld as held:
            _ask_finance(request, delivery_id, held)
        else:
            messages.success(request, gettext("The goods have left."))
        return reverse("stock:delivery", args=[delivery_id])

    return once(request, deed)


def _ask_finance(request: HttpRequest, delivery_id: UUID, held: CreditHeld, number: str = "") -> None:
    """The goods stay, and who may decide is asked at once; nobody has to find out whom to tell."""
    try:
        ask_delivery_release(delivery_id=delivery_id, by=request.user, at=clock.now())
        told = gettext("Finance is asked to release it.")
    except AlreadyAsked as asked:
        told = str(asked.message)
    stays = gettext("The goods stay here.")
    named = f"{number}: " if number else ""
    messages.warning(request, f"{named}{held.message} {stays} {told}")


@login_required
@require_POST
def ship_all(request: HttpRequest, joint_id: UUID) -> HttpResponse:
    """All that travels together leaves; what credit stops stays, and finance is asked about it."""
    get_joint(joint_id=joint_id, by=request.user)
    quantities = figures(request)

    def deed() -> str:
        try:
            sent = ship_together(joint_id=joint_id, quantities=quantities or None, by=request.user, at=clock.now())
        except CreditHeld as held:
            for one in deliveries_of_joint(joint_id=joint_id, by=request.user):
                _ask_finance(request, one.id, held, one.number)
            return reverse("stock:joint", args=[joint_id])
        for stayed in sent.stayed:
            if stayed.held is not None:
                _ask_finance(request, stayed.delivery_id, stayed.held, stayed.number)
            else:
                messages.warning(request, gettext("%(number)s stays here.") % {"number": stayed.number})
        count = len(sent.delivery_ids)
        messages.success(
            request,
            ngettext("%(count)d delivery has left.", "%(count)d deliveries have left.", count) % {"count": count},
        )
        if sent.is_joint:
            return reverse("stock:joint", args=[joint_id])
        return reverse("stock:delivery", args=[sent.delivery_ids[0]])

    return once(request, deed)


@login_required
@require_POST
def cancel(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    get_delivery(delivery_id=delivery_id, by=request.user)

    def deed() -> str:
        cancel_order_delivery(
            delivery_id=delivery_id, reason=request.POST.get("reason", ""), by=request.user, at=clock.now()
        )
        messages.success(request, gettext("The delivery is cancelled; its goods stay reserved for the order."))
        return reverse("stock:delivery", args=[delivery_id])

    return once(request, deed)
