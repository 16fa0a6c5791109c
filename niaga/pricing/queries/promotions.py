"""Promotions and coupons that a person may see."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Prefetch, Q, QuerySet

from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.customers import customers_for, is_seen
from niaga.pricing.models import Coupon, Promotion, PromotionScope, PromotionTier, PromotionUse
from niaga.pricing.queries.price_lists import whom_names


def promotions_for(by: Actor, action: str = "view") -> QuerySet[Promotion]:
    """Promotions of the current company that `by` may see, archived ones too: none of a customer they may not see."""
    theirs = Q(customer=None) | Q(customer__in=customers_for(by).values("pk"))
    return Promotion.objects.filter(theirs, access_of(by).filter("price_list", action, branch=None, salesperson=None))


def promotion_for(by: Actor, promotion_id: UUID, action: str = "view") -> Promotion:
    """:raises NotFound: no such promotion, or none that `by` may know of
    :raises Forbidden: seen, but `action` is not allowed
    """
    return _checked(Promotion.objects.all(), by, promotion_id, action)


def lock_promotion(by: Actor, promotion_id: UUID, action: str) -> Promotion:
    """The promotion with its row locked until the transaction ends.

    :raises NotFound, Forbidden: as `promotion_for`
    """
    return _checked(Promotion.objects.select_for_update(), by, promotion_id, action)


def _checked(rows: QuerySet[Promotion], by: Actor, promotion_id: UUID, action: str) -> Promotion:
    access = access_of(by)
    found = rows.filter(pk=promotion_id).first()
    if found is None or not access.allows("price_list", "view", found.company_id):
        raise NotFound(field="promotion")
    if found.customer_id is not None and not is_seen(by, found.company_id, found.customer_id):
        raise NotFound(field="promotion")
    if action != "view":
        access.require("price_list", action, company_id=found.company_id)
    return found


def promotion_rows(by: Actor) -> QuerySet[Any]:
    """With for whom and what it is, its tiers, and how often it was used; three statements for a page of them."""
    scopes = PromotionScope.objects.annotate(
        product_name=F("product__name"), family_name=F("family__name"), category_name=F("category__name")
    ).order_by("position")
    return (
        promotions_for(by)
        .annotate(
            **whom_names(), gift_name=F("gift_product__name"), used=F("usage__uses"), taken_off=F("usage__amount"),
            coupon_count=Count("coupons", filter=Q(coupons__archived_at__isnull=True)),
        )
        .prefetch_related(
            Prefetch("scopes", scopes), Prefetch("tiers", PromotionTier.objects.order_by("least"))
        )
    )  # fmt: skip


def whole_promotion(by: Actor, promotion_id: UUID, action: str = "view") -> Any:
    """One row of `promotion_rows`.

    :raises NotFound, Forbidden: as `promotion_for`
    """
    promotion_for(by, promotion_id, action)
    found = promotion_rows(by).filter(pk=promotion_id).first()
    if found is None:  # of another company that the person works in too
        raise NotFound(field="promotion")
    return found


def in_state(rows: QuerySet[Any], state: str, today: date) -> QuerySet[Any]:
    """`running`, `coming`, `ended` or `archived`; anything else: all that are not archived."""
    if state == "archived":
        return rows.filter(archived_at__isnull=False)
    rows = rows.filter(archived_at=None)
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
    """The documents it was used on, the last first. :raises NotFound: no such promotion for this person"""
    promotion_for(by, promotion_id)
    return (
        PromotionUse.objects.filter(promotion_id=promotion_id, customer__in=customers_for(by).values("pk"))
        .annotate(customer_name=F("customer__name"), code=F("coupon__code"))
        .order_by("-at")
    )
