"""Prepared changes and publications, for who may see them: a change that waits only for who may change prices."""

from dataclasses import fields
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from niaga.core.errors import NotFound
from niaga.organization.access import Actor
from niaga.pricing.models import PriceChange, PriceList, Promotion, Publication
from niaga.pricing.queries.price_lists import price_lists_for
from niaga.pricing.queries.promotions import promotions_for
from niaga.pricing.queries.subjects import MODELS, Subject, subject_for
from niaga.pricing.queries.what_if import WhatIf
from niaga.pricing.queries.what_if_products import AT_ONCE, ProductFigures, count_products, rate_text
from niaga.pricing.queries.what_if_subject import what_if

OPEN = ("draft", "scheduled", "blocked")


class Found(NamedTuple):
    subject: Subject
    change: PriceChange


def price_change_for(by: Actor, change_id: UUID) -> Found:
    """:raises NotFound: no such change, or none that `by` may know of
    :raises Forbidden: its list or promotion is seen, but its changes are not for `by`
    """
    change = PriceChange.objects.filter(pk=change_id).first()
    if change is None:
        raise NotFound(field="price_change")
    return Found(subject_for(by, change.subject_kind, change.subject_id, "change"), change)


def list_change_for(by: Actor, change_id: UUID) -> tuple[PriceList, PriceChange]:
    """As `price_change_for`, of a price list.

    :raises NotFound: also a change of something else
    """
    found, change = price_change_for(by, change_id)
    if not isinstance(found, PriceList):
        raise NotFound(field="price_change")
    return found, change


def promotion_change_for(by: Actor, change_id: UUID) -> tuple[Promotion, PriceChange]:
    """As `price_change_for`, of a promotion.

    :raises NotFound: also a change of something else
    """
    found, change = price_change_for(by, change_id)
    if not isinstance(found, Promotion):
        raise NotFound(field="price_change")
    return found, change


def price_changes_for(by: Actor) -> QuerySet[PriceChange]:
    """Changes of the current company's lists and promotions that `by` may change, with the name of what they change."""
    theirs = Q(subject_kind="price_list", subject_id__in=price_lists_for(by, "change").values("pk")) | Q(
        subject_kind="promotion", subject_id__in=promotions_for(by, "change").values("pk")
    )
    names = (Subquery(model.objects.filter(pk=OuterRef("subject_id")).values("name")[:1]) for model in MODELS.values())
    return PriceChange.objects.filter(theirs).annotate(subject_name=Coalesce(*names))


def changes_of(subject_id: UUID) -> QuerySet[PriceChange]:
    """All of them, with how many prices each sets. The caller has checked access to the list or promotion."""
    return PriceChange.objects.filter(subject_id=subject_id).annotate(prices=Count("entries"))


def open_changes_of(subject_id: UUID) -> QuerySet[PriceChange]:
    """The caller has checked access to the list or promotion."""
    return PriceChange.objects.filter(subject_id=subject_id, status__in=OPEN).order_by("publish_at", "id")


def publications_of(subject_id: UUID) -> QuerySet[Publication]:
    """With how many prices each changed. The caller has checked access to the list or promotion."""
    rows = Publication.objects.filter(subject_id=subject_id).select_related("change")
    rows = rows.annotate(
        prices=Coalesce(Func("products", Value(1), function="array_length", output_field=IntegerField()), Value(0))
    )
    return rows.defer("products", "units", "quantities", "before", "after")


def publication_for(by: Actor, publication_id: UUID) -> tuple[Subject, Publication]:
    """:raises NotFound: no such publication, or none that `by` may know of"""
    found = Publication.objects.filter(pk=publication_id).first()
    if found is None:
        raise NotFound(field="publication")
    return subject_for(by, found.subject_kind, found.subject_id), found


class Counted(NamedTuple):
    """What a change does to products, as far as it is known."""

    whole: WhatIf
    figures: ProductFigures | None
    """None: many products, not counted yet."""
    fresh: bool
    """False: counted before the change or the price lists became what they are now."""


def counted(found: Found, *, at: datetime) -> Counted:
    """Counted now when the products are few, else as a job counted them last."""
    whole = what_if(found.change, found.subject, at=at)
    if whole.how_many * whole.effort <= AT_ONCE:
        return Counted(whole, count_products(whole), True)
    kept = found.change.figures
    if kept is None:
        return Counted(whole, None, False)
    names = {one.name for one in fields(ProductFigures)}
    figures = ProductFigures(**{name: value for name, value in kept.items() if name in names})
    fresh = (found.change.figures_version, found.change.figures_book, figures.rate) == (
        found.change.version, whole.books.before.version, rate_text(whole),
    )  # fmt: skip
    return Counted(whole, figures, fresh)
