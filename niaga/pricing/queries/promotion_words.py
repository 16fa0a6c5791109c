"""What a promotion does, in one sentence: `Buy 2, get 1 free: the cheapest · Clothing · Mon–Fri · until 31 Dec 2026`.

The same words for a promotion that is stored, one that is being typed, and the API.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from niaga.pricing.queries.promotions import ScopeRow, scopes_in, tiers_in
from niaga.pricing.queries.terms_in_words import days, hours, whom
from niaga.pricing.rules.terms import EVERY_DAY
from niaga.ui.formatting import money, number, percent

MOST_NAMED = 3
"""So many parts of the assortment are named; the rest is counted."""


class ToldScope(NamedTuple):
    """A part of the assortment by its name. `role` as in `PromotionScope`."""

    role: str
    name: str
    quantity: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Told:
    """A promotion as it is told: names in the place of keys. What is not known yet is empty."""

    kind: str
    currency: str
    tiers: Sequence[tuple[Decimal, Decimal]] = ()
    """From where on, and the figure; the lowest first."""
    scopes: Sequence[ToldScope] = ()
    buy: Decimal = Decimal(0)
    get: Decimal = Decimal(0)
    gift: str = ""
    most_amount: Decimal | None = None
    most_times: int | None = None
    whom: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    weekdays: int = EVERY_DAY
    from_time: time | None = None
    until_time: time | None = None
    by_coupon: bool = False
    exclusive: bool = False

    def named(self, role: str) -> list[str]:
        return [scope.name for scope in self.scopes if scope.role == role and scope.name]


def told_of(row: Any) -> Told:
    """A row of `promotion_rows`. Asks nothing."""
    return Told(
        kind=row.kind, currency=row.currency, tiers=tiers_in(row),
        scopes=[ToldScope(scope.role, scope_name(scope), scope.quantity) for scope in scopes_in(row)],
        buy=row.buy, get=row.get, gift=row.gift_name or "", most_amount=row.most_amount, most_times=row.most_times,
        whom=whom(row), valid_from=row.valid_from, valid_to=row.valid_to, weekdays=row.weekdays,
        from_time=row.from_time, until_time=row.until_time, by_coupon=row.by_coupon, exclusive=row.exclusive,
    )  # fmt: skip


def scope_name(scope: ScopeRow) -> str:
    """A part of the assortment by its name; empty for everything."""
    if scope.category_name and scope.brand:
        return _("%(brand)s in %(category)s") % {"brand": scope.brand, "category": scope.category_name}
    return str(scope.product_name or scope.family_name or scope.category_name or scope.brand or "")


def sentence(told: Told, *, with_whom: bool = False) -> str:
    """All of it: what, on what, for whom, when, with which coupon. Empty while too little is known."""
    what = what_it_does(told)
    if not what:
        return ""
    named = told.named("on")
    touches = told.kind != "bundle_price" and not (told.kind == "buy_get" and told.named("get"))
    parts = [
        what,
        listed(named) if touches else "",
        _("never on %(names)s") % {"names": listed(told.named("except"))} if told.named("except") else "",
        told.whom if with_whom else "",
        hours(told),
        days(told.valid_from, told.valid_to),
        _("at most %(amount)s off a document") % {"amount": money(told.most_amount, told.currency)}
        if told.most_amount
        else "",
        _("at most %(times)s times a document") % {"times": number(told.most_times)} if told.most_times else "",
        _("with a coupon") if told.by_coupon else "",
        _("alone") if told.exclusive else "",
    ]
    return " · ".join(part for part in parts if part)


def listed(names: Sequence[str]) -> str:
    """`Clothing, Shoes, Caps and 4 more`."""
    if len(names) <= MOST_NAMED:
        return ", ".join(names)
    return _("%(names)s and %(count)s more") % {
        "names": ", ".join(names[:MOST_NAMED]), "count": len(names) - MOST_NAMED
    }  # fmt: skip


def what_it_does(told: Told) -> str:
    """The first part of the sentence."""
    writer = _WRITERS.get(told.kind)
    return writer(told) if writer else ""


def _units(told: Told, figures: Iterable[str], plain: str, above: str) -> str:
    """`5% off from 10, 12% from 50`: the first step with the whole words, the others with their figure alone."""
    parts: list[str] = []
    for (least, _figure), figure in zip(told.tiers, figures, strict=True):
        words = plain % {"figure": figure} if not parts else figure
        parts.append(above % {"words": words, "least": number(least)} if least else words)
    return ", ".join(parts)


def _values(told: Told, figures: Iterable[str], plain: str) -> str:
    """The same where a step begins at a value of the document."""
    parts: list[str] = []
    for (least, _figure), figure in zip(told.tiers, figures, strict=True):
        words = plain % {"figure": figure} if not parts else figure
        if least:
            words = _("%(words)s from %(value)s") % {"words": words, "value": money(least, told.currency)}
        parts.append(words)
    return ", ".join(parts)


def _percents(told: Told) -> list[str]:
    return [percent(figure) for _least, figure in told.tiers]


def _amounts(told: Told) -> list[str]:
    return [money(figure, told.currency) for _least, figure in told.tiers]


def _percent(told: Told) -> str:
    return _units(told, _percents(told), _("%(figure)s off"), _("%(words)s from %(least)s units"))


def _amount(told: Told) -> str:
    return _units(told, _amounts(told), _("%(figure)s off each unit"), _("%(words)s from %(least)s units"))


def _fixed(told: Told) -> str:
    return _units(told, _amounts(told), _("%(figure)s each"), _("%(words)s from %(least)s units"))


def _buy_get(told: Told) -> str:
    if not told.buy or not told.get or not told.tiers:
        return ""
    share = told.tiers[0][1]
    facts = {
        "buy": number(told.buy), "get": number(told.get), "percent": percent(share), "bought": listed(told.named("on")),
        "given": listed(told.named("get")),
    }  # fmt: skip
    free = share == 100
    if not facts["given"]:
        if free:
            return _("Buy %(buy)s, get %(get)s free: the cheapest") % facts
        return _("Buy %(buy)s, get %(get)s at %(percent)s off: the cheapest") % facts
    if not facts["bought"]:
        if free:
            return _("Buy any %(buy)s, get %(get)s × %(given)s free") % facts
        return _("Buy any %(buy)s, get %(get)s × %(given)s at %(percent)s off") % facts
    if free:
        return _("Buy %(buy)s × %(bought)s, get %(get)s × %(given)s free") % facts
    return _("Buy %(buy)s × %(bought)s, get %(get)s × %(given)s at %(percent)s off") % facts


def _bundle(told: Told) -> str:
    parts = [f"{number(scope.quantity)} × {scope.name}" for scope in told.scopes if scope.role == "part" and scope.name]
    if not parts or not told.tiers:
        return ""
    price = money(told.tiers[0][1], told.currency)
    return _("%(parts)s together for %(price)s") % {"parts": " + ".join(parts), "price": price}


def _basket_percent(told: Told) -> str:
    return _values(told, _percents(told), _("%(figure)s off the document"))


def _basket_amount(told: Told) -> str:
    return _values(told, _amounts(told), _("%(figure)s off the document"))


def _gift(told: Told) -> str:
    if not told.gift:
        return ""
    gifts = [f"{number(figure)} × {told.gift}" for _least, figure in told.tiers]
    return _values(told, gifts, _("%(figure)s as a gift"))


def _delivery(told: Told) -> str:
    if all(figure == 100 for _least, figure in told.tiers):
        return _values(told, [""] * len(told.tiers), _("Free delivery"))
    return _values(told, _percents(told), _("%(figure)s off delivery"))


_WRITERS = {
    "percent": _percent, "amount": _amount, "fixed_price": _fixed, "buy_get": _buy_get, "bundle_price": _bundle,
    "basket_percent": _basket_percent, "basket_amount": _basket_amount, "gift": _gift, "free_delivery": _delivery,
}  # fmt: skip
