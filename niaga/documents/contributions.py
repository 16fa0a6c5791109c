"""What documents adds to the pages of all: the place where one sees to the company's paper."""

from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.documents.queries.company_files import company_subject
from niaga.documents.registry import subjects
from niaga.documents.rules.choose_template import Scope
from niaga.organization.access import access_of
from niaga.ui.registry import (
    CustomerRow,
    CustomerSection,
    SettingsGroup,
    SettingsPlace,
    customer_sections,
    settings_places,
)


def _papers_section(request: HttpRequest, customer_id: UUID) -> CustomerSection | None:
    """The way to the templates that make this customer's papers; no statement."""
    access = access_of(request.user)
    if not access.allows("setting", "manage"):
        return None
    row = CustomerRow(
        gettext("Templates of their papers"), gettext("Their own, or those of everybody"), icon="printer",
        url=reverse("documents:template_defaults", args=[Scope.CUSTOMER, customer_id]),
    )  # fmt: skip
    return CustomerSection("papers", _("Printed documents"), [row])


def contribute() -> None:
    subjects.add("company", company_subject)
    customer_sections.add("papers", _papers_section, order=60)
    settings_places.add(
        SettingsPlace(
            "documents", _("Printed documents"), _("Logo and templates of quotations, invoices and more"), "printer",
            "documents:look", SettingsGroup.COMPANY, 40,
            lambda request: access_of(request.user).allows("setting", "manage"),
        )
    )  # fmt: skip
