from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _
from lxml import etree

from niaga.core.audit import record_all
from niaga.core.batch import Batch
from niaga.core.errors import Invalid, WrongState
from niaga.core.flow import check_move
from niaga.core.ids import new_id
from niaga.documents.services.store_file import store_file
from niaga.invoicing.errors import NotFit
from niaga.invoicing.models import TaxFile, TaxFiling
from niaga.invoicing.queries.tax_filings import Checked, checked_for_filing
from niaga.invoicing.rules.coretax import MOST, SCHEMA, xml_of
from niaga.invoicing.rules.tax_flow import TaxStatus, tax_flow
from niaga.invoicing.services.lock_filings import lock_filings
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.company_basics import company_basics


@transaction.atomic
def make_tax_file(*, company_id: UUID, invoice_ids: Collection[UUID], by: Actor, at: datetime) -> TaxFile:
    """Write issued invoices into a file for Coretax, all or none, and note them as exported.

    The same statements for one invoice and for a thousand.

    :raises Forbidden: the person may not make one
    :raises Invalid: none, or more than a file takes
    :raises NotFound: one is not the company's, not issued or has no transaction code
    :raises WrongState: one is in a file already, filed, cancelled or left out
    :raises NotFit: one cannot be filed as it is; every fault is told
    """
    access_of(by).require("tax_filing", "create", company_id=company_id)
    if not 0 < len(set(invoice_ids)) <= MOST:
        raise Invalid(_("A file holds 1 to %(most)s invoices.") % {"most": MOST}, field="invoice_ids")
    filings = lock_filings(company_id=company_id, invoice_ids=invoice_ids, at=at)
    for filing in filings.values():
        check_move(tax_flow, "export", filing.status)
    seller, invoices = checked_for_filing(company_id=company_id, invoice_ids=filings)
    refuse_unfit(invoices)
    content = xml_of([one.facts for one in invoices], seller_tin=seller)
    schema().assertValid(etree.fromstring(content))
    here = at.astimezone(ZoneInfo(company_basics(company_id).zone))
    file = TaxFile(
        id=new_id(), company_id=company_id, file=store_file(content=content, at=at),
        name=f"coretax-{here:%Y%m%d-%H%M%S}.xml", invoice_count=len(invoices),
        net=sum(line.net for one in invoices for line in one.facts.lines),
        tax=sum(line.tax for one in invoices for line in one.facts.lines), created_by=by.id, created_at=at,
    )  # fmt: skip
    batch = Batch()
    columns = ("id", "company_id", "file_id", "name", "invoice_count", "net", "tax", "created_by", "created_at")
    batch.insert(TaxFile, [{name: getattr(file, name) for name in columns}])
    batch.update_each(
        TaxFiling,
        [
            {"id": filings[one.id].id, "file_id": file.id, "currency_rate": one.facts.currency_rate,
             "discount": one.discount}
            for one in invoices
        ],
        values={
            "status": f"'{TaxStatus.EXPORTED}'", "file_id": "v.file_id", "currency_rate": "v.currency_rate",
            "discount": "v.discount",
            "updated_at": f"'{at.isoformat()}'",
        },
        condition="t.status = 'open'", refusal=WrongState,
    )  # fmt: skip
    record_all(
        batch=batch, subject_kind="invoice", subject_ids=list(filings), verb="tax_export", by=by.id, at=at,
        company_id=company_id,
    )  # fmt: skip
    batch.write()
    return file


def refuse_unfit(invoices: Sequence[Checked]) -> None:
    """:raises NotFit: an invoice has a fault"""
    lines: list[dict[str, Any]] = [
        {"line": place, "invoice_id": str(one.id), "number": one.facts.number, "code": str(fault), "about": about}
        for place, one in enumerate(invoices, start=1)
        for fault, about in one.faults
    ]
    if lines:
        raise NotFit(lines=lines)


@cache
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(SCHEMA)))
