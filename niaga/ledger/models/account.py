import pgtrigger
from django.db import models

from niaga.core.fields import IdField


class AccountRole(models.TextChoices):
    """What a posting is for. Postings name roles, never codes; the company chooses which account plays each."""

    RECEIVABLE = "receivable"
    TAX_BY_BUYER = "tax_by_buyer"  # of collectors (WAPU): a slip settles it
    REVENUE = "revenue"
    TAX_PAYABLE = "tax_payable"  # PPN keluaran
    LUXURY_TAX_PAYABLE = "luxury_tax_payable"  # PPnBM keluaran
    CASH = "cash"
    BANK = "bank"
    GIRO = "giro"  # giro received, not yet cleared
    CARD = "card"  # card terminal settlements under way
    ADVANCES = "advances"  # customers' money without an invoice
    ROUNDING = "rounding"
    EXCHANGE_GAIN = "exchange_gain"
    EXCHANGE_LOSS = "exchange_loss"
    EXCHANGE_ROUNDING = "exchange_rounding"  # what a sum has by turning its parts into the own currency one by one
    INVENTORY = "inventory"  # what the goods on hand are worth, at their moving average
    GOODS_RECEIVED = "goods_received"  # goods that came, and that no supplier has billed yet
    COST_OF_SALES = "cost_of_sales"
    STOCK_GAIN = "stock_gain"  # found by a count, or added by a correction
    STOCK_LOSS = "stock_loss"
    GOODS_IN_TRANSIT = "goods_in_transit"  # on the way between two warehouses, worth what they left with
    OPENING_STOCK = "opening_stock"  # equity: what was there when the books began
    SUSPENSE = "suspense"  # money on the bank account whose owner is not known yet
    BANK_FEES = "bank_fees"
    BANK_INTEREST = "bank_interest"
    WITHHELD_TAX = "withheld_tax"  # PPh 23 that a customer kept back: paid in advance
    OWNERS_MONEY = "owners_money"
    MONEY_IN_TRANSIT = "money_in_transit"  # between the company's own accounts
    OTHER_COSTS = "other_costs"
    GATEWAY_CLEARING = "gateway_clearing"  # paid through a payment gateway, not paid out to the bank yet
    GATEWAY_FEES = "gateway_fees"  # what payment gateways keep
    BAD_DEBT = "bad_debt"  # what customers will not pay
    PAYMENT_DIFFERENCES = "payment_differences"  # rests too small to ask for
    EARLY_DISCOUNTS = "early_discounts"  # given to who pays early
    LATE_FEES = "late_fees"  # what who pays late is charged
    GIRO_FEES = "giro_fees"  # what is charged for giros that the bank returned
    SUPPLIER_CREDITS = "supplier_credits"  # what suppliers owe for goods that went back to them


class Account(models.Model):
    """An account of the company's own plan. Its code stays: what is posted under it is known by it."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="one_account_code")]
        triggers = [pgtrigger.ReadOnly(name="code_stays", fields=["company", "code"])]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class RoleAccount(models.Model):
    """The account that plays a role for what is posted from now on. One account may play several."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    role = models.CharField(max_length=20)  # an `AccountRole`
    account = models.ForeignKey(Account, models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "role"], name="one_account_of_role")]


class FiscalPeriod(models.Model):
    """A month of the books. A month without a row is open."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT)
    starts = models.DateField()
    ends = models.DateField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "starts"], name="one_period")]
