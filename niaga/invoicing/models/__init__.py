from niaga.invoicing.models.allocation import Allocation, InvoiceBalance
from niaga.invoicing.models.invoice import Invoice, InvoiceDue, InvoiceKind, InvoiceLine
from niaga.invoicing.models.issue_run import IssueRun, IssueRunInvoice
from niaga.invoicing.models.open_item import CustomerAgeing, OpenItem
from niaga.invoicing.models.tax_filing import BuyerReturn, TaxCurrencyRate, TaxFile, TaxFiling, TaxSerial
from niaga.invoicing.models.tax_slip import TaxSlip

__all__ = [
    "Allocation",
    "BuyerReturn",
    "CustomerAgeing",
    "Invoice",
    "InvoiceBalance",
    "InvoiceDue",
    "InvoiceKind",
    "InvoiceLine",
    "IssueRun",
    "IssueRunInvoice",
    "OpenItem",
    "TaxCurrencyRate",
    "TaxFile",
    "TaxFiling",
    "TaxSerial",
    "TaxSlip",
]
