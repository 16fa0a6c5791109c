"""Deeds of the second half of an order, each said just before it is done: what kills and soaks draw from.

A deed is a generator: it makes what it needs by the real services, yields the name of what it is about to do, does it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from niaga.invoicing.models import Invoice, WriteOff
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.invoicing.services.issue_invoices import issue_invoices
from niaga.invoicing.services.reverse_write_off import reverse_write_off
from niaga.invoicing.services.write_off_invoice import write_off_invoice
from niaga.organization.access import SYSTEM
from niaga.payments.models import GatewayAccount, Payment
from niaga.payments.rules.gateways.shape import Told
from niaga.payments.rules.line_parts import Part
from niaga.payments.services.book_lines import book_line
from niaga.payments.services.book_locked_line import Booking
from niaga.payments.services.clear_giro import clear_giro
from niaga.payments.services.pay_out_credit import PayOut, pay_out_credit
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.payments.services.record_payout import PayoutDetails
from niaga.payments.services.record_shown_payout import record_shown_payout
from niaga.payments.services.refund_payment import RefundDetails, refund_payment
from niaga.payments.services.request_payment import request_payment
from niaga.payments.services.reverse_payment import reverse_payment
from niaga.payments.services.send_payment_request import send_payment_request
from niaga.payments.services.settle_payment_request import settle_payment_request
from niaga.payments.services.unbook_line import unbook_line
from niaga.payments.tests.gateways import make_gateway, without_a_net
from niaga.portal.services.dispute_invoice import dispute_invoice
from niaga.portal.services.end_case import end_case
from niaga.portal.services.invite_contact import invite_contact
from niaga.portal.services.report_payment import report_payment
from niaga.portal.tests.visits import make_contact, visitor_by_access
from niaga.returns.models import ReturnLine
from niaga.returns.services.authorize_return import authorize_return
from niaga.returns.services.inspect_return import Finding, inspect_return
from niaga.returns.services.receive_return import receive_return
from niaga.returns.services.settle_return import settle_return
from niaga.returns.tests.shop import make_return
from niaga.sales.models import SalesOrder
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.credit_invoice import credit_invoice
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.put_invoice_right import RightDetails, put_invoice_right
from niaga.shipping.models import Carrier
from niaga.shipping.services.ask_carrier import ask_carrier
from niaga.shipping.services.book_shipments import ShipmentDetails, book_shipments
from niaga.shipping.services.cancel_shipment import cancel_shipment
from niaga.shipping.services.send_booking import send_booking
from niaga.shipping.tests.makers import make_carrier
from niaga.stock.models import Warehouse
from niaga.stock.services.check_lines import StockItem
from niaga.stock.services.create_warehouse import create_warehouse
from niaga.stock.services.draft_transfer import draft_transfer
from niaga.stock.services.receive_transfer import receive_transfer
from niaga.stock.services.ship_transfer import ship_transfer
from tests.bank import make_bank_account, make_line
from tests.makers import NOW, World, make_confirmed_order, make_customer, make_product, make_shipped_order, make_world

D = Decimal
Deed = Iterator[str]


@dataclass
class Place:
    """A company with all that the deeds need, and who does them."""

    world: World
    customers: list[UUID]
    products: list[UUID]
    bank: UUID
    gateway: GatewayAccount
    carrier: Carrier
    depot: Warehouse
    accesses: dict[UUID, UUID]
    dice: Random

    def sold(self) -> SalesOrder:
        """Shipped, two products, not invoiced."""
        lines = [LineInput(product_id=one, quantity=D(2)) for one in self.dice.sample(self.products, 2)]
        return make_shipped_order(self.world, lines, customer=self._customer())  # type: ignore[arg-type]

    def billed(self) -> Invoice:
        invoice_id = invoice_order(order_id=self.sold().id, by=self.world.owner, at=NOW)
        return issue_invoice(invoice_id=invoice_id, by=self.world.owner, at=NOW)

    def paid(self, invoice: Invoice, method: str = "transfer") -> Payment:
        details = PaymentDetails(method=method, currency="IDR", amount=invoice.total, reference=f"B{invoice.number}")
        return record_payment(
            customer_id=invoice.customer_id, branch_id=self.world.branch.id, invoices=[(invoice.id, None)],
            details=details, by=self.world.owner, at=NOW,
        )  # fmt: skip

    def _customer(self) -> object:
        @dataclass
        class Known:
            id: UUID

        return Known(self.dice.choice(self.customers))


def make_place(dice: Random, carrier_url: str) -> Place:
    world = make_world()
    customers = [make_customer(world) for _n in range(5)]
    accesses = {}
    for place, one in enumerate(customers):
        contact = make_contact(world, one, f"sari{place}@toko.example")
        invited = invite_contact(customer_id=one.pk, contact_id=contact.pk, by=world.owner, at=NOW)
        accesses[one.pk] = invited.pk
    depot = create_warehouse(
        company_id=world.company.id, code="ZDEPO", name="Depo Waru", branch_id=world.branch.id, by=world.owner, at=NOW
    )
    return Place(
        world, [one.pk for one in customers], [make_product(world, stock=10_000_000).id for _n in range(5)],
        make_bank_account(world), make_gateway(world), make_carrier(world, "rest", base_url=carrier_url), depot,
        accesses, dice,
    )  # fmt: skip


def _bill(place: Place) -> Deed:
    drafts = [invoice_order(order_id=place.sold().id, by=place.world.owner, at=NOW) for _n in range(2)]
    yield "issue_invoices"
    issue_invoices(invoice_ids=drafts, by=place.world.owner, at=NOW)


def _pay(place: Place) -> Deed:
    invoice = place.billed()
    yield "record_payment"
    payment = place.paid(invoice)
    yield "refund_payment"
    refund_payment(
        payment_id=payment.id, details=RefundDetails("transfer", "Salah kirim", D(1000)), by=place.world.owner, at=NOW
    )


def _giro(place: Place) -> Deed:
    payment = place.paid(place.billed(), "giro")
    yield "clear_giro"
    clear_giro(payment_id=payment.id, by=place.world.owner, at=NOW)
    yield "reverse_payment"
    reverse_payment(payment_id=payment.id, reason="Tolakan", bounced=True, by=place.world.owner, at=NOW)


def _bank(place: Place) -> Deed:
    invoice = place.billed()
    line = make_line(place.world, place.bank, f"TRSF {invoice.number} {invoice.pk}", int(invoice.total) - 2500)
    parts = [
        Part("payment", invoice.total, invoice.customer_id, ((invoice.pk, None),)),
        Part("account", D(-2500), role="bank_fees"),
    ]
    yield "book_line"
    book_line(booking=Booking(line.pk, parts), by=place.world.owner, at=NOW)
    yield "unbook_line"
    unbook_line(line_id=line.pk, reason="Salah", by=place.world.owner, at=NOW)


def _online(place: Place) -> Deed:
    invoice = place.billed()
    yield "request_payment"
    asked = request_payment(invoice_id=invoice.id, method="link", bank="", by=place.world.owner, at=NOW)
    yield "send_payment_request"
    with without_a_net():
        send_payment_request(request_id=asked.id, clock=lambda: NOW)
    yield "settle_payment_request"
    told = Told(str(asked.id), "paid", "p-1", asked.amount, D(4000))
    settle_payment_request(request_id=asked.id, told=told, account_id=place.gateway.pk, at=NOW)
    line = make_line(place.world, place.bank, f"NIAGA SANDBOX {asked.id}", int(asked.amount) - 5000)
    yield "record_shown_payout"
    details = PayoutDetails(asked.amount - 5000, D(1000))
    record_shown_payout(line_id=line.pk, account_id=place.gateway.pk, details=details, by=place.world.owner, at=NOW)


def _give_up(place: Place) -> Deed:
    invoice = place.billed()
    yield "write_off_invoice"
    write_off_invoice(invoice_id=invoice.id, amount=D(1000), reason="Selisih", by=place.world.owner, at=NOW)
    part = WriteOff.objects.get(invoice_id=invoice.id)
    yield "reverse_write_off"
    reverse_write_off(write_off_id=part.pk, reason="Dibayar", by=place.world.owner, at=NOW)


def _right(place: Place) -> Deed:
    invoice = place.billed()
    place.paid(invoice)
    yield "put_invoice_right"
    details = RightDetails("Salah nomor PO", customer_reference="PO-9")
    put_invoice_right(invoice_id=invoice.id, details=details, by=place.world.owner, at=NOW)


def _credit(place: Place) -> Deed:
    invoice = place.billed()
    place.paid(invoice)
    yield "credit_invoice"
    note_id = credit_invoice(invoice_id=invoice.id, reason="Harga salah", by=place.world.owner, at=NOW)
    yield "issue_credit_note"
    issue_invoice(invoice_id=note_id, by=place.world.owner, at=NOW)
    yield "pay_out_credit"
    pay_out_credit(credit_note_id=note_id, details=PayOut("Kembali", "cash"), by=place.world.owner, at=NOW)


def _returned(place: Place) -> Deed:
    invoice = place.billed()
    place.paid(invoice)
    order = SalesOrder.objects.filter(customer_id=invoice.customer_id, invoice_progress="done").latest("id")
    by = place.world.owner
    yield "request_return"
    rma = make_return(place.world, order, 1)
    yield "authorize_return"
    authorize_return(return_id=rma.id, by=by, at=NOW)
    line = ReturnLine.objects.get(rma=rma)
    yield "receive_return"
    receive_return(return_id=rma.id, quantities={line.id: line.quantity}, by=by, at=NOW)
    yield "inspect_return"
    inspect_return(return_id=rma.id, findings=[Finding(line.id, "restock", line.quantity)], by=by, at=NOW)
    yield "settle_return"
    settle_return(return_id=rma.id, way=place.dice.choice(("credit", "refund")), by=by, at=NOW)


def _booked(place: Place) -> Deed:
    lines = [LineInput(product_id=place.dice.choice(place.products), quantity=D(1))]
    order = make_confirmed_order(place.world, lines, customer=place._customer())  # type: ignore[arg-type]
    delivery_id = deliver_order(order_id=order.id, by=place.world.owner, at=NOW)
    yield "book_shipments"
    [key] = book_shipments(
        delivery_ids=[delivery_id], carrier_id=place.carrier.id, details=ShipmentDetails(service="REG"), by=SYSTEM,
        at=NOW,
    )  # fmt: skip
    yield "send_booking"
    send_booking(shipment_id=key, clock=lambda: NOW)
    yield "ask_carrier"
    ask_carrier(shipment_id=key, clock=_later)
    yield "cancel_shipment"
    cancel_shipment(shipment_id=key, reason="Batal", called_off=True, by=place.world.owner, at=NOW)


def _moved(place: Place) -> Deed:
    main = Warehouse.objects.filter(company=place.world.company).exclude(pk=place.depot.pk).earliest("id")
    items = [StockItem(D(3), product_id=one) for one in place.dice.sample(place.products, 2)]
    yield "draft_transfer"
    transfer = draft_transfer(
        source_id=main.id, target_id=place.depot.id, items=items, expected_date=_later().date(), by=place.world.owner,
        at=NOW,
    )  # fmt: skip
    yield "ship_transfer"
    ship_transfer(transfer_id=transfer.id, by=place.world.owner, at=NOW)
    yield "receive_transfer"
    receive_transfer(transfer_id=transfer.id, by=place.world.owner, at=NOW)


def _told(place: Place) -> Deed:
    invoice = place.billed()
    visitor = visitor_by_access(place.accesses[invoice.customer_id], at=NOW)
    yield "report_payment"
    case_id = report_payment(
        visitor=visitor, invoice_id=invoice.id, amount=invoice.total, paid_on=NOW.date(), bank="BCA", text="Lunas",
        files=(), at=NOW,
    )  # fmt: skip
    yield "dispute_invoice"
    dispute_invoice(
        visitor=visitor, invoice_id=invoice.id, line_id=None, reason="quantity", amount=None, text="Kurang", files=(),
        at=NOW,
    )  # fmt: skip
    yield "end_case"
    end_case(case_id=case_id, outcome="declined", text="Belum masuk", name="Maya", by=place.world.owner, at=NOW)


def _later() -> datetime:
    return NOW + timedelta(days=5)


DEEDS: dict[str, Callable[[Place], Deed]] = {
    "bill": _bill, "pay": _pay, "giro": _giro, "bank": _bank, "online": _online, "give up": _give_up,
    "right": _right, "credit": _credit, "return": _returned, "ship": _booked, "move": _moved, "portal": _told,
}  # fmt: skip
