"""What payments add to a customer's account: advances of a day, money in and money taken back."""

from datetime import date
from uuid import UUID

from django.db.models import F

from niaga.core.money import exponent
from niaga.core.queries.told import Sql, joined, sql_of
from niaga.invoicing.queries.account_sources import Narrowed
from niaga.organization.access import Actor, access_of
from niaga.payments.models import Payment


class PaymentAccount:
    """The reason of a reversal is the house's own and never told to the customer."""

    def unspent(self, *, by: Actor, day: date, narrowed: Narrowed) -> Sql:
        """One that was reversed later was there on the day."""
        company = access_of(by).current_company
        seen = Payment.objects.filter(access_of(by).filter("payment"), date__lte=day, **narrowed.columns()).order_by()
        home, digits = company.currency, exponent(company.currency)
        return joined(
            "SELECT id, 'payment', id, number, customer_id, currency, date, NULL::date, -amount, taken - amount,"
            " CASE WHEN taken = amount THEN 0",
            Sql(" WHEN currency = %s THEN taken ELSE round(base_amount * taken / amount::numeric(60,24), %s) END"
                " - CASE WHEN taken = amount THEN 0 ELSE base_amount END FROM (", (home, digits)),
            "SELECT p.*, p.allocated - coalesce(l.taken, 0) AS taken FROM (",
            sql_of(seen.values("id", "number", "customer_id", "currency", "date", "amount", "allocated", "base_amount",
                               gone_on=F("reversal__date"))),
            Sql(") p LEFT JOIN (SELECT source_id, sum(taken) AS taken FROM (SELECT source_id, coalesce(source_amount,"
                " amount) AS taken FROM invoicing_allocation WHERE company_id = %s::uuid AND date > %s::date"
                " AND source_kind = 'payment' UNION ALL SELECT payment_id, amount FROM payments_refund WHERE"
                " company_id = %s::uuid AND date > %s::date AND status <> 'failed') u GROUP BY 1) l"
                " ON l.source_id = p.id WHERE (p.allocated < p.amount OR l.source_id IS NOT NULL)"
                " AND (p.gone_on IS NULL OR p.gone_on > %s::date)) y", (company.id, day, company.id, day, day)),
        )  # fmt: skip

    def movements(self, *, customer_id: UUID) -> Sql:
        return Sql(_MOVEMENTS, (customer_id, customer_id, customer_id))

    def sees_all(self, *, customer_id: UUID, by: Actor) -> bool:
        access = access_of(by)
        rest = Payment.objects.filter(customer_id=customer_id).exclude(access.filter("payment"))
        return access.allows("payment", "view") and not rest.exists()


_MOVEMENTS = """
SELECT p.date, p.created_at AS at, 'payment' AS kind, p.id AS document_id, p.number, p.currency, -p.amount AS amount,
       NULL::date AS due_date, p.reference AS note
  FROM payments_payment p WHERE p.customer_id = %s::uuid
 UNION ALL
SELECT r.date, r.at, 'reversal', p.id, p.number, p.currency, p.amount, NULL, p.reference
  FROM payments_paymentreversal r JOIN payments_payment p ON p.id = r.payment_id WHERE p.customer_id = %s::uuid
 UNION ALL
SELECT f.date, f.created_at, 'refund', p.id, f.number, f.currency, f.amount, NULL, f.reference
  FROM payments_refund f JOIN payments_payment p ON p.id = f.payment_id
 WHERE f.customer_id = %s::uuid AND f.status <> 'failed'
"""
