"""What customers see on their own pages."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niaga.core import clock
from niaga.organization.access import access_of
from niaga.organization.web.pages import form_page
from niaga.portal.queries.access import portal_settings
from niaga.portal.queries.whatsapp_way import link_templates
from niaga.portal.services.save_settings import NAMES, save_settings
from niaga.ui.forms import NumberField
from niaga.ui.stale import one_at_a_time


class SettingsForm(forms.Form):
    is_open = forms.BooleanField(
        label=_("The customer portal is open"), required=False,
        help_text=_("Closed, nobody sees anything there; who has access keeps it for later."),
    )  # fmt: skip
    shows_credit = forms.BooleanField(
        label=_("Show customers their credit"), required=False,
        help_text=_("The limit and what of it is left. Customers without a limit see nothing of it."),
    )  # fmt: skip
    takes_returns = forms.BooleanField(
        label=_("Customers can ask for returns"), required=False, help_text=_("You decide about each as usual.")
    )
    takes_orders = forms.ChoiceField(
        label=_("Customers can order again"),
        choices=[("off", _("No")), ("request", _("Yes, you answer with a quotation")),
                 ("order", _("Yes, confirmed where stock, credit and approvals let it by"))],
        help_text=_("What they ordered before, at their prices of today."),
    )  # fmt: skip
    least_order = NumberField(
        label=_("Least order"), min_value=0, max_digits=19, decimal_places=4, required=False,
        help_text=_("Nought or empty: any. Counted with tax."),
    )  # fmt: skip
    shows_stock = forms.BooleanField(
        label=_("Say whether goods are in stock"), required=False, help_text=_("Not how much there is.")
    )
    whatsapp_template = forms.ChoiceField(
        label=_("Links by WhatsApp, with the template"), required=False,
        help_text=_("Templates that WhatsApp approved and that have {{link}}; {{valid}} says how long it works."),
    )  # fmt: skip
    welcome = forms.CharField(
        label=_("A word on their first page"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any, *, initial: dict[str, Any], templates: list[str]) -> None:
        super().__init__(data, initial=initial)
        names = [(name, name) for name in sorted({*templates, initial["whatsapp_template"]} - {""})]
        self.fields["whatsapp_template"].choices = [("", _("No WhatsApp")), *names]  # type: ignore[attr-defined]


@login_required
@one_at_a_time
def settings(request: HttpRequest) -> HttpResponse:
    access = access_of(request.user)
    access.require("setting", "view")
    company_id = access.current_company.id
    found = portal_settings(company_id)

    def save(values: dict[str, Any]) -> str:
        values["least_order"] = values["least_order"] or Decimal(0)
        save_settings(company_id=company_id, by=request.user, at=clock.now(), **values)
        return reverse("portal:settings")

    return form_page(
        request,
        form=lambda data: SettingsForm(
            data, initial={name: getattr(found, name) for name in NAMES}, templates=link_templates(company_id)
        ),
        deed=save, template="portal/settings.html", subject=company_id, title=_("Customer portal"),
        may_change=access.allows("setting", "change"),
    )  # fmt: skip
