"""What a promotion must be; every fault is at its field."""

from decimal import Decimal
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from niaga.catalog.queries.price_scopes import Scopes, known_scopes
from niaga.core.inputs import Findings
from niaga.core.money import exponent, round_to
from niaga.organization.access import Actor
from niaga.pricing.models import WHOM
from niaga.pricing.rules.new_promotion import NewPromotion
from niaga.pricing.rules.promotion import LINE_KINDS, PromotionKind
from niaga.pricing.services._checked import checked_dates, checked_hours, checked_whom

MOST_SCOPES = 200
MOST_TIERS = 20
MOST_FIGURE = Decimal(10) ** 12
_PERCENT_KINDS = frozenset(
    {PromotionKind.PERCENT, PromotionKind.BUY_GET, PromotionKind.BASKET_PERCENT, PromotionKind.FREE_DELIVERY}
)
_ONE_TIER = frozenset({PromotionKind.BUY_GET, PromotionKind.BUNDLE_PRICE})


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
    _counts(promotion, kind, known, currency, findings)
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
    most = Decimal(100) if kind in _PERCENT_KINDS else MOST_FIGURE
    for least, figure in promotion.tiers:
        if not (least.is_finite() and 0 <= least <= MOST_FIGURE):
            findings.add(0, "tiers", _("A step begins at zero or above, and not absurdly far."))
            continue
        if not (figure.is_finite() and 0 <= figure <= most):
            text = _("A percentage is between 0 and 100.") if most == 100 else _("This figure is absurdly large.")
            findings.add(0, "figure", text if figure.is_finite() and figure > 0 else _("The figure is zero or more."))
            continue
        from_there, rounded = round_to(least, 4), round_to(figure, 6)
        if rounded == 0 and kind not in (PromotionKind.FIXED_PRICE, PromotionKind.BUNDLE_PRICE):
            findings.add(0, "figure", _("Above zero: a promotion gives something."))
        elif kind is PromotionKind.GIFT and figure != figure.to_integral_value():
            findings.add(0, "figure", _("A whole number of units."))
        elif from_there in seen:
            findings.add(0, "tiers", _("Two steps begin at the same figure."))
        else:
            seen.add(from_there)
            rows.append({"least": Decimal(0) if kind in _ONE_TIER else from_there, "figure": rounded})
    return sorted(rows, key=itemgetter("least"))


def _counts(promotion: NewPromotion, kind: PromotionKind, known: Scopes, currency: str, findings: Findings) -> None:
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
        if amount is None:
            continue
        if not (amount.is_finite() and 0 < amount <= MOST_FIGURE and round_to(amount, exponent(currency)) > 0):
            findings.add(0, name, _("Above zero, or empty for no limit."))
    if not -1000 <= promotion.priority <= 1000:
        findings.add(0, "priority", _("Between −1,000 and 1,000."))
    if kind in LINE_KINDS and promotion.most_times is not None:
        findings.add(0, "most_times", _("Only a bundle or a buy-and-get counts how often."))
