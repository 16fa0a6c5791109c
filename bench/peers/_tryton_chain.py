"""Runs inside Tryton's own environment: a company, its goods, and the whole chain of one sale, timed, over and over.

    python _tryton_chain.py --lines 10 --runs 5

`TRYTOND_DATABASE_URI` names the server and the database. The steps are those of Tryton's own scenarios (sale, stock,
account_invoice). The company is set up through proteus; what is timed calls the models' own methods in this process,
one transaction a step: no network, no client, no form that asks the server at every field. The last line is one JSON
object.
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


class Chain:
    """Offer, order, reservation, shipment, posted invoice, payment, as a server would run them."""

    def __init__(self, config, customer, term, method):
        from trytond.pool import Pool

        self.database, self.user, self.pool = config.database_name, config.user, Pool(config.database_name)
        self.context = dict(config.context)
        self.customer, self.term, self.method = customer.id, term.id, method.id

    def transaction(self, deed, **how):
        """Do it in a transaction; where Tryton asks for locks, start over with them, as its server does."""
        from trytond.transaction import Transaction, TransactionError
        from trytond.worker import run_task

        extras = {}
        while True:
            with Transaction().start(self.database, self.user, context=self.context, **how, **extras) as transaction:
                try:
                    answer = deed(self.pool.get)
                except TransactionError as error:
                    transaction.rollback()
                    error.fix(extras)
                    continue
                transaction.commit()
            while transaction.tasks:  # what the step left for later: its server does it before the answer, too
                run_task(self.pool, transaction.tasks.pop())
            return answer

    def step(self, model, verb, ids):
        """Call a verb on records, in a transaction of its own."""
        return self.transaction(lambda get: getattr(get(model), verb)(get(model).browse(ids)))

    def draft(self, products, quantity):
        def deed(get):
            sales, sale_lines = get("sale.sale"), get("sale.line")
            sale = sales(**sales.default_get(list(sales._fields), with_rec_name=False))
            sale.party = self.customer
            sale.on_change_party()
            sale.payment_term = self.term
            sale.save()
            lines = []
            for product in products:
                line = sale_lines(sale=sale, type="line", product=product.id, quantity=quantity)
                line.on_change_product()
                line.on_change_quantity()
                lines.append(line)
            sale_lines.save(lines)
            return sale.id

        return self.transaction(deed)

    def read(self, model, record_id, *names):
        def deed(get):
            values = [getattr(get(model)(record_id), name) for name in names]
            return [[one.id for one in value] if isinstance(value, (list, tuple)) else value for value in values]

        return self.transaction(deed, readonly=True)

    def pay(self, invoice):
        def deed(get):
            bill, method = get("account.invoice")(invoice), get("account.invoice.payment.method")(self.method)
            amount = bill.amount_to_pay
            claims, _rest = bill.get_reconcile_lines_for_amount(amount, bill.currency)
            paid = bill.pay_invoice(amount, method, bill.invoice_date)
            get("account.move.line").reconcile(claims + paid)

        self.transaction(deed)

    def run(self, products):
        sale = self.draft(products, 2.0)
        self.step("sale.sale", "quote", [sale])
        self.step("sale.sale", "confirm", [sale])
        if self.read("sale.sale", sale, "state") == ["confirmed"]:
            self.step("sale.sale", "process", [sale])
        ((shipment,), (invoice,)) = self.read("sale.sale", sale, "shipments", "invoices")
        self.step("stock.shipment.out", "assign_try", [shipment])
        assert self.read("stock.shipment.out", shipment, "state") == ["assigned"]
        for verb in ("pick", "pack", "do"):
            self.step("stock.shipment.out", verb, [shipment])
        self.step("account.invoice", "post", [invoice])
        self.pay(invoice)
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
    customer, term, method, products = prepare(config)
    chain = Chain(config, customer, term, method)
    turns = itertools.cycle(products)
    spent = []
    for turn in range(given.runs + 1):
        chosen = [next(turns) for _line in range(given.lines)]
        start = time.perf_counter()
        sale, shipment, invoice = chain.run(chosen)
        took = (time.perf_counter() - start) * 1000
        assert chain.read("stock.shipment.out", shipment, "state") == ["done"]
        assert chain.read("account.invoice", invoice, "state") == ["paid"]
        lines, shipped, billed = chain.read("sale.sale", sale, "lines", "shipment_state", "invoice_state")
        assert (len(lines), shipped, billed) == (given.lines, "sent", "paid"), (shipped, billed)
        (total,) = chain.read("account.invoice", invoice, "total_amount")
        if turn:
            spent.append(took)
    print(json.dumps({"spent_ms": spent, "total": str(total)}), flush=True)


if __name__ == "__main__":
    main()
