"""What selling needs to know of a customer, in one statement."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from niaga.parties.models import PaymentTerm


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """A customer as a document needs it. Addresses are plain dicts, ready to be frozen, each with its `id`.

    `territory_ids` are the customer's sales area and the areas around it, each inside the next.
    `contact` is the main contact, or the one that was asked for: `id`, `name`, `role`, `email`, `phone`; or empty.
    """

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
    territory_ids: tuple[UUID, ...]
    billing_address: dict[str, Any]
    delivery_address: dict[str, Any]
    contact: dict[str, Any] = field(default_factory=dict)
    tax_treatments: tuple[dict[str, Any], ...] = ()
    """How they are taxed in place of the usual, with first and last day: plain columns, days as text."""

    currency: str = ""
    """Of their documents; empty: the company's own."""

    @property
    def has_tax_number(self) -> bool:
        """Whether they buy as a business: a number of their own country's tax office, not a person's."""
        return bool(self.tax_id) and self.tax_id_kind in ("npwp", "other")

    @property
    def contact_id(self) -> UUID | None:
        return UUID(self.contact["id"]) if self.contact else None

    def frozen_party(self, billing_address: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The buyer as an invoice keeps it for good, billed at `billing_address` or at the customer's own."""
        place = billing_address or self.billing_address
        return {
            "name": self.legal_name or self.name, "code": self.code, "email": self.email, "phone": self.phone,
            "tax_id_kind": self.tax_id_kind, "tax_id": self.tax_id, "nitku": self.nitku,
            **{name: place[name] for name in _PLACE if name in place},
        }  # fmt: skip

    def frozen_delivery_address(self) -> dict[str, Any]:
        """Where goods go and who takes them, as an order and its deliveries keep it."""
        place = self.delivery_address or self.billing_address
        taker = {"contact": self.contact["name"]} if self.contact else {}
        return {"name": self.name, "phone": self.contact.get("phone") or self.phone, **taker, **place}


_PLACE = ("street", "district", "city", "province", "postcode", "country")
_ADDRESS = """
(SELECT json_build_object('id', a.id, 'label', a.label, 'street', a.street, 'district', a.district, 'city', a.city,
        'province', a.province, 'postcode', a.postcode, 'country', a.country)
   FROM parties_address a WHERE a.customer_id = c.id AND a.archived_at IS NULL AND (a.{wanted} OR a.id = %s::uuid)
  ORDER BY a.id = %s::uuid DESC NULLS LAST, a.id LIMIT 1)
"""
_CONTACT = """
(SELECT json_build_object('id', p.id, 'name', p.name, 'role', p.role, 'email', p.email, 'phone', p.phone)
   FROM parties_contact p WHERE p.customer_id = c.id AND p.archived_at IS NULL AND (p.is_main OR p.id = %s::uuid)
  ORDER BY p.id = %s::uuid DESC NULLS LAST, p.id LIMIT 1)
"""
_DEEPEST = 20
"""So many areas inside one another are followed: a ring, should one be made, ends."""
_AREAS = f"""
array(WITH RECURSIVE area(id, parent_id, depth) AS (
        SELECT t.id, t.parent_id, 0 FROM organization_territory t WHERE t.id = c.territory_id
        UNION ALL
        SELECT t.id, t.parent_id, area.depth + 1 FROM organization_territory t JOIN area ON t.id = area.parent_id
         WHERE area.depth < {_DEEPEST})
      SELECT area.id FROM area ORDER BY area.depth)
"""
_TREATMENTS = """
(SELECT json_agg(json_build_object('valid_from', x.valid_from, 'valid_until', x.valid_until, 'region', x.region,
        'is_taxed', x.is_taxed, 'transaction_code', x.transaction_code, 'add_info', x.add_info,
        'facility_stamp', x.facility_stamp, 'document', x.document, 'document_date', x.document_date,
        'note', x.note) ORDER BY x.valid_from)
   FROM parties_taxtreatment x WHERE x.customer_id = c.id)
"""
_SQL = f"""
SELECT c.id, c.company_id, c.code, c.name, c.legal_name, c.email, c.phone, c.language, c.tax_id_kind, c.tax_id, c.nitku,
       c.group_id, c.payment_term_id, c.branch_id, c.salesperson_id, c.archived_at IS NOT NULL, {_AREAS},
       coalesce({_ADDRESS.format(wanted="for_billing")}, '{{}}'::json),
       coalesce({_ADDRESS.format(wanted="for_delivery")}, '{{}}'::json),
       coalesce({_CONTACT}, '{{}}'::json), coalesce({_TREATMENTS}, '[]'::json),
       c.currency
  FROM parties_customer c WHERE c.id = %s::uuid
"""


_NAMES = [one.name for one in fields(CustomerFacts)]
_AREAS_PLACE, _TREATMENTS_PLACE = _NAMES.index("territory_ids"), _NAMES.index("tax_treatments")


def customer_facts(
    *,
    customer_id: UUID,
    contact_id: UUID | None = None,
    delivery_address_id: UUID | None = None,
    billing_address_id: UUID | None = None,
) -> CustomerFacts | None:
    """The customer, or none. The caller checks access.

    A contact or address that is named takes the place of the customer's main one; named ones that are not the
    customer's, or were put away, do not.
    """
    named = [billing_address_id, delivery_address_id, contact_id]
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [*(one for one in named for _twice in range(2)), customer_id])
        row = cursor.fetchone()
    if row is None:
        return None
    known = list(row)
    known[_AREAS_PLACE] = tuple(known[_AREAS_PLACE])
    known[_TREATMENTS_PLACE] = tuple(known[_TREATMENTS_PLACE])
    return CustomerFacts(*known)


def term_parts(*, term_id: UUID | None) -> tuple[str, list[dict[str, Any]]]:
    """A payment term's name and parts, ready to freeze: percent (text), days, end_of_month,
    after_exchange; the first with discount_percent (text) and discount_days, where the term has one, and
    discount_lessens_tax where a credit note gives it. Without a term: at once."""
    if term_id is None:
        return "", [{"percent": "100", "days": 0, "end_of_month": False, "after_exchange": False}]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.name, p.percent::text, p.days, p.end_of_month, p.after_exchange,"
            " t.discount_percent::text, t.discount_days, t.discount_lessens_tax FROM parties_paymentterm t"
            " JOIN parties_termpart p ON p.term_id = t.id WHERE t.id = %s::uuid ORDER BY p.position, p.id",
            [term_id],
        )
        rows = cursor.fetchall()
    parts = [
        {"percent": percent, "days": days, "end_of_month": end, "after_exchange": exchange}
        for _name, percent, days, end, exchange, *_discount in rows
    ]
    if rows and Decimal(rows[0][5]):
        parts[0] |= {"discount_percent": rows[0][5], "discount_days": rows[0][6]}
        if rows[0][7]:
            parts[0]["discount_lessens_tax"] = True
    return (rows[0][0], parts) if rows else term_parts(term_id=None)


def has_term(company_id: UUID, term_id: UUID) -> bool:
    return PaymentTerm.objects.filter(pk=term_id, company_id=company_id).exists()
