"""A company with one of everything, and the addresses of all its pages, read from the URL configuration itself."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from PIL import Image

from niaga.approvals.models import ApprovalRequest
from niaga.approvals.services.decide_approval import decide_approval
from niaga.approvals.services.delegate_approvals import delegate_approvals
from niaga.approvals.services.save_rule import RuleDetails, save_rule
from niaga.catalog.models import TaxCategory, Unit
from niaga.catalog.rules.product import NewSubstitute
from niaga.catalog.services.save_category import save_category
from niaga.catalog.services.save_substitutes import save_substitutes
from niaga.catalog.services.update_product import update_product
from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.documents.services.attach_file import attach_file
from niaga.documents.services.keep_links import keep_links
from niaga.documents.services.publish_template import publish_template
from niaga.documents.services.save_template import create_template
from niaga.imports.services.import_file import import_file
from niaga.invoicing.models import GivenDiscount, Invoice, LateFeeDays
from niaga.invoicing.queries.invoices import invoice_lines
from niaga.invoicing.rules.usual_levels import USUAL_LEVELS
from niaga.invoicing.services.charge_late_fees import charge_late_fees
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.invoicing.services.leave_out_filing import leave_out_filing
from niaga.invoicing.services.make_tax_file import make_tax_file
from niaga.invoicing.services.plan_exchange_round import plan_exchange_round
from niaga.invoicing.services.raise_dispute import raise_dispute
from niaga.invoicing.services.record_buyer_return import record_buyer_return
from niaga.invoicing.services.record_tax_serials import TaxSerialTold, record_tax_serials
from niaga.invoicing.services.record_tax_slip import record_tax_slip
from niaga.invoicing.services.save_exchange_rule import ExchangeRuleInput, save_exchange_rule
from niaga.invoicing.services.save_late_fee_rule import RuleInput, save_late_fee_rule
from niaga.invoicing.services.save_reminder_plan import PlanInput, save_reminder_plan
from niaga.invoicing.services.share_invoice import share_invoice
from niaga.invoicing.services.start_issue_run import start_issue_run
from niaga.invoicing.services.take_buyer_facts import take_buyer_facts
from niaga.invoicing.services.write_off_invoice import write_off_invoice
from niaga.invoicing.services.write_tax_currency_rates import NewCurrencyRate, write_tax_currency_rates
from niaga.ledger.services.add_journal_profile import add_journal_profile
from niaga.ledger.services.export_journal import export_journal
from niaga.messaging.models import Email, Notice, WhatsappMessage
from niaga.messaging.services.add_notice import add_notice
from niaga.messaging.services.queue_email import queue_email
from niaga.messaging.services.queue_whatsapp import WhatsappToSend, queue_whatsapp
from niaga.messaging.services.save_whatsapp_template import save_whatsapp_template
from niaga.organization.models import Channel, Membership, Role
from niaga.organization.services.choose_currencies import choose_currencies
from niaga.organization.services.create_token import create_token
from niaga.organization.services.keep_bank_account import keep_bank_account
from niaga.organization.services.keep_team import keep_team
from niaga.organization.services.keep_territory import keep_territory
from niaga.organization.services.write_exchange_rates import NewExchangeRate, write_exchange_rates
from niaga.parties.models import CustomerGroup, PaymentTerm
from niaga.parties.rules.terms import Part as TermPart
from niaga.parties.services.raise_credit import raise_credit
from niaga.parties.services.save_address import save_address
from niaga.parties.services.save_contact import save_contact
from niaga.parties.services.save_payment_term import save_payment_term
from niaga.parties.services.save_tax_treatment import save_tax_treatment
from niaga.parties.services.update_customer import update_customer
from niaga.payments.models import GatewayAccount
from niaga.payments.rules.line_parts import Part as BankPart
from niaga.payments.services.book_lines import book_line
from niaga.payments.services.book_locked_line import Booking
from niaga.payments.services.receive_statement import receive_statement
from niaga.payments.services.record_giro_return import record_giro_return
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.payments.services.refund_payment import RefundDetails, refund_payment
from niaga.payments.services.request_payment import request_payment
from niaga.payments.services.reverse_payment import reverse_payment
from niaga.payments.services.save_gateway_account import AccountDetails, save_gateway_account
from niaga.payments.services.take_sandbox_charge import take_sandbox_charge
from niaga.portal.services.ask_change import ask_change
from niaga.portal.services.create_token import create_token as create_portal_token
from niaga.portal.services.invite_contact import invite_contact
from niaga.portal.services.save_settings import save_settings as save_portal_settings
from niaga.portal.tests.visits import visitor_by_access
from niaga.pricing.models import Publication
from niaga.pricing.rules.new_promotion import NewPromotion, NewScope
from niaga.pricing.services.adjust_points import adjust_points
from niaga.pricing.services.agree_discount import agree_discount
from niaga.pricing.services.change_entries import change_entries
from niaga.pricing.services.change_heads import change_heads
from niaga.pricing.services.change_rules import change_rules
from niaga.pricing.services.create_price_list import create_price_list
from niaga.pricing.services.create_promotion import create_promotion
from niaga.pricing.services.make_coupons import make_coupons
from niaga.pricing.services.prepare_change import prepare_change
from niaga.pricing.services.prepare_promotion import prepare_promotion
from niaga.pricing.services.prepare_promotion_change import prepare_promotion_change
from niaga.pricing.services.save_tier import save_tier
from niaga.pricing.services.set_prices import NewPrice, set_prices
from niaga.pricing.services.set_programme import NewProgramme, set_programme
from niaga.pricing.services.set_rules import NewRule, set_rules
from niaga.pricing.services.set_tier import set_tier
from niaga.returns.models import ReturnReason, ReturnRule, SupplierCredit
from niaga.returns.services.authorize_return import authorize_return
from niaga.returns.services.check_items import ReturnItem
from niaga.returns.services.check_undocumented import UndocumentedItem
from niaga.returns.services.inspect_return import Finding, inspect_return
from niaga.returns.services.note_supplier_credit import CreditDetails, note_supplier_credit
from niaga.returns.services.receive_return import receive_return
from niaga.returns.services.record_supplier_answer import AnswerItem, record_supplier_answer
from niaga.returns.services.request_return import request_return
from niaga.returns.services.request_undocumented import request_undocumented
from niaga.returns.services.save_rule import save_rule as save_return_rule
from niaga.returns.services.settle_return import settle_return
from niaga.sales.models import DropShip, HistoricalSale
from niaga.sales.rules.lines import LineInput
from niaga.sales.rules.milestones import Part as MilestonePart
from niaga.sales.rules.put_right import RightLine
from niaga.sales.services.amend_order import amend_order
from niaga.sales.services.ask_quotation_approval import ask_quotation_approval
from niaga.sales.services.ask_release import ask_release
from niaga.sales.services.cancel_drop_ship import cancel_drop_ship
from niaga.sales.services.cancel_order import cancel_order
from niaga.sales.services.confirm_drop_ship import confirm_drop_ship
from niaga.sales.services.credit_invoice import credit_invoice
from niaga.sales.services.decline_quotation import decline_quotation
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.invoice_down_payment import invoice_down_payment
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.make_pro_forma import make_pro_forma
from niaga.sales.services.note_recurring import note_recurring
from niaga.sales.services.plan_milestones import plan_milestones
from niaga.sales.services.plan_terms import PlanTerms
from niaga.sales.services.put_invoice_right import RightDetails, put_invoice_right
from niaga.sales.services.record_drop_shipment import Sent, record_drop_shipment
from niaga.sales.services.release_order import release_order
from niaga.sales.services.reschedule_order import reschedule_order
from niaga.sales.services.save_day_notice_rule import save_day_notice_rule
from niaga.sales.services.save_plan import save_plan
from niaga.sales.services.save_substitution_rule import save_substitution_rule
from niaga.sales.services.save_template import save_template
from niaga.sales.services.send_quotation import send_quotation
from niaga.sales.services.share_pro_forma import share_pro_forma
from niaga.sales.services.share_quotation import share_quotation
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from niaga.sales.services.substitute_pick import substitute_pick
from niaga.shipping.models import Carrier, DoorReport, Shipment
from niaga.shipping.rules.visit import Position, Refused, Visit, read_visit
from niaga.shipping.services.book_shipments import ShipmentDetails, book_shipments
from niaga.shipping.services.hand_in_report import hand_in_report
from niaga.shipping.services.note_happened import note_happened
from niaga.shipping.services.record_visit import record_visit
from niaga.shipping.services.save_carrier import CarrierDetails, save_carrier
from niaga.shipping.services.share_tracking import share_tracking
from niaga.stock.models import DeliveryLine, DeliveryRoute, Lot, PickLine, Receipt, Warehouse
from niaga.stock.rules.capacity import OwnDay
from niaga.stock.services.adjust_stock import adjust_stock
from niaga.stock.services.check_lines import LotGiven, StockItem
from niaga.stock.services.create_warehouse import create_warehouse
from niaga.stock.services.deliver_goods import deliver_goods
from niaga.stock.services.draft_count import draft_count
from niaga.stock.services.draft_transfer import draft_transfer
from niaga.stock.services.expect_receipt import expect_receipt
from niaga.stock.services.name_driver import name_driver
from niaga.stock.services.plan_day import plan_day
from niaga.stock.services.put_together import put_together
from niaga.stock.services.receive_goods import receive_goods
from niaga.stock.services.record_pick import record_pick
from niaga.stock.services.save_capacity import CapacityInput, save_capacity
from niaga.stock.services.save_supplier import SupplierDetails, save_supplier
from niaga.stock.services.save_supply import save_supply
from niaga.stock.services.save_vehicle import VehicleDetails, save_vehicle
from niaga.stock.services.ship_transfer import ship_transfer
from niaga.stock.services.start_lots import start_lots
from niaga.stock.services.take_lines import take_lines
from niaga.stock.services.transfer_stock import transfer_stock
from niaga.ui.services.save_view import save_view
from tests.bank import csv_of, make_bank_account, make_statement
from tests.makers import (
    NOW,
    World,
    make_accepted_order,
    make_confirmed_order,
    make_customer,
    make_issued_invoice,
    make_order,
    make_payment,
    make_product,
    make_quotation,
    make_shipped_order,
    make_user,
    make_world,
)

SALES = "nomor,tanggal,pelanggan,sku,qty,total\nLAMA-1,2025-03-14,{customer},{sku},3,270000\n"

_MAILED = "needs a key out of a mail; its form is the framework's, as on the page that changes a password"
_PASSKEY = "needs the hardware of a passkey"
NO_PAGE = {
    "documents:files": "a panel of the pages that hold it",
    "documents:file": "a file",
    "documents:thumbnail": "a picture",
    "documents:paper": "a PDF; tests/scenarios/test_papers.py",
    "documents:sample": "a PDF",
    "sales:grid_history": "a panel of the order grid; tests/browser/test_quotation.py",
    "documents:public": "visited as `links`",
    "documents:public_part": "a part of the public page",
    "imports:template": "a workbook",
    "messaging:email_file": "a file",
    "messaging:whatsapp_hook": "for machines",
    "payments:gateway_hook": "for machines",
    "shipping:hook": "for machines",
    "shipping:label": "a PDF",
    "shipping:driving_worker": "a script",
    "payments:sandbox_charges": "for machines",
    "payments:sandbox_charge": "for machines",
    "payments:sandbox_refunds": "for machines",
    "payments:sandbox_refund": "for machines",
    "payments:gateway_connection": "a part of the gateway's page",
    "payments:new_request": "asks for its invoice; payments/tests/test_payment_requests.py",
    "imports:errors": "a workbook",
    "healthz": "for machines",
    "first_run": "only on an empty installation; visited there",
    "account_confirm_email": _MAILED,
    "account_reset_password_from_key": _MAILED,
    "mfa_reauthenticate_webauthn": _PASSKEY,
    "mfa_remove_webauthn": _PASSKEY,
    "mfa_edit_webauthn": _PASSKEY,
}
"""Addresses that are no page to look at, and why."""


@dataclass(frozen=True, slots=True)
class Furnished:
    """The company; per URL parameter the subjects its pages show; the pages of customers by link, and the access of
    one to their own."""

    world: World
    subjects: dict[str, list[Any]]
    links: list[str]
    portal_access: UUID


def furnish(folder: Path) -> Furnished:
    """Documents in every state, one of everything else. `folder` takes the file of old sales."""
    world = make_world(email="halo@uji.example", npwp="0123456789012345")
    company, by = world.company, world.owner
    seller = make_user(company, "sales_admin")
    shared: dict[str, Any] = {"by": by, "at": NOW}
    coffee = make_product(
        world, name="Kopi robusta sangrai 1 kg", stock=500, price=Decimal(92_000), cost=Decimal(70_000)
    )
    photo = attach_file(subject_kind="product", subject_id=coffee.id, name="kopi.png", content=picture(), **shared)
    update_product(product_id=coffee.id, image_id=photo.id, **shared)
    rice = make_product(world, name="Beras premium 25 kg", price=Decimal(371_000))
    shop = make_customer(world, name="Toko Makmur Jaya", email="sari@makmur.example", credit_limit=Decimal(500_000_000))
    contact = save_contact(customer_id=shop.id, name="Ibu Sari", email="sari@makmur.example", **shared)
    address = save_address(customer_id=shop.id, street="Jl. Kembang Jepun 12", city="Surabaya", **shared)
    lines = [
        LineInput(kind="section", description="Minuman"),
        LineInput(product_id=coffee.id, quantity=Decimal(12), discount_percent=Decimal(5)),
        LineInput(kind="note", description="Sangrai sedang"),
    ]
    sold: dict[str, Any] = {"customer": shop}

    draft = make_quotation(world, lines, **sold)
    options = [*lines, LineInput(product_id=rice.id, is_optional=True)]
    sent, declined, answered = (make_quotation(world, options, **sold) for _turn in range(3))
    for quotation in (sent, declined, answered):
        send_quotation(quotation_id=quotation.id, to=["sari@makmur.example"], **shared)
    decline_quotation(quotation_id=declined.id, reason="Terlalu mahal", name="Ibu Sari", **shared)
    template = save_template(quotation_id=draft.id, name="Grosir", **shared)
    accepted = make_accepted_order(world, options, **sold)

    open_order = make_order(world, [*lines, LineInput(product_id=rice.id, quantity=Decimal(4))], **sold)
    confirmed = make_confirmed_order(world, lines, **sold)
    cancelled = make_confirmed_order(world, lines, **sold)
    cancel_order(order_id=cancelled.id, reason="Salah pesan", **shared)
    advance = invoice_down_payment(
        order_id=make_confirmed_order(world, lines, **sold).id, percent=Decimal(30), **shared
    )
    issue_invoice(invoice_id=advance, **shared)
    to_ship = deliver_order(order_id=make_confirmed_order(world, lines, **sold).id, **shared)
    depot = Warehouse.objects.get(company=company)
    truck = save_vehicle(
        vehicle_id=None, details=VehicleDetails(depot.id, "L 9021 KA", driver="Budi", zones=["Surabaya"]), **shared
    )
    plan = plan_day(warehouse_id=depot.id, date=NOW.date(), delivery_ids=[to_ship], **shared)
    take_lines(pick_list_id=plan.list_ids[0], **shared)
    replaced, asked_substitute = replaced_goods(world, sold)
    part = make_confirmed_order(world, lines, **sold)
    item = part.lines.get(kind="item")
    in_one = [deliver_order(order_id=make_confirmed_order(world, lines, **sold).id, **shared) for _turn in range(2)]
    joint = put_together(delivery_ids=in_one, **shared)
    arrived = deliver_order(order_id=part.id, quantities={item.id: Decimal(5)}, **shared)
    ship_order_delivery(delivery_id=arrived, **shared)
    deliver_goods(delivery_id=arrived, received_by="Pak Agus", **shared)
    shipments, visits, on_road, tracked = brought(world, lines, sold, to_ship)
    unbilled = make_shipped_order(world, lines, **sold)
    bill = invoice_order(order_id=unbilled.id, **shared)
    due, paid, credited = (make_issued_invoice(world, lines, **sold) for _turn in range(3))
    payment = make_payment(world, shop.id, paid.total + 250_000, invoices=[(paid.id, None)])
    bank_account = make_bank_account(world, number="0881234567")
    statement = make_statement(world, bank_account, [
        ("20/11/2026", f"TRSF E-BANKING CR {due.number} {shop.name}", int(due.total)),
        ("20/11/2026", "SETORAN TUNAI YOHANES WENDA", 400_000), ("21/11/2026", "BIAYA ADM", -7_500),
        ("21/11/2026", f"BI-FAST CR {shop.name}", 90_000),
    ])  # fmt: skip
    bank_lines = list(statement.lines.order_by("position"))
    shown_draft = receive_statement(
        bank_account_id=bank_account, chunks=[csv_of([("22/11/2026", "BUNGA", 900)])], file_name="mutasi.csv", **shared
    )
    book_line(booking=Booking(bank_lines[1].pk, [BankPart("account", Decimal(400_000), role="suspense")]), **shared)
    book_line(booking=Booking(bank_lines[3].pk, [BankPart("payment", Decimal(90_000), shop.id)]), **shared)
    reversed_payment = make_payment(world, shop.id, 50_000)
    reverse_payment(payment_id=reversed_payment.id, reason="Giro ditolak", **shared)
    charged_giro, uncharged_giro = (
        record_payment(
            customer_id=shop.id,
            branch_id=world.branch.id,
            invoices=[],
            by=world.owner,
            at=NOW,
            details=PaymentDetails("giro", "IDR", Decimal(80_000), reference=number, giro_bank="BCA"),
        )
        for number in ("GB 123456", "GB 123457")
    )
    record_giro_return(payment_id=charged_giro.id, reason="Kosong", giro_fee=Decimal(50_000), **shared)
    record_giro_return(payment_id=uncharged_giro.id, reason="Kosong", **shared)
    note = credit_invoice(invoice_id=credited.id, reason="Rusak di jalan", **shared)
    issue_invoice(invoice_id=note, **shared)
    treatment = save_tax_treatment(
        customer_id=shop.id, valid_from=date(2027, 1, 1), transaction_code="02", note="Bendahara", **shared
    )
    update_customer(customer_id=shop.id, tax_id="0098765432101000", tax_id_kind="npwp", **shared)
    take_buyer_facts(invoice_id=due.id, **shared)
    handed = export_journal(company_id=company.id, since=date(2026, 1, 1), until=date(2027, 1, 1), **shared)
    program = add_journal_profile(
        company_id=company.id, name="Accurate Online", chunks=[b"Tanggal,No Akun,Debit,Kredit,Proyek\n"], **shared
    )
    tax_file = make_tax_file(company_id=company.id, invoice_ids=[due.id], **shared)
    serial = TaxSerialTold(paid.number or "", "04002600000000101")
    record_tax_serials(company_id=company.id, told=[serial], **shared)
    rates = [NewCurrencyRate("USD", Decimal("16450.55")), NewCurrencyRate("EUR", Decimal(17_900))]
    write_tax_currency_rates(
        company_id=company.id, valid_from=NOW.date(), rates=rates, decree="47/MK/EF.2/2026", **shared
    )
    office = make_customer(world, name="Dinas Perhubungan")
    save_tax_treatment(customer_id=office.id, valid_from=date(2026, 1, 1), transaction_code="02", **shared)
    collected = make_issued_invoice(world, lines, customer=office)
    slip = record_tax_slip(
        invoice_id=collected.id, number="0A1B2C3D4E5F6G7H", day=NOW.date(), amount=Decimal(1000), **shared
    )
    choose_currencies(company_id=company.id, currencies=["USD", "EUR"], rate_days=7, **shared)
    own_rates = [
        NewExchangeRate("USD", Decimal(16_480), NOW.date()),
        NewExchangeRate("EUR", Decimal(17_950), NOW.date()),
    ]
    write_exchange_rates(company_id=company.id, rates=own_rates, source="JISDOR", **shared)
    abroad = make_customer(world, name="Straits Gourmet Pte Ltd", currency="USD")
    in_dollars = make_issued_invoice(world, lines, customer=abroad)
    term = save_payment_term(
        company_id=company.id, code="2/10", name="2/10 n/30", parts=[TermPart(Decimal(100), 30)],
        discount_percent=Decimal(2), discount_days=10, **shared,
    )  # fmt: skip
    prompt = make_customer(world, name="Toko Tepat Waktu", payment_term_id=term.id)
    early, offered = (make_issued_invoice(world, lines, customer=prompt) for _turn in range(2))
    make_payment(world, prompt.id, early.total, invoices=[(early.id, None)])
    fee_rule = save_late_fee_rule(
        company_id=company.id, rule=RuleInput(starts_on=NOW.date(), percent=Decimal(2)), **shared
    )  # fmt: skip
    after = NOW + timedelta(days=45)
    fees = charge_late_fees(customer_id=shop.id, month=after.date(), by=world.owner, at=after)
    in_rupiah = make_payment(world, abroad.id, 300_000, invoices=[(in_dollars.id, Decimal(10))])
    wrong = make_issued_invoice(world, lines, customer=shop)
    written_off = write_off_invoice(invoice_id=collected.id, amount=Decimal(1000), reason="Selisih", **shared)
    sold_wrong = invoice_lines(invoice_id=wrong.id)[0]
    right = put_invoice_right(
        invoice_id=wrong.id, **shared,
        details=RightDetails("Harga salah", {sold_wrong.id: RightLine(discount_percent=Decimal(12))}),
    )  # fmt: skip
    gateway = save_gateway_account(
        details=AccountDetails(kind="sandbox", name="Sandbox", secret="kunci", methods=["link"]), company_id=company.id,
        **shared,
    )  # fmt: skip
    online = request_payment(invoice_id=due.id, method="link", **shared)
    charge = take_sandbox_charge(
        account=GatewayAccount.objects.get(pk=gateway), key=str(online.id), number="INV-1", amount=online.amount,
        method="link", expires_at=online.expires_at, at=NOW,
    )  # fmt: skip
    refund = refund_payment(
        payment_id=payment.id, details=RefundDetails("cash", "Lebih bayar", Decimal(1000)), **shared
    )
    record_buyer_return(credit_note_id=note, number="NR-001", day=NOW.date(), **shared)
    leave_out_filing(invoice_id=advance, reason="Digunggung", **shared)
    attachment = attach_file(subject_kind="order", subject_id=confirmed.id, name="po.txt", content=b"PO 12", **shared)

    raise_credit(customer_id=shop.id, amount=Decimal(5_000_000), last_day=NOW.date(), reason="Lebaran", **shared)
    kiosk = make_customer(world, name="Warung Ibu Tini", credit_limit=Decimal(1_000_000))
    held, let_by = (make_order(world, lines, customer=kiosk, by=seller) for _turn in range(2))
    asked = [ask_release(order_id=one.id, note="Janji bayar Jumat", by=seller, at=NOW) for one in (held, let_by)]
    release_order(request_id=asked[1].id, reason="Pelanggan lama", **shared)

    team = keep_team(company_id=company.id, name="Tim Barat", **shared)
    lead = make_user(company, "sales_manager", name="Dewi Wulandari", team_id=team)
    seats: list[Any] = [{"seat": "user", "key": str(lead.id)}, {"seat": "role", "key": "owner"}]
    rule = save_rule(
        company_id=company.id, **shared,
        details=RuleDetails(
            name="Diskon sangat besar", least=Decimal(10_000),
            condition={"match": "all", "parts": [
                {"field": "discount_percent", "op": "above", "value": "35"},
                {"match": "any", "parts": [{"field": "margin_percent", "op": "below", "value": "20"},
                                           {"field": "below_cost", "op": "is"}]}]},
            steps=[{"mode": "any", "approvers": seats, "hours": 8, "then": str(by.id)}],
        ),
    )  # fmt: skip
    cheap = [LineInput(product_id=coffee.id, quantity=Decimal(12), discount_percent=Decimal(40))]
    waiting, let_pass, refused = (make_quotation(world, cheap, customer=shop, by=seller) for _turn in range(3))
    approvals = [
        ask_quotation_approval(quotation_id=one.id, note="Pembukaan toko", by=seller, at=NOW)
        for one in (waiting, let_pass, refused)
    ]  # fmt: skip
    decide_approval(request_id=approvals[1], approved=True, **shared)
    decide_approval(request_id=approvals[2], approved=False, reason="Di bawah harga pokok", **shared)
    stopped = make_order(world, cheap, customer=shop, by=seller)
    promised = make_confirmed_order(world, [LineInput(product_id=coffee.id, quantity=Decimal(12))], **sold)
    lower = [
        LineInput(
            id=promised.lines.get().id, product_id=coffee.id, quantity=Decimal(30), discount_percent=Decimal(40)
        ),
        LineInput(product_id=rice.id),
    ]  # fmt: skip
    amend_order(order_id=promised.id, version=None, lines=lower, reason="Tawar lagi", instead="ask", by=seller, at=NOW)
    approvals.append(ApprovalRequest.objects.get(subject_id=promised.id).id)
    absence = delegate_approvals(
        company_id=company.id, person_id=lead.id, deputy_id=by.id, first_day=NOW.date(), last_day=NOW.date(),
        reason="Cuti", **shared,
    )  # fmt: skip

    milk = make_product(world, name="Susu UHT cokelat 1 liter", sku="SUSU-1L", price=Decimal(19_500))
    start_lots(product_id=milk.id, **shared)
    lots = (
        LotGiven("L2711", Decimal(24), NOW.date() + timedelta(20)),
        LotGiven("L2790", Decimal(96), date(2099, 6, 30)),
    )
    came = [StockItem(Decimal(120), product_id=milk.id, unit_cost=Decimal(15_000), lots=lots)]
    receive_goods(branch_id=world.branch.id, items=came, supplier="PT Susu Segar", **shared)
    lot = Lot.objects.get(number="L2711")
    with_lots = deliver_order(
        order_id=make_confirmed_order(world, [LineInput(product_id=milk.id, quantity=Decimal(30))], **sold).id, **shared
    )
    ship_order_delivery(delivery_id=with_lots, **shared)
    items = [StockItem(Decimal(10), product_id=coffee.id)]
    home = Warehouse.objects.get(company=company)
    closed = {NOW.date() + timedelta(9): OwnDay(True, None, "Stock opname")}
    save_capacity(warehouse_id=home.id, given=CapacityInput(True, "orders", range(6), [40] * 7, True, closed), **shared)
    away = create_warehouse(company_id=company.id, branch_id=world.branch.id, code="DEPO", name="Depo Waru", **shared)
    expected = expect_receipt(
        warehouse_id=home.id, supplier="CV Kebun Kopi", expected_date=NOW.date() + timedelta(5), items=items, **shared
    )
    grower, drop_ships = sent_straight(world, sold)
    adjustment = adjust_stock(
        warehouse_id=home.id, items=[StockItem(Decimal(-1), product_id=coffee.id)], reason="Rusak", **shared
    )
    count = draft_count(warehouse_id=home.id, **shared)
    transfer = transfer_stock(source_id=home.id, target_id=getattr(away, "id", away), items=items, **shared)
    on_its_way = draft_transfer(
        source_id=home.id, target_id=getattr(away, "id", away), items=items, expected_date=NOW.date() + timedelta(4),
        **shared,
    )  # fmt: skip
    ship_transfer(transfer_id=on_its_way.id, **shared)
    prices = create_price_list(company_id=company.id, code="GROSIR", name="Grosir", **shared)
    set_prices(price_list_id=prices.id, prices=[NewPrice(Decimal(90_000), product_id=coffee.id)], **shared)
    formula = NewRule(
        "cost", percent=Decimal(35), round_to=Decimal(500), round_minus=Decimal(1), least_margin=Decimal(12),
        brand="Kapal Api", min_quantity=Decimal(24),
    )  # fmt: skip
    set_rules(price_list_id=prices.id, rules=[formula], **shared)
    changes = [prepare_change(price_list_id=prices.id, name=name, **shared) for name in ("Harga Desember", "Kosong")]
    change_entries(change_id=changes[0].id, prices=[NewPrice(Decimal(60_000), product_id=coffee.id)], **shared)
    change_heads(change_id=changes[0].id, priority=3, **shared)
    change_rules(change_id=changes[0].id, rules=[formula], **shared)

    pair = NewPromotion(
        name="Kopi dan beras", kind="bundle_price", tiers=((Decimal(0), Decimal(450_000)),), most_uses=100,
        scopes=(NewScope("part", product_id=coffee.id, quantity=Decimal(1)),
                NewScope("part", product_id=rice.id, quantity=Decimal(1)), NewScope("except", brand="Obral")),
    )  # fmt: skip
    by_code = NewPromotion(
        name="Merdeka", kind="basket_percent", tiers=((Decimal(500_000), Decimal(5)), (Decimal(1_000_000), Decimal(8))),
        by_coupon=True, weekdays=31, most_amount=Decimal(100_000), budget=Decimal(5_000_000),
    )  # fmt: skip
    year = NewPromotion(
        name="Tahun baru",
        kind="basket_amount",
        tiers=((Decimal(1_000_000), Decimal(75_000)),),
        budget=Decimal(9_000_000),
    )
    bundle, merdeka = (create_promotion(company_id=company.id, promotion=one, **shared) for one in (pair, by_code))
    coupons = make_coupons(promotion_id=merdeka.id, codes=["MERDEKA"], **shared)
    make_coupons(promotion_id=merdeka.id, count=8, most_uses=1, **shared)
    changes.append(prepare_promotion(company_id=company.id, promotion=year, **shared))
    more = replace(pair, tiers=((Decimal(0), Decimal(430_000)),), priority=2)
    changes.append(prepare_promotion_change(promotion_id=bundle.id, name="Lebih murah", promotion=more, **shared))
    agreed = agree_discount(
        customer_id=shop.id, contract=[("kontrak.txt", b"Kontrak 12")], **shared,
        discount=NewPromotion(
            name="Kontrak 12/2026", kind="percent", tiers=((Decimal(0), Decimal(4)),),
            scopes=(NewScope(product_id=coffee.id),), valid_to=NOW.date() + timedelta(20),
        ),
    )  # fmt: skip

    set_programme(
        company_id=company.id, **shared,
        programme=NewProgramme(
            name="Poin Setia", point_value=Decimal(100), expires_after=12, welcome_points=20, most_percent=Decimal(50),
            excluded=(NewScope(brand="Obral"),),
        ),
    )  # fmt: skip
    tiers = [
        save_tier(company_id=company.id, name=name, threshold=threshold, multiplier=times, **shared)
        for name, threshold, times in (("Perak", 500, Decimal(1)), ("Emas", 2000, Decimal("1.5")))
    ]
    adjust_points(customer_id=shop.id, points=250, reason="Ulang tahun toko", **shared)
    set_tier(
        customer_id=shop.id, tier_id=tiers[0].id, until=NOW.date() + timedelta(60), reason="Mitra lama", **shared
    )  # fmt: skip

    old = folder / "penjualan-lama.csv"
    old.write_text(SALES.format(customer=shop.code, sku=coffee.sku), "utf-8")
    done = import_file(path=old, kind="sales", company_id=company.id, dry_run=False, **shared)
    old.write_text("kode,nama,harga\nA-1,Gula,tidak tahu\n", "utf-8")
    faulty = import_file(path=old, kind="products", company_id=company.id, dry_run=True, **shared)
    batch = Batch()
    add_notice(batch=batch, to=[by.id], text="Penawaran dibuka", url="/quotations", at=NOW)
    queue_email(
        batch=batch, company_id=company.id, to=["sari@makmur.example"], subject="Penawaran", text="Halo",
        html="<p>Halo</p>", by=by.id, at=NOW,
    )  # fmt: skip
    queue_whatsapp(
        batch=batch, company_id=company.id, by=by.id, at=NOW,
        messages=[WhatsappToSend("+628123456789", "tagihan", "id", "Halo {{1}}", ["Ibu Sari"])],
    )  # fmt: skip
    batch.write()
    token = create_token(user_id=by.id, name="kasir", company_id=company.id, **shared)
    team = keep_team(company_id=company.id, name="Tim Timur", **shared)
    territory = keep_territory(company_id=company.id, name="Jawa Timur", code="JATIM", **shared)
    account = keep_bank_account(company_id=company.id, bank="BCA", number="0881234567", holder="PT Uji", **shared)
    category = save_category(company_id=company.id, name="Minuman", **shared)
    look = create_template(company_id=company.id, kind="quotation", name="Surat resmi", **shared)
    publish_template(template_id=look, **shared)
    view = save_view(user_id=by.id, list_key="quotations", name="Punya saya", query="mine=1", at=NOW)

    old_pro_forma, pro_forma = (make_pro_forma(order_id=confirmed.id, **asked, **shared) for asked in (
        {"percent": Decimal(30)}, {"percent": Decimal(50)}
    ))  # fmt: skip
    links = [f"/returns/without-document?customer={shop.id}"]
    links += [urlsplit(link).path for link in (
        *tracked,
        share_quotation(quotation_id=sent.id, **shared), share_invoice(invoice_id=due.id, **shared),
        share_pro_forma(pro_forma_id=pro_forma.id, **shared),
    )]  # fmt: skip
    back = sold_back(world, shop)
    straight_back = sent_straight_back(world, drop_ships[1], grower)
    in_parts = make_confirmed_order(world, [LineInput(product_id=coffee.id, quantity=Decimal(3))], **sold)
    plan_milestones(
        order_id=in_parts.id, **shared,
        parts=[MilestonePart("Uang muka", Decimal(30)), MilestonePart("Serah terima", Decimal(70))],
    )  # fmt: skip
    save_day_notice_rule(company_id=company.id, customer_id=None, mode="ask", **shared)
    reschedule_order(order_id=in_parts.id, planned_date=NOW.date() + timedelta(9), reason="Truk rusak", **shared)
    told = Batch()
    page_of_order = keep_links(
        batch=told, subject_kind="order", subject_ids=[in_parts.id], company_id=company.id, by=None, at=NOW
    )  # fmt: skip
    told.write()
    links.append(urlsplit(page_of_order[in_parts.id]).path)
    rent = make_product(world, name="Sewa gudang", kind="service", price=Decimal(2_500_000))
    recurring = save_plan(
        customer_id=shop.id, branch_id=world.branch.id, lines=[LineInput(product_id=rent.id)], **shared,
        terms=PlanTerms(name="Sewa gudang", start=NOW.date(), day=31, text="{produk} {periode}"),
    )  # fmt: skip
    note_recurring(at=NOW)
    save_exchange_rule(
        customer_id=shop.id, **shared,
        rule=ExchangeRuleInput(
            weekdays=(1, 3), time_from=time(9), time_until=time(12), place="Loket 3, lantai 2", contact_name="Bu Ratna",
            papers=("invoice", "tax_invoice", "delivery_note"),
        ),
    )  # fmt: skip
    exchange = plan_exchange_round(
        date=NOW.date(), collector_id=world.owner.id, invoice_ids=[due.id], **shared
    )  # fmt: skip
    save_portal_settings(
        company_id=company.id, is_open=True, shows_credit=True, takes_returns=True, welcome="Selamat datang",
        takes_orders="order", shows_stock=True, least_order=Decimal(250_000), **shared,
    )  # fmt: skip
    access = invite_contact(customer_id=shop.id, contact_id=contact.pk, **shared)
    told = ask_change(visitor=visitor_by_access(access.pk, at=NOW), text="Alamat kami pindah", at=NOW)
    program_token = create_portal_token(
        visitor=visitor_by_access(access.pk, at=NOW), name="Program pembelian", may_write=True, days=365, at=NOW
    )
    subjects = {
        "portal_token_id": [program_token.id], "exchange_round_id": [exchange.id], "write_off_id": [written_off.id],
        "milestone_id": [one.pk for one in in_parts.milestones.order_by("position")],
        "recurring_plan_id": [recurring.pk], "portal_access_id": [access.pk], "portal_case_id": [told],
        "case_id": [told], "token": ["x" * 32],
        "return_id": [*back, *straight_back], "supplier_answer:return_id": straight_back[:1],
        "supplier_credit_id": _some(SupplierCredit), "return_reason_id": _some(ReturnReason),
        "return_rule_id": _some(ReturnRule),
        "tax_slip_id": [slip.id],
        "reminder_plan_id": [save_reminder_plan(
            company_id=company.id, plan=PlanInput(is_active=True, levels=USUAL_LEVELS), **shared)],
        "whatsapp_template_id": [save_whatsapp_template(
            name="tagihan", language="id", text="Yth. {{customer.name}}, sisa {{total}}. Terima kasih.",
            state="approved", **shared)],
        "dispute_id": [raise_dispute(invoice_id=due.id, reason="Dua karton basah", **shared)],
        "issue_run_id": [start_issue_run(invoice_ids=None, language="id", **shared).id],
        "quotation_line_id": [draft.lines.get(kind="item").id],
        "order_line_id": [line.id for line in open_order.lines.filter(kind="item")],
        "invoice_line_id": [Invoice.objects.get(pk=bill).lines.get(kind="item").id],
        "quotation_id": [draft.id, sent.id, answered.id, declined.id, waiting.id, let_pass.id, refused.id],
        "approval_id": approvals, "approval_rule_id": [rule.id], "delegation_id": [absence.id],
        "order_id": [
            open_order.id, confirmed.id, cancelled.id, part.id, accepted.id, held.id, let_by.id, stopped.id,
            promised.id, in_parts.id, replaced,
        ],
        "substitution_id": [asked_substitute],
        "pro_forma_id": [old_pro_forma.id, pro_forma.id],
        "credit_request_id": [one.id for one in asked],
        "delivery_id": [to_ship, arrived, with_lots, in_one[0], *on_road], "joint_id": [joint],
        "carrier_id": _some(Carrier, "kind"), "shipment_id": shipments, "visit_id": visits,
        "report_id": _some(DoorReport),
        "invoice_id": [
            bill, due.id, paid.id, credited.id, note, advance, collected.id, in_dollars.id, wrong.id,
            right.credit_note_id, right.replacement_id, early.id, offered.id,
            *fees, *Invoice.objects.filter(kind="giro_fee").values_list("id", flat=True),
        ],
        "discount_id": _some(GivenDiscount),
        "late_fee_rule_id": [fee_rule], "late_days_id": _some(LateFeeDays),
        "bank_account_id": [bank_account], "bank_statement_id": [statement.id, shown_draft.id],
        "bank_line_id": [line.pk for line in bank_lines],
        "gateway_id": [gateway], "request_id": [online.id], "charge_id": [charge.id], "refund_id": [refund.id],
        "new_refund:payment_id": [payment.id], "credit_note_id": [note],
        "payment_id": [payment.id, reversed_payment.id, in_rupiah.id, charged_giro.id, uncharged_giro.id],
        "product_id": [coffee.id, rice.id], "customer_id": [shop.id],
        "contact_id": [contact.id], "address_id": [address.id], "treatment_id": [treatment.id],
        "template_id": [template],
        "adjustment_id": [adjustment.id], "count_id": [count.id], "transfer_id": [transfer.id, on_its_way.id],
        "lot_id": [lot.id], "tell_apart:product_id": [rice.id],
        "supplier_id": [grower], "drop_ship_id": drop_ships,
        "vehicle_id": [truck.id], "route_id": _some(DeliveryRoute), "pick_list_id": list(plan.list_ids),
        "pick_line_id": _some(PickLine),
        "delivery_line_id": [PickLine.objects.filter(pick_list_id=plan.list_ids[0])[0].delivery_line_id],
        "expected_id": [expected.id], "receipt_id": _some(Receipt), "warehouse_id": [home.id],
        "promotion_id": [merdeka.id, bundle.id, agreed.id], "coupon_id": [coupons[0].id],
        "tier_id": [tiers[0].id],
        "price_list_id": [prices.id], "change_id": [one.id for one in changes if one.subject_kind == "price_list"],
        "price_change:change_id": [one.id for one in changes], "what_if:change_id": [one.id for one in changes],
        "promotion_change_id": [one.id for one in changes if one.subject_kind == "promotion"],
        "publication_id": list(
            Publication.objects.filter(subject_id__in=[prices.id, bundle.id]).values_list("pk", flat=True)
        ),
        "position": [1], "category_id": [category.id], "unit_id": _some(Unit),
        "group_id": _some(CustomerGroup), "term_id": _some(PaymentTerm),
        "sale_id": _some(HistoricalSale), "batch_id": [done.id, faulty.id],
        "email_id": _some(Email), "message_id": _some(WhatsappMessage),
        "notice_id": _some(Notice), "attachment_id": [attachment.id],
        "branch_id": [world.branch.id], "company_id": [company.id], "account_id": [account],
        "user_id": [by.id], "role_id": _some(Role), "membership_id": _some(Membership),
        "token_id": [token.id], "view_id": [view.id], "tax_file_id": [tax_file.id],
        "journal_export_id": [handed.id], "journal_profile_id": [program.id], "file_format": ["csv"],
        "paper_template_id": [look], "kind": ["invoice"], "version_number": [1],
        "scope": ["company"], "scope_id": [company.id],
        "tax:category_id": _some(TaxCategory),
        "team:row_id": [team], "territory:row_id": [territory], "channel:row_id": _some(Channel),
    }  # fmt: skip
    return Furnished(world, subjects, links, access.pk)


def replaced_goods(world: World, sold: dict[str, Any]) -> tuple[UUID, UUID]:
    """An order of which one thing was replaced, and the customer is asked about more: its id, and the question's."""
    shared: dict[str, Any] = {"by": world.owner, "at": NOW}
    sugar = make_product(world, name="Gula pasir 1 kg", sku="GUL-01", stock=9)
    other = make_product(world, name="Gula semut 1 kg", sku="GUL-02", stock=9, price=Decimal(110_000))
    save_substitutes(product_id=sugar.id, substitutes=[NewSubstitute(product_id=other.id)], **shared)
    order = make_confirmed_order(world, [LineInput(product_id=sugar.id, quantity=Decimal(5))], **sold)
    delivery_id = deliver_order(order_id=order.id, **shared)
    home = Warehouse.objects.get(company=world.company).id
    plan = plan_day(warehouse_id=home, date=NOW.date(), delivery_ids=[delivery_id], **shared)
    take_lines(pick_list_id=plan.list_ids[0], **shared)
    line = PickLine.objects.get(pick_list_id=plan.list_ids[0])
    record_pick(key=new_id(), line_id=line.id, quantity=Decimal(2), reason="Tidak ada di rak", **shared)
    keys = [new_id(), new_id()]
    for key, agreement in zip(keys, ("ahead", "ask"), strict=True):
        save_substitution_rule(company_id=world.company.id, customer_id=None, agreement=agreement, **shared)
        substitute_pick(key=key, pick_line_id=line.id, substitute_id=other.id, quantity=Decimal(1), **shared)
    return order.id, keys[1]


def sent_straight(world: World, sold: dict[str, Any]) -> tuple[UUID, list[UUID]]:
    """A supplier, and what goes straight from them: still to ask, promised and sent in part, called off."""
    shared: dict[str, Any] = {"by": world.owner, "at": NOW}
    grower = save_supplier(
        supplier_id=None, company_id=world.company.id, **shared,
        details=SupplierDetails("CV Kebun Kopi Garut", "Bu Lilis", "lilis@kebun.example.com", "0811-222-333",
                                "Jl. Raya Garut 12\nGarut 44151"),
    )  # fmt: skip
    mill = make_product(world, name="Mesin giling kopi 2 kW", sku="MSN-2KW", price=Decimal(7_450_000))
    save_supply(
        product_id=mill.id, company_id=world.company.id, supplier_id=grower.id, code="GK-2000",
        unit_cost=Decimal(5_900_000), **shared,
    )  # fmt: skip
    drops = [
        make_confirmed_order(world, [LineInput(product_id=mill.id, quantity=Decimal(3))], **sold).drop_ships.get()
        for _turn in range(3)
    ]
    confirm_drop_ship(drop_ship_id=drops[1].id, promised_date=NOW.date() + timedelta(9), reference="K-0771", **shared)
    told = Sent(
        quantities={drops[1].lines.get().id: Decimal(1)}, carrier="JNE Trucking", tracking="JT-88123", reference="SJ-9"
    )
    record_drop_shipment(drop_ship_id=drops[1].id, sent=told, **shared)
    cancel_drop_ship(drop_ship_id=drops[2].id, reason="Barang kosong", **shared)
    return grower.id, [one.id for one in drops]


def brought(
    world: World, lines: list[LineInput], sold: dict[str, Any], to_ship: UUID
) -> tuple[list[UUID], list[UUID], list[UUID], list[str]]:
    """Shipments with each kind of carrier, and doors: their ids, those of deliveries, and customers' links."""
    shared: dict[str, Any] = {"by": world.owner, "at": NOW}
    kinds = {
        "own": CarrierDetails("own", "Armada sendiri"),
        "by_hand": CarrierDetails("by_hand", "JNE", ("REG", "YES"), "https://kurir.example/{number}"),
        "rest": CarrierDetails("rest", "Kurir Kilat", base_url="https://kurir.example/v1", secret="kunci"),
    }
    carriers = {kind: save_carrier(details=one, company_id=world.company.id, **shared) for kind, one in kinds.items()}
    shop = [deliver_order(order_id=make_confirmed_order(world, lines, **sold).id, **shared) for _turn in range(2)]
    for one in shop:
        ship_order_delivery(delivery_id=one, **shared)
    by_hand = ShipmentDetails("REG", 2, 4_500, None, NOW.date(), "JT8841002719", Decimal(42_000))
    made = [
        *book_shipments(delivery_ids=[to_ship], carrier_id=carriers["rest"], details=ShipmentDetails(), **shared),
        *book_shipments(delivery_ids=shop[:1], carrier_id=carriers["by_hand"], details=by_hand, **shared),
        *book_shipments(delivery_ids=shop[1:], carrier_id=carriers["own"], details=ShipmentDetails(), **shared),
    ]
    rates = [
        {"service": "REG", "label": "Reguler", "cost": "18000", "days": 3},
        {"service": "YES", "label": "Esok sampai", "cost": "31000", "days": 1},
    ]
    Shipment.objects.filter(pk=made[0]).update(status="quoted", rates=rates)
    note_happened(shipment_id=made[1], state="in_transit", words="Diterima di gudang", place="Surabaya", **shared)
    line = DeliveryLine.objects.filter(delivery_id=shop[1]).order_by("id")[0]
    came = [
        Visit(new_id(), "failed", NOW, reason="closed", next_date=NOW.date()),
        Visit(
            new_id(), "part", NOW, "Bu Sari", refused=[Refused(line.id, Decimal(1), "damaged")], photos=[picture()],
            signature=picture(), position=Position(Decimal("-7.2575"), Decimal("112.7521"), 12), cash=Decimal(150_000),
        ),
    ]  # fmt: skip
    visits = [record_visit(delivery_id=shop[1], visit=one, **shared).id for one in came]
    told = {"key": str(new_id()), "outcome": "failed", "at": NOW.isoformat(), "reason": "closed"}
    record_visit(delivery_id=shop[0], visit=read_visit({**told, "key": str(new_id())}), **shared)
    hand_in_report(delivery_id=shop[0], visit=read_visit(told), code="called_off", words="Batal", **shared)
    for route in DeliveryRoute.objects.filter(company=world.company):
        name_driver(route_id=route.id, driver_user_id=world.owner.id, **shared)
    return made, visits, shop, [share_tracking(delivery_id=one, **shared) for one in shop]


def sent_straight_back(world: World, drop_ship_id: UUID, supplier_id: UUID) -> list[UUID]:
    """Returns that customers send to the supplier: one that waits for an answer, one that was taken back and is owed
    for, in part."""
    shared: dict[str, Any] = {"by": world.owner, "at": NOW}
    drop = DropShip.objects.get(pk=drop_ship_id)
    told = Sent(quantities={drop.lines.get().id: Decimal(1)}, reference="SJ-10")
    record_drop_shipment(drop_ship_id=drop.id, sent=told, **shared)
    line, reason = drop.order.lines.get(), ReturnReason.objects.filter(company=world.company).order_by("code")[0]
    found = []
    for is_answered in (False, True):
        item = ReturnItem(line.id, reason.id, Decimal(1), condition="damaged")
        rma = request_return(order_id=drop.order_id, items=[item], asked_by="Ibu Sari", **shared)
        authorize_return(return_id=rma.id, note="Pelanggan lama", supplier_id=supplier_id, **shared)
        found.append(rma.id)
        if is_answered:
            answered = AnswerItem(rma.lines.get().id, accepted=Decimal(1))
            record_supplier_answer(return_id=rma.id, items=[answered], note="Motor diganti", **shared)
            owed = SupplierCredit.objects.get(rma_id=rma.id)
            part = CreditDetails("credit_note", Decimal(2_000_000), reference="NK-77")
            note_supplier_credit(credit_id=owed.id, details=part, **shared)
    return found


def sold_back(world: World, customer: Any) -> list[Any]:
    """Returns in every state that a page shows."""
    shared: dict[str, Any] = {"by": world.owner, "at": NOW}
    tea = make_product(world, name="Teh melati", sku="TEH-01", stock=40)
    order = make_shipped_order(world, [LineInput(sku=tea.sku, quantity=Decimal(30))], customer=customer)
    issue_invoice(invoice_id=invoice_order(order_id=order.id, **shared), **shared)
    save_return_rule(company_id=world.company.id, name="Hanya yang utuh", conditions=["unopened"], days=14, **shared)
    line, reason = order.lines.get(), ReturnReason.objects.filter(company=world.company).order_by("code")[0]
    found = []
    for state in ("requested", "authorized", "received", "settled", "claim"):
        is_claim = state == "claim"
        item = ReturnItem(line.id, reason.id, Decimal(3), condition="damaged", percent=Decimal(5) if is_claim else None)
        rma = request_return(
            order_id=order.id, items=[item], kind="claim" if is_claim else "goods", asked_by="Ibu Sari", **shared
        )
        found.append(rma.id)
        if state == "requested":
            continue
        authorize_return(return_id=rma.id, note="Pelanggan lama", **shared)
        if state in ("authorized", "claim"):
            continue
        (one,) = rma.lines.all()
        receive_return(return_id=rma.id, quantities={one.id: Decimal(3)}, unannounced="1 dus gula", **shared)
        if state == "settled":
            outcomes = ("restock", "refurbish", "scrap")
            inspect_return(return_id=rma.id, findings=[Finding(one.id, go, Decimal(1)) for go in outcomes], **shared)
            settle_return(return_id=rma.id, **shared)
    loose = UndocumentedItem(tea.id, reason.id, Decimal(2))
    found.append(
        request_undocumented(
            customer_id=customer.id, branch_id=world.branch.id, items=[loose], why="Nota hilang", **shared
        ).id
    )
    return found


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (400, 300), (96, 60, 36)).save(buffer, "PNG")
    return buffer.getvalue()


def _some(model: Any, each: str = "") -> list[Any]:
    """The first there is; one of each `each`."""
    rows = model.objects.order_by("pk")
    return (
        list(model.objects.order_by(each, "pk").distinct(each).values_list("pk", flat=True)) if each else [rows[0].pk]
    )


def addresses(furnished: Furnished) -> list[str]:
    """Every address that may be a page: all of the configuration but what `NO_PAGE` says, with each of its subjects.

    :raises KeyError: a parameter has no subject here yet: give it one in `furnish`, or say in `NO_PAGE` why not
    """
    found = list(furnished.links)
    for name, parameters, fixed in _patterns(get_resolver().url_patterns):
        if name in NO_PAGE:
            continue
        sets = _values(furnished, name, [one for one in parameters if one not in fixed])
        found.extend(reverse(name, kwargs=values) for values in sets)
    return list(dict.fromkeys(found))


def page_at(address: str, clients: Mapping[str, Client]) -> str:
    """Who of the clients gets a whole page at the address; "" when it is a deed, a file, a part or a redirect.

    :raises AssertionError: it answers all of them with a fault
    """
    found = set()
    for who, client in clients.items():
        answer = client.get(address)
        found.add(answer.status_code)
        kind = answer.headers.get("Content-Type", "")
        if answer.status_code == 200 and kind.startswith("text/html") and b"<html" in answer.getvalue():
            return who
        if answer.status_code in (200, 405):
            return ""
    assert found & {302}, f"{address}: {found}"
    return ""


def _patterns(patterns: Any, space: str = "") -> Iterator[tuple[str, list[str], dict[str, Any]]]:
    """The name, the parameters and the fixed arguments of each address; the API is for programs."""
    for one in patterns:
        if isinstance(one, URLPattern):
            if one.name:
                yield space + one.name, list(one.pattern.converters), one.default_args
        elif one.namespace != "api":
            yield from _patterns(one.url_patterns, f"{space}{one.namespace}:" if one.namespace else space)


def _values(furnished: Furnished, name: str, parameters: list[str]) -> list[dict[str, Any]]:
    """As many sets of arguments as the last parameter has subjects; those before it keep their first."""
    if not parameters:
        return [{}]
    own = name.partition(":")[2].partition("_archive")[0]
    subjects = [furnished.subjects.get(f"{own}:{one}") or furnished.subjects[one] for one in parameters]
    first = {one: found[0] for one, found in zip(parameters, subjects, strict=True)}
    return [{**first, parameters[-1]: last} for last in subjects[-1]]
