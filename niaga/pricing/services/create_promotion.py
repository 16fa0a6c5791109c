from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Max, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from niaga.catalog.queries.price_scopes import Scopes, known_scopes
from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import StaleVersion
from niaga.core.ids import new_id
from niaga.core.inputs import Findings
from niaga.core.money import exponent, round_to
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.company_basics import company_basics
from niaga.organization.services.tracked import add_row, change_row, write
from niaga.pricing.errors import NeverPublished
from niaga.pricing.models import WHOM, Promotion, PromotionScope, PromotionTier, PromotionUsage, PromotionUse
from niaga.pricing.queries.differences_of import parts_now
from niaga.pricing.queries.promotions import lock_promotion
from niaga.pricing.rules.differences import Differences, RuleData
from niaga.pricing.rules.promotion import LINE_KINDS, PromotionKind
from niaga.pricing.rules.promotion_parts import parts_data
from niaga.pricing.rules.terms import EVERY_DAY
from niaga.pricing.services._checked import checked_dates, checked_hours, checked_whom
from niaga.pricing.services._publication import note_publication
from niaga.ui.formatting import number

MOST_SCOPES = 200
MOST_TIERS = 20
MOST_FIGURE = Decimal(10) ** 12
_PERCENT_KINDS = frozenset(
    {PromotionKind.PERCENT, PromotionKind.BUY_GET, PromotionKind.BASKET_PERCENT, PromotionKind.FREE_DELIVERY}
)
_ONE_TIER = frozenset({PromotionKind.BUY_GET, PromotionKind.BUNDLE_PRICE})
SAID = (
    "name", "kind", *WHOM, "valid_from", "valid_to", "weekdays", "from_time", "until_time", "priority", "exclusive",
    "by_coupon", "buy", "get", "most_times", "most_amount", "gift_product_id", "most_uses", "most_per_customer",
    "budget",
)  # fmt: skip
"""The columns of a promotion that a person gives; beside them its steps and its parts."""


@dataclass(frozen=True, slots=True)
class NewScope:
    """A part of the assortment: at most one of product, family and category; a brand alone or within a category;
    nothing for everything. `role` is `on`, `except`, `get` or `part`; `quantity` is a part's, in base units."""

    role: str = "on"
    product_id: UUID | None = None
    family_id: UUID | None = None
    category_id: UUID | None = None
    brand: str = ""
    quantity: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class NewPromotion:
    """A promotion as a person or program gives it; `pricing.rules.promotion.Promotion` says what it comes to."""

    name: str
    kind: str
    tiers: tuple[tuple[Decimal, Decimal], ...] = ()
    """Pairs of from where on (base units or money) and the figure."""
    scopes: tuple[NewScope, ...] = ()
    customer_id: UUID | None = None
    group_id: UUID | None = None
    territory_id: UUID | None = None
    branch_id: UUID | None = None
    channel_id: UUID | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    weekdays: int = EVERY_DAY
    from_time: time | None = None
    until_time: time | None = None
    priority: int = 0
    exclusive: bool = False
    by_coupon: bool = False
    buy: Decimal = Decimal(0)
    get: Decimal = Decimal(0)
    most_times: int | None = None
    most_amount: Decimal | None = None
    gift_product_id: UUID | None = None
    most_uses: int | None = None
    most_per_customer: int | None = None
    budget: Decimal | None = None
    currency: str = field(default="")


@transaction.atomic
def create_promotion(
    *, company_id: UUID, promotion: NewPromotion, by: Actor, at: datetime, unpublished: bool = False
) -> Promotion:
    """Open a promotion. It holds at once, within its days and hours; `unpublished`: prepared aside, see
    `prepare_promotion`.

    :raises Forbidden: `by` may not create prices
    :raises Invalid: figures that cannot be, or things the company has not; every fault is at its field
    :raises DatesReversed, HoursEmpty: days or hours that hold no moment
    :raises NotFound: the company has no such customer, group, territory, branch or channel
    """
    access_of(by).require("price_list", "create", company_id=company_id)
    currency = promotion.currency or company_basics(company_id).currency
    values, scopes, tiers = checked_promotion(promotion, company_id=company_id, currency=currency, by=by)
    promotion_id = new_id()
    batch = Batch()
    aside = {"archived_at": at, "unpublished": True} if unpublished else {}
    add_row(
        batch=batch, model=Promotion, kind="promotion", by=by.pk, at=at, company_id=company_id,
        values={
            **values, "id": promotion_id, "company_id": company_id, "currency": currency, "created_at": at, **aside
        },
        verb="prepare" if unpublished else "create",
    )  # fmt: skip
    if not unpublished:
        note_publication(
            batch=batch, found=Promotion(id=promotion_id, company_id=company_id, version=0), kind="edit",
            differences=Differences({"archived_at": (at, None)}), by=by.pk, at=at,
        )  # fmt: skip
    batch.insert(PromotionUsage, [{"promotion_id": promotion_id, "uses": 0, "amount": Decimal(0)}])
    write(batch)
    parts = Batch()
    insert_parts(parts, promotion_id, scopes, tiers)
    parts.write()
    return Promotion.objects.get(pk=promotion_id)


@transaction.atomic
def change_promotion(
    *, promotion_id: UUID, promotion: NewPromotion, by: Actor, at: datetime, expected_version: int | None = None
) -> Promotion:
    """Say a promotion anew: all of it, but its currency. Confirmed documents keep what they have.

    :raises NotFound: no such promotion, or something it names
    :raises Forbidden: `by` may not change prices
    :raises StaleVersion: somebody else saved since `expected_version`
    :raises NeverPublished: it was only prepared: its change is where it is written
    :raises Invalid: see `create_promotion`; also a limit below what is used
    :raises DatesReversed, HoursEmpty: see `create_promotion`
    """
    found = lock_promotion(by, promotion_id, "change")
    if expected_version is not None and expected_version != found.version:
        raise StaleVersion()
    if found.unpublished:
        raise NeverPublished()
    values, scopes, tiers = checked_promotion(promotion, company_id=found.company_id, currency=found.currency, by=by)
    not_below_what_is_used(found, values)
    before, after = parts_now(found.id), parts_data(tiers, scopes)
    heads = {name: (getattr(found, name), value) for name, value in values.items() if getattr(found, name) != value}
    differences = Differences(heads, rules=(before, after) if before != after else None)
    if not differences:
        return found
    batch = Batch()
    note_publication(batch=batch, found=found, kind="edit", differences=differences, by=by.pk, at=at)
    write_promotion(batch, found, {**values, "version": found.version + 1}, by=by, at=at)
    if before != after:
        replace_parts(batch, found, scopes, tiers, before=before, by=by, at=at)
    write(batch)
    return Promotion.objects.get(pk=found.id)


def write_promotion(batch: Batch, found: Promotion, values: dict[str, Any], *, by: Actor, at: datetime) -> None:
    change_row(batch=batch, row=found, kind="promotion", values=values, by=by.pk, at=at, company_id=found.company_id)


def replace_parts(
    batch: Batch,
    found: Promotion,
    scopes: list[dict[str, Any]],
    tiers: list[dict[str, Any]],
    *,
    before: list[RuleData],
    by: Actor,
    at: datetime,
) -> None:
    """Steps and parts in the place of those it has."""
    PromotionScope.objects.filter(promotion=found).delete()
    PromotionTier.objects.filter(promotion=found).delete()
    insert_parts(batch, found.id, scopes, tiers)
    record(
        batch=batch, subject_kind="promotion", subject_id=found.id, verb="set_parts", by=by.pk, at=at,
        company_id=found.company_id, data={"before": before, "after": parts_data(tiers, scopes)},
    )  # fmt: skip


def not_below_what_is_used(found: Promotion, values: dict[str, Any], *, lock: bool = True) -> None:
    """Locks the usage, which confirming documents lock too: no limit ever lies below what is used.

    Without `lock` for a page that only asks.

    :raises Invalid: a limit would; archiving ends a promotion at once
    """
    lowered = {
        name
        for name in ("most_uses", "most_per_customer", "budget")
        if values[name] is not None and (getattr(found, name) is None or values[name] < getattr(found, name))
    }
    if not lowered:
        return
    usage = _usage_of(found, lock=lock)
    by_customer = (
        PromotionUse.objects.filter(promotion=found, released_at=None, customer__isnull=False)
        .values("customer").annotate(uses=Count("pk")).aggregate(most=Max("uses"))["most"] or 0
    )  # fmt: skip
    findings = Findings()
    for name, used in (("most_uses", usage.uses), ("most_per_customer", by_customer), ("budget", usage.amount)):
        if name in lowered and values[name] < used:
            text = _("%(used)s is used already. Archive it to end it at once.")
            findings.add(0, name, text % {"used": number(round_to(Decimal(used), exponent(found.currency)))})
    findings.raise_if_any()


def _usage_of(found: Promotion, *, lock: bool) -> PromotionUsage:
    """What is used of it. Locked: that of a promotion without any limit was not counted, and is now, as its uses say:
    who uses it holds its key, so that this waits for them, and they for this."""
    rows = PromotionUsage.objects.select_for_update() if lock else PromotionUsage.objects
    if found.is_limited:
        return rows.get(promotion=found)
    if lock:
        Promotion.objects.select_for_update().get(pk=found.pk)
    live = PromotionUse.objects.filter(promotion=found, released_at=None)
    sums = live.aggregate(uses=Count("pk"), amount=Coalesce(Sum("amount"), Decimal(0)))
    usage = rows.get(promotion=found)
    usage.uses, usage.amount = sums["uses"], sums["amount"]
    if lock:
        usage.save(update_fields=["uses", "amount"])
    return usage


def insert_parts(batch: Batch, promotion_id: UUID, scopes: list[dict[str, Any]], tiers: list[dict[str, Any]]) -> None:
    if scopes:
        rows = [{"id": new_id(), "position": place, **row} for place, row in enumerate(scopes)]
        batch.insert(PromotionScope, rows, promotion_id=promotion_id)
    if tiers:
        batch.insert(PromotionTier, [{"id": new_id(), **row} for row in tiers], promotion_id=promotion_id)


def checked_promotion(
    promotion: NewPromotion, *, company_id: UUID, currency: str, by: Actor
) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    """The columns of the promotion, of its scopes and of its tiers.

    :raises Invalid, DatesReversed, HoursEmpty, NotFound: see `create_promotion`
    """
    findings = Findings()
    if promotion.kind not in {kind.value for kind in PromotionKind}:
        findings.add(0, "kind", _("Choose what the promotion does."))
        findings.raise_if_any()
    kind = PromotionKind(promotion.kind)
    checked_dates(promotion.valid_from, promotion.valid_to)
    checked_hours(promotion.weekdays, promotion.from_time, promotion.until_time)
    whom = {name: getattr(promotion, name) for name in WHOM}
    checked_whom(company_id, whom, by=by)
    known = known_scopes(
        company_id=company_id,
        products=[one for one in (promotion.gift_product_id, *(scope.product_id for scope in promotion.scopes)) if one],
        families=[scope.family_id for scope in promotion.scopes if scope.family_id],
        categories=[scope.category_id for scope in promotion.scopes if scope.category_id],
    )
    scopes = _scopes(promotion, kind, known, findings)
    tiers = _tiers(promotion, kind, currency, findings)
    _counts(promotion, kind, known, findings)
    findings.raise_if_any()
    digits = exponent(currency)
    values = {
        "name": promotion.name, "kind": kind.value, **whom, "valid_from": promotion.valid_from,
        "valid_to": promotion.valid_to, "weekdays": promotion.weekdays, "from_time": promotion.from_time,
        "until_time": promotion.until_time, "priority": promotion.priority, "exclusive": promotion.exclusive,
        "by_coupon": promotion.by_coupon,
        "buy": promotion.buy if kind is PromotionKind.BUY_GET else Decimal(0),
        "get": promotion.get if kind is PromotionKind.BUY_GET else Decimal(0),
        "most_times": promotion.most_times if kind in _ONE_TIER else None,
        "most_amount": _amount(promotion.most_amount, digits),
        "gift_product_id": promotion.gift_product_id if kind is PromotionKind.GIFT else None,
        "most_uses": promotion.most_uses, "most_per_customer": promotion.most_per_customer,
        "budget": _amount(promotion.budget, digits),
    }  # fmt: skip
    return values, scopes, tiers


def _amount(value: Decimal | None, digits: int) -> Decimal | None:
    return None if value is None else round_to(value, digits)


def _scopes(
    promotion: NewPromotion, kind: PromotionKind, known: Scopes, findings: Findings
) -> list[dict[str, Any]]:  # fmt: skip
    if len(promotion.scopes) > MOST_SCOPES:
        findings.add(0, "scopes", _("A promotion names at most %(most)s parts.") % {"most": MOST_SCOPES})
        return []
    allowed = {"on", "except"} | ({"get"} if kind is PromotionKind.BUY_GET else set())
    allowed = {"part", "except"} if kind is PromotionKind.BUNDLE_PRICE else allowed
    rows = []
    for scope in promotion.scopes:
        field_name = {"on": "scopes", "except": "excluded", "get": "get_scopes", "part": "parts"}.get(
            scope.role, "scopes"
        )
        if scope.role not in allowed:
            findings.add(0, field_name, _("This kind of promotion has no such part."))
            continue
        brand = scope.brand.replace("\x00", "").strip()
        named = [name for name in ("product_id", "family_id", "category_id") if getattr(scope, name)]
        if len(named) > 1 or (brand and named and named != ["category_id"]) or len(brand) > 80:
            findings.add(0, field_name, _("Name a product, a family, or a category and a brand, not several of them."))
            continue
        keys = {"product_id": known.products, "family_id": known.families, "category_id": known.categories}
        if any(getattr(scope, name) not in keys[name] for name in named):
            findings.add(0, field_name, _("There is no such product, family or category."))
            continue
        if not named and not brand and scope.role != "on":
            findings.add(0, field_name, _("Name a product, a family, a category or a brand."))
            continue
        quantity = scope.quantity if scope.role == "part" else Decimal(0)
        if scope.role == "part" and not (
            quantity.is_finite() and 0 < quantity <= MOST_FIGURE and quantity == quantity.to_integral_value()
        ):
            findings.add(0, field_name, _("Of each part, a whole number of units above zero."))
            continue
        rows.append(
            {"role": scope.role, "product_id": scope.product_id, "family_id": scope.family_id,
             "category_id": scope.category_id, "brand": brand, "quantity": round_to(quantity, 6)}
        )  # fmt: skip
    if kind is PromotionKind.BUNDLE_PRICE and not any(row["role"] == "part" for row in rows):
        findings.add(0, "parts", _("Say what the bundle holds."))
    return rows


def _tiers(
    promotion: NewPromotion, kind: PromotionKind, currency: str, findings: Findings
) -> list[dict[str, Any]]:  # fmt: skip
    if not promotion.tiers:
        findings.add(0, "figure", _("Say how much."))
        return []
    if len(promotion.tiers) > (1 if kind in _ONE_TIER else MOST_TIERS):
        findings.add(0, "tiers", _("Too many steps."))
        return []
    rows = []
    seen: set[Decimal] = set()
    for least, figure in sorted(promotion.tiers):
        most = Decimal(100) if kind in _PERCENT_KINDS else MOST_FIGURE
        if not (least.is_finite() and 0 <= least <= MOST_FIGURE):
            findings.add(0, "tiers", _("A step begins at zero or above, and not absurdly far."))
        elif not (figure.is_finite() and 0 <= figure <= most):
            text = _("A percentage is between 0 and 100.") if most == 100 else _("This figure is absurdly large.")
            findings.add(0, "figure", text if figure.is_finite() and figure > 0 else _("The figure is zero or more."))
        elif figure == 0 and kind not in (PromotionKind.FIXED_PRICE, PromotionKind.BUNDLE_PRICE):
            findings.add(0, "figure", _("Above zero: a promotion gives something."))
        elif kind is PromotionKind.GIFT and figure != figure.to_integral_value():
            findings.add(0, "figure", _("A whole number of units."))
        elif least in seen:
            findings.add(0, "tiers", _("Two steps begin at the same figure."))
        else:
            seen.add(least)
            from_there = Decimal(0) if kind in _ONE_TIER else round_to(least, 4)
            rows.append({"least": from_there, "figure": round_to(figure, 6)})
    return rows


def _counts(promotion: NewPromotion, kind: PromotionKind, known: Scopes, findings: Findings) -> None:
    if kind is PromotionKind.BUY_GET:
        for name in ("buy", "get"):
            value: Decimal = getattr(promotion, name)
            if not (value.is_finite() and 1 <= value <= 1000 and value == value.to_integral_value()):
                findings.add(0, name, _("A whole number between 1 and 1,000."))
    if kind is PromotionKind.GIFT:
        if promotion.gift_product_id is None:
            findings.add(0, "gift_product_id", _("Choose the gift."))
        elif promotion.gift_product_id not in known.products:
            findings.add(0, "gift_product_id", _("There is no such product."))
    for name in ("most_times", "most_uses", "most_per_customer"):
        count: int | None = getattr(promotion, name)
        if count is not None and not 1 <= count <= 1_000_000:
            findings.add(0, name, _("Between 1 and 1,000,000, or empty for no limit."))
    for name in ("most_amount", "budget"):
        amount: Decimal | None = getattr(promotion, name)
        if amount is not None and not (amount.is_finite() and 0 < amount <= MOST_FIGURE):
            findings.add(0, name, _("Above zero, or empty for no limit."))
    if not -1000 <= promotion.priority <= 1000:
        findings.add(0, "priority", _("Between −1,000 and 1,000."))
    if kind in LINE_KINDS and promotion.most_times is not None:
        findings.add(0, "most_times", _("Only a bundle or a buy-and-get counts how often."))
