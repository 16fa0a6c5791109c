from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from niaga.core.errors import Refusal
from niaga.invoicing.queries.invoices import invoice_lines, listed_invoices
from niaga.invoicing.services.set_write_off_rule import set_write_off_rule
from niaga.invoicing.services.write_off_invoice import write_off_invoice
from niaga.organization.access import Actor
from niaga.sales.rules.put_right import RightLine
from niaga.sales.services.put_invoice_right import RightDetails, put_invoice_right

_RIGHT = (
    ("Diskon yang disepakati belum dihitung", RightLine(discount_percent=Decimal(5))),
    ("Nama barang keliru di faktur", RightLine(description="Kopi bubuk pilihan, kemasan baru")),
)
_GIVEN_UP = ("Toko tutup, pemilik tidak bisa dihubungi", "Sisa sengketa, disepakati tidak ditagih")


@transaction.atomic
def open_demo_corrections(*, users: Mapping[str, Actor], at: datetime) -> None:
    """Invoices that were wrong and are put right, and debts that were given up."""
    finance = users["finance"]
    company_id = next(iter(listed_invoices(by=finance, today=at.date())[:1])).company_id
    set_write_off_rule(company_id=company_id, most=Decimal(1_000), by=users["owner"], at=at - timedelta(days=30))
    rows: Any = listed_invoices(by=finance, today=at.date()).filter(status="issued", kind="invoice", currency="IDR")
    untouched = rows.filter(credit_notes=None, tax_by_buyer=0)
    late = at - timedelta(days=1)
    left = iter(untouched.filter(payment_state__in=("unpaid", "partial"), points_used=0).order_by("-date", "-id")[:30])
    for place, (reason, right) in enumerate(_RIGHT):
        for invoice in left:
            line = next(one for one in invoice_lines(invoice_id=invoice.pk) if one.quantity)
            with suppress(Refusal), transaction.atomic():
                put_invoice_right(
                    invoice_id=invoice.pk, details=RightDetails(reason, {line.id: right}), by=finance,
                    at=late + timedelta(hours=place),
                )  # fmt: skip
                break
    overdue = list(untouched.filter(payment_state="overdue").order_by("date", "id")[:2])
    for place, (invoice, reason) in enumerate(zip(overdue, _GIVEN_UP, strict=False)):
        half = (invoice.open / 2).quantize(Decimal(1)) if place else None
        with suppress(Refusal), transaction.atomic():
            write_off_invoice(invoice_id=invoice.pk, amount=half, reason=reason, by=finance, at=late)
