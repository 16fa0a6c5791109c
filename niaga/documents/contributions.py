"""What documents adds to the pages of all: the place where one sees to the company's paper."""

from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niaga.documents.queries.company_files import company_subject
from niaga.documents.queries.templates import defaults_of
from niaga.documents.registry import subjects
from niaga.documents.rules.choose_template import Scope
from niaga.documents.web.design_words import kind_words
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
    """The templates that make this customer's papers, by kind. One statement."""
    access = access_of(request.user)
    if not access.allows("setting", "manage"):
        return None
    held = defaults_of(company_id=access.current_company.id, scope_id=customer_id)
    address = reverse("documents:template_defaults", args=[Scope.CUSTOMER, customer_id])
    rows = [
        CustomerRow(label, value=held[kind].template.name, icon="file-text", url=address)
        for kind, label in kind_words()
        if kind in held
    ]
    return CustomerSection(
        "papers", _("Printed documents"), rows, empty=_("Their papers look like everybody's."), more=_("Choose"),
        more_url=address,
    )  # fmt: skip


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
