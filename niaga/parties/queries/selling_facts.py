"""What selling needs to know of a customer, in one statement."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from niaga.parties.models import PaymentTerm


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """A customer as a document needs it. Addresses are plain dicts, ready to be frozen."""

    id: UUID
    company_id: UUID
    code: str
    name: str
    legal_name: str
    email: str
    phone: str
    language: str
    tax_id_kind: str
    tax_id: str
    nitku: str
    group_id: UUID | None
    payment_term_id: UUID | None
    branch_id: UUID | None
    salesperson_id: UUID | None
    is_archived: bool
    billing_address: dict[str, Any]
    delivery_address: dict[str, Any]

    def frozen_party(self) -> dict[str, Any]:
        """The buyer as an invoice keeps it for good."""
        return {
            "name": self.legal_name or self.name, "code": self.code, "email": self.email, "phone": self.phone,
            "tax_id_kind": self.tax_id_kind, "tax_id": self.tax_id, "nitku": self.nitku, **self.billing_address,
        }  # fmt: skip

    def frozen_delivery_address(self) -> dict[str, Any]:
        return {"name": self.name, "phone": self.phone, **(self.delivery_address or self.billing_address)}


_ADDRESS = """
(SELECT json_build_object('street', a.street, 'district', a.district, 'city', a.city, 'province', a.province,
        'postcode', a.postcode, 'country', a.country)
   FROM parties_address a WHERE a.customer_id = c.id AND a.archived_at IS NULL AND a.{wanted} ORDER BY a.id LIMIT 1)
"""
_SQL = f"""
SELECT c.id, c.company_id, c.code, c.name, c.legal_name, c.email, c.phone, c.language, c.tax_id_kind, c.tax_id, c.nitku,
       c.group_id, c.payment_term_id, c.branch_id, c.salesperson_id, c.archived_at IS NOT NULL,
       coalesce({_ADDRESS.format(wanted="for_billing")}, '{{}}'::json),
       coalesce({_ADDRESS.format(wanted="for_delivery")}, '{{}}'::json)
  FROM parties_customer c WHERE c.id = %s::uuid
"""


def customer_facts(*, customer_id: UUID) -> CustomerFacts | None:
    """The customer, or none. The caller checks access."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [customer_id])
        row = cursor.fetchone()
    return CustomerFacts(*row) if row else None


def term_parts(*, term_id: UUID | None) -> tuple[str, list[dict[str, Any]]]:
    """A payment term's name and parts, ready to freeze: percent (text), days, end_of_month. Without a term: at once."""
    if term_id is None:
        return "", [{"percent": "100", "days": 0, "end_of_month": False}]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.name, p.percent::text, p.days, p.end_of_month FROM parties_paymentterm t"
            " JOIN parties_termpart p ON p.term_id = t.id WHERE t.id = %s::uuid ORDER BY p.position, p.id",
            [term_id],
        )
        rows = cursor.fetchall()
    parts = [{"percent": percent, "days": days, "end_of_month": end} for _name, percent, days, end in rows]
    return (rows[0][0], parts) if rows else term_parts(term_id=None)


def has_term(company_id: UUID, term_id: UUID) -> bool:
    return PaymentTerm.objects.filter(pk=term_id, company_id=company_id).exists()
