from niaga.invoicing.models.allocation import Allocation, InvoiceBalance
from niaga.invoicing.models.invoice import Invoice, InvoiceDue, InvoiceKind, InvoiceLine
from niaga.invoicing.models.tax_filing import BuyerReturn, TaxCurrencyRate, TaxFile, TaxFiling, TaxSerial
from niaga.invoicing.models.tax_slip import TaxSlip

__all__ = [
    "Allocation",
    "BuyerReturn",
    "Invoice",
    "InvoiceBalance",
    "InvoiceDue",
    "InvoiceKind",
    "InvoiceLine",
    "TaxCurrencyRate",
    "TaxFile",
    "TaxFiling",
    "TaxSerial",
    "TaxSlip",
]
