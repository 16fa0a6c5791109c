from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid, NotFound
from niaga.core.ids import new_id
from niaga.core.money import round_amount
from niaga.ledger.rules.postings import supplier_credited
from niaga.ledger.services.post_entry import post_entry
from niaga.organization.access import Actor, access_of
from niaga.returns.errors import MoreThanExpected, ReasonMissing
from niaga.returns.models import CreditWay, SupplierCredit, SupplierCreditReceipt
from niaga.returns.services.lock_return import lock_return


@dataclass(frozen=True, slots=True)
class CreditDetails:
    """How so much ended; `amount` None: all that is open. `day` None: today."""

    way: str
    amount: Decimal | None = None
    day: date | None = None
    reference: str = ""
    note: str = ""


@transaction.atomic
def note_supplier_credit(
    *, credit_id: UUID, details: CreditDetails, by: Actor, at: datetime
) -> SupplierCreditReceipt:  # fmt: skip
    """Write down that a supplier credited so much: money on the bank, or a credit note that lessens what is owed for
    their goods. What they will not credit is written off with a word why: it stays a cost of sales.

    :raises NotFound: no such credit
    :raises Forbidden: the person may not settle returns, or not see what goods cost
    :raises Invalid: no such way, or an amount or a day that cannot be
    :raises ReasonMissing: written off without a word why
    :raises MoreThanExpected: more than is open
    :raises PeriodClosed: the books of that month are closed
    """
    credit = SupplierCredit.objects.filter(pk=credit_id).first()
    if credit is None:
        raise NotFound()
    rma = lock_return(return_id=credit.rma_id, action="settle", by=by)
    access_of(by).require("product", "see_cost", company_id=rma.company_id)
    currency, today = rma.company.currency, day_at(at=at, zone=rma.branch.zone)
    if details.way not in CreditWay.values:
        raise Invalid(field="way")
    day = details.day or today
    if not credit.date <= day <= today:
        raise Invalid(field="day")
    if details.way == CreditWay.WRITTEN_OFF and not details.note.strip():
        raise ReasonMissing(field="note")
    ended = SupplierCreditReceipt.objects.filter(credit_id=credit.id).aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    left = credit.amount - ended
    amount = left if details.amount is None else details.amount
    if left <= 0 or amount > left:
        raise MoreThanExpected(field="amount", available=left)
    if amount <= 0 or amount != round_amount(amount, currency):
        raise Invalid(field="amount")
    made = SupplierCreditReceipt(
        id=new_id(), credit_id=credit.id, way=details.way, amount=amount, date=day,
        reference=details.reference.strip()[:60], note=details.note.strip()[:500], by=by.id, at=at,
    )  # fmt: skip
    batch = Batch()
    batch.insert(
        SupplierCreditReceipt, [{one.attname: getattr(made, one.attname) for one in made._meta.concrete_fields}]
    )
    post_entry(
        batch=batch, company_id=rma.company_id, branch_id=credit.branch_id, date=day, source_kind="supplier_credit",
        source_id=credit.id, number=rma.number or "", currency=currency,
        postings=supplier_credited(details.way, amount), customer_id=None, by=by.id, at=at,
    )  # fmt: skip
    record(
        batch=batch, subject_kind="return", subject_id=rma.id, verb="supplier_credit", by=by.id, at=at,
        company_id=rma.company_id, note=made.note or made.reference, data={"way": made.way, "amount": str(amount)},
    )  # fmt: skip
    batch.write()
    return made
