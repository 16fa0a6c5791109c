"""Who buys and where goods go: which rate, base and transaction code a line has. Pure.

Three facts decide, each a row with dates: the product's tax category with its rates by place, the place of delivery,
and the buyer's own treatment. The narrower place wins (region, country, abroad, everywhere), then a rate for buyers
with a tax number. A buyer's treatment comes last: it files taxed goods under another code, or charges nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from niaga.pricing.rules.request import TaxCategory, TaxRate
from niaga.pricing.rules.tax import rate_on

ABROAD = "*"
"""In the place of a rate: every country but the company's own."""
NOUGHT = Decimal(0)


class Place(NamedTuple):
    """Where goods go: an ISO 3166-1 alpha-2 country, and a region as it is written in addresses."""

    country: str = ""
    region: str = ""


def place_of(address: Mapping[str, Any], *, home: str) -> Place:
    """The place of an address; one without a country is at home."""
    return Place(str(address.get("country") or home).upper(), str(address.get("province") or "").strip())


@dataclass(frozen=True, slots=True)
class Treatment:
    """How one buyer is taxed, from `valid_from` to `valid_until` (both days included).

    `document` and `document_date` name the paper that grants it; `note` is printed. With `region` it holds only for
    what is delivered there.
    """

    is_taxed: bool
    transaction_code: str = ""
    valid_from: date = date.min
    valid_until: date | None = None
    region: str = ""
    add_info: str = ""
    facility_stamp: str = ""
    document: str = ""
    document_date: date | None = None
    note: str = ""


class Rate(Protocol):
    """A rate row as the catalog has it."""

    @property
    def valid_from(self) -> date: ...
    @property
    def transaction_code(self) -> str: ...
    @property
    def percent(self) -> Decimal: ...
    @property
    def numerator(self) -> int: ...
    @property
    def denominator(self) -> int: ...
    @property
    def luxury_percent(self) -> Decimal: ...
    @property
    def country(self) -> str: ...
    @property
    def region(self) -> str: ...
    @property
    def with_tax_number(self) -> bool: ...
    @property
    def note(self) -> str: ...


def in_region(names: str, region: str) -> bool:
    """Whether a region is one of those named, with commas between: `CA, California`."""
    wanted = region.casefold().strip()
    return any(name.strip().casefold() == wanted for name in names.split(",")) if wanted else False


def treatment_on(treatments: Iterable[Treatment], *, day: date, place: Place) -> Treatment | None:
    """The treatment that holds: one for the region before one for everywhere, then the latest."""
    held = [
        one
        for one in treatments
        if one.valid_from <= day
        and (one.valid_until is None or day <= one.valid_until)
        and (not one.region or in_region(one.region, place.region))
    ]
    return max(held, key=lambda one: (bool(one.region), one.valid_from)) if held else None


class Taxing:
    """The taxes of one document: made once of all facts, asked for each line's category."""

    def __init__(
        self,
        categories: Mapping[UUID, tuple[str, Collection[Rate]]],
        *,
        day: date,
        home: str,
        place: Place | None = None,
        with_tax_number: bool = False,
        treatments: Iterable[Treatment] = (),
    ) -> None:
        self._categories = categories
        self._day, self._home = day, home
        self.place = place or Place(home)
        self._registered = with_tax_number
        self.treatment = treatment_on(treatments, day=day, place=self.place)
        self._made: dict[int, TaxCategory] = {}
        self._instead: dict[UUID, TaxRate] = {}
        self._notes: dict[UUID, str] = {}

    def of(self, category_id: UUID | None) -> TaxCategory | None:
        """What a line of the category is taxed by."""
        if category_id is None:
            return None
        made = self._made.get(category_id.int)
        if made is None and category_id in self._categories:
            made = self._made[category_id.int] = self._make(category_id)
        return made

    def frozen(self) -> dict[str, Any]:
        """What a document keeps of it for good, for its lines as asked so far; nothing where the usual rates hold."""
        kept: dict[str, Any] = {}
        if self.treatment is not None:
            one = self.treatment
            kept = {name: getattr(one, name) for name in _TEXTS if getattr(one, name)}
            kept["is_taxed"] = one.is_taxed
            if one.document_date:
                kept["document_date"] = one.document_date.isoformat()
            if self._instead:
                kept["instead"] = {
                    str(key): [format(rate.rate, "f"), rate.base_numerator, rate.base_denominator]
                    for key, rate in self._instead.items()
                }
        if notes := list(dict.fromkeys(note for note in self._notes.values() if note)):
            kept["place_notes"] = notes
        return kept

    def _make(self, category_id: UUID) -> TaxCategory:
        code, rows = self._categories[category_id]
        rates = self._here(rows)
        at_home = self._at(rows, Place(self._home), registered=False)
        usual = rate_on(TaxCategory(code, tuple(_rate(row) for row in at_home)), self._day)
        made = TaxCategory(code, tuple(_rate(row) for row in rates))
        rate = rate_on(made, self._day)
        if rate is None:
            return made
        row = max((one for one in rates if one.valid_from <= self._day), key=lambda one: one.valid_from)
        if row.country:
            self._notes[category_id] = row.note
            made = replace(made, why="place")
        treatment = self.treatment
        if treatment is not None and rate.charges:
            if not treatment.is_taxed:
                self._instead[category_id] = rate
                self._notes.pop(category_id, None)
                nothing = TaxRate(NOUGHT, transaction_code=treatment.transaction_code)
                made = TaxCategory(code, (nothing,), why="buyer")
            elif treatment.transaction_code and rate.transaction_code:
                other = replace(rate, transaction_code=treatment.transaction_code, valid_from=date.min)
                made = TaxCategory(code, (other,), why="buyer")
        now = rate_on(made, self._day)
        if usual is not None and usual.charges and now is not None and not now.charges:
            made = replace(made, taken_out=usual)
        return made

    def _here(self, rows: Collection[Rate]) -> list[Rate]:
        return self._at(rows, self.place, registered=self._registered)

    def _at(self, rows: Collection[Rate], place: Place, *, registered: bool) -> list[Rate]:
        """The rates of the narrowest place that has one on the day."""
        ranked: dict[tuple[int, bool], list[Rate]] = {}
        for row in rows:
            rank = self._rank(row, place)
            if rank is not None and row.valid_from <= self._day and (registered or not row.with_tax_number):
                ranked.setdefault((rank, row.with_tax_number), []).append(row)
        return ranked[max(ranked)] if ranked else []

    def _rank(self, row: Rate, place: Place) -> int | None:
        """How narrowly a rate names the place; None: it is not for it."""
        if not row.country:
            return 0
        if row.country == ABROAD:
            return 1 if place.country != self._home else None
        if row.country != place.country:
            return None
        if not row.region:
            return 2
        return 3 if in_region(row.region, place.region) else None


def _rate(row: Rate) -> TaxRate:
    return TaxRate(
        row.percent, valid_from=row.valid_from, base_numerator=row.numerator, base_denominator=row.denominator,
        transaction_code=row.transaction_code, luxury_rate=row.luxury_percent,
    )  # fmt: skip


_TEXTS = ("transaction_code", "region", "add_info", "facility_stamp", "document", "note")


def thawed(frozen: Mapping[str, Any]) -> tuple[Treatment, ...]:
    """The treatment that a document keeps, to count it again as it was."""
    return read_treatments([frozen]) if "is_taxed" in frozen else ()


def read_treatments(rows: Iterable[Mapping[str, Any]]) -> tuple[Treatment, ...]:
    """Treatments from plain columns, days as ISO text."""
    return tuple(
        Treatment(
            bool(row["is_taxed"]), **{name: str(row.get(name) or "") for name in _TEXTS},
            valid_from=_day(row.get("valid_from")) or date.min, valid_until=_day(row.get("valid_until")),
            document_date=_day(row.get("document_date")),
        )
        for row in rows
    )  # fmt: skip


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None


def merged(frozen: Collection[Mapping[str, Any]]) -> dict[str, Any] | None:
    """What one invoice keeps of several orders; None when the orders are not taxed alike."""
    heads = [{name: value for name, value in one.items() if name not in _GATHERED} for one in frozen]
    if any(head != heads[0] for head in heads):
        return None
    instead: dict[str, Any] = {}
    for one in frozen:
        for key, rate in (one.get("instead") or {}).items():
            if instead.setdefault(key, rate) != rate:
                return None
    notes = list(dict.fromkeys(note for one in frozen for note in one.get("place_notes") or ()))
    gathered = {"instead": instead, "place_notes": notes}
    return {**heads[0], **{name: value for name, value in gathered.items() if value}}


_GATHERED = ("instead", "place_notes")
