"""What every new document needs to know of its company and branch, in one statement."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from django.db import connection

from niaga.core.errors import NotFound
from niaga.organization.rules.stamp_duty import duty_on


@dataclass(frozen=True, slots=True)
class DocumentContext:
    """Where and when a document is made: `today` is the branch's day, the settings are those that hold on it."""

    company_id: UUID
    company_code: str
    currency: str
    branch_id: UUID
    branch_code: str
    zone: str
    today: date
    charges_tax: bool
    prices_include_tax: bool
    round_total_to: Decimal
    quotation_valid_days: int
    clock: time
    """The hour at the branch."""
    country: str = "ID"
    """The company's."""
    tax_rounding: str = "line"
    other_currencies: Sequence[str] = ()
    """Those the company sells in besides `currency`."""
    rate_days: int = 7
    """So old an exchange rate may be."""
    stamp_duty: Decimal = Decimal(0)
    stamp_duty_above: Decimal = Decimal(0)
    """Due on what states more than this, in the company's currency."""

    def duty_on(self, stated: Decimal) -> Decimal:
        """The stamp duty today of a document that states so much money received, in the company's currency."""
        return duty_on(stated, duty=self.stamp_duty, above=self.stamp_duty_above)


_SQL = """
SELECT c.id, c.code, c.currency, b.id, b.code, b.zone, d.today,
       coalesce(f.charges_tax, true), coalesce(f.prices_include_tax, false), coalesce(f.round_total_to, 0),
       coalesce(f.quotation_valid_days, 14), (%s::timestamptz AT TIME ZONE b.zone)::time,
       c.country, coalesce(f.tax_rounding, 'line'),
       c.other_currencies, c.rate_days, coalesce(f.stamp_duty, 0), coalesce(f.stamp_duty_above, 0)
  FROM organization_branch b JOIN organization_company c ON c.id = b.company_id
 CROSS JOIN LATERAL (SELECT (%s::timestamptz AT TIME ZONE b.zone)::date AS today) d
  LEFT JOIN LATERAL (SELECT * FROM organization_fiscalsetting s WHERE s.company_id = c.id AND s.valid_from <= d.today
                      ORDER BY s.valid_from DESC LIMIT 1) f ON true
 WHERE b.id = ANY(%s::uuid[])
"""


def document_context(*, branch_id: UUID, at: datetime) -> DocumentContext:
    """:raises NotFound: no such branch"""
    found = document_contexts(branch_ids=[branch_id], at=at).get(branch_id)
    if found is None:
        raise NotFound(field="branch_id")
    return found


def document_contexts(*, branch_ids: Collection[UUID], at: datetime) -> dict[UUID, DocumentContext]:
    """By branch; one statement, however many. A branch that is not there is missing."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [at, at, list(branch_ids)])
        found = [DocumentContext(*row) for row in cursor.fetchall()]
    return {one.branch_id: one for one in found}
