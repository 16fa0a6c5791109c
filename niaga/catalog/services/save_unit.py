import re
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from niaga.catalog.errors import CodeTaken, StillInUse
from niaga.catalog.models import Product, ProductUnit, Unit
from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid, NotFound
from niaga.core.ids import new_id
from niaga.core.inputs import Findings, check_values
from niaga.organization.access import Actor, access_of

MOST_DIGITS = 6


@transaction.atomic
def save_unit(
    *,
    company_id: UUID,
    code: str,
    name: str,
    by: Actor,
    at: datetime,
    digits: int = 0,
    coretax_code: str = "",
    unit_id: UUID | None = None,
) -> Unit:
    """Add a unit or change it. `digits` is how many decimals a quantity in it may have (0 for pieces, 3 for kilos).

    :raises NotFound: there is no such unit
    :raises Forbidden: `by` may not change settings
    :raises Invalid: a value is missing or cannot be
    :raises CodeTaken: another unit has the code
    :raises StillInUse: fewer decimals than before, while products use the unit
    """
    access_of(by).require("setting", "change", company_id=company_id)
    if not 0 <= digits <= MOST_DIGITS:
        raise Invalid(_("0 to 6 decimals."), field="digits")
    findings = Findings()
    values = check_values(Unit, {"code": code, "name": name, "coretax_code": coretax_code}, findings=findings)
    if values.get("coretax_code") and not re.fullmatch(r"UM\.\d{4}", values["coretax_code"]):
        findings.add(1, "coretax_code", _("It is written like %(example)s.") % {"example": "UM.0021"})
    findings.raise_if_any()
    values["digits"] = digits
    batch = Batch()
    if unit_id is None:
        unit_id = new_id()
        batch.insert(Unit, [{"id": unit_id, "company_id": company_id, **values}])
    else:
        current = Unit.objects.select_for_update().filter(pk=unit_id, company_id=company_id).first()
        if current is None:
            raise NotFound()
        if digits < current.digits and (
            Product.objects.filter(unit=current).exists() or ProductUnit.objects.filter(unit=current).exists()
        ):
            raise StillInUse(
                _("Products are counted in this unit; it can get more decimals, but not fewer."), field="digits"
            )
        batch.update(Unit, where={"id": unit_id}, values=values)
    record(batch=batch, subject_kind="unit", subject_id=unit_id, verb="save", by=by.pk, at=at, company_id=company_id,
           data=values)  # fmt: skip
    try:
        with transaction.atomic():
            batch.write()
    except IntegrityError as error:
        raise CodeTaken(field="code") from error
    return Unit(id=unit_id, company_id=company_id, **values)
