"""What people type around the lines of quotations and orders."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.core.clock import now
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound, Refusal
from niaga.organization.access import access_of
from niaga.organization.errors import RateMissing
from niaga.organization.queries.branches import channels
from niaga.organization.queries.users import salespeople
from niaga.parties.queries.customer_lists import addresses_of, contacts_of, terms_for
from niaga.parties.queries.customers import customer_for
from niaga.pricing.queries.loyalty_words import ending_told, points_told
from niaga.pricing.queries.standing import points_on_offer
from niaga.pricing.rules.loyalty import MOST_POINTS
from niaga.sales.models import SalesOrder
from niaga.sales.services.selling_facts import Choice
from niaga.sales.web.words import place_line
from niaga.stock.queries.warehouses import visible_warehouses
from niaga.ui import formatting
from niaga.ui.forms import AmountField, DayField, NumberField, refuse


class PartyForm(forms.Form):
    """Whom a document is for: a customer, and of that customer a person and places.

    `stands` is a promise that keeps what it names while nothing else is chosen.
    """

    customer = forms.UUIDField(error_messages={"required": _("Choose a customer.")})
    contact = forms.ChoiceField(label=_("Contact"), required=False)
    delivery_address = forms.ChoiceField(label=_("Deliver to"), required=False)
    billing_address = forms.ChoiceField(label=_("Invoice to"), required=False)

    points = NumberField(
        label=_("Use points"), required=False, min_value=0, max_value=MOST_POINTS, max_digits=10, decimal_places=0
    )

    def __init__(self, request: HttpRequest, *args: Any, stands: SalesOrder | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        people: list[Any] = []
        places: list[Any] = []
        self.known: Any = None  # the customer, when the person may see them
        customer_id = as_id(str(self["customer"].value() or ""))
        if customer_id is not None:
            try:
                self.known = customer_for(request.user, customer_id)
            except NotFound:
                pass
            else:
                people, places = list(contacts_of(customer_id)), list(addresses_of(customer_id))
        person = stands.contact.name if stands and stands.contact else ""
        self._offer("contact", [(one.id, _person(one)) for one in people], stands and _stands(person))
        goods = [one for one in places if one.for_delivery] or places
        self._offer(
            "delivery_address", [(one.id, place_line(one)) for one in goods],
            stands and _stands(place_line(stands.delivery_address)),
        )  # fmt: skip
        bills = [one for one in places if one.for_billing] or places
        own = stands.billing_address if stands else {}
        self._offer(
            "billing_address", [(one.id, place_line(one)) for one in bills],
            _stands(place_line(own)) if own else _("The customer's own"),
        )  # fmt: skip
        self.many_bills = len(bills) > 1
        self._offer_points(request, promised=stands is not None)

    def _offer_points(self, request: HttpRequest, *, promised: bool) -> None:
        """The field of points, where a programme is on and the customer has some, or has them on this document."""
        self.all_points = ""
        used = self["points"].value()
        offer = None
        if not promised and self.known is not None:
            today = day_at(at=now(), zone=access_of(request.user).default_branch.zone)
            offer = points_on_offer(company_id=self.known.company_id, customer_id=self.known.pk, day=today)
        if offer is None and not (used and (self.is_bound or self.initial.get("version"))):
            del self.fields["points"]
            return
        field = self.fields["points"]
        if offer is not None:
            facts = {"points": points_told(offer.usable), "value": formatting.money(offer.value, offer.currency)}
            field.help_text = gettext("Of %(points)s, worth %(value)s.") % facts
            if offer.ends_on is not None:
                field.help_text += f" {ending_told(offer.ending, offer.ends_on)}."
            self["points"].help_text = field.help_text
            self.all_points = formatting.number(offer.usable)

    def _offer(self, name: str, rows: list[tuple[UUID, str]], first: Any) -> None:
        """The choices of a field; without a `first` of its own the first row stands chosen."""
        choices: list[tuple[str, Any]] = [(str(key), text) for key, text in rows]
        if first or not rows:
            choices.insert(0, ("", first or "—"))
        field = self.fields[name]
        field.choices = choices  # type: ignore[attr-defined]
        field.widget.attrs["data-fetched"] = ""
        if not rows:
            field.widget.attrs["disabled"] = True

    def places(self) -> Choice:
        """What was chosen of the customer."""
        return Choice(self.chosen("contact"), self.chosen("delivery_address"), self.chosen("billing_address"))

    def chosen(self, name: str) -> UUID | None:
        """The id chosen in a field, if one was."""
        value = self.cleaned_data.get(name)
        return UUID(str(value)) if value else None


class DocumentForm(PartyForm):
    """Shared by both. Fields that are left empty take what the customer and the company have."""

    customer_reference = forms.CharField(label=_("Customer's reference"), max_length=60, required=False)
    requested_date = DayField(label=_("Requested day"), required=False)
    salesperson = forms.ChoiceField(label=_("Salesperson"), required=False)
    payment_term = forms.ChoiceField(label=_("Payment term"), required=False)
    channel = forms.ChoiceField(label=_("Channel"), required=False, help_text=_("Some price lists ask for it."))
    discount_percent = NumberField(
        label=_("Discount on the whole, %"), required=False, min_value=0, max_value=100, max_digits=9, decimal_places=6
    )
    discount_amount = AmountField(label=_("or as an amount"), required=False, min_value=0)
    coupon_codes = forms.CharField(label=_("Coupon"), max_length=400, required=False)
    currency = forms.ChoiceField(label=_("Currency"), required=False)
    note = forms.CharField(
        label=_("Note for the customer"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, request: HttpRequest, *args: Any, **options: Any) -> None:
        super().__init__(request, *args, **options)
        here = access_of(request.user).current_company
        self.rate_url = ""
        """Where the exchange rate that is missing can be written."""
        self._offer_currencies(here.currency, here.other_currencies)
        amount = self.fields["discount_amount"]
        assert isinstance(amount, AmountField)
        chosen = self["currency"].value() if "currency" in self.fields else ""
        amount.currency = str(chosen or self.initial.get("currency") or here.currency)
        people = [(str(row.pk), str(row)) for row in salespeople(by=request.user)]
        self.fields["salesperson"].choices = [("", _("The customer's own")), *people]  # type: ignore[attr-defined]
        rows = terms_for(request.user).prefetch_related(None).values_list("pk", "name")
        terms = [(str(pk), name) for pk, name in rows]
        self.fields["payment_term"].choices = [("", _("The customer's own")), *terms]  # type: ignore[attr-defined]
        ways = [(str(key), name) for key, name in self.ways(request)]
        self.fields["channel"].choices = [("", "—"), *ways]  # type: ignore[attr-defined]
        if not ways:
            del self.fields["channel"]

    def _offer_currencies(self, home: str, others: Sequence[str]) -> None:
        """A choice only where there is one. An empty choice takes what the document has; a new one the customer's."""
        stands = str(self.initial.get("currency") or "")
        codes = list(dict.fromkeys([home, *others, *([stands] if stands else [])]))
        if len(codes) == 1:
            del self.fields["currency"]
            return
        first = [] if stands else [("", _("The customer's own"))]
        self.fields["currency"].choices = [*first, *((code, code) for code in codes)]  # type: ignore[attr-defined]

    def refuse(self, request: HttpRequest, refusal: Refusal) -> None:
        """What is wrong beside its field; a missing rate with the way to write it."""
        refuse(self, refusal)
        if isinstance(refusal, RateMissing) and access_of(request.user).allows("exchange_rate", "record"):
            asked = urlencode({"day": refusal.facts["on"], "currency": refusal.facts["currency"]})
            self.rate_url = f"{reverse('organization:exchange_rates')}?{asked}"

    def ways(self, request: HttpRequest) -> list[tuple[UUID, str]]:
        """The channels to choose from, with the one that the document has, which may have been archived since."""
        rows = channels(by=request.user, archived=True)
        stands = as_id(str(self.initial.get("channel") or ""))
        return list(rows.filter(Q(archived_at=None) | Q(pk=stands)).values_list("id", "name"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("discount_percent") and cleaned.get("discount_amount"):
            self.add_error("discount_amount", _("Give the discount in percent or as an amount, not both."))
        return cleaned


class QuotationForm(DocumentForm):
    valid_until = DayField(label=_("Valid until"), required=False)
    terms_text = forms.CharField(
        label=_("Terms"), required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 2})
    )


def _person(contact: Any) -> str:
    return f"{contact.name} · {contact.role}" if contact.role else contact.name


def _stands(text: object) -> str:
    return gettext("As it stands: %(text)s") % {"text": text} if text else "—"


def as_id(text: str) -> UUID | None:
    """The id that a text is, or none."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


class OrderForm(DocumentForm):
    planned_date = DayField(label=_("Promised day"), required=False)
    warehouse = forms.ChoiceField(label=_("Warehouse"), required=False)
    reason = forms.CharField(label=_("Why it changes"), required=False, max_length=500)

    def __init__(self, request: HttpRequest, *args: Any, **options: Any) -> None:
        super().__init__(request, *args, **options)
        places = [(str(row.pk), row.name) for row in visible_warehouses(by=request.user)]
        self.fields["warehouse"].choices = [("", _("The branch's own")), *places]  # type: ignore[attr-defined]
        self.one_warehouse = len(places) < 2
