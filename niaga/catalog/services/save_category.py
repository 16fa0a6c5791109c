from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from niaga.catalog.errors import CodeTaken
from niaga.catalog.models import Category
from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid, NotFound
from niaga.core.ids import new_id
from niaga.core.inputs import Findings, check_values
from niaga.organization.access import Actor, access_of

DEEPEST = 8


@transaction.atomic
def save_category(
    *,
    company_id: UUID,
    name: str,
    by: Actor,
    at: datetime,
    parent_id: UUID | None = None,
    category_id: UUID | None = None,
    archive: bool = False,
) -> Category:
    """Add a product category, rename or move it, or put it away; its products keep it.

    :raises NotFound: there is no such category
    :raises Forbidden: `by` may not change products
    :raises Invalid: the name is missing, or the category would be below itself or too deep
    :raises CodeTaken: its parent has one of this name
    """
    access_of(by).require("product", "change", company_id=company_id)
    findings = Findings()
    values = check_values(Category, {"name": name}, findings=findings)
    findings.raise_if_any()
    # All rows of the tree are locked, in key order: two people cannot move branches below each other.
    tree = dict(
        Category.objects.select_for_update().filter(company_id=company_id).order_by("id").values_list("id", "parent_id")
    )
    if category_id is not None and category_id not in tree:
        raise NotFound()
    above, depth = parent_id, 1
    while above is not None:
        if above not in tree:
            raise Invalid(_("This was not found."), field="parent")
        if above == category_id:
            raise Invalid(_("A category cannot be below itself."), field="parent")
        above, depth = tree[above], depth + 1
        if depth > DEEPEST:
            raise Invalid(_("At most %(most)d levels.") % {"most": DEEPEST}, field="parent")
    values |= {"parent_id": parent_id, "archived_at": at if archive else None}
    batch = Batch()
    if category_id is None:
        category_id = new_id()
        batch.insert(Category, [{"id": category_id, "company_id": company_id, **values}])
    else:
        batch.update(Category, where={"id": category_id}, values=values)
    record(batch=batch, subject_kind="category", subject_id=category_id, verb="save", by=by.pk, at=at,
           company_id=company_id, data=values)  # fmt: skip
    try:
        with transaction.atomic():
            batch.write()
    except IntegrityError as error:
        raise CodeTaken(_("There is one of this name already."), field="name") from error
    return Category(id=category_id, company_id=company_id, **values)
