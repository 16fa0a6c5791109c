"""One of everything that a company can have, with the same text in every place that takes text."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from niaga.approvals.services.delegate_approvals import delegate_approvals
from niaga.approvals.services.end_delegation import end_delegation
from niaga.approvals.services.save_rule import RuleDetails, save_rule
from niaga.catalog.rules.product import NewSubstitute
from niaga.catalog.services.save_category import save_category
from niaga.catalog.services.save_family import save_family
from niaga.catalog.services.save_substitutes import save_substitutes
from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.core.rules.attempts import WAITS
from niaga.core.services.handle_call import handle_call
from niaga.core.services.receive_call import receive_call
from niaga.documents.services.archive_template import archive_template
from niaga.documents.services.attach_file import attach_file
from niaga.documents.services.create_link import create_link
from niaga.documents.services.publish_template import publish_template
from niaga.documents.services.save_template import create_template
from niaga.documents.services.save_template import save_template as save_paper_template
from niaga.imports.services.import_file import import_file
from niaga.invoicing.models import GivenDiscount, LateFeeDays, WriteOff
from niaga.invoicing.rules.usual_levels import LevelInput
from niaga.invoicing.services.charge_late_fees import charge_late_fees
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.invoicing.services.log_call import log_call
from niaga.invoicing.services.make_tax_file import make_tax_file
from niaga.invoicing.services.pause_reminders import pause_reminders
from niaga.invoicing.services.plan_exchange_round import plan_exchange_round
from niaga.invoicing.services.raise_dispute import raise_dispute
from niaga.invoicing.services.record_tax_slip import record_tax_slip
from niaga.invoicing.services.save_exchange_rule import ExchangeRuleInput, save_exchange_rule
from niaga.invoicing.services.save_late_fee_rule import RuleInput, save_late_fee_rule
from niaga.invoicing.services.save_reminder_plan import PlanInput, save_reminder_plan
from niaga.invoicing.services.start_issue_run import start_issue_run
from niaga.invoicing.services.write_off_invoice import write_off_invoice
from niaga.invoicing.services.write_tax_currency_rates import NewCurrencyRate, write_tax_currency_rates
from niaga.ledger.rules.plan import ChosenAccount
from niaga.ledger.services.add_journal_profile import add_journal_profile
from niaga.ledger.services.export_journal import export_journal
from niaga.ledger.services.map_accounts import map_accounts
from niaga.messaging.models import EmailFile, Notice
from niaga.messaging.services.queue_email import FileToSend, queue_email
from niaga.messaging.services.queue_whatsapp import WhatsappToSend, queue_whatsapp
from niaga.messaging.services.save_whatsapp_template import save_whatsapp_template
from niaga.organization.access import SYSTEM
from niaga.organization.services.change_branch import change_branch
from niaga.organization.services.change_company import change_company
from niaga.organization.services.choose_currencies import choose_currencies
from niaga.organization.services.create_role import create_role
from niaga.organization.services.create_token import create_token
from niaga.organization.services.keep_bank_account import keep_bank_account
from niaga.organization.services.keep_channel import keep_channel
from niaga.organization.services.keep_team import keep_team
from niaga.organization.services.keep_territory import keep_territory
from niaga.organization.services.write_exchange_rates import NewExchangeRate, write_exchange_rates
from niaga.parties.rules.terms import Part
from niaga.parties.services.raise_credit import raise_credit
from niaga.parties.services.record_consent import record_consent
from niaga.parties.services.save_address import save_address
from niaga.parties.services.save_contact import save_contact
from niaga.parties.services.save_group import save_group
from niaga.parties.services.save_payment_term import save_payment_term
from niaga.parties.services.save_tag import save_tag
from niaga.parties.services.save_tax_treatment import save_tax_treatment
from niaga.parties.services.update_customer import update_customer
from niaga.parties.services.write_note import write_note
from niaga.payments.models import BankLine, KnownPayer, PaymentRequest, Refund
from niaga.payments.rules.line_parts import Part as BankPart
from niaga.payments.services.ask_for_refund import ask_for_refund
from niaga.payments.services.book_lines import book_line
from niaga.payments.services.book_locked_line import Booking
from niaga.payments.services.receive_statement import receive_statement
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.payments.services.record_payout import PayoutDetails, record_payout
from niaga.payments.services.refund_payment import RefundDetails, refund_payment
from niaga.payments.services.request_payment import request_payment
from niaga.payments.services.save_gateway_account import AccountDetails, save_gateway_account
from niaga.portal.services.ask_change import ask_change
from niaga.portal.services.create_token import create_token as create_portal_token
from niaga.portal.services.invite_contact import invite_contact
from niaga.portal.tests.visits import visitor_by_access
from niaga.pricing.models import Publication
from niaga.pricing.rules.new_promotion import NewPromotion, NewScope
from niaga.pricing.services.adjust_points import adjust_points
from niaga.pricing.services.change_entries import change_entries
from niaga.pricing.services.create_price_list import create_price_list
from niaga.pricing.services.create_promotion import create_promotion
from niaga.pricing.services.make_coupons import make_coupons
from niaga.pricing.services.prepare_change import prepare_change
from niaga.pricing.services.prepare_promotion_change import prepare_promotion_change
from niaga.pricing.services.save_tier import save_tier
from niaga.pricing.services.set_prices import NewPrice, set_prices
from niaga.pricing.services.set_programme import NewProgramme, set_programme
from niaga.returns.models import SupplierCredit
from niaga.returns.services.authorize_return import authorize_return
from niaga.returns.services.check_items import ReturnItem
from niaga.returns.services.record_supplier_answer import AnswerItem, record_supplier_answer
from niaga.returns.services.request_return import request_return
from niaga.returns.services.save_reason import save_reason
from niaga.returns.services.save_rule import save_rule as save_return_rule
from niaga.sales.models import DayNotice, HistoricalSale
from niaga.sales.rules.lines import LineInput
from niaga.sales.rules.milestones import Part as MilestonePart
from niaga.sales.services.ask_quotation_approval import ask_quotation_approval
from niaga.sales.services.ask_release import ask_release
from niaga.sales.services.confirm_drop_ship import confirm_drop_ship
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.credit_invoice import credit_invoice
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.draft_order import OrderDetails, draft_order
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.make_pro_forma import make_pro_forma
from niaga.sales.services.note_confirmed import note_confirmed
from niaga.sales.services.note_document import note_document
from niaga.sales.services.plan_milestones import plan_milestones
from niaga.sales.services.plan_terms import PlanTerms
from niaga.sales.services.record_drop_shipment import Sent, record_drop_shipment
from niaga.sales.services.save_billing_rule import save_billing_rule
from niaga.sales.services.save_day_notice_rule import save_day_notice_rule
from niaga.sales.services.save_plan import save_plan
from niaga.sales.services.save_substitution_rule import save_substitution_rule
from niaga.sales.services.save_template import save_template
from niaga.sales.services.send_quotation import send_quotation
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from niaga.sales.services.substitute_pick import substitute_pick
from niaga.shipping.models import Shipment
from niaga.shipping.rules.visit import Visit, read_visit
from niaga.shipping.services.book_shipments import ShipmentDetails, book_shipments
from niaga.shipping.services.hand_in_report import hand_in_report
from niaga.shipping.services.note_happened import note_happened
from niaga.shipping.services.record_visit import record_visit
from niaga.shipping.services.save_carrier import CarrierDetails, save_carrier
from niaga.shipping.services.share_tracking import share_tracking
from niaga.stock.models import Delivery, DeliveryRoute, Lot, PickLine, Warehouse
from niaga.stock.rules.capacity import OwnDay
from niaga.stock.services.adjust_stock import adjust_stock
from niaga.stock.services.block_lot import block_lot
from niaga.stock.services.check_lines import LotGiven, StockItem
from niaga.stock.services.create_warehouse import create_warehouse
from niaga.stock.services.deliver_goods import deliver_goods
from niaga.stock.services.draft_count import draft_count
from niaga.stock.services.expect_receipt import expect_receipt
from niaga.stock.services.name_driver import name_driver
from niaga.stock.services.plan_day import plan_day
from niaga.stock.services.put_together import put_together
from niaga.stock.services.receive_goods import ReceiptItem, receive_goods
from niaga.stock.services.record_pick import record_pick
from niaga.stock.services.save_capacity import CapacityInput, save_capacity
from niaga.stock.services.save_supplier import SupplierDetails, save_supplier
from niaga.stock.services.save_supply import save_supply
from niaga.stock.services.save_vehicle import VehicleDetails, save_vehicle
from niaga.stock.services.start_lots import start_lots
from niaga.stock.services.take_lines import take_lines
from niaga.stock.services.transfer_stock import transfer_stock
from niaga.ui.services.save_view import save_view
from tests.bank import csv_of, make_statement
from tests.makers import (
    NOW,
    World,
    make_confirmed_order,
    make_customer,
    make_issued_invoice,
    make_payment,
    make_product,
    make_quotation,
    make_user,
    make_world,
)

SOLD = "number,date,customer,sku,quantity,total\nH-{0},2019-03-14,{1},{2},2,27000\n"


@dataclass
class Everything:
    """The world; keys of what is in it by the names under which pages and API take them; customers' links."""

    world: World
    ids: dict[str, str] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.ids[name]


def _parked_call(company_id: Any) -> Any:
    """What another system told, and nobody here understands."""
    call_id = receive_call(source="unknown", key=str(company_id), body=b"{}", company_id=company_id, at=NOW)
    assert call_id is not None
    for _attempt in range(len(WAITS) + 1):
        handle_call(call_id=call_id, at=NOW)
    return call_id


def make_everything(text: str, folder: Path) -> Everything:
    """A company whose every document, customer, product and setting says `text` wherever it may.

    `text` is cut where a column is short.
    """
    world = make_world(name=text[:200])
    company_id, by = world.company.id, world.owner
    whole = Everything(world)
    shared: dict[str, Any] = {"company_id": company_id, "by": by, "at": NOW}
    keep = whole.ids

    def note(**ids: Any) -> None:
        keep.update({name: str(value) for name, value in ids.items()})

    # the company, its places and people
    profile = ("legal_name", "street", "city", "province", "document_note")
    change_company(**shared, **dict.fromkeys(profile, text[:100]))
    change_branch(branch_id=world.branch.id, name=text[:120], street=text[:300], city=text[:100], by=by, at=NOW)
    team_id = keep_team(**shared, name=text[:120])
    territory_id = keep_territory(**shared, name=text[:120])
    channel_id = keep_channel(**shared, code="X1", name=text[:80])
    account_id = keep_bank_account(**shared, bank=text[:80], number="829001", holder=text[:120], currency="IDR")
    role = create_role(**shared, code="extra", name=text[:80])
    person = make_user(world.company, "salesperson", name=text[:120])
    token = create_token(user_id=person.id, name=text[:80], by=by, at=NOW)
    note(
        company_id=company_id, branch_id=world.branch.id, team_id=team_id, territory_id=territory_id,
        channel_id=channel_id, account_id=account_id, bank_account_id=account_id, role_id=role.id, user_id=person.id,
        membership_id=person.memberships.get().id, salesperson_id=person.id, token_id=token.id, code="extra",
        role="salesperson",
    )  # fmt: skip

    # customers and products
    group = save_group(**shared, code="G1", name=text[:80])
    term = save_payment_term(**shared, code="T1", name=text[:80], parts=[Part(Decimal(100), 30, False)],
                             discount_percent=Decimal(1), discount_days=10)  # fmt: skip
    tag = save_tag(**shared, name=text[:40])
    customer = make_customer(
        world, name=text[:200], legal_name=text[:200], note=text, group_id=group.id, payment_term_id=term.id,
        territory_id=territory_id, tag_ids=(tag.id,), credit_limit=Decimal(10) ** 12,
    )  # fmt: skip
    contact = save_contact(customer_id=customer.id, name=text[:120], role=text[:80], by=by, at=NOW)
    address = save_address(
        customer_id=customer.id, label=text[:60], street=text[:300], district=text[:100], city=text[:100],
        province=text[:100], by=by, at=NOW,
    )  # fmt: skip
    write_note(customer_id=customer.id, text=text, by=by, at=NOW)
    treatment = save_tax_treatment(
        customer_id=customer.id, valid_from=date(2027, 1, 1), transaction_code="02", note=text[:200], by=by, at=NOW
    )
    record_consent(customer_id=customer.id, purpose="marketing_email", given=True, source=text[:80], by=by, at=NOW)
    category = save_category(**shared, name=text[:120])
    family = save_family(**shared, name=text[:200], option_names=[text[:40]])
    product = make_product(
        world, name=text[:250], description=text, brand=text[:80], category_id=category.id, cost=Decimal(61_000)
    )
    price_list = create_price_list(**shared, code="P1", name=text[:120])
    set_prices(price_list_id=price_list.id, prices=[NewPrice(Decimal(90_000), product.id)], by=by, at=NOW)
    promotion = create_promotion(
        company_id=company_id, by=by, at=NOW,
        promotion=NewPromotion(
            name=text[:120], kind="percent", tiers=((Decimal(0), Decimal(3)),), by_coupon=True,
            scopes=(NewScope(product_id=product.id),),
        ),
    )  # fmt: skip
    coupon = make_coupons(promotion_id=promotion.id, codes=["MERDEKA"], by=by, at=NOW)[0]
    note(promotion_id=promotion.id, coupon_id=coupon.id, gift_product_id=product.id)
    set_programme(
        company_id=company_id, programme=NewProgramme(name=text[:120], point_value=Decimal(100)), by=by, at=NOW
    )
    tier = save_tier(company_id=company_id, name=text[:80], threshold=500, by=by, at=NOW)
    adjust_points(customer_id=customer.id, points=50, reason=text[:500], by=by, at=NOW)
    note(tier_id=tier.id)
    price_change = prepare_change(price_list_id=price_list.id, name=text[:120], by=by, at=NOW)
    change_entries(change_id=price_change.id, prices=[NewPrice(Decimal(91_000), product.id)], by=by, at=NOW)
    aside = prepare_promotion_change(promotion_id=promotion.id, name=text[:120], by=by, at=NOW)
    note(promotion_change_id=aside.id)
    note(change_id=price_change.id, publication_id=Publication.objects.get(subject_id=price_list.id).id)
    note(
        group_id=group.id, term_id=term.id, payment_term_id=term.id, tag_id=tag.id, customer_id=customer.id,
        contact_id=contact.id, address_id=address.id, treatment_id=treatment.id,
        category_id=category.id, family_id=family.id,
        product_id=product.id, sku=product.sku, unit_id=product.unit_id, price_list_id=price_list.id,
    )  # fmt: skip

    # stock
    main = Warehouse.objects.get(company=world.company)
    other = create_warehouse(**shared, branch_id=world.branch.id, code="W2", name=text[:80])
    closed = {date(2099, 12, 1): OwnDay(True, None, text[:120])}
    save_capacity(
        warehouse_id=main.id, given=CapacityInput(True, "orders", range(7), [1_000] * 7, False, closed), by=by, at=NOW
    )
    receipt = receive_goods(
        branch_id=world.branch.id, items=[ReceiptItem(Decimal(500), product_id=product.id, unit_cost=Decimal(61_000))],
        supplier=text[:120], reference=text[:60], note=text, by=by, at=NOW,
    )  # fmt: skip
    dated = make_product(world, name=text[:250], sku="LOT-1")
    start_lots(product_id=dated.id, by=by, at=NOW)
    named = (LotGiven(text[:40].strip() or "L1", None, date(2099, 1, 1)),)
    receive_goods(
        branch_id=world.branch.id, items=[ReceiptItem(Decimal(5), product_id=dated.id, lots=named)], by=by, at=NOW
    )
    lot = Lot.objects.get(product=dated)
    block_lot(lot_id=lot.id, reason=text[:200], by=by, at=NOW)
    note(lot_id=lot.id)
    items = [StockItem(product_id=product.id, quantity=Decimal(1))]
    adjustment = adjust_stock(warehouse_id=main.id, items=items, reason=text[:200], by=by, at=NOW)
    transfer = transfer_stock(source_id=main.id, target_id=other.id, items=items, note=text, by=by, at=NOW)
    count = draft_count(warehouse_id=main.id, reason=text[:200], by=by, at=NOW)
    expected = expect_receipt(
        warehouse_id=main.id, supplier=text[:120], expected_date=date(2026, 12, 1), items=items, reference=text[:60],
        by=by, at=NOW,
    )  # fmt: skip
    note(
        warehouse_id=main.id, source_id=main.id, target_id=other.id, receipt_id=receipt.id,
        adjustment_id=adjustment.id, transfer_id=transfer.id, count_id=count.id, expected_id=expected.id,
    )  # fmt: skip

    supplier = save_supplier(
        supplier_id=None, by=by, at=NOW, company_id=world.company.id,
        details=SupplierDetails(text[:120], text[:120], "kebun@example.com", text[:40], text[:1000]),
    )  # fmt: skip
    straight = make_product(world, name=text[:250], sku="DS-1")
    save_supply(
        product_id=straight.id, company_id=world.company.id, supplier_id=supplier.id, code=text[:40], by=by, at=NOW
    )
    asked_order = make_confirmed_order(world, [LineInput(product_id=straight.id, quantity=Decimal(2))])
    drop_ship = asked_order.drop_ships.get()
    confirm_drop_ship(drop_ship_id=drop_ship.id, promised_date=date(2099, 12, 1), reference=text[:60], by=by, at=NOW)
    note(supplier_id=supplier.id, drop_ship_id=drop_ship.id)

    # from the offer to the money
    lines = [
        LineInput(kind="section", description=text[:2000]),
        LineInput(product_id=product.id, quantity=Decimal(2), description=text[:2000]),
        LineInput(kind="note", description=text[:2000]),
    ]
    words: dict[str, Any] = {"customer_reference": text[:60], "note": text, "contact_id": contact.id}
    quotation = make_quotation(world, lines, customer=customer, terms_text=text, **words)
    send_quotation(quotation_id=quotation.id, by=by, at=NOW)
    note_document(kind="quotation", document_id=quotation.id, text=text, by=by, at=NOW)
    template_id = save_template(quotation_id=quotation.id, name=text[:120], by=by, at=NOW)

    def confirmed() -> Any:
        order = draft_order(
            customer_id=customer.id,
            branch_id=world.branch.id,
            lines=lines,
            details=OrderDetails(**words),
            by=by,
            at=NOW,
        )
        return confirm_order(order_id=order.id, by=by, at=NOW)

    waiting, order = confirmed(), confirmed()
    delivery_id = deliver_order(order_id=order.id, by=by, at=NOW)
    ship_order_delivery(delivery_id=delivery_id, by=by, at=NOW)
    deliver_goods(delivery_id=delivery_id, received_by=text[:120], note=text, by=by, at=NOW)
    next_delivery_id = deliver_order(order_id=waiting.id, by=by, at=NOW)
    vehicle = save_vehicle(
        vehicle_id=None, by=by, at=NOW,
        details=VehicleDetails(main.id, text[:20] or "B1", name=text[:80], driver=text[:120], zones=[text[:80]]),
    )  # fmt: skip
    plan = plan_day(warehouse_id=main.id, date=NOW.date(), by=by, at=NOW)
    route = DeliveryRoute.objects.get(pick_list=plan.list_ids[0])
    name_driver(route_id=route.id, driver_user_id=by.id, by=by, at=NOW)
    note(
        vehicle_id=vehicle.id, route_id=route.id, pick_list_id=plan.list_ids[0],
        pick_line_id=PickLine.objects.filter(pick_list_id=plan.list_ids[0]).earliest("position").id,
        delivery_line_id=PickLine.objects.filter(pick_list_id=plan.list_ids[0]).earliest("position").delivery_line_id,
    )  # fmt: skip
    _replaces_what_is_missing(world, confirmed().id, product.id, text, note)
    carrier_id = save_carrier(
        **shared, details=CarrierDetails("by_hand", text[:80], tracking_url="https://kurir.example/{number}")
    )
    third_delivery_id = deliver_order(order_id=confirmed().id, by=by, at=NOW)
    together = [deliver_order(order_id=confirmed().id, by=by, at=NOW) for _turn in range(2)]
    note(joint_id=put_together(delivery_ids=together, by=by, at=NOW))
    details = ShipmentDetails(service=text[:60], tracking=text[:80], cost=Decimal(18_000))
    (shipment_id,) = book_shipments(
        delivery_ids=[third_delivery_id], carrier_id=carrier_id, details=details, by=by, at=NOW
    )
    note_happened(shipment_id=shipment_id, state="problem", words=text[:200], place=text[:120], by=by, at=NOW)
    Shipment.objects.filter(pk=shipment_id).update(error=text[:300])
    whole.links.append(urlsplit(share_tracking(delivery_id=third_delivery_id, by=by, at=NOW)).path)
    note(carrier_id=carrier_id, shipment_id=shipment_id, carrier=carrier_id, delivery_ids=next_delivery_id)
    invoice_id = invoice_order(order_id=order.id, by=by, at=NOW)
    invoice = issue_invoice(invoice_id=invoice_id, by=by, at=NOW)
    credit_invoice(invoice_id=invoice_id, reason=text[:200], by=by, at=NOW)
    service = make_product(world, kind="service")
    credited = make_issued_invoice(world, [LineInput(sku=service.sku)], customer=customer)
    make_payment(world, customer.id, credited.total, invoices=[(credited.id, None)])
    credit_note_id = credit_invoice(invoice_id=credited.id, reason=text[:200], by=by, at=NOW)
    issue_invoice(invoice_id=credit_note_id, by=by, at=NOW)
    note(credit_note_id=credit_note_id)

    payment = record_payment(
        customer_id=customer.id, branch_id=world.branch.id, by=by, at=NOW, invoices=[(invoice.id, Decimal(50_000))],
        details=PaymentDetails(
            method="transfer", currency="IDR", amount=Decimal(8_000_000), reference=text[:80], note=text
        ),
    )  # fmt: skip
    write_off_invoice(invoice_id=invoice.id, amount=Decimal(1_000), reason=text[:200], by=by, at=NOW)
    note(discount_id=GivenDiscount.objects.filter(invoice__company_id=company_id).order_by("id")[0].pk)
    note(write_off_id=WriteOff.objects.get(invoice_id=invoice.id).pk)
    _what_the_bank_says(world, account_id, customer.id, text, note)
    gateway_id = save_gateway_account(
        details=AccountDetails(kind="sandbox", name=text[:80], secret="kunci", methods=["link"]),
        company_id=company_id, by=by, at=NOW,
    )  # fmt: skip
    online = request_payment(invoice_id=invoice_id, method="link", by=by, at=NOW)
    PaymentRequest.objects.filter(pk=online.id).update(status="uncertain", error=text[:300])
    refund = refund_payment(
        payment_id=payment.id, details=RefundDetails("cash", text, Decimal(1000), text[:80]), by=by, at=NOW
    )
    _asks_for_money_back(world, payment.id, text, note)
    Refund.objects.filter(pk=refund.id).update(status="uncertain", way="gateway", error=text[:300])
    record_payout(account_id=gateway_id, details=PayoutDetails(Decimal(5), reference=text[:80]), by=by, at=NOW)
    note(gateway_id=gateway_id, request_id=online.id, payment_request_id=online.id, refund_id=refund.id)
    pro_forma = make_pro_forma(order_id=waiting.id, by=by, at=NOW)
    note(
        pro_forma_id=pro_forma.id,
        quotation_id=quotation.id, template_id=template_id, order_id=waiting.id, delivery_id=next_delivery_id,
        invoice_id=invoice_id, payment_id=payment.id, line_id=waiting.lines.filter(kind="item").get().id,
        order_line_id=waiting.lines.filter(kind="item").get().id,
        quotation_line_id=quotation.lines.filter(kind="item").get().id,
        invoice_line_id=invoice.lines.filter(kind="item").get().id,
    )  # fmt: skip

    # what comes back
    why = save_reason(**shared, code=text[:20], name_id=text[:80], name_en=text[:80], fee_percent=Decimal(5))
    policy = save_return_rule(**shared, name=text[:80], days=0, conditions=["unopened"])
    sold_line = order.lines.filter(kind="item").get()
    rma = request_return(
        order_id=order.id, items=[ReturnItem(sold_line.id, why, Decimal(1), condition="damaged", note=text[:200])],
        asked_by=text[:120], note=text, by=by, at=NOW,
    )  # fmt: skip
    back = _taken_back(world, straight, supplier, why, text)
    note(
        supplier_credit_id=back.id, return_id=rma.id, return_reason_id=why, return_rule_id=policy, reason_id=why,
        part_id=product.id,
    )  # fmt: skip

    # what customers hear of changed days
    save_day_notice_rule(company_id=company_id, customer_id=None, mode="ask", by=by, at=NOW)
    DayNotice.objects.create(
        company_id=company_id, order_id=waiting.id, state="asked", before={}, due_at=NOW, created_at=NOW
    )  # fmt: skip

    # what is billed by itself and in bulk
    save_billing_rule(company_id=company_id, customer_id=None, way="confirmation", by=by, at=NOW)
    note(billing_cause_id=note_confirmed(order_id=waiting.id, at=NOW))
    save_billing_rule(company_id=company_id, customer_id=None, way="", by=by, at=NOW)
    plan_milestones(
        order_id=waiting.id, by=by, at=NOW,
        parts=[MilestonePart(text[:80], Decimal(30)), MilestonePart("Selesai", Decimal(70))],
    )  # fmt: skip
    note(milestone_id=waiting.milestones.get(position=1).pk)
    recurring = save_plan(
        customer_id=waiting.customer_id, branch_id=waiting.branch_id, lines=[LineInput(sku=service.sku)],
        terms=PlanTerms(name=text[:80], start=NOW.date()), by=by, at=NOW,
    )  # fmt: skip
    note(recurring_plan_id=recurring.pk)
    draft_id = invoice_order(order_id=confirmed().id, basis="ordered", by=by, at=NOW)
    note(issue_run_id=start_issue_run(invoice_ids=[draft_id], by=by, at=NOW, language="id").id)

    # what is reminded of, disputed and promised
    quiet = text.replace("{", "").replace("}", "")
    told = {"id": {"subject": quiet[:200], "text": quiet[:2000]}}
    plan = PlanInput(
        group_id=group.id, is_active=True, levels=[LevelInput(days=1, by_call=True, words=told)]
    )  # fmt: skip
    note(reminder_plan_id=save_reminder_plan(**shared, plan=plan))
    fee_rule = RuleInput(starts_on=NOW.date(), customer_id=customer.id, percent=Decimal(2))
    note(late_fee_rule_id=save_late_fee_rule(**shared, rule=fee_rule))
    later = NOW + timedelta(days=45)
    charge_late_fees(customer_id=customer.id, month=later.date(), by=by, at=later)
    note(late_days_id=LateFeeDays.objects.filter(company_id=company_id).order_by("id")[0].pk)
    note(
        whatsapp_template_id=save_whatsapp_template(name="tagihan", language="id", text=f"Yth. {quiet[:500]}.",
                                                    note=text[:300], by=by, at=NOW),
        dispute_id=raise_dispute(invoice_id=invoice_id, reason=text, raised_by_name=text[:120], by=by, at=NOW),
    )  # fmt: skip
    save_exchange_rule(
        customer_id=customer.id, rule=ExchangeRuleInput(place=text[:200], contact_name=text[:120], note=text), by=by,
        at=NOW,
    )  # fmt: skip
    exchanged = issue_invoice(
        invoice_id=invoice_order(order_id=confirmed().id, basis="ordered", by=by, at=NOW), by=by, at=NOW
    ).id
    exchange = {"collector_id": world.owner.id, "invoice_ids": [exchanged], "note": text}
    note(exchange_round_id=plan_exchange_round(date=NOW.date(), **exchange, by=by, at=NOW).id)
    note(exchange_invoice_id=exchanged, collector_id=world.owner.id)
    pause_reminders(customer_id=customer.id, reason=text, by=by, at=NOW)
    log_call(customer_id=customer.id, company_id=company_id, outcome="spoken", note=text, by=by, at=NOW)

    # what credit holds: nobody's own order, so that everybody who may decide can
    limited = make_customer(world, name=text[:200], credit_limit=Decimal(1), group_id=group.id)
    held = draft_order(
        customer_id=limited.id, branch_id=world.branch.id, lines=lines, by=SYSTEM, at=NOW,
        details=OrderDetails(customer_reference=text[:60], note=text),
    )  # fmt: skip
    asked = ask_release(order_id=held.id, note=text[:1000], by=SYSTEM, at=NOW)
    raise_credit(customer_id=customer.id, amount=Decimal(1), last_day=NOW.date(), reason=text[:1000], by=by, at=NOW)
    note(credit_request_id=asked.id)

    # what waits for an approval: nobody's own, and asked of one person
    decider = make_user(world.company, "owner", name=text[:120])
    seat = [{"seat": "user", "key": str(decider.id)}]
    rule = save_rule(
        **shared,
        details=RuleDetails(
            name=text[:80], steps=[{"mode": "any", "approvers": seat, "hours": None, "then": ""}],
            condition={"match": "all", "parts": [{"field": "discount_percent", "op": "above", "value": "90"}]},
        ),
    )  # fmt: skip
    cheap = LineInput(product_id=product.id, quantity=Decimal(1), discount_percent=Decimal(95))
    offer = make_quotation(world, [cheap], customer=customer, by=SYSTEM)
    approval_id = ask_quotation_approval(quotation_id=offer.id, note=text[:1000], by=SYSTEM, at=NOW)
    away = delegate_approvals(
        company_id=company_id, person_id=decider.id, deputy_id=world.owner.id, first_day=date(2026, 11, 1),
        last_day=date(2027, 1, 1), reason=text[:200], by=decider, at=NOW,
    )  # fmt: skip
    end_delegation(delegation_id=away.id, by=decider, at=NOW)
    note(
        approval_id=approval_id, approval_rule_id=rule.id, delegation_id=away.id, person_id=decider.id,
        deputy_id=world.owner.id,
    )  # fmt: skip

    # the customer's own pages
    portal_contact = save_contact(customer_id=customer.id, name=text[:120], email="sari@toko.example", by=by, at=NOW)
    access = invite_contact(customer_id=customer.id, contact_id=portal_contact.pk, by=by, at=NOW)
    case_id = ask_change(visitor=visitor_by_access(access.pk, at=NOW), text=text, at=NOW)
    visitor = visitor_by_access(access.pk, at=NOW)
    token = create_portal_token(visitor=visitor, name=text, may_write=True, days=365, at=NOW)
    note(portal_access_id=access.pk, portal_case_id=case_id, portal_token_id=token.id)

    # the tax office
    change_company(**shared, npwp="0012345678901000")
    update_customer(customer_id=customer.id, tax_id="0098765432101000", tax_id_kind="npwp", by=by, at=NOW)
    tax_order = confirmed()
    tax_delivery = deliver_order(order_id=tax_order.id, by=by, at=NOW)
    ship_order_delivery(delivery_id=tax_delivery, by=by, at=NOW)
    visit = Visit(
        key=new_id(), outcome="delivered", at=NOW, received_by=text[:120], note=text[:500], cash=Decimal(50_000)
    )
    note(visit_id=record_visit(delivery_id=tax_delivery, visit=visit, by=by, at=NOW).id)
    late = {"key": str(new_id()), "outcome": "delivered", "at": NOW.isoformat(), "received_by": text[:120]}
    note(
        report_id=hand_in_report(
            delivery_id=tax_delivery, visit=read_visit(late), code="arrived_already", words=text[:300],
            by=by, at=NOW,
        )
    )  # fmt: skip
    taxed = issue_invoice(invoice_id=invoice_order(order_id=tax_order.id, by=by, at=NOW), by=by, at=NOW)
    tax_file = make_tax_file(company_id=company_id, invoice_ids=[taxed.id], by=by, at=NOW)
    note(tax_file_id=tax_file.id)
    write_tax_currency_rates(
        **shared, valid_from=NOW.date(), rates=[NewCurrencyRate("EUR", Decimal(17_900))], decree=text[:60]
    )
    collector = make_customer(world, name=text[:200])
    save_tax_treatment(
        customer_id=collector.id, valid_from=date(2026, 1, 1), transaction_code="02", note=text[:200], by=by, at=NOW
    )
    ordered = make_confirmed_order(world, lines, customer=collector)
    collected_id = invoice_order(order_id=ordered.id, basis="ordered", by=by, at=NOW)
    issue_invoice(invoice_id=collected_id, by=by, at=NOW)
    slip = record_tax_slip(invoice_id=collected_id, number=text[:40], day=NOW.date(), by=by, at=NOW)
    note(tax_slip_id=slip.id)

    # the books
    map_accounts(**shared, accounts={"receivable": ChosenAccount("1-10100", text[:120])})
    handed = export_journal(**shared, since=date(2026, 1, 1), until=date(2027, 1, 1))
    note(journal_export_id=handed.id, file_format="csv")
    heads = f"Tanggal,No Akun,Debit,Kredit,{text[:60].replace(',', '').replace(chr(34), '')}"
    program = add_journal_profile(**shared, name=text[:80], chunks=[heads.encode()])
    note(journal_profile_id=program.id)

    # how papers look
    design = {"texts": {"closing": {"id": text[:1000].replace("{", "").replace("}", "")}}}
    paper_template = create_template(**shared, kind="quotation", name=text[:80], design=design)
    publish_template(template_id=paper_template, by=by, at=NOW)
    save_paper_template(template_id=paper_template, design=design | {"layout": "modern"}, by=by, at=NOW)
    kept_template = create_template(**shared, kind="invoice", name=text[:80], design=design)
    archive_template(template_id=kept_template, by=by, at=NOW)
    note(paper_template_id=paper_template, scope="customer", scope_id=customer.id, version_number=1)

    # other currencies
    choose_currencies(**shared, currencies=["EUR"], rate_days=7)
    write_exchange_rates(**shared, rates=[NewExchangeRate("EUR", Decimal(17_950), NOW.date())], source=text[:60])

    # what hangs on them
    attachment = attach_file(
        subject_kind="order", subject_id=waiting.id, name=f"{text[:100]}.txt", content=text.encode(), by=by, at=NOW
    )
    batch = Batch()
    email_id = queue_email(
        batch=batch, company_id=company_id, to=["sari@example.com"], subject=text[:300].replace("\n", " "), text=text,
        files=[FileToSend(text[:100], "text/plain", text.encode())], subject_kind="order", subject_id=waiting.id,
        by=by.id, at=NOW,
    )  # fmt: skip
    for kind, subject_id in (("quotation", quotation.id), ("invoice", invoice_id), ("pro_forma", pro_forma.id),
                             ("order", waiting.id)):  # fmt: skip
        link = create_link(
            batch=batch, subject_kind=kind, subject_id=subject_id, company_id=company_id, by=by.id, at=NOW
        )
        whole.links.append(f"/l/{link}")
    batch.write()
    (message_id,) = queue_whatsapp(
        batch=batch, company_id=company_id, by=by.id, at=NOW,
        messages=[WhatsappToSend("+628123456789", "tagihan", "id", "{{1}}", [text[:300]], "order", waiting.id)],
    )  # fmt: skip
    batch.write()
    note(message_id=message_id, call_id=_parked_call(company_id))
    notice = Notice.objects.create(user_id=by.id, text="%(name)s", facts={"name": text[:200]}, at=NOW)
    view = save_view(user_id=by.id, list_key="quotations", name=text[:60], query=f"q={text[:40]}", at=NOW)
    history = folder / f"{company_id}.csv"
    history.write_text(SOLD.format(company_id.hex[-6:], customer.code, product.sku))
    imported = import_file(path=history, kind="sales", company_id=company_id, dry_run=False, at=NOW, by=by)
    note(
        attachment_id=attachment.id, email_id=email_id,
        file_id=EmailFile.objects.get(email_id=email_id).id, notice_id=notice.id, view_id=view.id, batch_id=imported.pk,
        sale_id=HistoricalSale.objects.filter(company_id=company_id).latest("id").id, subject_id=waiting.id,
        subject_kind="order", kind="order", row_id=team_id,
    )  # fmt: skip
    return whole


def _replaces_what_is_missing(world: World, order_id: UUID, product_id: UUID, text: str, note: Any) -> None:
    """A pick that fell short, and a customer who is asked whether something else may go."""
    asked: dict[str, Any] = {"by": world.owner, "at": NOW}
    other = make_product(world, stock=9, name=text[:250])
    save_substitutes(product_id=product_id, substitutes=[NewSubstitute(product_id=other.id)], **asked)
    save_substitution_rule(company_id=world.company.id, customer_id=None, agreement="ask", **asked)
    delivery_id = deliver_order(order_id=order_id, **asked)
    home = Delivery.objects.get(pk=delivery_id).warehouse_id
    plan = plan_day(warehouse_id=home, date=NOW.date(), delivery_ids=[delivery_id], **asked)
    take_lines(pick_list_id=plan.list_ids[0], **asked)
    line = PickLine.objects.get(pick_list_id=plan.list_ids[0])
    record_pick(key=new_id(), line_id=line.id, quantity=Decimal(1), reason=text[:200] or "Kosong", **asked)
    key = new_id()
    substitute_pick(key=key, pick_line_id=line.id, substitute_id=other.id, quantity=Decimal(1), **asked)
    note(substitution_id=key, substitute_id=other.id)


def _taken_back(world: World, product: Any, supplier: Any, why: UUID, text: str) -> SupplierCredit:
    """What a customer sent straight back to its supplier, who owes for it."""
    shared: dict[str, Any] = {"by": world.owner, "at": NOW}
    order = make_confirmed_order(world, [LineInput(product_id=product.id, quantity=Decimal(2))])
    record_drop_shipment(drop_ship_id=order.drop_ships.get().id, sent=Sent(reference=text[:60]), **shared)
    item = ReturnItem(order.lines.get(kind="item").id, why, Decimal(1), note=text[:200])
    rma = request_return(order_id=order.id, items=[item], note=text, **shared)
    authorize_return(return_id=rma.id, supplier_id=supplier.id, note=text, **shared)
    said = AnswerItem(rma.lines.get().id, accepted=Decimal(1), amount=Decimal(9_000))
    record_supplier_answer(return_id=rma.id, items=[said], note=text, **shared)
    return SupplierCredit.objects.get(rma_id=rma.id)


def _asks_for_money_back(world: World, payment_id: UUID, text: str, note: Callable[..., None]) -> None:
    """More than a rule lets go without a yes."""
    seat = [{"seat": "user", "key": str(make_user(world.company, "owner", name=text[:120]).id)}]
    condition = {"match": "all", "parts": [{"field": "refund_amount", "op": "above", "value": "7000000"}]}
    steps = [{"mode": "any", "approvers": seat, "hours": None, "then": ""}]
    details = RuleDetails(name=f"R {text}"[:80], steps=steps, condition=condition)
    save_rule(company_id=world.company.id, details=details, by=world.owner, at=NOW)
    money = RefundDetails("cash", text, Decimal(7_500_000), text[:80])
    asked = ask_for_refund(payment_id=payment_id, details=money, by=world.owner, at=NOW)
    note(asked_refund_id=asked.request_id)


def _what_the_bank_says(
    world: World, account_id: UUID, customer_id: UUID, text: str, note: Callable[..., None]
) -> None:
    """A statement with a booked line and one that waits, a payer that is known by it, and a draft."""
    said = text.replace('"', '""')
    rows = [("20/11/2026", f"{said} Yohanes Wenda {number}", number) for number in (70_000, 80_000)]
    statement = make_statement(world, account_id, rows, file_name=text[:100])
    booked, waiting = BankLine.objects.filter(statement=statement).order_by("position")
    parts = [BankPart("payment", booked.amount, customer_id)]
    book_line(booking=Booking(booked.pk, parts, note=text[:200]), by=world.owner, at=NOW)
    draft = receive_statement(
        bank_account_id=account_id, chunks=[csv_of(rows)], file_name=text[:100], by=world.owner, at=NOW
    )
    note(
        bank_statement_id=statement.id, bank_line_id=waiting.pk, booked_line_id=booked.pk, bank_draft_id=draft.id,
        known_payer_id=KnownPayer.objects.get(company=world.company).pk,
    )  # fmt: skip
