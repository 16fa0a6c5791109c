from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid, NotFound
from niaga.core.ids import new_id
from niaga.core.inputs import Findings, check_values
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.company_basics import company_basics
from niaga.parties.models import Customer, TaxTreatment
from niaga.parties.queries.customers import lock_customer
from niaga.parties.rules.tax_treatment import treatment_faults
from niaga.parties.services.write_timeline import write_timeline

DEFAULTS: dict[str, Any] = {
    "valid_from": None, "valid_until": None, "region": "", "is_taxed": True, "transaction_code": "", "add_info": "",
    "facility_stamp": "", "document": "", "document_date": None, "note": "",
}  # fmt: skip


@transaction.atomic
def save_tax_treatment(
    *,
    customer_id: UUID,
    by: Actor,
    at: datetime,
    treatment_id: UUID | None = None,
    remove: bool = False,
    **fields: Any,
) -> TaxTreatment:
    """Say how a customer is taxed from a day on, change it, or take it away. Documents keep what they froze.

    :raises NotFound: there is no such customer or treatment
    :raises Forbidden: `by` may not record what the tax office says
    :raises Invalid: figures that cannot be, each at its field, or two treatments from one day
    """
    customer = lock_customer(by, customer_id, "view")
    access_of(by).require("tax_filing", "record", company_id=customer.company_id)
    current = TaxTreatment.objects.filter(pk=treatment_id, customer=customer).first() if treatment_id else None
    if treatment_id and current is None:
        raise NotFound()
    before = {name: getattr(current, name) for name in DEFAULTS} if current else dict(DEFAULTS)
    values = before if remove else _checked({**before, **fields}, country=company_basics(customer.company_id).country)
    batch = Batch()
    key = treatment_id or new_id()
    if remove:
        batch.sql("gone", "DELETE FROM parties_taxtreatment WHERE id = %s::uuid RETURNING 1", [key])
    elif current:
        batch.update(TaxTreatment, where={"id": key}, values=values)
    else:
        batch.insert(TaxTreatment, [{"id": key, "customer_id": customer.pk, **values}])
    batch.update(
        Customer, where={"id": customer.pk}, values={"version": customer.version + 1, "updated_at": at},
    )  # fmt: skip
    verb = "remove_tax_treatment" if remove else "change_tax_treatment" if current else "add_tax_treatment"
    told = {name: [before[name], value] if current and not remove else value for name, value in values.items()}
    record(
        batch=batch, subject_kind="customer", subject_id=customer.pk, verb=verb, by=by.pk, at=at,
        company_id=customer.company_id, data={"treatment": key, **told},
    )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=customer.pk, company_id=customer.company_id,
        kind="tax_treatment.removed" if remove else "tax_treatment.set", subject_kind="customer",
        subject_id=customer.pk, text=" ".join(filter(None, (values["transaction_code"], values["note"]))),
        actor_id=by.pk, at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            batch.write()
    except IntegrityError as error:
        raise Invalid(_("Another treatment begins on this day. Change that one."), field="valid_from") from error
    return TaxTreatment(id=key, customer=customer, **values)


def _checked(fields: dict[str, Any], *, country: str) -> dict[str, Any]:
    findings = Findings()
    values = check_values(TaxTreatment, fields, findings=findings)
    texts = {
        "ends_before": _("The last day is not before the first."),
        "taxed_code": _("A buyer who is taxed has a code from 01 to 06, 09 or 10."),
        "nothing_said": _("Without a code there is nothing to change: this buyer is taxed as everybody."),
        "untaxed_code": _("What is not taxed has code 07 or 08, or none for exports."),
        "say_why": _("Say why no tax is charged. It is printed on documents."),
        "facility": _("Codes 07 and 08 name the facility."),
        "no_facility": _("Only codes 07 and 08 have a facility."),
    }
    examples = {"add_info": "TD.00501", "facility_stamp": "TD.01101"}
    for field, why in treatment_faults(values, country=country):
        text = _("It is written like %(example)s.") % {"example": examples[field]} if why == "form" else texts[why]
        findings.add(1, field, text)
    findings.raise_if_any()
    return values
