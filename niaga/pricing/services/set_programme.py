from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.catalog.queries.price_scopes import known_scopes
from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import StaleVersion
from niaga.core.ids import new_id
from niaga.core.inputs import Findings
from niaga.core.money import exponent, round_to
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.company_basics import company_basics
from niaga.organization.services.tracked import add_row, change_row, write
from niaga.pricing.models import LoyaltyExclusion, LoyaltyProgramme
from niaga.pricing.rules.loyalty import MOST_POINTS
from niaga.pricing.rules.new_promotion import NewScope
from niaga.pricing.services._checked import checked_dates
from niaga.pricing.services._promotion_checks import MOST_FIGURE, MOST_SCOPES

MOST_MONTHS = 1200
MOST_NOTICE = 365


@dataclass(frozen=True, slots=True)
class NewProgramme:
    """A programme as a person or program gives it; `models.LoyaltyProgramme` says what each figure is.

    `excluded` are the parts of the assortment that earn nothing; their `role` and `quantity` say nothing.
    """

    name: str
    is_on: bool = True
    valid_from: date | None = None
    valid_to: date | None = None
    points: int = 1
    per_amount: Decimal = Decimal(10_000)
    with_tax: bool = False
    not_on_promoted: bool = False
    excluded: tuple[NewScope, ...] = ()
    point_value: Decimal = Decimal(0)
    least_points: int = 0
    step_points: int = 1
    most_percent: Decimal = Decimal(100)
    expires_after: int | None = None
    notice_days: int = 30
    welcome_points: int = 0
    tier_months: int = 12


_NAMES = tuple(name for name in NewProgramme.__dataclass_fields__ if name != "excluded")
_KEYS = ("product_id", "family_id", "category_id", "brand")


@transaction.atomic
def set_programme(
    *, company_id: UUID, programme: NewProgramme, by: Actor, at: datetime, expected_version: int | None = None
) -> LoyaltyProgramme:
    """Say the company's loyalty programme: all of it, anew or for the first time.

    It holds from now on: what was earned stays, with the last day it has.

    :raises Forbidden: `by` may not change the programme
    :raises StaleVersion: somebody else saved since `expected_version`
    :raises Invalid: figures that cannot be, or parts the company has not; every fault is at its field
    :raises DatesReversed: it would end before it begins
    """
    access_of(by).require("loyalty", "change", company_id=company_id)
    found = LoyaltyProgramme.objects.select_for_update(no_key=True).filter(company_id=company_id).first()
    if expected_version is not None and expected_version != (found.version if found else 0):
        raise StaleVersion()
    currency = found.currency if found else company_basics(company_id).currency
    values, excluded = _checked(programme, company_id=company_id, currency=currency)
    batch = Batch()
    if found is None:
        programme_id = add_row(
            batch=batch, model=LoyaltyProgramme, kind="loyalty", by=by.pk, at=at, company_id=company_id,
            values={**values, "company_id": company_id, "currency": currency, "created_at": at},
        )  # fmt: skip
        write(batch, unique={"company_id": "name"})
        before: list[dict[str, Any]] = []
    else:
        programme_id = found.id
        before = list(found.exclusions.order_by("position").values(*_KEYS))
        if before == excluded and all(getattr(found, name) == value for name, value in values.items()):
            return found
        change_row(
            batch=batch, row=found, kind="loyalty", values={**values, "version": found.version + 1}, by=by.pk, at=at,
            company_id=company_id,
        )  # fmt: skip
        write(batch)
    if before != excluded:
        LoyaltyExclusion.objects.filter(programme_id=programme_id).delete()
        rows = [{"id": new_id(), "position": place, **row} for place, row in enumerate(excluded)]
        batch.insert(LoyaltyExclusion, rows, programme_id=programme_id)
        record(
            batch=batch, subject_kind="loyalty", subject_id=programme_id, verb="set_parts", by=by.pk, at=at,
            company_id=company_id, data={"before": _plain(before), "after": _plain(excluded)},
        )  # fmt: skip
        batch.write()
    return LoyaltyProgramme.objects.get(pk=programme_id)


def _plain(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [{name: str(value) for name, value in row.items() if value} for row in rows]


def _checked(
    programme: NewProgramme, *, company_id: UUID, currency: str
) -> tuple[dict[str, Any], list[dict[str, Any]]]:  # fmt: skip
    findings = Findings()
    checked_dates(programme.valid_from, programme.valid_to)
    whole = _("A whole number, nought or more.")
    for name, least, most, text in (
        ("points", 1, 1_000_000, _("At least one point.")), ("least_points", 0, MOST_POINTS // 100, whole),
        ("step_points", 1, MOST_POINTS // 100, _("At least one point.")),
        ("welcome_points", 0, MOST_POINTS // 100, whole),
        ("notice_days", 0, MOST_NOTICE, _("At most 365 days; nought for no notice.")),
        ("tier_months", 1, MOST_MONTHS, _("At least one month.")),
        ("expires_after", 1, MOST_MONTHS, _("At least one month; leave it empty for points that never end.")),
    ):  # fmt: skip
        value = getattr(programme, name)
        if value is not None and not least <= value <= most:
            findings.add(0, name, text)
    if not (programme.per_amount.is_finite() and 0 < programme.per_amount <= MOST_FIGURE):
        findings.add(0, "per_amount", _("An amount above zero."))
    if not (programme.point_value.is_finite() and 0 <= programme.point_value <= MOST_FIGURE):
        findings.add(0, "point_value", _("An amount, nought or more."))
    share = programme.most_percent
    if not (share.is_finite() and 0 < share <= 100 and round_to(share, 6) > 0):
        findings.add(0, "most_percent", _("A percentage above 0, at most 100."))
    excluded = _exclusions(programme, company_id, findings)
    findings.raise_if_any()
    values = {name: getattr(programme, name) for name in _NAMES}
    values |= {
        "per_amount": round_to(programme.per_amount, exponent(currency)),
        "point_value": round_to(programme.point_value, 6), "most_percent": round_to(programme.most_percent, 6),
    }  # fmt: skip
    if not values["per_amount"]:
        findings.add(0, "per_amount", _("An amount above zero."))
        findings.raise_if_any()
    return values, excluded


def _exclusions(programme: NewProgramme, company_id: UUID, findings: Findings) -> list[dict[str, Any]]:
    if len(programme.excluded) > MOST_SCOPES:
        findings.add(0, "excluded", _("At most %(most)s parts.") % {"most": MOST_SCOPES})
        return []
    if not programme.excluded:
        return []
    known = known_scopes(
        company_id=company_id,
        products=[one.product_id for one in programme.excluded if one.product_id],
        families=[one.family_id for one in programme.excluded if one.family_id],
        categories=[one.category_id for one in programme.excluded if one.category_id],
    )
    there = {"product_id": known.products, "family_id": known.families, "category_id": known.categories}
    rows: list[dict[str, Any]] = []
    for one in programme.excluded:
        brand = one.brand.replace("\x00", "").strip()
        named = [name for name in _KEYS[:3] if getattr(one, name)]
        if (not named and not brand) or len(named) > 1 or (brand and named not in ([], ["category_id"])):
            findings.add(0, "excluded", _("Name a product, a family, or a category and a brand, not several of them."))
        elif len(brand) > 80 or any(getattr(one, name) not in there[name] for name in named):
            findings.add(0, "excluded", _("There is no such product, family or category."))
        else:
            row = {**{name: getattr(one, name) for name in _KEYS[:3]}, "brand": brand}
            if row not in rows:
                rows.append(row)
    return rows
