"""The invoice that a customer owes the longest: what holds further orders when it is too late."""

from django.db.models import CharField, F, OuterRef, Subquery
from django.db.models.functions import Cast, JSONObject

from niaga.invoicing.models import InvoiceBalance


def oldest_due(customer_id: str = "customer_id") -> Subquery:
    """The unpaid invoice of the row's customer with the earliest day due, as JSON: id, number, due_date, currency, and
    what is left of it as text. None without one. An index answers it; `customer_id` is the row's column or path."""
    open_ones = InvoiceBalance.objects.filter(customer_id=OuterRef(customer_id), allocated__lt=F("total"))
    fact = JSONObject(
        id="invoice_id", number="invoice__number", due_date="due_date", currency="currency",
        left=Cast(F("total") - F("allocated"), CharField()),
    )  # fmt: skip
    return Subquery(
        open_ones.exclude(kind="credit_note").exclude(due_date=None).order_by("due_date", "id").values(fact=fact)[:1]
    )
