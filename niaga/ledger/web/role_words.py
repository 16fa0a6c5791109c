"""The roles of accounts as pages say them: what each is called, and what is posted on it."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROLES: Mapping[str, tuple[str | Promise, str | Promise]] = {
    "receivable": (_("Receivables"), _("What customers owe on invoices.")),
    "tax_by_buyer": (_("Tax paid by collectors"), _("PPN that a collector pays to the state, until its slip is here.")),
    "cash": (_("Cash on hand"), _("Payments in cash.")),
    "bank": (_("Bank"), _("Transfers, and giros that were cleared.")),
    "giro": (_("Giros received"), _("Giros that are not cleared yet.")),
    "card": (_("Cards under way"), _("Card payments that the bank still has.")),
    "advances": (_("Customers' advances"), _("Money without an invoice, and down payments.")),
    "tax_payable": (_("Output tax (PPN)"), _("Tax on invoices, less credit notes and slips.")),
    "luxury_tax_payable": (_("Luxury tax (PPnBM)"), _("Luxury tax on invoices.")),
    "revenue": (_("Revenue"), _("Sales without taxes, less credit notes.")),
    "rounding": (_("Rounding"), _("The rounding of invoices.")),
    "exchange_gain": (_("Exchange gain"), _("What a rate gained until a document was settled.")),
    "exchange_loss": (_("Exchange loss"), _("What a rate lost until a document was settled.")),
    "inventory": (_("Inventory"), _("What the goods on hand are worth, at their moving average.")),
    "goods_in_transit": (_("Goods in transit"), _("What is on its way between two warehouses.")),
    "goods_received": (_("Goods received, not billed"), _("Goods that came in, until their supplier bills them.")),
    "cost_of_sales": (_("Cost of sales"), _("What the goods that left were worth.")),
    "stock_gain": (_("Stock found"), _("What counts and corrections added.")),
    "stock_loss": (_("Stock lost"), _("What counts and corrections took away.")),
    "gateway_clearing": (
        _("Payment gateways"),
        _("Paid by customers through a gateway, and not paid out to the bank yet."),
    ),
    "gateway_fees": (_("Gateway fees"), _("What payment gateways keep.")),
    "bad_debt": (_("Bad debts"), _("What was written off because customers will not pay.")),
    "payment_differences": (_("Payment differences"), _("Small rests of invoices that were written off.")),
    "early_discounts": (_("Early-payment discounts"), _("What customers took off who paid in time.")),
    "supplier_credits": (_("Suppliers' credits"), _("What suppliers owe for goods that went back to them.")),
    "late_fees": (_("Late fees"), _("What customers are charged who pay late.")),
    "giro_fees": (_("Returned giro fees"), _("What customers are charged whose giro the bank returned.")),
    "opening_stock": (_("Opening stock"), _("What the goods were worth that were there when the books began.")),
    "exchange_rounding": (_("Exchange rounding"), _("What is left over by converting each amount by itself.")),
    "suspense": (_("Unidentified receipts"), _("Money on the bank account until it is known whose it is.")),
    "withheld_tax": (_("Tax kept back (PPh 23)"), _("What customers keep back of an invoice and pay to the state.")),
    "bank_fees": (_("Bank fees"), _("What a bank takes for its service.")),
    "bank_interest": (_("Bank interest"), _("What a bank pays on a balance.")),
    "owners_money": (_("Owners' money"), _("What owners put in and take out.")),
    "money_in_transit": (_("Money in transit"), _("On its way between the company's own accounts.")),
    "other_costs": (_("Other costs"), _("Costs that a bank statement shows and no other account is for.")),
}
