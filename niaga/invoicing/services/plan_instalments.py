from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch, Sql
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound, StaleVersion, WrongState
from niaga.invoicing.errors import BadInstalments, InstalmentsDiffer
from niaga.invoicing.models import Invoice, InvoiceKind
from niaga.invoicing.rules.instalments import MOST, BadPlan, Instalment, check_plan, equal_parts
from niaga.organization.access import Actor, access_of


@transaction.atomic
def plan_instalments(
    *,
    invoice_id: UUID,
    parts: Sequence[Instalment] = (),
    count: int | None = None,
    first: date | None = None,
    version: int | None = None,
    by: Actor,
    at: datetime,
) -> Invoice:
    """Part what a draft will claim into instalments: typed `parts`, or `count` equal ones by the month from `first` on.
    Neither: it falls due by its payment term again. The plan is frozen when it is issued.

    :raises NotFound: no such invoice
    :raises Forbidden: the person may not change it
    :raises WrongState: it is issued or discarded, or a credit note
    :raises StaleVersion: somebody saved in between
    :raises BadInstalments: an instalment cannot be; `lines` name it
    :raises InstalmentsDiffer: they do not make what is to be paid
    """
    invoice = Invoice.objects.select_for_update(of=("self",)).select_related("branch").filter(pk=invoice_id).first()
    if invoice is None:
        raise NotFound()
    access_of(by).require("invoice", "change", invoice)
    if invoice.status != "draft" or invoice.kind == InvoiceKind.CREDIT_NOTE:
        raise WrongState()
    if version is not None and version != invoice.version:
        raise StaleVersion()
    try:
        plan = list(parts)
        if count is not None:
            first = first or day_at(at=at, zone=invoice.branch.zone)
            plan = equal_parts(total=invoice.payable, count=count, first=first, currency=invoice.currency)
        if plan:
            check_plan(plan, total=invoice.payable, currency=invoice.currency)
    except BadPlan as bad:
        raise _refusal(bad) from bad
    kept = [{"due_date": part.due_date.isoformat(), "amount": str(part.amount)} for part in plan]
    batch = Batch()
    batch.update(
        Invoice,
        where={"id": invoice.id, "status": "draft"},
        values={"instalments": kept, "version": Sql("t.version + 1"), "updated_at": at},
    )
    record(
        batch=batch, subject_kind="invoice", subject_id=invoice.id, verb="plan", by=by.id, at=at,
        company_id=invoice.company_id, data={"instalments": kept},
    )  # fmt: skip
    batch.write()
    invoice.instalments = kept
    invoice.version += 1
    return invoice


def _refusal(bad: BadPlan) -> BadInstalments | InstalmentsDiffer:
    if bad.code == "differs":
        return InstalmentsDiffer(field="instalments")
    text = {
        "too_few": _("A plan has at least two instalments."),
        "too_many": _("A plan has at most %(most)d instalments.") % {"most": MOST},
        "not_positive": _("Each instalment is more than zero."),
        "too_fine": _("An amount is finer than the currency's smallest unit."),
        "too_far": _("This day is out of reach: write the year in four figures."),
        "not_in_order": _("Each instalment is due later than the one before."),
    }[bad.code]
    lines = [{"line": bad.place, "code": bad.code, "message": text}] if bad.place else []
    return BadInstalments(text, field="instalments", lines=lines)
