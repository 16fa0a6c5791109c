"""What documents adds to the pages of all: the place where one sees to the company's paper."""

from django.utils.translation import gettext_lazy as _

from niaga.documents.queries.company_files import company_subject
from niaga.documents.registry import subjects
from niaga.organization.access import access_of
from niaga.ui.registry import SettingsGroup, SettingsPlace, settings_places


def contribute() -> None:
    subjects.add("company", company_subject)
    settings_places.add(
        SettingsPlace(
            "documents", _("Printed documents"), _("Logo, and how quotations and invoices look"), "printer",
            "documents:look", SettingsGroup.COMPANY, 40,
            lambda request: access_of(request.user).allows("setting", "manage"),
        )
    )  # fmt: skip
