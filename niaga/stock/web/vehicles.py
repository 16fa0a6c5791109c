"""Settings: the company's own vehicles; and where their stops and the goods stand."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from niaga.core import clock
from niaga.core.errors import NotFound, Refusal
from niaga.organization.access import access_of
from niaga.organization.web.pages import bound_or_fresh
from niaga.stock.errors import VehicleOverloaded
from niaga.stock.queries.driving import drivers_of
from niaga.stock.queries.picking import visible_routes, visible_vehicles
from niaga.stock.queries.warehouses import visible_warehouses
from niaga.stock.services.archive_vehicle import archive_vehicle
from niaga.stock.services.move_stop import move_stop
from niaga.stock.services.name_driver import name_driver
from niaga.stock.services.name_places import name_places
from niaga.stock.services.name_vehicle import name_vehicle
from niaga.stock.services.save_vehicle import VehicleDetails, save_vehicle
from niaga.stock.web.vehicle_words import overload_words
from niaga.ui.forms import NumberField, once, refuse
from niaga.ui.stale import one_at_a_time, overtaken


class LimitField(NumberField):
    """What a vehicle carries: more than nothing, to the gram or the litre."""

    def __init__(self, **options: Any) -> None:
        limits = {"max_digits": 9, "decimal_places": 3, "min_value": Decimal("0.001"), "max_value": Decimal(999_999)}
        super().__init__(**{**limits, "required": False, **options})
        self.widget_width = "half"


class VehicleForm(forms.Form):
    plate = forms.CharField(label=_("Number plate"), max_length=20)
    name = forms.CharField(label=_("Name"), max_length=80, required=False, help_text=_("For example: Grand Max box."))
    warehouse = forms.ChoiceField(label=_("Loaded at"))
    driver_user = forms.ChoiceField(
        label=_("Driver's account"), required=False,
        help_text=_("Whose phone shows the stops. Give the person the role of a driver to find them here."),
    )  # fmt: skip
    driver = forms.CharField(
        label=_("Driver"), max_length=120, required=False, help_text=_("Empty: the name of the account.")
    )
    stops = forms.IntegerField(label=_("Deliveries a day"), min_value=1, max_value=1_000, initial=30)
    max_weight = LimitField(label=_("Kilograms a day"), help_text=_("What it may carry. Empty: no limit."))
    max_volume = LimitField(label=_("Cubic metres a day"), help_text=_("What fits into it. Empty: no limit."))
    zones = forms.CharField(
        label=_("Zones"), max_length=2_000, required=False,
        help_text=_("Cities, districts or beginnings of post codes, with commas. Empty: takes what is left."),
    )  # fmt: skip

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["warehouse"].choices = [  # type: ignore[attr-defined]
            (str(key), name) for key, name in visible_warehouses(by=request.user).values_list("id", "name")
        ]
        found = drivers_of(access_of(request.user).current_company.id)
        self.fields["driver_user"].choices = [("", _("No account")), *((str(key), name) for key, name in found)]  # type: ignore[attr-defined]


@login_required
@require_GET
def vehicles(request: HttpRequest) -> HttpResponse:
    access = access_of(request.user)
    access.require("setting", "view")
    rows = list(visible_vehicles(by=request.user, archived=True))
    return render(request, "stock/vehicles.html", {"rows": rows, "may_change": access.allows("setting", "manage")})


@login_required
@one_at_a_time
def edit(request: HttpRequest, vehicle_id: UUID | None = None) -> HttpResponse:
    """A new vehicle, or a change of one."""
    access_of(request.user).require("setting", "manage")
    row = None
    if vehicle_id is not None:
        row = visible_vehicles(by=request.user, archived=True).filter(pk=vehicle_id).first()
        if row is None:
            raise NotFound()
    initial = {}
    if row is not None:
        initial = {
            "plate": row.plate, "name": row.name, "warehouse": str(row.warehouse_id), "driver": row.driver,
            "driver_user": str(row.driver_user_id or ""), "stops": row.stops, "zones": ", ".join(row.zones),
            "max_weight": row.max_weight, "max_volume": row.max_volume,
        }  # fmt: skip
    form = bound_or_fresh(request, lambda data: VehicleForm(request, data, initial=initial), subject=vehicle_id)
    status = 200
    if request.method == "POST":
        status = 422
        if not overtaken(form) and form.is_valid():
            facts = form.cleaned_data

            def deed() -> str:
                details = VehicleDetails(
                    UUID(facts["warehouse"]), facts["plate"], facts["name"], facts["driver"],
                    _id(facts["driver_user"]), facts["stops"], facts["zones"].split(","),
                    facts["max_weight"], facts["max_volume"],
                )  # fmt: skip
                save_vehicle(vehicle_id=vehicle_id, details=details, by=request.user, at=clock.now())
                messages.success(request, gettext("Saved."))
                return reverse("stock:vehicles")

            try:
                return once(request, deed)
            except Refusal as refusal:
                refuse(form, refusal)
    return render(request, "stock/vehicle_form.html", {"form": form, "row": row}, status=status)


@login_required
@require_POST
def archive(request: HttpRequest, vehicle_id: UUID) -> HttpResponse:
    access_of(request.user).require("setting", "manage")
    row = visible_vehicles(by=request.user, archived=True).filter(pk=vehicle_id).first()
    if row is None:
        raise NotFound()

    def deed() -> str:
        done = archive_vehicle(vehicle_id=vehicle_id, archived=row.archived_at is None, by=request.user, at=clock.now())
        words = gettext("Archived.") if done.archived_at else gettext("Restored.")
        messages.success(request, words, extra_tags=f"undo:{reverse('stock:archive_vehicle', args=[vehicle_id])}")
        return reverse("stock:vehicles")

    return once(request, deed)


@login_required
@require_POST
def move(request: HttpRequest, route_id: UUID, delivery_id: UUID) -> HttpResponse:
    """Put a stop to another place; back to its day."""
    access_of(request.user).require("stock", "view")
    route = visible_routes(by=request.user).filter(pk=route_id).first()
    if route is None:
        raise NotFound()
    typed = request.POST.get("position", "")

    def deed() -> str:
        position = int(typed) if typed.isdecimal() and len(typed) < 6 else 1
        move_stop(route_id=route_id, delivery_id=delivery_id, position=position, by=request.user, at=clock.now())
        return f"/deliveries/day?date={route.date.isoformat()}&warehouse={route.warehouse_id}"

    return once(request, deed)


@login_required
@require_POST
def driver(request: HttpRequest, route_id: UUID) -> HttpResponse:
    """Give a route to a driver; back to its day."""
    access_of(request.user).require("stock", "view")
    route = visible_routes(by=request.user).filter(pk=route_id).first()
    if route is None:
        raise NotFound()
    account, name = _id(request.POST.get("driver_user", "")), str(request.POST.get("driver", ""))

    def deed() -> str:
        done = name_driver(route_id=route_id, driver_user_id=account, driver=name, by=request.user, at=clock.now())
        words = gettext("%(route)s goes with %(driver)s.") if done.driver else gettext("%(route)s has no driver now.")
        messages.success(request, words % {"route": done.number, "driver": done.driver})
        return f"/deliveries/day?date={route.date.isoformat()}&warehouse={route.warehouse_id}"

    return once(request, deed)


@login_required
@require_POST
def vehicle(request: HttpRequest, route_id: UUID) -> HttpResponse:
    """Give a route to a vehicle; back to its day. What is too much for it is asked about there, by how much."""
    access_of(request.user).require("stock", "view")
    route = visible_routes(by=request.user).filter(pk=route_id).first()
    if route is None:
        raise NotFound()
    chosen, over = _id(request.POST.get("vehicle", "")), request.POST.get("over") == "1"
    day = f"/deliveries/day?date={route.date.isoformat()}&warehouse={route.warehouse_id}"

    def deed() -> str:
        done = name_vehicle(
            route_id=route_id, vehicle_id=chosen, over=over, reason=str(request.POST.get("reason", "")),
            by=request.user, at=clock.now(),
        )  # fmt: skip
        words = (
            gettext("%(route)s goes with %(vehicle)s.") if done.vehicle else gettext("%(route)s has no vehicle now.")
        )
        messages.success(request, words % {"route": done.number, "vehicle": done.vehicle})
        return day

    try:
        return once(request, deed)
    except VehicleOverloaded as refusal:
        messages.error(request, overload_words(refusal.lines))
        return HttpResponseRedirect(f"{day}&heavy={route_id}&with={chosen}")


@login_required
@require_POST
def places(request: HttpRequest) -> HttpResponse:
    """Say on which shelf a product lies in a warehouse, from its page."""
    access_of(request.user).require("stock", "change")
    product_id, warehouse_id = (_id(request.POST.get(name, "")) for name in ("product", "warehouse"))
    if product_id is None or warehouse_id is None:
        raise NotFound()
    shelf_of, place_id = product_id, warehouse_id
    if not visible_warehouses(by=request.user).filter(pk=place_id).exists():
        raise NotFound()

    def deed() -> str:
        text = str(request.POST.get("place", ""))
        name_places(warehouse_id=place_id, places={shelf_of: text}, by=request.user, at=clock.now())
        messages.success(request, gettext("Saved."))
        return reverse("stock:product", args=[shelf_of])

    return once(request, deed)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
