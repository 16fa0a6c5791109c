"""Promotions and coupons that a person may see."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, JSONObject

from niaga.core.errors import NotFound
from niaga.core.fields import AmountField
from niaga.organization.access import Actor
from niaga.parties.queries.customers import customers_for
from niaga.pricing.models import Coupon, Promotion, PromotionScope, PromotionTier, PromotionUse
from niaga.pricing.queries.price_lists import whom_names
from niaga.pricing.queries.seen_by import one_seen_by, seen_by
from niaga.pricing.rules.coupon import code_of


def promotions_for(by: Actor, action: str = "view") -> QuerySet[Promotion]:
    """Promotions of the current company that `by` may see, archived ones too: none of a customer they may not see."""
    return seen_by(by, Promotion.objects.all(), action)


def promotion_for(by: Actor, promotion_id: UUID, action: str = "view") -> Promotion:
    """:raises NotFound: no such promotion, or none that `by` may know of
    :raises Forbidden: seen, but `action` is not allowed
    """
    return one_seen_by(by, Promotion.objects.all(), promotion_id, action, field="promotion")


def lock_promotion(by: Actor, promotion_id: UUID, action: str) -> Promotion:
    """The promotion with its row locked until the transaction ends.

    :raises NotFound, Forbidden: as `promotion_for`
    """
    # its key does not change: uses that name the promotion meanwhile need not wait, and never wait in a ring
    return one_seen_by(by, Promotion.objects.select_for_update(no_key=True), promotion_id, action, field="promotion")


class ScopeRow(NamedTuple):
    """A part of the assortment in a promotion, with its names."""

    role: str
    product_id: UUID | None
    family_id: UUID | None
    category_id: UUID | None
    brand: str
    quantity: Decimal
    product_name: str | None
    family_name: str | None
    category_name: str | None


def promotion_rows(by: Actor) -> QuerySet[Any]:
    """With for whom and what it is, its parts (`scopes_in`) and tiers (`tiers_in`), and how often it was used.

    One statement, however many rows.
    """
    scopes = PromotionScope.objects.filter(promotion=OuterRef("pk")).order_by("position")
    tiers = PromotionTier.objects.filter(promotion=OuterRef("pk")).order_by("least")
    return promotions_for(by).annotate(
        **whom_names(), gift_name=F("gift_product__name"), used=_as_counted("usage__uses", Count("pk"), IntegerField()),
        taken_off=_as_counted("usage__amount", Sum("amount"), AmountField()),
        scope_rows=ArraySubquery(
            scopes.values(
                told=JSONObject(
                    role="role", product_id="product_id", family_id="family_id", category_id="category_id",
                    brand="brand", quantity=Cast("quantity", TextField()), product_name="product__name",
                    family_name="family__name", category_name="category__name",
                )
            )
        ),
        tier_rows=ArraySubquery(
            tiers.values(told=JSONObject(least=Cast("least", TextField()), figure=Cast("figure", TextField())))
        ),
    )  # fmt: skip


def _as_counted(counter: str, counted: Any, kind: Any) -> Case:
    """The counter of a promotion with a limit; one without any is not counted while it is used, so its uses are."""
    uses = PromotionUse.objects.filter(promotion=OuterRef("pk"), released_at=None).order_by().values("promotion")
    unlimited = Q(most_uses=None, most_per_customer=None, budget=None)
    whole = Coalesce(Subquery(uses.values(told=counted)), Value(0), output_field=kind)
    return Case(When(unlimited, then=whole), default=F(counter), output_field=kind)


def scopes_in(row: Any) -> list[ScopeRow]:
    """The parts of a row of `promotion_rows`, in their order."""
    keys = ("product_id", "family_id", "category_id")
    return [
        ScopeRow(
            **{**told, "quantity": Decimal(told["quantity"]),
               **{name: UUID(told[name]) if told[name] else None for name in keys}}
        )
        for told in row.scope_rows
    ]  # fmt: skip


def tiers_in(row: Any) -> list[tuple[Decimal, Decimal]]:
    """From where on and the figure, the lowest first."""
    return [(Decimal(told["least"]), Decimal(told["figure"])) for told in row.tier_rows]


def whole_promotion(by: Actor, promotion_id: UUID, action: str = "view") -> Any:
    """One row of `promotion_rows`.

    :raises NotFound, Forbidden: as `promotion_for`
    """
    promotion_for(by, promotion_id, action)
    found = promotion_rows(by).filter(pk=promotion_id).first()
    if found is None:  # of another company that the person works in too
        raise NotFound(field="promotion")
    return found


def matching(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """By a part of the name, or by how the code of one of its coupons begins."""
    return rows.filter(
        Q(name__icontains=text) | Q(pk__in=Coupon.objects.filter(code__startswith=code_of(text)).values("promotion_id"))
    )


def in_state(rows: QuerySet[Any], state: str, today: date) -> QuerySet[Any]:
    """`running`, `coming`, `ended`, `archived` or `prepared`; anything else: all that are not archived."""
    if state == "archived":
        return rows.filter(archived_at__isnull=False, unpublished=False)
    if state == "prepared":
        return rows.filter(unpublished=True)
    rows = rows.filter(archived_at=None) if state else rows.filter(Q(archived_at=None) | Q(unpublished=True))
    over = Q(valid_to__lt=today)
    later = Q(valid_from__gt=today)
    if state == "running":
        return rows.exclude(over).exclude(later)
    if state == "coming":
        return rows.filter(later)
    return rows.filter(over) if state == "ended" else rows


def discounts_of(by: Actor, customer_id: UUID, today: date) -> QuerySet[Any]:
    """What was agreed with a customer and has not ended; the caller has checked access to the customer."""
    rows = promotion_rows(by).filter(customer_id=customer_id, archived_at=None).exclude(valid_to__lt=today)
    return rows.order_by(F("valid_to").asc(nulls_last=True), "name", "id")


def coupons_of(by: Actor, promotion_id: UUID) -> QuerySet[Any]:
    """:raises NotFound: no such promotion, or none this person may see"""
    promotion_for(by, promotion_id)
    return (
        Coupon.objects.filter(promotion_id=promotion_id)
        .annotate(customer_name=F("customer__name"))
        .order_by("archived_at", "-created_at", "code")
    )


def uses_of(by: Actor, promotion_id: UUID) -> QuerySet[Any]:
    """The documents it is used on, the last first: those of customers that `by` may see.

    Whether the documents themselves may be seen is for their own apps to say.

    :raises NotFound: no such promotion for this person
    """
    promotion_for(by, promotion_id)
    return (
        PromotionUse.objects.filter(promotion_id=promotion_id, released_at=None)
        .filter(Q(customer=None) | Q(customer__in=customers_for(by).values("pk")))
        .annotate(customer_name=F("customer__name"), code=F("coupon__code"))
        .order_by("-at", "-id")
    )
