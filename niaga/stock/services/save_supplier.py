from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid, NotFound
from niaga.organization.access import Actor, access_of
from niaga.stock.errors import SupplierNameTaken
from niaga.stock.models import Supplier


@dataclass(frozen=True, slots=True)
class SupplierDetails:
    """`lead_days` is how long it usually takes from asking to sending; `mails_at_once`: requests need no button."""

    name: str
    contact: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    language: str = "id"
    lead_days: int = 3
    mails_at_once: bool = False


@transaction.atomic
def save_supplier(
    *, supplier_id: UUID | None, company_id: UUID, details: SupplierDetails, by: Actor, at: datetime
) -> Supplier:
    """Add a supplier, or change one. Requests that were made keep what they say.

    :raises NotFound: no such supplier
    :raises Forbidden: the person may not change products
    :raises Invalid: without a name, or with an address, language or number of days that cannot be
    :raises SupplierNameTaken: the company has another one of this name
    """
    access_of(by).require("product", "change", company_id=company_id)
    supplier = Supplier(company_id=company_id)
    if supplier_id is not None:
        found = Supplier.objects.select_for_update().filter(pk=supplier_id, company_id=company_id).first()
        if found is None:
            raise NotFound()
        supplier = found
    for name, value in _checked(details).items():
        setattr(supplier, name, value)
    supplier.version += 0 if supplier_id is None else 1
    try:
        with transaction.atomic():
            supplier.save()
    except IntegrityError as error:
        if "one_supplier_name" in str(error):
            raise SupplierNameTaken(field="name") from error
        raise
    batch = Batch()
    record(
        batch=batch, subject_kind="supplier", subject_id=supplier.id, verb="change" if supplier_id else "create",
        by=by.id, at=at, company_id=company_id,
        data={"name": supplier.name, "email": supplier.email, "lead_days": supplier.lead_days},
    )  # fmt: skip
    batch.write()
    return supplier


def _checked(details: SupplierDetails) -> dict[str, object]:
    name, email = " ".join(details.name.split())[:120], details.email.strip()
    if not name:
        raise Invalid(_("Give the supplier's name."), field="name")
    if email:
        try:
            validate_email(email)
        except ValidationError as error:
            raise Invalid(_("This is no mail address."), field="email") from error
    if not 0 <= details.lead_days <= 365:
        raise Invalid(_("From 0 to 365 days."), field="lead_days")
    if details.language not in ("id", "en"):
        raise Invalid(field="language")
    if details.mails_at_once and not email:
        raise Invalid(_("Requests can be mailed at once when there is an address."), field="email")
    return {
        "name": name, "email": email, "contact": details.contact.strip()[:120], "phone": details.phone.strip()[:40],
        "address": details.address.strip()[:1000], "language": details.language, "lead_days": details.lead_days,
        "mails_at_once": details.mails_at_once,
    }  # fmt: skip
