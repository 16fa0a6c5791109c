"""Runs inside Tryton's own environment: a company, its goods, and the whole chain of one sale, timed, over and over.

    python _tryton_chain.py --lines 10 --runs 5

`TRYTOND_DATABASE_URI` names the server and the database. The steps are those of Tryton's own scenarios (sale, stock,
account_invoice), driven by proteus in this process: no network, no client. The last line is one JSON object.
"""

import argparse
import itertools
import json
import logging
import os
import time
import warnings
from decimal import Decimal

PRODUCTS = 40


def prepare(config):
    """Activate the modules and set up what a first sale needs."""
    from proteus import Model, Wizard
    from trytond.modules.account.tests.tools import create_chart, create_fiscalyear, create_tax, get_accounts
    from trytond.modules.account_invoice.tests.tools import create_payment_term, set_fiscalyear_invoice_sequences
    from trytond.modules.company.tests.tools import create_company

    module = Model.get("ir.module")
    module.click(module.find([("name", "=", "sale")]), "activate")
    Wizard("ir.module.activate_upgrade").execute("upgrade")
    create_company(config=config)
    create_chart(config=config)
    fiscalyear = set_fiscalyear_invoice_sequences(create_fiscalyear())
    fiscalyear.click("create_period")
    accounts = get_accounts()
    tax = create_tax(Decimal(".11"))
    tax.save()
    (journal,) = Model.get("account.journal").find([("type", "=", "cash")])
    cash = accounts["cash"]
    method = Model.get("account.invoice.payment.method")(name="Cash", journal=journal)
    method.credit_account, method.debit_account = cash, cash
    method.save()
    category = Model.get("product.category")(name="Goods", accounting=True)
    category.account_expense, category.account_revenue = accounts["expense"], accounts["revenue"]
    category.customer_taxes.append(tax)
    category.save()
    (unit,) = Model.get("product.uom").find([("name", "=", "Unit")])
    products = []
    for n in range(PRODUCTS):
        template = Model.get("product.template")(
            name=f"Product {n}", default_uom=unit, type="goods", salable=True, list_price=Decimal(100 + n)
        )
        template.account_category = category
        template.save()
        products += template.products
    (storage,) = Model.get("stock.location").find([("code", "=", "STO")])
    inventory = Model.get("stock.inventory")(location=storage)
    for product in products:
        line = inventory.lines.new(product=product)
        line.quantity, line.expected_quantity = 1_000_000.0, 0.0
    inventory.click("confirm")
    assert inventory.state == "done", inventory.state
    term = create_payment_term()
    term.save()
    customer = Model.get("party.party")(name="Customer")
    customer.save()
    return customer, term, method, products


def chain(customer, term, method, products):
    """Offer, order, reservation, shipment, posted invoice, payment; the end state is asserted by the caller."""
    from proteus import Model

    sale = Model.get("sale.sale")(party=customer, payment_term=term)
    for product in products:
        line = sale.lines.new()
        line.product, line.quantity = product, 2.0
    sale.click("quote")
    sale.click("confirm")
    if sale.state == "confirmed":
        sale.click("process")
    (shipment,) = sale.shipments
    shipment.click("assign_try")
    assert shipment.state == "assigned", shipment.state
    shipment.click("pick")
    shipment.click("pack")
    shipment.click("do")
    (invoice,) = sale.invoices
    invoice.click("post")
    pay = invoice.click("pay")
    pay.form.payment_method = method
    pay.execute("choice")
    return sale, shipment, invoice


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", type=int, default=10)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    from proteus import config as proteus_config

    config = proteus_config.set_trytond(os.environ["TRYTOND_DATABASE_URI"], user="admin")
    world = prepare(config)
    customer, term, method, products = world
    turns = itertools.cycle(products)
    spent = []
    for turn in range(given.runs + 1):
        chosen = [next(turns) for _line in range(given.lines)]
        start = time.perf_counter()
        sale, shipment, invoice = chain(customer, term, method, chosen)
        took = (time.perf_counter() - start) * 1000
        for record in (sale, shipment, invoice):
            record.reload()
        assert shipment.state == "done", shipment.state
        assert invoice.state == "paid", invoice.state
        assert len(sale.lines) == given.lines
        assert sale.shipment_state == "sent", sale.shipment_state
        assert sale.invoice_state == "paid", sale.invoice_state
        if turn:
            spent.append(took)
    print(json.dumps({"spent_ms": spent, "total": str(invoice.total_amount)}), flush=True)


if __name__ == "__main__":
    main()
