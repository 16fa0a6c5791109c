from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.catalog.models import Product, ProductSubstitute
from niaga.catalog.models.substitute import SubstitutePrice
from niaga.catalog.queries.product_facts import ProductFacts, product_facts
from niaga.catalog.queries.products import lock_product
from niaga.catalog.rules.product import NewSubstitute
from niaga.catalog.services.check_product import check_factor
from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import StaleVersion, WrongState
from niaga.core.ids import new_id
from niaga.core.inputs import Findings
from niaga.organization.access import Actor

MOST = 20


@transaction.atomic
def save_substitutes(
    *, product_id: UUID, substitutes: Sequence[NewSubstitute], version: int | None = None, by: Actor, at: datetime
) -> Product:
    """Say which goods may go in place of a product that cannot be found, the first choice first. Replaces the list.

    :raises NotFound: there is no such product
    :raises Forbidden: `by` may not change products
    :raises StaleVersion: somebody saved since `version`
    :raises WrongState: the product is no goods: nobody fetches it from a shelf
    :raises Invalid: something in the list is no goods of the company, comes twice, or has no ratio
    """
    product = lock_product(by, product_id, "change")
    if version is not None and product.version != version:
        raise StaleVersion()
    if product.kind != "goods":
        raise WrongState(_("Only goods have substitutes: nothing else is fetched from a shelf."))
    findings = Findings()
    known = product_facts(company_id=product.company_id, ids={one.product_id for one in substitutes})
    if len(substitutes) > MOST:
        findings.add(1, "substitutes", _("At most twenty substitutes."))
    seen: set[UUID] = set()
    for place, one in enumerate(substitutes):
        _check(place, one, known.get(one.product_id), product, one.product_id in seen, findings)
        seen.add(one.product_id)
    findings.raise_if_any()
    batch = Batch()
    batch.sql("gone", "DELETE FROM catalog_productsubstitute WHERE product_id = %s::uuid RETURNING 1", [product.pk])
    batch.update(Product, where={"id": product.pk}, values={"version": product.version + 1, "updated_at": at})
    record(
        batch=batch, subject_kind="product", subject_id=product.pk, verb="save_substitutes", by=by.id, at=at,
        company_id=product.company_id,
        data={"substitutes": [[known[one.product_id].sku, str(one.ratio), one.price] for one in substitutes]},
    )  # fmt: skip
    batch.write()
    rows = Batch()  # a statement of its own: the unique keys of what goes and what comes would meet
    rows.insert(
        ProductSubstitute,
        [{"id": new_id(), "position": place, "substitute_id": one.product_id, "ratio": one.ratio, "price": one.price}
         for place, one in enumerate(substitutes, 1)],
        product_id=product.pk,
    )  # fmt: skip
    if substitutes:
        rows.write()
    product.version += 1
    return product


def _check(
    place: int, one: NewSubstitute, facts: ProductFacts | None, product: Product, is_twice: bool, findings: Findings
) -> None:
    field = f"substitutes.{place}.product_id"
    if facts is None:
        findings.add(1, field, _("There is no such product."), "unknown_product")
    elif one.product_id == product.pk:
        findings.add(1, field, _("A product is no substitute of itself."), "itself")
    elif facts.kind != "goods" or facts.is_archived:
        findings.add(1, field, _("Only goods that are not archived can stand in."), "not_goods")
    elif is_twice:
        findings.add(1, field, _("This product is in the list already."), "twice")
    check_factor(one.ratio, f"substitutes.{place}.ratio", findings, 1)
    if one.ratio > Decimal(10_000):
        findings.add(1, f"substitutes.{place}.ratio", _("At most 10,000."), "too_much")
    if one.price not in SubstitutePrice.values:
        findings.add(1, f"substitutes.{place}.price", _("This is not one of the choices."), "unknown_choice")
