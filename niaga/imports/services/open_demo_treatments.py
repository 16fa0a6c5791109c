from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.invoicing.services.record_tax_slip import record_tax_slip
from niaga.organization.access import SYSTEM, Actor
from niaga.parties.queries.settings import terms_by_code
from niaga.parties.rules.customer import NewAddress, NewContact, NewCustomer
from niaga.parties.services.create_customers import create_customers
from niaga.parties.services.save_tax_treatment import save_tax_treatment
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.draft_order import OrderDetails, draft_order
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.settle_points import settle_points
from niaga.sales.services.ship_order_delivery import ship_order_delivery

Later = Callable[[datetime, Callable[[datetime], object]], None]


@dataclass(frozen=True, slots=True)
class _TaxedBuyer:
    """A buyer whose tax is another than usual, and the goods (by their place in the range) of each of its orders."""

    name: str
    contact: str
    city: str
    province: str
    street: str
    tax_id: str
    treatment: Mapping[str, Any]
    orders: tuple[tuple[tuple[int, int], ...], ...]
    slip: str = ""
    """The number on the first invoice's slip; empty where the buyer pays no tax to the state."""


_BUYERS = (
    _TaxedBuyer(
        "Dinas Sosial Kota Surabaya", "Ibu Endang", "Surabaya", "Jawa Timur", "Jl. Arief Rahman Hakim 131",
        "0001234567601000", {"transaction_code": "02"},
        (((2, 120), (40, 60)), ((5, 80),)), slip="7C1D5E90A2B34F61",
    ),
    _TaxedBuyer(
        "PT Energi Pelabuhan Nusantara (Persero)", "Bapak Surya", "Surabaya", "Jawa Timur", "Jl. Perak Timur 480",
        "0012345678602000", {"transaction_code": "03"},
        (((8, 90), (61, 48)), ((12, 60),)), slip="B4E2901C7D5A6F38",
    ),
    _TaxedBuyer(
        "PT Batam Pangan Bahari", "Bapak Rahmat", "Batam", "Kepulauan Riau", "Jl. Yos Sudarso 12, Batu Ampar",
        "0023456789215000",
        {
            "is_taxed": False, "transaction_code": "07", "region": "Kepulauan Riau", "add_info": "TD.00501",
            "facility_stamp": "TD.01101", "document": "PPFTZ-01/2026", "document_date": date(2026, 3, 2),
        },
        (((3, 150), (30, 96)), ((7, 72),)),
    ),
)  # fmt: skip


def open_demo_treatments(
    *,
    company_id: UUID,
    branch_id: UUID,
    product_ids: Sequence[UUID],
    seller: Actor,
    finance: Actor,
    at: datetime,
    first: datetime,
    later: Later,
) -> None:
    """A public office (02), a state company (03) and a buyer in a free zone, each with two orders from `first` on.

    The first invoice of those who pay the PPN to the state has its slip, the second waits for it. `later` plays a deed
    at its moment, among those of the other sales.
    """
    terms = terms_by_code(company_id)
    rows = [
        NewCustomer(
            name=one.name, payment_term_id=terms["NET30"], branch_id=branch_id, salesperson_id=seller.id,
            tax_id_kind="npwp", tax_id=one.tax_id, contacts=(NewContact(name=one.contact, is_main=True),),
            addresses=(NewAddress(street=one.street, city=one.city, province=one.province),),
        )
        for one in _BUYERS
    ]  # fmt: skip
    customer_ids = create_customers(company_id=company_id, rows=rows, by=SYSTEM, at=at)
    for buyer, customer_id in zip(_BUYERS, customer_ids, strict=True):
        save_tax_treatment(customer_id=customer_id, valid_from=at.date(), by=SYSTEM, at=at, **buyer.treatment)
        for turn, goods in enumerate(buyer.orders):
            lines = [LineInput(product_id=product_ids[place], quantity=Decimal(quantity)) for place, quantity in goods]
            sale = _Sale(customer_id, branch_id, lines, seller, finance, later, slip="" if turn else buyer.slip)
            later(first + timedelta(days=14 * turn), sale.promise)


@dataclass(frozen=True, slots=True)
class _Sale:
    customer_id: UUID
    branch_id: UUID
    lines: list[LineInput]
    seller: Actor
    finance: Actor
    later: Later
    slip: str

    def promise(self, at: datetime) -> None:
        order = draft_order(
            customer_id=self.customer_id, branch_id=self.branch_id, lines=self.lines, details=OrderDetails(),
            by=self.seller, at=at,
        )  # fmt: skip
        confirm_order(order_id=order.id, by=self.seller, at=at, shortage="backorder", prices="keep")
        self.later(at + timedelta(days=1), lambda when: self.ship(order.id, when))

    def ship(self, order_id: UUID, at: datetime) -> None:
        ship_order_delivery(delivery_id=deliver_order(order_id=order_id, by=SYSTEM, at=at), by=SYSTEM, at=at)
        draft_id = invoice_order(order_id=order_id, by=self.finance, at=at)
        invoice = issue_invoice(invoice_id=draft_id, by=self.finance, at=at)
        settle_points(invoice_id=invoice.id, at=at)
        if self.slip:
            self.later(at + timedelta(days=10), lambda when: self.record(invoice.id, when))

    def record(self, invoice_id: UUID, at: datetime) -> None:
        record_tax_slip(invoice_id=invoice_id, number=self.slip, day=at.date(), by=self.finance, at=at)
