"""Settings of credit: for how long invoices may be overdue, and what groups say for their members."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niaga.core import clock
from niaga.organization.access import access_of
from niaga.organization.web.pages import form_page
from niaga.parties.models import CustomerGroup
from niaga.parties.queries.credit_policy import company_days, confirms_when_free, groups_with_credit
from niaga.parties.rules.credit import GroupCredit
from niaga.parties.services.set_credit import MOST_DAYS
from niaga.parties.services.set_credit_policy import set_credit_policy
from niaga.ui.forms import AmountField
from niaga.ui.stale import one_at_a_time


def _days(label: Any, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=MOST_DAYS, **more)


class PolicyForm(forms.Form):
    """The company's days, and two fields for each group."""

    overdue_days = _days(
        _("Days an invoice may be overdue"),
        help_text=_("After that the customer's orders and deliveries wait for finance. Empty: nobody waits."),
    )
    confirms_when_free = forms.BooleanField(
        label=_("Confirm held orders by themselves once they are paid for"), required=False,
        help_text=_("When money brings the customer within limit and days. Otherwise the seller is told."),
    )  # fmt: skip

    def __init__(self, data: Any, groups: list[CustomerGroup], overdue_days: int | None, goes_on: bool) -> None:
        initial: dict[str, Any] = {"overdue_days": overdue_days, "confirms_when_free": goes_on}
        for group in groups:
            initial[f"limit_{group.pk.hex}"] = group.credit_limit
            initial[f"days_{group.pk.hex}"] = group.overdue_days
        super().__init__(data, initial=initial)
        self.groups = groups
        for group in groups:
            self.fields[f"limit_{group.pk.hex}"] = AmountField(label=_("Credit limit"), required=False, min_value=0)
            self.fields[f"days_{group.pk.hex}"] = _days(_("Days overdue"))

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [
            {"group": one, "limit": self[f"limit_{one.pk.hex}"], "days": self[f"days_{one.pk.hex}"]}
            for one in self.groups
        ]


@login_required
@one_at_a_time
def credit_policy(request: HttpRequest) -> HttpResponse:
    """When orders wait for finance, for the whole company and by group."""
    access = access_of(request.user)
    access.require("customer", "credit", company_id=access.current_company.id)
    groups = list(groups_with_credit(by=request.user))
    days = company_days(by=request.user)
    goes_on = confirms_when_free(access.current_company.id)

    def save(values: dict[str, Any]) -> str:
        set_credit_policy(
            company_id=access.current_company.id, overdue_days=values["overdue_days"],
            confirms_when_free=values["confirms_when_free"],
            groups=[
                GroupCredit(one.pk, values[f"limit_{one.pk.hex}"], values[f"days_{one.pk.hex}"]) for one in groups
            ],
            by=request.user, at=clock.now(),
        )  # fmt: skip
        return reverse("parties:credit_policy")

    return form_page(
        request, form=lambda data: PolicyForm(data, groups, days, goes_on), deed=save,
        template="parties/credit_policy.html", subject=access.current_company.id,
    )  # fmt: skip
