from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid, NotFound
from niaga.core.ids import new_id
from niaga.core.inputs import Findings, check_values
from niaga.organization.access import Actor, access_of
from niaga.parties.errors import CodeTaken
from niaga.parties.models import PaymentTerm, TermPart
from niaga.parties.rules.early_discount import check_discount
from niaga.parties.rules.terms import BadTerm, Part, check_parts

MOST_PARTS = 36


@transaction.atomic
def save_payment_term(
    *,
    company_id: UUID,
    code: str,
    name: str,
    parts: Sequence[Part],
    by: Actor,
    at: datetime,
    term_id: UUID | None = None,
    archive: bool = False,
    discount_percent: Decimal = Decimal(0),
    discount_days: int = 0,
    discount_lessens_tax: bool = False,
) -> PaymentTerm:
    """Add a payment term, change it, or put it away. Invoices keep the due dates they were issued with.

    `discount_percent` is what may be taken off when the rest is paid within `discount_days` of the invoice's date;
    with `discount_lessens_tax` by a credit note, which lessens the tax base and the tax.

    :raises NotFound: there is no such term
    :raises Forbidden: `by` may not change settings
    :raises Invalid: a value is missing, the instalments do not make a hundred percent, or the discount cannot be
    :raises CodeTaken: another term has the code
    """
    access_of(by).require("setting", "change", company_id=company_id)
    findings = Findings()
    values = check_values(PaymentTerm, {"code": code, "name": name}, findings=findings)
    findings.raise_if_any()
    if not 1 <= len(parts) <= MOST_PARTS:
        raise Invalid(_("A term has 1 to %(most)d parts.") % {"most": MOST_PARTS}, field="parts")
    try:
        check_parts(parts)
    except BadTerm as bad:
        raise Invalid(term_fault(bad.code), field="parts") from bad
    try:
        check_discount(discount_percent, discount_days)
    except BadTerm as bad:
        raise Invalid(term_fault(bad.code), field="discount_percent") from bad
    values |= {"discount_percent": discount_percent, "discount_days": discount_days}
    values["discount_lessens_tax"] = discount_lessens_tax and discount_percent > 0
    values["archived_at"] = at if archive else None
    batch = Batch()
    if term_id is None:
        term_id = new_id()
        batch.insert(PaymentTerm, [{"id": term_id, "company_id": company_id, **values}])
    else:
        if not PaymentTerm.objects.select_for_update().filter(pk=term_id, company_id=company_id).exists():
            raise NotFound()
        batch.update(PaymentTerm, where={"id": term_id}, values=values)
        batch.sql("gone", "DELETE FROM parties_termpart WHERE term_id = %s::uuid RETURNING 1", [term_id])
    rows = [{"position": n, **part._asdict()} for n, part in enumerate(parts, start=1)]
    batch.insert(TermPart, rows, term_id=term_id)
    record(batch=batch, subject_kind="payment_term", subject_id=term_id, verb="save", by=by.pk, at=at,
           company_id=company_id, data={**values, "parts": rows})  # fmt: skip
    try:
        with transaction.atomic():
            batch.write()
    except IntegrityError as error:
        raise CodeTaken(field="code") from error
    return PaymentTerm(id=term_id, company_id=company_id, **values)


def term_fault(code: str) -> str:
    if code == "percent_not_hundred":
        return _("The parts must make 100 % together.")
    if code == "days_out_of_range":
        return _("Days are 0 to 3650.")
    if code == "discount_out_of_range":
        return _("The discount is below 100 %, and days are for a discount only.")
    return _("Each part is more than 0 % and at most 100 %.")
