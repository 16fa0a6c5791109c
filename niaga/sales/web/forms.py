"""What people type around the lines of quotations and orders."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from niaga.organization.access import access_of
from niaga.organization.queries.users import salespeople
from niaga.parties.queries.customer_lists import terms_for
from niaga.stock.queries.warehouses import visible_warehouses
from niaga.ui.forms import AmountField, DayField, NumberField


class DocumentForm(forms.Form):
    """Shared by both. Fields that are left empty take what the customer and the company have."""

    customer = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": _("Choose a customer.")})
    customer_reference = forms.CharField(label=_("Customer's reference"), max_length=60, required=False)
    salesperson = forms.ChoiceField(label=_("Salesperson"), required=False)
    payment_term = forms.ChoiceField(label=_("Payment term"), required=False)
    discount_percent = NumberField(
        label=_("Discount on the whole, %"), required=False, min_value=0, max_value=100, max_digits=9, decimal_places=6
    )
    discount_amount = AmountField(label=_("or as an amount"), required=False, min_value=0)
    note = forms.CharField(
        label=_("Note for the customer"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, request: HttpRequest, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        currency = access_of(request.user).current_company.currency
        amount = self.fields["discount_amount"]
        assert isinstance(amount, AmountField)
        amount.currency = currency
        people = [(str(row.pk), str(row)) for row in salespeople(by=request.user)]
        self.fields["salesperson"].choices = [("", _("The customer's own")), *people]  # type: ignore[attr-defined]
        rows = terms_for(request.user).prefetch_related(None).values_list("pk", "name")
        terms = [(str(pk), name) for pk, name in rows]
        self.fields["payment_term"].choices = [("", _("The customer's own")), *terms]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("discount_percent") and cleaned.get("discount_amount"):
            self.add_error("discount_amount", _("Give the discount in percent or as an amount, not both."))
        return cleaned

    def chosen(self, name: str) -> UUID | None:
        """The id chosen in a field, if one was."""
        value = self.cleaned_data.get(name)
        return UUID(str(value)) if value else None


class QuotationForm(DocumentForm):
    valid_until = DayField(label=_("Valid until"), required=False)
    terms_text = forms.CharField(
        label=_("Terms"), required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 2})
    )


class OrderForm(DocumentForm):
    planned_date = DayField(label=_("Planned delivery"), required=False)
    warehouse = forms.ChoiceField(label=_("Warehouse"), required=False)
    reason = forms.CharField(label=_("Why it changes"), required=False, max_length=500)

    def __init__(self, request: HttpRequest, *args: Any, **options: Any) -> None:
        super().__init__(request, *args, **options)
        places = [(str(row.pk), row.name) for row in visible_warehouses(by=request.user)]
        self.fields["warehouse"].choices = [("", _("The branch's own")), *places]  # type: ignore[attr-defined]
        self.one_warehouse = len(places) < 2
