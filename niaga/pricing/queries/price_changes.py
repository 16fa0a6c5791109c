"""Prepared changes and publications, for who may see them: a change that waits only for who may change prices."""

from dataclasses import fields
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Func, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from niaga.core.errors import NotFound
from niaga.organization.access import Actor
from niaga.pricing.models import PriceChange, PriceList, Publication
from niaga.pricing.queries.price_lists import price_list_for, price_lists_for
from niaga.pricing.queries.what_if import WhatIf, what_if
from niaga.pricing.queries.what_if_products import AT_ONCE, ProductFigures, count_products

OPEN = ("draft", "scheduled", "blocked")


class Found(NamedTuple):
    price_list: PriceList
    change: PriceChange


def price_change_for(by: Actor, change_id: UUID) -> Found:
    """:raises NotFound: no such change, or none that `by` may know of
    :raises Forbidden: the list is seen, but its changes are not for `by`
    """
    change = PriceChange.objects.filter(pk=change_id).first()
    if change is None:
        raise NotFound(field="price_change")
    return Found(price_list_for(by, change.subject_id, "change"), change)


def price_changes_for(by: Actor) -> QuerySet[PriceChange]:
    """Changes of the current company's lists that `by` may change, with the name of the list."""
    lists = price_lists_for(by, "change")
    name = Subquery(PriceList.objects.filter(pk=OuterRef("subject_id")).values("name")[:1])
    return PriceChange.objects.filter(subject_kind="price_list", subject_id__in=lists.values("pk")).annotate(
        list_name=name
    )


def changes_of(price_list_id: UUID) -> QuerySet[PriceChange]:
    """All of them, with how many prices each sets. The caller has checked access to the list."""
    return PriceChange.objects.filter(subject_id=price_list_id).annotate(prices=Count("entries"))


def open_changes_of(price_list_id: UUID) -> QuerySet[PriceChange]:
    """The caller has checked access to the list."""
    return PriceChange.objects.filter(subject_id=price_list_id, status__in=OPEN).order_by("publish_at", "id")


def publications_of(price_list_id: UUID) -> QuerySet[Publication]:
    """With how many prices each changed. The caller has checked access to the list."""
    rows = Publication.objects.filter(subject_id=price_list_id).select_related("change")
    rows = rows.annotate(
        prices=Coalesce(Func("products", Value(1), function="array_length", output_field=IntegerField()), Value(0))
    )
    return rows.defer("products", "units", "quantities", "before", "after")


def publication_for(by: Actor, publication_id: UUID) -> tuple[PriceList, Publication]:
    """:raises NotFound: no such publication, or none that `by` may know of"""
    found = Publication.objects.filter(pk=publication_id).first()
    if found is None:
        raise NotFound(field="publication")
    return price_list_for(by, found.subject_id), found


class Counted(NamedTuple):
    """What a change does to products, as far as it is known."""

    whole: WhatIf
    figures: ProductFigures | None
    """None: many products, not counted yet."""
    fresh: bool
    """False: counted before the change or the price lists became what they are now."""


def counted(found: Found, *, at: datetime) -> Counted:
    """Counted now when the products are few, else as a job counted them last."""
    whole = what_if(found.change, found.price_list, at=at)
    if whole.how_many <= AT_ONCE:
        return Counted(whole, count_products(whole), True)
    kept = found.change.figures
    if kept is None:
        return Counted(whole, None, False)
    names = {one.name for one in fields(ProductFigures)}
    figures = ProductFigures(**{name: value for name, value in kept.items() if name in names})
    fresh = (found.change.figures_version, found.change.figures_book) == (
        found.change.version, whole.books.before.version,
    )  # fmt: skip
    return Counted(whole, figures, fresh)
