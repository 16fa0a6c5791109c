"""What is in bundles, and what they cost by it."""

from collections.abc import Iterable

from niaga.catalog.models import BundlePart, Product
from niaga.catalog.rules.product import bundle_cost


def tell_bundle_costs(products: Iterable[Product]) -> None:
    """Give the bundles among the rows, which are to be shown, the cost that their parts come to. One statement."""
    bundles = {product.pk: product for product in products if product.kind == "bundle"}
    if not bundles:
        return
    inside: dict[object, list[tuple[object, object]]] = {key: [] for key in bundles}
    for bundle_id, cost, quantity in BundlePart.objects.filter(bundle__in=list(bundles)).values_list(
        "bundle_id", "product__cost", "quantity"
    ):
        inside[bundle_id].append((cost, quantity))
    for key, bundle in bundles.items():
        bundle.cost = bundle_cost(inside[key])  # type: ignore[arg-type]
