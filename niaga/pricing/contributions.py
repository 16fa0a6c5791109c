"""What pricing adds to the pages of all: its place, its command, the promises that it keeps."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niaga.core.registry import InvariantCheck, invariants
from niaga.organization.access import access_of
from niaga.ui.registry import Command, Hit, NavigationGroup, NavigationItem, commands, navigation


def _may(request: HttpRequest, action: str) -> bool:
    return access_of(request.user).allows("price_list", action)


def _offer(request: HttpRequest, text: str, hits: Sequence[Hit]) -> Sequence[Command]:
    """`New price list`, when nothing was typed or words of it were."""
    if not _may(request, "create") or (text and text.casefold() not in str(_("New price list")).casefold()):
        return []
    return [Command(_("New price list"), reverse("pricing:new"), icon="plus")]


def contribute() -> None:
    navigation.add(
        NavigationItem(
            key="price_lists", label=_("Prices"), icon="tag", url_name="pricing:price_lists",
            group=NavigationGroup.FIELD, order=50, shortcut="r", allowed=lambda request: _may(request, "view"),
        )
    )  # fmt: skip
    commands.add("pricing", _offer)
    invariants.add(
        "prices_are_of_the_companys_products",
        InvariantCheck(
            promise="A price list holds prices of its own company's products only.",
            sql="""
                SELECT e.id, l.code, p.sku FROM pricing_pricelistentry e
                  JOIN pricing_pricelist l ON l.id = e.price_list_id
                  JOIN catalog_product p ON p.id = e.product_id
                 WHERE p.company_id <> l.company_id
            """,
        ),
    )
