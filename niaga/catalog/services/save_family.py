from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.catalog.models import ProductFamily
from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid, NotFound
from niaga.core.ids import new_id
from niaga.core.inputs import Findings, check_values
from niaga.organization.access import Actor, access_of

MOST_OPTIONS = 4


@transaction.atomic
def save_family(
    *,
    company_id: UUID,
    name: str,
    option_names: Sequence[str],
    by: Actor,
    at: datetime,
    family_id: UUID | None = None,
) -> ProductFamily:
    """Add a family of variants or rename it; `option_names` such as Colour and Size, in the order of the values.

    :raises NotFound: there is no such family
    :raises Forbidden: `by` may not change products
    :raises Invalid: a name is missing or too long, or there are more than four options
    """
    access_of(by).require("product", "change", company_id=company_id)
    findings = Findings()
    values = check_values(ProductFamily, {"name": name}, findings=findings)
    options = [" ".join(option.split()) for option in option_names if option.strip()]
    if len(options) > MOST_OPTIONS or any(len(option) > 40 for option in options):
        raise Invalid(_("At most four options of 40 characters each."), field="option_names")
    findings.raise_if_any()
    values["option_names"] = options
    batch = Batch()
    if family_id is None:
        family_id = new_id()
        batch.insert(ProductFamily, [{"id": family_id, "company_id": company_id, **values}])
    else:
        batch.update(ProductFamily, where={"id": family_id, "company_id": company_id}, values=values, refusal=NotFound)
    record(batch=batch, subject_kind="product_family", subject_id=family_id, verb="save", by=by.pk, at=at,
           company_id=company_id, data=values)  # fmt: skip
    batch.write()
    return ProductFamily(id=family_id, company_id=company_id, **values)
