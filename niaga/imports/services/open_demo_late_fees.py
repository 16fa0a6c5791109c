from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.core.errors import Refusal
from niaga.core.rules.calendar import previous_month
from niaga.invoicing.queries.charged_fees import charges, late_fees
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.invoicing.services.propose_late_fees import propose_late_fees
from niaga.invoicing.services.save_late_fee_rule import RuleInput, save_late_fee_rule
from niaga.invoicing.services.waive_late_fee import waive_late_fee
from niaga.organization.access import Actor

ISSUED = 3
"""So many fee invoices are issued already; the others wait as drafts."""


@transaction.atomic
def open_demo_late_fees(*, company_id: UUID, users: Mapping[str, Actor], at: datetime) -> None:
    """2 % a month after a week of grace; fee invoices of the last month, some issued, one waived in part."""
    finance = users["finance"]
    begin = previous_month(previous_month(at.date()).first).first
    rule = RuleInput(
        starts_on=begin, percent=Decimal(2), grace_days=7, cap_percent=Decimal(10), minimum=Decimal(10_000),
        with_older=True,
    )  # fmt: skip
    save_late_fee_rule(company_id=company_id, rule=rule, by=users["owner"], at=at - timedelta(days=60))
    propose_late_fees(company_id=company_id, by=finance, at=at - timedelta(days=1))
    largest = late_fees(by=finance).filter(invoice__currency="IDR").order_by("-charged", "id")[:ISSUED]
    for place, fee in enumerate(largest):
        with suppress(Refusal), transaction.atomic():
            issue_invoice(invoice_id=fee.invoice_id, by=finance, at=at - timedelta(hours=3))
            if place == 1:
                one = charges(by=finance).filter(fee_id=fee.pk).order_by("-amount", "id")[0]
                half = (one.amount / 2).quantize(Decimal(1))
                reason = "Barang datang terlambat, disepakati separuh"
                waive_late_fee(days_id=one.pk, amount=half, reason=reason, by=finance, at=at - timedelta(hours=2))
