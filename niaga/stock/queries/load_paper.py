"""A route's load as it is printed: what goes onto the vehicle for each stop, what that is together, who signs."""

from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext, ngettext, override

from niaga.catalog.queries.load_words import unweighed_words, volume_words, weight_words
from niaga.catalog.rules.load import GoodsLoad
from niaga.catalog.rules.load import load_sum as goods_sum
from niaga.core.errors import NotFound
from niaga.documents.queries.company_print import company_print
from niaga.documents.registry import Paper, PaperChoice
from niaga.documents.rules.print_document import PrintDocument, PrintKind, PrintLine, PrintParty, PrintSignature
from niaga.organization.access import Actor, access_of
from niaga.stock.queries.loading import get_route, load_of, loaded_products
from niaga.stock.queries.paper import kilos
from niaga.stock.queries.picking import visible_routes
from niaga.stock.rules.load_list import LoadFact, LoadStop, load_sum
from niaga.ui import formatting

VARIANTS = ("", "last_first")


def load_paper(*, subject_id: UUID, by: Actor, language: str, variant: str) -> Paper:
    """The load list in the order of unloading; with `variant` `last_first` as a vehicle is loaded, the last stop first.

    :raises NotFound: no such route or variant, or none that `by` may see
    """
    if variant not in VARIANTS:
        raise NotFound()
    route = get_route(route_id=subject_id, by=by)
    sender = company_print(company_id=route.company_id)
    spoken = language or sender.language
    stops = load_of(route)
    with override(spoken):
        lines = [
            line
            for stop in (reversed(stops) if variant else stops)
            for line in (PrintLine(_head(stop), kind="section"), *_goods(stop))
        ]
        products = loaded_products(route_id=route.pk)
        if products:
            lines.append(PrintLine(gettext("Together, by product"), kind="section"))
        lines += [PrintLine(one.name, sku=one.sku, quantity=one.quantity, unit=one.unit) for one in products]
        whole, carried = load_sum(stops), goods_sum(stop.goods for stop in stops)
        facts = (
            (gettext("Stops"), formatting.number(len(stops))),
            (gettext("Weight"), _weight(carried, whole.grams)),
            (gettext("Volume"), volume_words(carried.volume) if carried.volume else ""),
            (gettext("Without a weight"), unweighed_words(carried) if carried.is_known else ""),
            (gettext("To be collected"), _cash(whole)),
        )
        vehicle = str(route.vehicle) if route.vehicle else gettext("No vehicle")
    data = PrintDocument(
        number=route.number, day=route.date, company=sender.company, logo=sender.logo, foot=sender.foot,
        customer=PrintParty(vehicle, address=(route.driver,)), lines=tuple(lines), warehouse=route.warehouse.name,
        facts=facts, signatures=tuple(map(PrintSignature, ("sign_loader", "sign_checker", "sign_driver"))),
    )  # fmt: skip
    return Paper(
        PrintKind.LOAD_LIST, data, spoken, "route", route.pk, route.company_id, branch_id=route.warehouse.branch_id
    )


def _head(stop: LoadStop) -> str:
    """`1. Toko Makmur · Jl. Mawar 3, Surabaya · DO-… · Rp 1.200.000 to be collected`."""
    street = ", ".join(str(stop.address[name]) for name in ("street", "city") if stop.address.get(name))
    cash = _cash(stop.facts)
    further = [
        ngettext("%(count)s parcel", "%(count)s parcels", stop.facts.parcels)
        % {"count": formatting.number(stop.facts.parcels)}
        if stop.facts.parcels
        else "",
        _weight(stop.goods, stop.facts.grams),
        gettext("collect %(cash)s") % {"cash": cash} if cash else "",
    ]
    named = ", ".join(stop.deliveries.values())
    return " · ".join(one for one in (f"{stop.place}. {stop.customer}", street, named, *further) if one)


def _goods(stop: LoadStop) -> list[PrintLine]:
    return [PrintLine(one.name, sku=one.sku, quantity=one.quantity, unit=one.unit, weight=kilos(one.goods))
            for one in stop.lines]  # fmt: skip


def _weight(goods: GoodsLoad, grams: int) -> str:
    """What the goods weigh; where that is not known, what was booked."""
    if goods.is_known:
        return weight_words(goods.weight)
    return weight_words(Decimal(grams) / 1000) if grams else ""


def _cash(facts: LoadFact) -> str:
    return " + ".join(formatting.money(amount, currency) for currency, amount in sorted(facts.cash.items()) if amount)


def trial_routes(*, text: str, by: Actor) -> list[PaperChoice]:
    """Routes to try a template on."""
    access_of(by).require("stock", "view")
    rows = visible_routes(by=by).filter(number__icontains=text).order_by("-date", "-id")[:12]
    return [PaperChoice(route.pk, route.number, route.driver) for route in rows]
