from niaga.invoicing.models.allocation import Allocation, InvoiceBalance
from niaga.invoicing.models.collection import (
    CallListRow,
    CallOutcome,
    CollectionCall,
    Dispute,
    LevelYield,
    PaymentPromise,
    PromisedInvoice,
    ReminderPause,
)
from niaga.invoicing.models.correction import Correction, CorrectionMail, TaxPath
from niaga.invoicing.models.early_discount import DiscountReversal, GivenDiscount
from niaga.invoicing.models.exchange import (
    ExchangeItem,
    ExchangeOutcome,
    ExchangePaper,
    ExchangeRound,
    ExchangeRule,
)
from niaga.invoicing.models.invoice import Invoice, InvoiceDue, InvoiceKind, InvoiceLine
from niaga.invoicing.models.issue_run import IssueRun, IssueRunInvoice
from niaga.invoicing.models.late_fee import LateFee, LateFeeDays, LateFeeRule, LateFeeWaiver
from niaga.invoicing.models.open_item import CustomerAgeing, OpenItem
from niaga.invoicing.models.reminder import Mark, Reminder, ReminderMark
from niaga.invoicing.models.reminder_plan import ReminderLevel, ReminderPlan
from niaga.invoicing.models.tax_filing import BuyerReturn, TaxCurrencyRate, TaxFile, TaxFiling, TaxSerial
from niaga.invoicing.models.tax_slip import TaxSlip
from niaga.invoicing.models.write_off import WriteOff, WriteOffDeed, WriteOffKind, WriteOffReversal, WriteOffRule

__all__ = [
    "Allocation",
    "BuyerReturn",
    "CallListRow",
    "CallOutcome",
    "CollectionCall",
    "Correction",
    "CorrectionMail",
    "CustomerAgeing",
    "DiscountReversal",
    "Dispute",
    "ExchangeItem",
    "ExchangeOutcome",
    "ExchangePaper",
    "ExchangeRound",
    "ExchangeRule",
    "GivenDiscount",
    "Invoice",
    "InvoiceBalance",
    "InvoiceDue",
    "InvoiceKind",
    "InvoiceLine",
    "IssueRun",
    "IssueRunInvoice",
    "LateFee",
    "LateFeeDays",
    "LateFeeRule",
    "LateFeeWaiver",
    "LevelYield",
    "Mark",
    "OpenItem",
    "PaymentPromise",
    "PromisedInvoice",
    "Reminder",
    "ReminderLevel",
    "ReminderMark",
    "ReminderPause",
    "ReminderPlan",
    "TaxCurrencyRate",
    "TaxFile",
    "TaxFiling",
    "TaxPath",
    "TaxSerial",
    "TaxSlip",
    "WriteOff",
    "WriteOffDeed",
    "WriteOffKind",
    "WriteOffReversal",
    "WriteOffRule",
]
