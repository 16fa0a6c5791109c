"""Which promotions hold on a document, and what each takes off which line.

By priority, the higher first. Within one priority: what changes single lines, then combinations (buy and get,
bundles), then what looks at the whole document. Among those: the narrower for the buyer, then (on a line) the narrower
part of the assortment, then what takes more off, then the identifier, which follows age.

An exclusive promotion holds only on lines that no other touched, and none touches them after it. A unit takes part in
one combination. Nothing ever falls below zero, and a line whose price a person set is left alone, but counts towards
the value of the document. The value is what is left after the promotions before, ahead of discounts by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from niaga.core.money import split_amount
from niaga.pricing.rules.combination import bundle_cuts, buy_get_cuts
from niaga.pricing.rules.cuts import Cut, charge_cuts, document_cuts, line_cut
from niaga.pricing.rules.draft import Draft
from niaga.pricing.rules.position import Position, position_of
from niaga.pricing.rules.priced import MOST_LOSERS, Applied, SharedFacts, Step
from niaga.pricing.rules.promotion import COMBINATIONS, LINE_KINDS, Promotion, PromotionKind, Tier
from niaga.pricing.rules.request import CHARGE, LineRequest, PriceRequest
from niaga.pricing.rules.scopes import ByLine
from niaga.pricing.rules.shop import Shop
from niaga.pricing.rules.terms import Scope

ZERO = Decimal(0)
Place = tuple[int, Decimal, int]


@dataclass(slots=True)
class Given:
    """What the promotions came to, beside what they wrote on the lines."""

    applied: list[Applied]
    gifts: list[Draft]
    """Lines that nobody asked for, priced like the others."""


MakeGift = Callable[[UUID, Decimal, LineRequest], Draft]
"""Prices a gift: the promotion, how much of the product's base unit, and what is known of the product."""


def promote(shop: Shop, drafts: Sequence[Draft], step: Decimal, make_gift: MakeGift) -> Given:
    """Take off every line what promotions take off it (`promoted`), with a step for each; and say what they give."""
    return _Promoting(shop, drafts, step, make_gift).all()


class _Promoting:
    """One document among the promotions."""

    def __init__(self, shop: Shop, drafts: Sequence[Draft], step: Decimal, make_gift: MakeGift) -> None:
        self.request: PriceRequest = shop.request
        self.step = step
        self.codes = dict(shop.request.coupons)
        self.positions: list[Position] = []
        """The lines that any promotion looks at, and all charges."""
        self.kept = shop.request.given | {one.promotion_id for draft in drafts for one in draft.line.kept}
        self.left = dict(shop.request.left)
        self.taken: dict[UUID, Decimal] = {}
        self.make_gift = make_gift
        self.made: dict[UUID, Draft] = {}
        self.gifts: list[Draft] = []
        self.told: dict[int, SharedFacts] = {}
        self.turn = 0
        self.seen: dict[int, list[Position]] = {}
        """The lines that each promotion (by identity) looks at: the work goes with these, not with all lines times all
        promotions."""
        self.held = self._held(shop, drafts)

    def _held(self, shop: Shop, drafts: Sequence[Draft]) -> list[Promotion]:
        """The promotions that look at a line of this document and hold now; the others leave a word on its lines."""
        buyer = self.request.buyer

        def for_buyer(one: Promotion, _scope: Scope, _width: int) -> Promotion | None:
            return one if one.is_for(buyer) else None

        looking = ByLine(shop.view.promoted, for_buyer, _once)
        found: dict[int, Promotion] = {}
        for place, draft in enumerate(drafts):
            promotions = looking.of(draft.line)
            if not promotions and draft.line.kind is not CHARGE:
                continue
            position = position_of(draft, place)
            self.positions.append(position)
            for one in promotions:
                if not one.excluded or position.fits(one, one.touches):
                    found[id(one)] = one
                    self.seen.setdefault(id(one), []).append(position)
        held = []
        for one in found.values():
            reason = self._against(one)
            if reason == "":
                held.append(one)
            elif reason:
                self._lost(one, reason)
        held.sort(key=lambda one: -one.priority)
        return held

    def _against(self, one: Promotion) -> str | None:
        request = self.request
        if one.id in request.promised:
            return ""
        if one.by_coupon and one.id not in self.codes:
            return None
        if one.id in request.used_up:
            return "used_up"
        if one.id in self.kept and one.kind not in _AGAIN:
            return "already_given"
        return one.reason_against(request.buyer, request.on_date, request.at_time)

    def all(self) -> Given:
        for _priority, peers in groupby(self.held, key=lambda one: one.priority):
            level = list(peers)
            on_lines: dict[int, tuple[Position, list[Promotion]]] = {}
            for one in level:
                if one.kind in LINE_KINDS:
                    for position in self.seen[id(one)]:
                        on_lines.setdefault(position.place, (position, []))[1].append(one)
            for _place, (position, mine) in sorted(on_lines.items(), key=_first):
                self._on_line(position, mine)
            self._by_place([one for one in level if one.kind in COMBINATIONS])
            self._by_place([one for one in level if one.kind not in LINE_KINDS and one.kind not in COMBINATIONS])
        for position in self.positions:
            if position.lost:
                _tell_lost(position, self.request.book.told)
        names = self.request.book.promotions
        applied = [
            Applied(one, names[one].name, self.codes.get(one, "") if names[one].by_coupon else "", amount)
            for one, amount in self.taken.items()
        ]
        return Given(applied, self.gifts)

    # Single lines

    def _on_line(self, position: Position, level: Sequence[Promotion]) -> None:
        if position.is_charge:
            return
        if not position.is_open:
            if position.touched:
                position.lost += [(one, "other_promotion") for one in level]
            return
        candidates = []
        for one in level:
            tier = one.reached(position.quantity)
            if tier is None:
                position.lost.append((one, "below_quantity"))
            else:
                candidates.append((one, tier))
        if len(candidates) > 1:
            candidates.sort(key=partial(self._place_on, position))
        for one, tier in candidates:
            if not position.may(one):
                position.lost.append((one, "other_promotion"))
                continue
            cut, facts = line_cut(one, tier, position, self.step)
            if cut:
                self._take(one, [Cut(position, cut, facts)])
            else:
                position.lost.append((one, "no_better"))

    def _place_on(self, position: Position, candidate: tuple[Promotion, Tier]) -> tuple[int, int, Decimal, int]:
        one, tier = candidate
        width = min(position.scopes[scope] for scope in one.scopes if scope in position.scopes)
        cut, _facts = line_cut(one, tier, position, self.step)
        return one.narrowness(self.request.buyer), width, -cut, one.id.int

    # Several lines

    def _by_place(self, level: Sequence[Promotion]) -> None:
        """Each in its turn, the narrower and then the better first; what one takes, the next does not find."""
        buyer = self.request.buyer

        def place(reckoned: tuple[Promotion, list[Cut] | str]) -> Place:
            one, cuts = reckoned
            worth = sum([cut.amount for cut in cuts], ZERO) if isinstance(cuts, list) else ZERO
            return one.narrowness(buyer), -worth, one.id.int

        since = self.turn
        for one, before in sorted([(one, self._cuts(one)) for one in level], key=place):
            cuts = self._cuts(one) if self._has_changed(one, since) else before
            if isinstance(cuts, str):
                self._lost(one, cuts)
            elif one.kind is PromotionKind.GIFT:
                self._give(one)
            else:
                self._take(one, cuts)

    def _cuts(self, one: Promotion) -> list[Cut] | str:
        """What it would take off now, or why nothing."""
        goods = self._goods(one)
        if one.kind is PromotionKind.BUY_GET:
            return buy_get_cuts(one, [at for at in goods if at.may(one)], self.step)
        if one.kind is PromotionKind.BUNDLE_PRICE:
            return bundle_cuts(one, [at for at in goods if at.may(one)], self.request.currency, self.step)
        tier = one.reached(sum([at.amount for at in goods], ZERO))
        if tier is None:
            return "below_value"
        if one.kind is PromotionKind.FREE_DELIVERY:
            charges = [at for at in self.positions if at.draft.counted and at.is_charge]
            return charge_cuts(tier, [at for at in charges if at.may(one) and at.amount], self.step)
        open_lines = [at for at in goods if at.may(one) and at.amount]
        if one.kind is PromotionKind.GIFT:
            holds = open_lines or any(at.amount and self._is_promised_for(one, at) for at in goods)
            return self._gift(one, tier) if holds else "other_promotion"
        return document_cuts(one, tier, open_lines, self.request.currency, self.step)

    def _has_changed(self, one: Promotion, since: int) -> bool:
        """Whether a promotion touched any line that this one looks at after that turn."""
        if self.turn == since:
            return False
        return one.kind is PromotionKind.FREE_DELIVERY or any(at.turn > since for at in self.seen[id(one)])

    def _is_promised_for(self, one: Promotion, at: Position) -> bool:
        """A line that keeps the price it was promised at earns gifts like one that is priced now, by what promotions
        did to it then."""
        if not at.draft.line.promised or (one.exclusive and at.draft.line.kept):
            return False
        promotions = self.request.book.promotions
        did = [promotions.get(kept.promotion_id) for kept in at.draft.line.kept]
        return not any(each is not None and each.exclusive for each in did)

    def _goods(self, one: Promotion) -> list[Position]:
        """The lines that it looks at and that count towards a value; never charges."""
        return [at for at in self.seen[id(one)] if at.draft.counted and not at.is_charge]

    def _gift(self, one: Promotion, tier: Tier) -> list[Cut] | str:
        """Nothing comes off a line: what is given is priced, and must be within what may be given whole."""
        line = next((gift.line for gift in self.request.gifts if gift.promotion_id == one.id), None)
        if line is None:
            return "no_better"
        given = self.made[one.id] = self.make_gift(one.id, tier.figure, line)
        most = self._most(one)
        return "used_up" if most is not None and given.gross > most else []

    def _give(self, one: Promotion) -> None:
        given = self.made[one.id]
        self.gifts.append(given)
        self.taken[one.id] = given.gross
        self.turn += 1
        for at in self._goods(one):
            at.touched, at.turn = True, self.turn
            if one.exclusive:
                at.is_open = False

    # What all have in common

    def _most(self, one: Promotion) -> Decimal | None:
        """What it may take off this document in all; None: without limit."""
        return min((each for each in (one.most_amount, self.left.get(one.id)) if each is not None), default=None)

    def _take(self, one: Promotion, cuts: list[Cut]) -> None:
        most = self._most(one)
        if most is not None:
            left = max(self._round(most) - self.taken.get(one.id, ZERO), ZERO)
            whole = sum([cut.amount for cut in cuts], ZERO)
            if whole > left:
                shares = split_amount(left, [cut.amount for cut in cuts], self.request.currency)
                cuts = [
                    Cut(cut.position, share, {**cut.facts, "most": most}, cut.used)
                    for cut, share in zip(cuts, shares, strict=True)
                ]
        told = self._told(one)
        taken: list[Decimal] = []
        self.turn += 1
        for cut in cuts:
            position = cut.position
            position.units -= min(cut.used, position.units)
            position.touched, position.turn = True, self.turn
            if one.exclusive:
                position.is_open = False
            if not cut.amount:
                continue
            position.amount -= cut.amount
            position.draft.promoted += cut.amount
            if position.draft.counted:
                taken.append(cut.amount)
            own = {"amount": cut.amount, **cut.facts}
            position.draft.steps.append(Step("promotion", position.amount, own, told))
        if taken:
            self.taken[one.id] = sum(taken, self.taken.get(one.id, ZERO))

    def _told(self, one: Promotion) -> SharedFacts:
        """What is told of it on every line of this document."""
        told = self.told.get(id(one))
        if told is None:
            code = self.codes.get(one.id) if one.by_coupon else None
            told = self.told[id(one)] = SharedFacts("promotion", {**_named(one), "code_given": code})
        return told

    def _lost(self, one: Promotion, reason: str) -> None:
        """Said once, on the first line that it looks at."""
        self.seen[id(one)][0].lost.append((one, reason))

    def _round(self, value: Decimal) -> Decimal:
        return value.quantize(self.step, ROUND_HALF_UP)


_AGAIN = frozenset({PromotionKind.PERCENT, PromotionKind.FIXED_PRICE, PromotionKind.BASKET_PERCENT})
"""What may hold for a line that is added to what was promised; the rest is given once for a document."""


def _once(promotions: list[Promotion]) -> list[Promotion]:
    """One that is for several scopes of a line looks at it once."""
    return list({id(one): one for one in promotions}.values()) if len(promotions) > 1 else promotions


_first = itemgetter(0)


def _named(one: Promotion) -> dict[str, object]:
    return {"promotion": one.id, "name": one.name, "kind": one.kind.value}


def _tell_lost(position: Position, told: dict[tuple[int, int, str], SharedFacts]) -> None:
    steps, lost = position.draft.steps, position.lost
    for one, reason in lost[:MOST_LOSERS]:
        facts = told.get(key := (id(one), 0, reason))
        if facts is None:
            when = {"valid_from": one.valid_from, "valid_until": one.valid_until}
            facts = told[key] = SharedFacts("promotion_lost", {**_named(one), "reason": reason, **when})
        steps.append(Step("promotion_lost", position.amount, {}, facts))
    if len(lost) > MOST_LOSERS:
        steps.append(Step("more_promotions_lost", position.amount, {"count": len(lost) - MOST_LOSERS}))
