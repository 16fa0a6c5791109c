from niaga.invoicing.models.allocation import Allocation, InvoiceBalance
from niaga.invoicing.models.invoice import Invoice, InvoiceDue, InvoiceKind, InvoiceLine

__all__ = ["Allocation", "Invoice", "InvoiceBalance", "InvoiceDue", "InvoiceKind", "InvoiceLine"]
