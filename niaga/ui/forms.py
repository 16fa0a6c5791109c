"""What forms of pages share: a deed once per form, and fields that read numbers as people write them."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from niaga.core import clock
from niaga.core.errors import Invalid, Refusal
from niaga.core.idempotency import Answer, answer_once, was_answered
from niaga.core.money import exponent
from niaga.ui import formatting
from niaga.ui.person import person_id

NOT_THE_DEED = {"csrfmiddlewaretoken", "idempotency_key"}


def once(request: HttpRequest, deed: Callable[[], str], *, principal_id: UUID | None = None) -> HttpResponse:
    """Do the form's deed once, however often the button was pressed, and go where it says.

    `principal_id` is whose key it is: the logged-in person, or on a public page the link's id.
    `deed` calls ONE service and returns the address to go to. The second sending of the same form (its
    `{% form_token %}`) gets the first one's answer. Refusals pass through and are not remembered.

    :raises Refusal: whatever the deed raises, and InFlight while the first sending is still at work
    """
    key = request.POST.get("idempotency_key", "")

    def answer() -> Answer:
        return Answer(status=303, body=deed().encode())

    if not key or len(key) > 64:
        target = answer().body.decode()
    else:
        fields = sorted((name, values) for name, values in request.POST.lists() if name not in NOT_THE_DEED)
        stored = answer_once(
            principal_id=principal_id or person_id(request),
            path=request.path,
            key=key,
            body=orjson.dumps(fields),
            at=clock.now(),
            deed=answer,
        )
        target = bytes(stored.body).decode()
    response = HttpResponse(status=303)
    response["Location"] = target
    return response


def deed_view(
    name: str, act: Callable[[HttpRequest, UUID], str], *, check: Callable[[HttpRequest, UUID], None] | None = None
) -> Callable[..., HttpResponse]:
    """The view of a button on a document's page: a POST that does one deed once, and goes where `act` says.

    `act` and `check` get the key in the address. `check` refuses before anything is done, and so before a second
    sending is answered too.
    """

    @login_required
    @require_POST
    def view(request: HttpRequest, **keys: UUID) -> HttpResponse:
        (key,) = keys.values()
        if check is not None:
            check(request, key)
        return once(request, lambda: act(request, key))

    view.__name__ = name
    return view


def answered(request: HttpRequest) -> bool:
    """Whether the deed of this very form was done before: its button was pressed twice."""
    key = request.POST.get("idempotency_key", "")
    return bool(key) and was_answered(principal_id=person_id(request), path=request.path, key=key)


def refuse(form: forms.BaseForm, refusal: Refusal) -> None:
    """Put a refusal beside the field it names, else above the form."""
    field = refusal.field if refusal.field in form.fields else None
    form.add_error(field, ValidationError(str(refusal.message), code=refusal.code))


SHOWN_ROWS = 20
"""So many rows of pasted ones are told of at once."""


def refuse_rows(form: forms.BaseForm, refusal: Refusal) -> None:
    """Each pasted row's answer beside the field `rows`, by its number."""
    for fault in refusal.lines[:SHOWN_ROWS]:
        form.add_error("rows", gettext("Row %(row)d: %(text)s") % {"row": fault["line"], "text": fault["message"]})
    if not refusal.lines:
        refuse(form, refusal)


def facts_of(form: forms.BaseForm) -> dict[str, Any]:
    """What the form of a dialog says; the dialog stays open with what was typed and shows what is wrong in it.

    :raises Invalid: names the first field in error
    """
    if form.is_valid():
        return form.cleaned_data
    field, faults = next(iter(form.errors.as_data().items()))
    raise Invalid(" ".join(faults[0].messages), field=field)


class NumberField(forms.DecimalField):
    """A decimal typed as people here write it: `1.234,5`, in English `1,234.5`. Shown the same way."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.widget.attrs.setdefault("inputmode", "decimal")
        self.widget.attrs["class"] = f"{self.widget.attrs.get('class', '')} num".strip()

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        try:
            return formatting.parse_number(str(value))
        except ValueError as error:
            example = formatting.number(Decimal("1234.5"))
            raise ValidationError(_("Write a number, for example %(example)s."), params={"example": example}) from error

    def prepare_value(self, value: Any) -> Any:
        return formatting.number(value) if isinstance(value, Decimal | int) else value


class AmountField(NumberField):
    """Money of one currency; more decimals than the currency has are refused, not rounded."""

    def __init__(self, *, currency: str = "IDR", **options: Any) -> None:
        self.currency = currency
        super().__init__(max_digits=19, **options)

    def clean(self, value: Any) -> Decimal | None:
        amount: Decimal | None = super().clean(value)
        if amount is not None and amount != amount.quantize(Decimal(1).scaleb(-exponent(self.currency))):
            raise ValidationError(_("%(currency)s has no such small amounts."), params={"currency": self.currency})
        return amount

    def prepare_value(self, value: Any) -> Any:
        return formatting.amount(value, self.currency) if isinstance(value, Decimal | int) else value


class DayField(forms.DateField):
    """A day, by the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"input_formats": ["%Y-%m-%d", "%d/%m/%Y"], **options})
