"""Price lists and their entries, for who may see them."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F, FilteredRelation, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from niaga.organization.access import Actor, access_of
from niaga.parties.queries.customers import seen_among
from niaga.pricing.models import WHOM, PriceList, PriceListEntry
from niaga.pricing.queries.seen_by import one_seen_by, seen_by


def price_lists_for(by: Actor, action: str = "view") -> QuerySet[PriceList]:
    """Price lists of the current company that `by` may see, archived ones too: none of a customer they may not see."""
    return seen_by(by, PriceList.objects.all(), action)


def price_list_rows(by: Actor) -> QuerySet[PriceList]:
    """For lists: with the names of whom they are for and how many products have a price."""
    return price_lists_for(by).annotate(
        **whom_names(), products=Count("entries__product", distinct=True), prices=Count("entries")
    )


def whom_names(to: str = "") -> dict[str, F]:
    """The names of all that a list is for, as annotations; `to` leads from the rows to their list."""
    return {f"{name}_name": F(f"{to}{name}__name") for name in (one.removesuffix("_id") for one in WHOM)}


def price_list_for(by: Actor, price_list_id: UUID, action: str = "view") -> PriceList:
    """:raises NotFound: no such list, or none that `by` may know of
    :raises Forbidden: seen, but `action` is not allowed
    """
    return one_seen_by(by, PriceList.objects.all(), price_list_id, action, field="price_list")


def price_lists_among(by: Actor, company_id: UUID, keys: Collection[UUID]) -> dict[UUID, PriceList]:
    """Those of a company's lists that `by` may know of. Two statements at most."""
    rows = PriceList.objects.filter(pk__in=keys, company_id=company_id) if keys else ()
    if not access_of(by).allows("price_list", "view", company_id):
        return {}
    named = {one.customer_id for one in rows if one.customer_id is not None}
    seen = {None, *(seen_among(by, company_id, named) if named else ())}
    return {one.pk: one for one in rows if one.customer_id in seen}


def lock_price_list(by: Actor, price_list_id: UUID, action: str) -> PriceList:
    """The list with its row locked until the transaction ends; others may still name it by a foreign key.

    :raises NotFound, Forbidden: as `price_list_for`
    """
    return one_seen_by(by, PriceList.objects.select_for_update(no_key=True), price_list_id, action, field="price_list")


def entries_of(price_list_id: UUID) -> QuerySet[Any, Any]:
    """A list's prices with the product's SKU, name and own price, and the unit that they are for.

    The caller has checked access to the list.
    """
    sold_in = FilteredRelation("product__units", condition=Q(product__units__unit=F("unit")))
    return PriceListEntry.objects.filter(price_list_id=price_list_id).annotate(
        sold_in=sold_in,
        sku=F("product__sku"),
        name=F("product__name"),
        unit_code=Coalesce("unit__code", "product__unit__code"),
        factor=Coalesce("sold_in__factor", Value(Decimal(1))),
        list_price=F("product__price"),
        archived=Q(product__archived_at__isnull=False),
    )


def prices_of_product(by: Actor, product_id: UUID) -> QuerySet[Any, Any]:
    """What the lists that are not archived say of one product. One statement."""
    lists = price_lists_for(by).filter(archived_at=None).values("pk")
    return (
        PriceListEntry.objects.filter(product_id=product_id, price_list__in=lists)
        .annotate(
            list_name=F("price_list__name"),
            unit_code=Coalesce("unit__code", "product__unit__code"),
            currency=F("price_list__currency"),
            **whom_names("price_list__"),
        )
        .order_by("price_list__name", "price_list_id", "min_quantity")
    )
