"""Issued invoices as the tax office has them, and what a Coretax file needs of each."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
import pycountry
from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DecimalField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from niaga.core.errors import NotFound
from niaga.invoicing.models import Invoice, InvoiceKind, InvoiceLine, TaxCurrencyRate, TaxFile
from niaga.invoicing.queries.tax_slips import with_slip_state
from niaga.invoicing.rules.coretax import (
    ANY_CODE,
    FACILITY_CODES,
    GOODS,
    HOME,
    SERVICE,
    TaxBuyer,
    TaxFault,
    TaxInvoice,
    TaxLine,
    faults_of,
    in_rupiah,
)
from niaga.organization.access import Actor, access_of

_MONEY = DecimalField(max_digits=19, decimal_places=4)
UNIT = "UM.0018"
"""The tax office's "unit", for what is sold without one: freight and other charges."""


def taxed_invoices(*, by: Actor) -> QuerySet[Any]:
    """Issued invoices of the current company with a transaction code, each with its `tax_state`, `tax_serial`,
    `tax_currency_rate`, `tax_code`, `slip_left` and `slip_state`; what discounts by credit note take off it
    (`discount_net` …), and whether what was filed does not hold that (`to_replace`)."""
    seen = access_of(by).filter("tax_filing", branch=None, salesperson=None)
    coded = InvoiceLine.objects.filter(invoice_id=OuterRef("pk")).exclude(tax_code="")
    filed = Q(tax_filing__status__in=("exported", "filed")) & ~Q(tax_filing__discount=F("discount_net"))
    rows = Invoice.objects.filter(seen, Exists(coded), status="issued").exclude(
        kind__in=(InvoiceKind.CREDIT_NOTE, InvoiceKind.DEBIT_NOTE)
    )
    found: QuerySet[Any, Any] = (
        with_slip_state(rows)
        .annotate(
            tax_state=Coalesce(F("tax_filing__status"), Value("open"), output_field=CharField()),
            tax_serial=Coalesce(F("tax_filing__serial"), Value(""), output_field=CharField()),
            tax_currency_rate=F("tax_filing__currency_rate"),
            tax_code=Subquery(coded.order_by("position").values("tax_code")[:1]),
            **{f"discount_{name}": discounted(name) for name in ("net", "other_tax_base", "tax", "luxury_tax")},
        )
        .annotate(to_replace=Case(When(filed, then=True), default=False, output_field=BooleanField()))
    )
    return found


def discounted(name: str) -> Coalesce:
    """What early-payment discounts by credit note take off a figure of an invoice now."""
    notes = Invoice.objects.filter(Q(gives_discount__isnull=False) | Q(kind="debit_note"), credits_id=OuterRef("pk"))
    sign = Case(When(kind="debit_note", then=-1), default=1)
    total = notes.filter(status="issued").order_by().values("credits_id").annotate(sum=Sum(F(name) * sign))
    return Coalesce(Subquery(total.values("sum")), Value(Decimal(0)), output_field=_MONEY)


def discounts_of(invoice_ids: Iterable[UUID]) -> dict[UUID, Decimal]:
    """What early-payment discounts by credit note take off the nets of invoices now."""
    rows = Invoice.objects.filter(pk__in=list(invoice_ids))
    return dict(rows.annotate(discount=discounted("net")).values_list("pk", "discount"))


def taxed_credit_notes(*, by: Actor) -> QuerySet[Any]:
    """Issued credit notes whose invoice has a transaction code, each with the buyer's `return_number` and
    `return_date`, if it came, and the `corrected_serial`. Of an invoice that was put right the buyer makes none: its
    tax invoice is replaced or cancelled; of an early-payment discount none either: the tax invoice states it."""
    seen = access_of(by).filter("tax_filing", branch=None, salesperson=None)
    coded = InvoiceLine.objects.filter(invoice_id=OuterRef("pk")).exclude(tax_code="")
    rows = Invoice.objects.filter(
        seen,
        Exists(coded),
        status="issued",
        kind=InvoiceKind.CREDIT_NOTE,
        correction_note=None,
        gives_discount=None,
    )
    return rows.annotate(
        return_number=Coalesce(F("buyer_return__number"), Value(""), output_field=CharField()),
        return_date=F("buyer_return__date"),
        corrected_serial=Coalesce(F("credits__tax_filing__serial"), Value(""), output_field=CharField()),
    )


def tax_files(*, by: Actor) -> QuerySet[TaxFile]:
    """The Coretax files of the current company."""
    return TaxFile.objects.filter(access_of(by).filter("tax_filing", branch=None, salesperson=None)).select_related(
        "file"
    )


def tax_file_for(*, file_id: UUID, by: Actor) -> TaxFile:
    """:raises NotFound: there is none, or not for this person"""
    found = tax_files(by=by).filter(pk=file_id).first()
    if found is None:
        raise NotFound()
    return found


@dataclass(frozen=True, slots=True)
class Checked:
    """An invoice as a file would hold it, and why it cannot."""

    id: UUID
    customer_id: UUID
    facts: TaxInvoice
    faults: Sequence[tuple[TaxFault, str]]
    discount: Decimal = Decimal(0)
    """What of its net early-payment discounts took off, which the file holds as a discount."""


_INVOICES = """
SELECT i.id, i.customer_id, i.number, i.date, i.currency, i.prices_include_tax,
       i.party || coalesce(f.buyer, '{}'::jsonb),
       coalesce(nullif(b.nitku, ''), nullif(c.nitku, ''), c.npwp || %s), k.rate,
       (SELECT string_agg(DISTINCT d.number || coalesce(' (' || nullif(g.serial, '') || ')', ''), ', ')
          FROM invoicing_invoiceline l
          JOIN invoicing_invoiceline m ON m.id = l.credits_line_id JOIN invoicing_invoice d ON d.id = m.invoice_id
          LEFT JOIN invoicing_taxfiling g ON g.invoice_id = d.id
         WHERE l.invoice_id = i.id AND l.credits_line_id IS NOT NULL),
       i.tax_treatment, coalesce(w.serial, '')
  FROM invoicing_invoice i
  JOIN organization_company c ON c.id = i.company_id
  JOIN organization_branch b ON b.id = i.branch_id
  LEFT JOIN invoicing_taxfiling f ON f.invoice_id = i.id
  LEFT JOIN invoicing_taxfiling w ON w.id = f.replaces_id
  LEFT JOIN LATERAL (SELECT r.rate FROM invoicing_taxcurrencyrate r
                      WHERE r.company_id = i.company_id AND r.currency = i.currency
                        AND i.date BETWEEN r.valid_from AND r.valid_until
                      ORDER BY r.valid_from DESC LIMIT 1) k ON i.currency <> %s
 WHERE i.id = ANY(%s::uuid[]) AND i.company_id = %s::uuid
 ORDER BY i.date, i.number
"""
_LINES = """
SELECT l.invoice_id, l.description, CASE WHEN l.kind = 'charge' OR p.kind IN ('service', 'charge') THEN %s ELSE %s END,
       u.code, u.coretax_code, l.unit_price, l.quantity, l.net - coalesce(d.net, 0),
       l.other_tax_base - coalesce(d.other_tax_base, 0), l.tax_rate, l.tax - coalesce(d.tax, 0), l.tax_code,
       t.add_info, t.facility_stamp, l.base_numerator, l.base_denominator, l.luxury_rate,
       l.luxury_tax - coalesce(d.luxury_tax, 0), coalesce(d.net, 0)
  FROM invoicing_invoiceline l
  LEFT JOIN LATERAL (
    SELECT sum(s.sign * x.net) AS net, sum(s.sign * x.other_tax_base) AS other_tax_base, sum(s.sign * x.tax) AS tax,
           sum(s.sign * x.luxury_tax) AS luxury_tax
      FROM invoicing_invoiceline x JOIN invoicing_invoice n ON n.id = x.invoice_id AND n.status = 'issued'
     CROSS JOIN LATERAL (SELECT CASE WHEN n.kind = 'debit_note' THEN -1 ELSE 1 END AS sign) AS s
     WHERE x.credits_line_id = l.id AND x.quantity = 0 AND n.kind IN ('credit_note', 'debit_note')
  ) d ON true
  LEFT JOIN catalog_product p ON p.id = l.product_id
  LEFT JOIN catalog_unit u ON u.id = l.unit_id
  LEFT JOIN catalog_taxcategory t ON t.id = l.tax_category_id
 WHERE l.invoice_id = ANY(%s::uuid[]) AND l.tax_code <> ''
 ORDER BY l.invoice_id, l.position
"""


def checked_for_filing(*, company_id: UUID, invoice_ids: Collection[UUID]) -> tuple[str, list[Checked]]:
    """The company's tax number, and its named invoices by date and number as a file would hold them, each with its
    faults. Three statements, whatever their number. The caller has checked access."""
    ids = list(invoice_ids)
    with connection.cursor() as cursor:
        cursor.execute("SELECT npwp FROM organization_company WHERE id = %s::uuid", [company_id])
        (seller,) = cursor.fetchone()
        cursor.execute(_INVOICES, [ANY_CODE, HOME, ids, company_id])
        heads = cursor.fetchall()
        cursor.execute(_LINES, [SERVICE, GOODS, ids])
        lines: dict[UUID, list[tuple[Any, ...]]] = {}
        for row in cursor.fetchall():
            lines.setdefault(row[0], []).append(row)
    found = []
    for key, customer_id, number, day, currency, inclusive, party, nitku, kurs, advances, treatment, first in heads:
        rows = lines.get(key, [])
        facts = TaxInvoice(
            number=number, day=day, seller_nitku=nitku, buyer=_buyer(orjson.loads(party)), currency=currency,
            prices_include_tax=inclusive, lines=[_line(row, kurs) for row in rows], currency_rate=kurs,
            advances=advances or "", replaces=first,
            **_facility(rows, orjson.loads(treatment)),
            units_without_code=sorted({row[3] for row in rows if row[3] and not row[4]}),
        )  # fmt: skip
        discount = sum((row[18] for row in rows), Decimal(0))
        found.append(Checked(key, customer_id, facts, faults_of(facts, seller_tin=seller), discount))
    return seller, found


def _line(row: tuple[Any, ...], kurs: Decimal | None) -> TaxLine:
    _id, text, opt, _unit, unit, price, quantity, net, other, rate, tax, code = row[:12]
    line = TaxLine(text or "-", opt, unit or UNIT, price, quantity, net, other, rate, tax, code, row[16], row[17])
    return line if kurs is None else in_rupiah(line, rate=kurs, numerator=row[14], denominator=row[15])


def _facility(rows: Sequence[tuple[Any, ...]], treatment: Mapping[str, Any]) -> dict[str, str]:
    """The facility by which nothing is collected: the buyer's own, else that of the goods."""
    code = treatment.get("transaction_code")
    if code in FACILITY_CODES and any(row[11] == code for row in rows):
        day = str(treatment.get("document_date") or "")
        return {
            "add_info": str(treatment.get("add_info") or ""),
            "facility_stamp": str(treatment.get("facility_stamp") or ""),
            "custom_doc": str(treatment.get("document") or ""), "custom_doc_period": day[5:7] + day[:4],
        }  # fmt: skip
    return {
        "add_info": next((row[12] for row in rows if row[12]), ""),
        "facility_stamp": next((row[13] for row in rows if row[13]), ""),
    }


def tax_currency_rates(*, by: Actor) -> QuerySet[TaxCurrencyRate]:
    """The tax rates (kurs pajak) that the current company wrote."""
    return TaxCurrencyRate.objects.filter(access_of(by).filter("tax_filing", branch=None, salesperson=None))


def _buyer(party: Mapping[str, Any]) -> TaxBuyer:
    places = (str(party.get(name) or "") for name in ("street", "district", "city", "province", "postcode"))
    return TaxBuyer(
        name=str(party.get("name") or "-"), kind=str(party.get("tax_id_kind") or ""),
        number=str(party.get("tax_id") or ""), address=", ".join(filter(None, places)),
        email=str(party.get("email") or ""), nitku=str(party.get("nitku") or ""),
        country=alpha_3(str(party.get("country") or "ID")),
    )  # fmt: skip


def alpha_3(country: str) -> str:
    """`ID` as `IDN` (ISO 3166-1); what is no country is taken for Indonesia."""
    found = pycountry.countries.get(alpha_2=country.upper())
    return found.alpha_3 if found is not None else "IDN"
