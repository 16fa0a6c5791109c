"""What a page may cost in statements, session and rights included: every list, every document, the start page.

A number here is a limit that later work keeps. The count is taken at a page's second call: the first also warms what is
kept (the chosen company's facts, templates).
"""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from niaga.approvals.models import ApprovalRequest
from niaga.approvals.services.save_rule import RuleDetails, save_rule
from niaga.core import clock
from niaga.imports.services.import_file import import_file
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.invoicing.services.plan_exchange_round import plan_exchange_round
from niaga.ledger.rules.plan import ChosenAccount
from niaga.ledger.services.add_journal_profile import add_journal_profile
from niaga.ledger.services.export_journal import export_journal
from niaga.ledger.services.map_accounts import map_accounts
from niaga.organization.access import SYSTEM
from niaga.organization.services.choose_currencies import choose_currencies
from niaga.organization.services.write_exchange_rates import NewExchangeRate, write_exchange_rates
from niaga.parties.models import Customer
from niaga.parties.rules.terms import Part
from niaga.parties.services.save_payment_term import save_payment_term
from niaga.payments.rules.line_parts import Part as BankPart
from niaga.payments.services.book_lines import book_line
from niaga.payments.services.book_locked_line import Booking
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.pricing.models import PriceList, Publication
from niaga.pricing.rules.new_promotion import NewPromotion
from niaga.pricing.services.adjust_points import adjust_points
from niaga.pricing.services.agree_discount import agree_discount
from niaga.pricing.services.change_entries import change_entries
from niaga.pricing.services.create_price_list import create_price_list
from niaga.pricing.services.create_promotion import create_promotion
from niaga.pricing.services.make_coupons import make_coupons
from niaga.pricing.services.prepare_change import prepare_change
from niaga.pricing.services.prepare_promotion_change import prepare_promotion_change
from niaga.pricing.services.save_tier import save_tier
from niaga.pricing.services.set_prices import NewPrice, set_prices
from niaga.pricing.services.set_programme import NewProgramme, set_programme
from niaga.returns.models import ReturnReason
from niaga.returns.services.check_items import ReturnItem
from niaga.returns.services.check_undocumented import UndocumentedItem
from niaga.returns.services.request_return import request_return
from niaga.returns.services.request_undocumented import request_undocumented
from niaga.sales.models import HistoricalSale, SalesOrder
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.ask_quotation_approval import ask_quotation_approval
from niaga.sales.services.credit_invoice import credit_invoice
from niaga.sales.services.invoice_order import invoice_order
from niaga.stock.models import Delivery, Receipt
from tests.bank import make_bank_account, make_statement
from tests.makers import (
    NOW,
    World,
    make_accepted_order,
    make_confirmed_order,
    make_customer,
    make_issued_invoice,
    make_payment,
    make_product,
    make_quotation,
    make_user,
    make_world,
)

pytestmark = pytest.mark.django_db

MOST = {
    "/": 11,
    "/customers": 11,
    "/products": 10,
    "/price-lists": 12,
    "/promotions": 7,
    "/loyalty": 10,
    "/loyalty/members": 9,
    "/quotations": 8,
    "/orders": 8,
    "/deliveries": 8,
    "/shipments": 7,
    "/doors": 10,
    "/driving": 9,
    "/drop-ships": 7,
    "/deliveries/day": 14,
    "/deliveries/week": 10,
    "/deliveries/month": 10,
    "/picking": 7,
    "/stock": 8,
    "/stock/moves": 9,
    "/stock/lots": 8,
    "/stock/receipts": 8,
    "/stock/expected": 7,
    "/stock/adjustments": 7,
    "/stock/transfers": 7,
    "/invoices": 7,
    "/invoices/issue-runs": 8,
    "/invoices/waiting": 7,
    "/recurring": 7,
    "/write-offs": 7,
    "/early-payment-discounts": 7,
    "/late-fees": 7,
    "/late-fees/to-credit": 6,
    "/settings/late-fees": 7,
    "/settings/giro-fee": 7,
    "put an invoice right": 9,
    "/payments": 7,
    "/bank": 7,
    "/bank/lines": 8,
    "/bank/payers": 8,
    "bank account": 13,
    "bank statement": 15,
    "bank line": 15,
    "booked bank line": 9,
    "/portal-cases": 8,
    "/portal-people": 8,
    "/settings/portal": 8,
    "/returns": 8,
    "/returns/rates": 8,
    "/returns/supplier-credits": 8,
    "/settings/returns": 7,
    "/settings/day-notices": 6,
    "/ageing": 10,
    "/margins": 10,
    "/calls": 8,
    "/exchange-rounds": 8,
    "/exchange-rounds/waiting": 7,
    "/exchange-rounds/new": 9,
    "exchange round": 9,
    "/reminders/results": 8,
    "/settings/reminders": 8,
    "/settings/whatsapp/templates": 8,
    "/settings/jobs": 6,
    "open items": 14,
    "statement": 11,
    "/history": 8,
    "/books": 5,
    "/books/journal": 8,
    "/books/months": 6,
    "/books/accounts": 7,
    "/books/exports": 7,
    "export of the journal": 7,
    "/books/profiles": 5,
    "program's file": 6,
    "/imports": 8,
    "/approvals": 8,
    "/approvals/all": 9,
    "approval": 15,
    "/mailbox": 8,
    "/settings/incoming-calls": 7,
    "/settings/documents": 11,
    "/settings/users": 8,
    "/settings/branches": 7,
    "/payments/new": 6,
    "/quotations/new": 9,
    "/orders/new": 8,
    "quotation": 11,
    "accepted quotation": 10,
    "order": 13,
    "draft order": 14,
    "delivery": 11,
    "invoice": 11,
    "credited invoice": 11,
    "credit note": 10,
    "payment": 10,
    "return": 13,
    "new return": 9,
    "return without a document": 13,
    "/returns/without-document": 6,
    "new return without a document": 11,
    "customer": 15,
    "product": 13,
    "stock of a product": 10,
    "receipt": 6,
    "promotion": 13,
    "history of a promotion": 9,
    "change of a promotion": 15,
    "publication of a promotion": 12,
    "member": 15,
    "entries of a member": 9,
    "coupons": 9,
    "price list": 11,
    "/price-changes": 9,
    "price change": 15,
    "history of a price list": 9,
    "publication": 12,
    "historical sale": 7,
    "import": 7,
}
ABROAD = {
    "/settings/currencies": 8,
    "/settings/currencies/rates": 6,
    "new payment of dollars": 10,
    "new payment in rupiah": 10,
    "quotation in dollars": 11,
    "order in dollars": 14,
    "invoice in dollars": 11,
    "payment in rupiah": 10,
    "customer in dollars": 14,
    "change in dollars": 12,
}
"""Of a company that sells in dollars too."""
SALES = "number,date,customer,sku,quantity,total\n{0}-1,2019-03-14,{1},{2},2,27000\n{0}-2,2019-03-15,,{2},1,8000\n"


def fill(world: World, folder: Path, *, times: int) -> dict[str, str]:
    """A company at work, everything `times` over; the addresses of its latest documents."""
    for _turn in range(times):
        customer = make_customer(world)
        products = [make_product(world, stock=200) for _n in range(2 * times)]
        wanted = [LineInput(product_id=product.id, quantity=Decimal(2)) for product in products]
        quotation = make_quotation(world, wanted, customer=customer)
        draft = make_accepted_order(world, wanted, customer=customer)
        make_confirmed_order(world, wanted, customer=customer)
        paid = make_issued_invoice(world, wanted, customer=customer)
        payment = make_payment(world, customer.id, paid.total, invoices=[(paid.id, paid.total // 2)])
        credited = make_issued_invoice(world, wanted, customer=customer)
        note_id = credit_invoice(invoice_id=credited.id, reason="rusak", by=world.owner, at=NOW)
        issue_invoice(invoice_id=note_id, by=world.owner, at=NOW)
        name = f"{len(list(folder.iterdir()))}"
        sold = SalesOrder.objects.filter(customer=customer, invoice_progress="done").earliest("id")
        why = ReturnReason.objects.filter(company=world.company).earliest("id").id
        items = [ReturnItem(line.id, why, Decimal(1)) for line in sold.lines.all()]
        rma = request_return(order_id=sold.id, items=items, by=world.owner, at=NOW)
        loose = request_undocumented(
            customer_id=sold.customer_id, branch_id=world.branch.id, why="Nota hilang", by=world.owner, at=NOW,
            items=[
                UndocumentedItem(line.product_id, why, Decimal(1), price=Decimal(1000))
                for line in sold.lines.filter(kind="item") if line.needs_stock
            ],
        )  # fmt: skip
        ask_for_yes(world, name, products[0].id, customer)
        sale = NewPromotion(name=name, kind="percent", tiers=((Decimal(0), Decimal(1)),), by_coupon=True)
        promotion = create_promotion(company_id=world.company.id, promotion=sale, by=world.owner, at=NOW)
        make_coupons(promotion_id=promotion.id, count=3, by=world.owner, at=NOW)
        programme = NewProgramme(name="Poin", point_value=Decimal(100), expires_after=12)
        set_programme(company_id=world.company.id, programme=programme, by=world.owner, at=NOW)
        save_tier(company_id=world.company.id, name=name, threshold=100 + int(name), by=world.owner, at=NOW)
        for points in range(3 * times):
            adjust_points(customer_id=customer.id, points=points + 1, reason=name, by=world.owner, at=NOW)
        agreed = NewPromotion(name=name, kind="percent", tiers=((Decimal(9), Decimal(1)),))
        agree_discount(customer_id=customer.id, discount=agreed, by=world.owner, at=NOW)
        listed = create_price_list(company_id=world.company.id, code=name, name=name, by=world.owner, at=NOW)
        prices = [NewPrice(Decimal(5_000), product.id) for product in products]
        set_prices(price_list_id=listed.id, prices=prices, by=world.owner, at=NOW)
        change = prepare_change(price_list_id=listed.id, name=name, by=world.owner, at=NOW)
        prices = [NewPrice(Decimal(6_000), product.id) for product in products]
        change_entries(change_id=change.id, prices=prices, by=world.owner, at=NOW)
        aside = prepare_promotion_change(promotion_id=promotion.id, name=name, promotion=agreed, by=world.owner, at=NOW)
        history = folder / f"{name}.csv"
        history.write_text(SALES.format(f"H{name}", customer.code, products[0].sku))
        batch = import_file(
            path=history, kind="sales", company_id=world.company.id, dry_run=False, at=NOW, by=world.owner
        )
        assert batch.status == "done", batch.findings
        days = {"since": date(2026, 1, 1), "until": date(2027, 1, 1)}
        handed = export_journal(company_id=world.company.id, **days, by=world.owner, at=NOW)
        program = add_journal_profile(
            company_id=world.company.id, name=name, chunks=[b"Tanggal,No Akun,Debit,Kredit"], by=world.owner, at=NOW
        )
        accounts = {"cash": ChosenAccount(f"1-{name}", name)}
        map_accounts(company_id=world.company.id, accounts=accounts, by=world.owner, at=NOW)
        bank_account = make_bank_account(world, number=f"00{name}77")
        statement = make_statement(world, bank_account, [
            ("20/11/2026", f"{customer.name} {paid.number} {draft.number} {turn}", 70_000 + turn)
            for turn in range(3 * times)
        ] + [("21/11/2026", "BIAYA ADM", -1_000)])  # fmt: skip
        line = statement.lines.earliest("position")
        booked = statement.lines.latest("position")
        part = BankPart("account", booked.amount, role="bank_fees")
        book_line(booking=Booking(booked.pk, [part]), by=world.owner, at=NOW)
    late = save_payment_term(
        company_id=world.company.id, code=f"T{times}", name="Sepuluh tahun", parts=[Part(Decimal(100), 3650)],
        by=world.owner, at=NOW,
    )  # fmt: skip
    takes_in = make_customer(world, payment_term_id=late.id)
    waits = make_issued_invoice(world, [LineInput(product_id=products[0].id, quantity=Decimal(1))], customer=takes_in)
    exchange = plan_exchange_round(
        date=NOW.date(), collector_id=world.owner.id, invoice_ids=[waits.id], by=world.owner, at=NOW
    )
    return {
        "exchange round": f"/exchange-rounds/{exchange.pk}",
        "bank account": f"/bank/accounts/{bank_account}",
        "bank statement": f"/bank/statements/{statement.id}",
        "bank line": f"/bank/lines/{line.pk}",
        "booked bank line": f"/bank/lines/{booked.pk}",
        "quotation": f"/quotations/{quotation.id}",
        "accepted quotation": f"/quotations/{draft.quotation_id}",
        "draft order": f"/orders/{draft.id}",
        "order": f"/orders/{SalesOrder.objects.filter(invoice_progress='done').latest('id').id}",
        "delivery": f"/deliveries/{Delivery.objects.latest('id').id}",
        "invoice": f"/invoices/{paid.id}",
        "put an invoice right": f"/invoices/{paid.id}/correction",
        "credited invoice": f"/invoices/{credited.id}",
        "credit note": f"/invoices/{note_id}",
        "payment": f"/payments/{payment.id}",
        "return": f"/returns/{rma.id}",
        "new return": f"/returns/new?order={sold.id}",
        "return without a document": f"/returns/{loose.id}",
        "new return without a document": f"/returns/without-document?customer={sold.customer_id}",
        "customer": f"/customers/{customer.id}",
        "open items": f"/ageing/{customer.id}",
        "statement": f"/customers/{customer.id}/statement",
        "product": f"/products/{products[0].id}",
        "stock of a product": f"/stock/products/{products[0].id}",
        "receipt": f"/stock/receipts/{Receipt.objects.latest('id').id}",
        "price list": f"/price-lists/{PriceList.objects.latest('id').id}",
        "approval": f"/approvals/{ApprovalRequest.objects.latest('id').id}",
        "promotion": f"/promotions/{promotion.id}",
        "member": f"/loyalty/members/{customer.id}",
        "entries of a member": f"/loyalty/members/{customer.id}/entries",
        "coupons": f"/promotions/{promotion.id}/coupons",
        "price change": f"/price-changes/{change.id}",
        "history of a price list": f"/price-lists/{listed.id}/history",
        "publication": f"/publications/{Publication.objects.latest('id').id}",
        "history of a promotion": f"/promotions/{promotion.id}/history",
        "change of a promotion": f"/price-changes/{aside.id}",
        "publication of a promotion": f"/publications/{Publication.objects.get(subject_id=promotion.id).id}",
        "historical sale": f"/history/{HistoricalSale.objects.filter(customer=customer).latest('id').id}",
        "import": f"/imports/{batch.id}",
        "export of the journal": f"/books/exports/{handed.id}",
        "program's file": f"/books/profiles/{program.id}",
    }


def fill_abroad(world: World, *, times: int) -> dict[str, str]:
    """The same with a buyer who has dollars, and pays an invoice in rupiah; two are left open."""
    company_id, by, at = world.company.id, world.owner, NOW
    choose_currencies(company_id=company_id, currencies=["USD", "SGD"], rate_days=7, by=by, at=at)
    today = clock.today(at=clock.now(), zone=world.branch.zone)
    days = {NOW.date(), today} | {NOW.date() - timedelta(days=ahead) for ahead in range(times)}
    rates = [
        NewExchangeRate(code, Decimal(rate), day) for day in days for code, rate in (("USD", 16_000), ("SGD", 12_300))
    ]
    write_exchange_rates(company_id=company_id, rates=rates, source="JISDOR", by=by, at=at)
    for turn in range(times):
        customer = make_customer(world, currency="USD")
        products = [make_product(world, kind="service") for _n in range(2 * times)]
        wanted = [LineInput(product_id=product.id, quantity=Decimal(20)) for product in products]
        quotation = make_quotation(world, wanted, customer=customer)
        order = make_confirmed_order(world, wanted, customer=customer)
        paid, left, more = (
            issue_invoice(
                invoice_id=invoice_order(
                    order_id=make_confirmed_order(world, wanted, customer=customer).id, basis="ordered", by=by, at=at
                ),
                by=by, at=at,
            )
            for _n in range(3)
        )  # fmt: skip
        details = PaymentDetails(method="cash", currency="IDR", amount=Decimal(1_700_000), paid_on=NOW.date())
        payment = record_payment(
            customer_id=customer.id, branch_id=world.branch.id, details=details, invoices=[(paid.id, Decimal(100))],
            by=by, at=at,
        )  # fmt: skip
        name = f"USD {PriceList.objects.count()}-{turn}"
        listed = create_price_list(company_id=company_id, code=name, name=name, currency="USD", by=by, at=at)
        prices = [NewPrice(Decimal(5), product.id) for product in products]
        set_prices(price_list_id=listed.id, prices=prices, by=by, at=at)
        change = prepare_change(price_list_id=listed.id, name=name, by=by, at=at)
        prices = [NewPrice(Decimal(6), product.id) for product in products]
        change_entries(change_id=change.id, prices=prices, by=by, at=at)
        assert left.currency == more.currency == "USD"
    return {
        "new payment of dollars": f"/payments/new?customer={customer.id}",
        "new payment in rupiah": f"/payments/new?customer={customer.id}&currency=IDR",
        "quotation in dollars": f"/quotations/{quotation.id}",
        "order in dollars": f"/orders/{order.id}",
        "invoice in dollars": f"/invoices/{paid.id}",
        "payment in rupiah": f"/payments/{payment.id}",
        "customer in dollars": f"/customers/{customer.id}",
        "change in dollars": f"/price-changes/{change.id}",
    }


def ask_for_yes(world: World, name: str, product_id: UUID, customer: Customer) -> None:
    """A further rule about what is nearly given away, and an offer that waits for the owner's yes."""
    save_rule(
        company_id=world.company.id, by=world.owner, at=NOW,
        details=RuleDetails(
            name=name, steps=[{"mode": "any", "approvers": [{"seat": "role", "key": "owner"}]}],
            condition={"match": "all", "parts": [{"field": "discount_percent", "op": "above", "value": "90"}]},
        ),
    )  # fmt: skip
    cheap = LineInput(product_id=product_id, quantity=Decimal(2), discount_percent=Decimal(95))
    offer = make_quotation(world, [cheap], customer=customer, by=make_user(world.company, "sales_admin"))
    ask_quotation_approval(quotation_id=offer.id, by=SYSTEM, at=NOW)


def counted(browser: Client, addresses: dict[str, str], names: Iterable[str]) -> dict[str, int]:
    found = {}
    for name in names:
        address = addresses.get(name, name)
        browser.get(address)
        with CaptureQueriesContext(connection) as statements:
            answer = browser.get(address)
        assert answer.status_code == 200, address
        found[name] = len(statements)
    return found


def test_every_page_keeps_its_number_of_statements_however_much_it_shows(
    client: Client, tmp_path: Path, settings: Any
) -> None:
    settings.DATA_DIR = tmp_path / "data"
    folder = tmp_path / "files"
    folder.mkdir()
    world = make_world()
    client.force_login(world.owner, backend="allauth.account.auth_backends.AuthenticationBackend")

    few = counted(client, fill(world, folder, times=1), MOST)
    many = counted(client, fill(world, folder, times=3), MOST)

    assert max(MOST.values()) <= 15
    assert {name: count for name, count in few.items() if count > MOST[name]} == {}
    assert {name: (few[name], count) for name, count in many.items() if count > few[name]} == {}


def test_pages_in_another_currency_keep_theirs(client: Client) -> None:
    world = make_world()
    client.force_login(world.owner, backend="allauth.account.auth_backends.AuthenticationBackend")

    few = counted(client, fill_abroad(world, times=1), ABROAD)
    many = counted(client, fill_abroad(world, times=3), ABROAD)

    assert {name: count for name, count in few.items() if count > ABROAD[name]} == {}
    assert {name: (few[name], count) for name, count in many.items() if count > few[name]} == {}
