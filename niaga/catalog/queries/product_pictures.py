"""The one picture of a product that lists, type-aheads, public pages and paper show."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import QuerySet, Subquery

from niaga.catalog.models import Product
from niaga.documents.queries.attachments import Picture, picture_id_of, picture_ids, pictures_of
from niaga.ui.lists.addresses import row_address


def product_thumbnails(chosen: Mapping[UUID, UUID | None]) -> dict[UUID, str]:
    """Where the small pictures of these products are, in one statement; products without a picture are left out.

    `chosen` gives each product's `image_id`: without one the first picture stands for the product. The caller has
    checked that its reader may see the products.
    """
    return {key: thumbnail_address(picture) for key, picture in picture_ids(kind="product", chosen=chosen).items()}


def with_picture_id(products: QuerySet[Product]) -> QuerySet[Product]:
    """The products with the key of that picture as `picture_id`."""
    return products.annotate(picture_id=Subquery(picture_id_of(kind="product", chosen="image_id")))


def thumbnail_address(picture_id: UUID | None) -> str:
    """Where a small picture is; nothing for none."""
    return row_address("documents:thumbnail", picture_id) if picture_id else ""


def main_pictures(chosen: Mapping[UUID, UUID | None]) -> dict[UUID, Picture]:
    """The pictures that customers see: only those that a person made a product's main one. One statement.

    A product's other pictures may be for colleagues alone.
    """
    named = {key: image for key, image in chosen.items() if image is not None}
    if not named:
        return {}
    found = pictures_of(kind="product", chosen=named)
    return {key: one for key, one in found.items() if one.id == named[key]}
