"""Promotions that look at several lines together: buy and get, and bundles at one price. Pure arithmetic.

Only whole base units take part, each in one combination. What a unit is worth is what is left of its line's amount,
by the unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from niaga.core.money import split_amount
from niaga.pricing.rules.cuts import Cut
from niaga.pricing.rules.position import Position
from niaga.pricing.rules.promotion import MOST_TIMES, Part, Promotion

ZERO = Decimal(0)
HUNDRED = Decimal(100)


def _times(available: Decimal, needed: Decimal, most: int | None) -> Decimal:
    times = (available / needed).to_integral_value(ROUND_FLOOR)
    return min(times, Decimal(MOST_TIMES if most is None else most))


def _worth(position: Position) -> Decimal:
    """Of one base unit."""
    return position.amount / position.quantity


def buy_get_cuts(one: Promotion, lines: Sequence[Position], step: Decimal) -> list[Cut] | str:
    """The cheapest units for less, or why none: `below_quantity`, `other_promotion`."""
    got = [at for at in lines if at.units >= 1 and at.fits(one, one.get_scopes or one.scopes)]
    got.sort(key=lambda at: (_worth(at), at.place))
    if one.get_scopes:  # what is given never counts as what is bought
        bought = [at for at in lines if at.units >= 1 and at not in got and at.fits(one, one.scopes)]
        times = _times(sum([at.units for at in bought], ZERO), one.buy, one.most_times)
        free = min(times * one.get, sum([at.units for at in got], ZERO))
        times = (free / one.get).to_integral_value(ROUND_CEILING)
    else:
        bought = got
        times = _times(sum([at.units for at in got], ZERO), one.buy + one.get, one.most_times)
        free = times * one.get
    if not free or not times:
        return "below_quantity"
    percent = one.tiers[0].figure
    used: dict[int, Decimal] = {}
    given: dict[int, Decimal] = {}
    for pool, needed, kept in ((got, free, given), (bought, times * one.buy, None)):
        for at in pool:
            take = min(at.units - used.get(at.place, ZERO), needed)
            if not take:
                continue
            needed -= take
            used[at.place] = used.get(at.place, ZERO) + take
            if kept is not None:
                kept[at.place] = take
    cuts = []
    for at in sorted({at.place: at for at in (*got, *bought)}.values(), key=lambda at: at.place):
        if at.place not in used:
            continue
        units = given.get(at.place, ZERO)
        amount = (at.amount * units / at.quantity * percent / HUNDRED).quantize(step, ROUND_HALF_UP)
        facts: dict[str, object] = {"units": units, "out_of": at.quantity, "percent": percent}
        cuts.append(Cut(at, amount, facts, used[at.place]))
    return cuts if any(cut.amount for cut in cuts) else "no_better"


def bundle_cuts(one: Promotion, lines: Sequence[Position], currency: str, step: Decimal) -> list[Cut] | str:
    """What the parts cost together above the bundle's price, shared over their lines; or why nothing."""
    pools = []
    for part in one.parts:
        pool = [at for at in lines if at.units >= 1 and at.fits(one, (part.scope,))]
        pool.sort(key=lambda at: (-_worth(at), at.place))
        pools.append((part, pool))
    most = min((sum([at.units for at in pool], ZERO) // part.quantity for part, pool in pools), default=ZERO)
    most = min(most, Decimal(MOST_TIMES if one.most_times is None else one.most_times))
    least = ZERO
    taken: dict[int, Decimal] = {}
    while least < most:  # parts may be after the same lines, so that all together there are fewer bundles
        times = ((least + most + 1) / 2).to_integral_value(ROUND_FLOOR)
        found = _picked(pools, times)
        if found is None:
            most = times - 1
        else:
            least, taken = times, found
    if not taken:
        return "below_quantity"
    chosen = [at for at in lines if at.place in taken]
    worths = [(at.amount * taken[at.place] / at.quantity).quantize(step, ROUND_HALF_UP) for at in chosen]
    cut = sum(worths, ZERO) - (one.tiers[0].figure * least).quantize(step, ROUND_HALF_UP)
    if cut <= 0:
        return "no_better"
    shares = split_amount(cut, worths, currency)
    return [
        Cut(at, share, {"of": cut, "times": least, "units": taken[at.place]}, taken[at.place])
        for at, share in zip(chosen, shares, strict=True)
    ]


def _picked(pools: Sequence[tuple[Part, list[Position]]], times: Decimal) -> dict[int, Decimal] | None:
    """Units by line for so many bundles, the parts with the fewest lines first; None when they do not suffice."""
    taken: dict[int, Decimal] = {}
    for part, pool in sorted(pools, key=lambda each: len(each[1])):
        needed = part.quantity * times
        for at in pool:
            take = min(at.units - taken.get(at.place, ZERO), needed)
            if take > 0:
                taken[at.place] = taken.get(at.place, ZERO) + take
                needed -= take
        if needed > 0:
            return None
    return taken
