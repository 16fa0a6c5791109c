"""The lists around the tax office: invoices, files, and the buyers' returns."""

from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.core import clock
from niaga.invoicing.queries.tax_filings import tax_currency_rates, tax_files, taxed_credit_notes, taxed_invoices
from niaga.invoicing.rules.coretax import Serial
from niaga.invoicing.services.make_tax_file import make_tax_file
from niaga.invoicing.web.tax_words import TAX_STATES
from niaga.organization.access import access_of
from niaga.organization.queries.users import user_names
from niaga.ui import formatting
from niaga.ui.documents import Action
from niaga.ui.lists import (
    BulkAction,
    Choice,
    Day,
    Days,
    Done,
    Empty,
    Flag,
    Listing,
    Money,
    Number,
    Reference,
    Search,
    Status,
    StatusColumn,
    Text,
    Total,
    View,
)
from niaga.ui.lists.addresses import row_address


def may(request: HttpRequest, action: str) -> bool:
    return access_of(request.user).allows("tax_filing", action)


def tax_tabs(here: str) -> list[dict[str, Any]]:
    tabs = (
        ("tax_invoices", _("Invoices")), ("tax_check", _("Check and make a file")), ("tax_files", _("Files")),
        ("tax_returns", _("Buyers' returns")), ("tax_currency_rates", _("Tax rates of currencies")),
    )  # fmt: skip
    return [{"label": label, "url": reverse(f"invoicing:{name}"), "current": name == here} for name, label in tabs]


def shown_serial(digits: str) -> str:
    return str(Serial(digits)) if digits else ""


def _matching(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    digits = "".join(char for char in text if char.isdigit())
    found = Q(number__icontains=text) | Q(customer__name__icontains=text)
    return rows.filter(found | Q(tax_filing__serial__contains=digits) if len(digits) >= 4 else found)


def _make_file(request: HttpRequest, ids: list[UUID]) -> Done:
    company_id = access_of(request.user).current_company.id
    file = make_tax_file(company_id=company_id, invoice_ids=ids, by=request.user, at=clock.now())
    return Done(gettext("%(name)s is made: it waits under Files.") % {"name": file.name})


def _code(row: Any) -> str:
    return gettext("Code %(code)s") % {"code": row.tax_code} if row.tax_code else ""


def _slip_to_come(row: Any) -> str:
    if not row.slip_left:
        return ""
    return gettext("slip to come: %(amount)s") % {"amount": formatting.money(row.slip_left, row.currency)}


TO_REPLACE = Status(_("To be replaced"), "warn", "file-warning")
"""Filed before an early-payment discount lessened it."""


def filing_shown(row: Any) -> Status:
    return TO_REPLACE if row.to_replace else TAX_STATES[row.tax_state]


class TaxList(Listing):
    key, title, sort, template = "tax_invoices", _("Tax invoices"), "-date", "invoicing/tax_list.html"
    columns = (
        Reference("number", _("Number"), sort="number", phone="title"),
        Text("customer", _("Customer"), source="customer__name", sort="customer__name", sub=_code, phone="meta"),
        Day("date", _("Date"), sort="date", phone="meta"),
        Text("code", _("Code"), source="tax_code", only_exported=True),
        Money("taxed_net", _("Tax base"), sort="net"),
        Money("taxed_tax", _("PPN"), sort="tax", sub=_slip_to_come, phone="value"),
        StatusColumn("state", _("Filing"), source=filing_shown, phone="status"),
        Reference("serial", _("Serial number"), source=lambda row: shown_serial(row.tax_serial)),
        Money("slip", _("Slip to come"), source="slip_left", only_exported=True),
    )
    filters = (
        Search("q", _("Number, customer or serial"), match=_matching),
        Choice("state", _("Filing"), options=[(key, state.label) for key, state in TAX_STATES.items()],
               lookup="tax_state"),
        Flag("replace", _("To be replaced for a discount"), match=lambda rows: rows.filter(to_replace=True)),
        Choice("slip", _("Collector's slip"), options=[("missing", _("to come")), ("complete", _("here"))],
               lookup="slip_state"),
        Days("date", _("Date")),
    )  # fmt: skip
    views = (
        View(_("To be filed"), "state=open&sort=date"),
        View(_("Waiting for a serial"), "state=exported&sort=date"),
        View(_("Has its serial"), "state=filed"),
        View(_("Waiting for a slip"), "slip=missing&sort=date"),
        View(_("To be replaced"), "replace=1&sort=date"),
    )
    totals = (
        Total("taxed_net", _("Tax base"), currency="currency"),
        Total("taxed_tax", _("PPN"), currency="currency"),
    )
    bulk = (
        BulkAction(
            "file", _("Make a Coretax file"), act=_make_file, icon="file-down",
            allowed=lambda request: may(request, "create"),
        ),
    )  # fmt: skip
    empty = Empty(
        _("No tax invoices yet"),
        _("Issued invoices with a tax code stand here until the tax office has given them their serial number."),
        icon="landmark",
    )

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("tax_filing", "view")
        rows: QuerySet[Any] = taxed_invoices(by=self.request.user).select_related("customer")
        rows = rows.annotate(taxed_net=F("net") - F("discount_net"), taxed_tax=F("tax") - F("discount_tax"))
        file_id = self.request.GET.get("file", "")
        return rows.filter(tax_filing__file_id=UUID(file_id)) if _is_uuid(file_id) else rows

    def url(self, row: Any) -> str:
        return row_address("invoicing:invoice", row.pk)

    def context(self) -> dict[str, Any]:
        return {"tabs": tax_tabs("tax_invoices")}

    def actions(self) -> list[Action]:
        found = []
        if may(self.request, "record") and access_of(self.request.user).allows("import", "create"):
            url = "/imports/new?kind=tax_serials"
            found.append(Action(_("Bring serial numbers in"), url=url, method="get", icon="upload"))
        if may(self.request, "create"):
            url = reverse("invoicing:tax_check")
            found.append(Action(_("Make a file"), url=url, method="get", icon="file-down", kind="go", key="n"))
        return found


FILE_STATES = {
    "made": Status(_("Made"), "good", "circle-check"),
    "withdrawn": Status(_("Withdrawn"), "faint", "ban"),
}


class TaxFileList(Listing):
    key, title, sort, template = "tax_files", _("Coretax files"), "-made", "invoicing/tax_list.html"
    columns = (
        Reference("name", _("File"), sort="name", phone="title"),
        Day("made", _("Made"), source="created_at", sort="created_at", phone="meta"),
        Text("person", _("By"), source="person"),
        Number("invoices", _("Invoices"), source="invoice_count", sort="invoice_count", phone="meta"),
        Money("net", _("Tax base"), currency="IDR"),
        Money("tax", _("PPN"), currency="IDR", phone="value"),
        StatusColumn("state", _("Status"), source=lambda row: "withdrawn" if row.withdrawn_at else "made",
                     statuses=FILE_STATES, phone="status"),
    )  # fmt: skip
    empty = Empty(
        _("No file yet"),
        _(
            "A file holds up to 1,000 invoices. You upload it in Coretax, and bring the serial numbers that come back"
            " in here."
        ),
        icon="file-down",
    )

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("tax_filing", "view")
        return tax_files(by=self.request.user)

    def prepare(self, rows: list[Any]) -> list[Any]:
        names = user_names([row.created_by for row in rows])
        for row in rows:
            row.person = names.get(row.created_by, "")
        return rows

    def url(self, row: Any) -> str:
        return row_address("invoicing:tax_file", row.pk)

    def context(self) -> dict[str, Any]:
        return {"tabs": tax_tabs("tax_files")}

    def actions(self) -> list[Action]:
        if not may(self.request, "create"):
            return []
        url = reverse("invoicing:tax_check")
        return [Action(_("Make a file"), url=url, method="get", icon="file-down", kind="go", key="n")]


RETURN_STATES = {
    "waiting": Status(_("Buyer's return not here yet"), "warn", "clock"),
    "came": Status(_("Buyer's return is here"), "good", "circle-check"),
}


class TaxReturnList(Listing):
    key, title, sort, template = "tax_returns", _("Buyers' returns"), "-date", "invoicing/tax_list.html"
    columns = (
        Reference("number", _("Credit note"), sort="number", phone="title"),
        Text("customer", _("Customer"), source="customer__name", sort="customer__name", phone="meta"),
        Day("date", _("Date"), sort="date", phone="meta"),
        Text("corrects", _("Corrects"), source=lambda row: row.credits.number if row.credits else "",
             sub=lambda row: shown_serial(row.corrected_serial)),
        Money("net", _("Tax base"), sort="net"),
        Money("tax", _("PPN"), sort="tax", phone="value"),
        StatusColumn("state", _("Nota retur"), source=lambda row: "came" if row.return_number else "waiting",
                     statuses=RETURN_STATES, phone="status"),
        Text("return", _("Its number"), source="return_number"),
    )  # fmt: skip
    filters = (
        Search("q", _("Number, customer or nota retur"), match=lambda rows, text: rows.filter(
            Q(number__icontains=text) | Q(customer__name__icontains=text) | Q(buyer_return__number__icontains=text))),
        Choice("state", _("Nota retur"), options=[(key, state.label) for key, state in RETURN_STATES.items()],
               match=lambda rows, value: rows.filter(buyer_return__isnull=value == "waiting")),
        Days("date", _("Date")),
    )  # fmt: skip
    views = (View(_("Not here yet"), "state=waiting&sort=date"),)
    totals = (Total("tax", _("PPN"), currency="currency"),)
    empty = Empty(
        _("No credit notes on tax invoices"),
        _("The buyer makes the nota retur in Coretax; what it says is recorded on our credit note."),
        icon="undo-2",
    )

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("tax_filing", "view")
        return taxed_credit_notes(by=self.request.user).select_related("customer", "credits")

    def url(self, row: Any) -> str:
        return row_address("invoicing:invoice", row.pk)

    def context(self) -> dict[str, Any]:
        return {"tabs": tax_tabs("tax_returns")}


class TaxCurrencyRateList(Listing):
    key, title, sort = "tax_currency_rates", _("Tax rates of currencies"), "-from"
    template = "invoicing/tax_rates.html"
    columns = (
        Reference("currency", _("Currency"), sort="currency", phone="title"),
        Day("from", _("From"), source="valid_from", sort="valid_from", phone="meta"),
        Day("until", _("Until"), source="valid_until", sort="valid_until", phone="meta"),
        Number("rate", _("Rupiah for one"), sort="rate", phone="value"),
        Text("decree", _("Decree")),
    )
    filters = (
        Search("q", _("Currency or decree"), match=lambda rows, text: rows.filter(
            Q(currency__istartswith=text) | Q(decree__icontains=text))),
        Days("from", _("From"), lookup="valid_from"),
    )  # fmt: skip
    empty = Empty(
        _("No tax rates of currencies yet"),
        _(
            "An invoice in another currency is filed in rupiah, at the rate that the Minister of Finance sets for"
            " every week (kurs pajak)."
        ),
        icon="landmark",
    )

    def rows(self) -> QuerySet[Any]:
        access_of(self.request.user).require("tax_filing", "view")
        return tax_currency_rates(by=self.request.user)

    def url(self, row: Any) -> str:
        if not may(self.request, "record"):
            return ""
        return f"{reverse('invoicing:write_tax_rates')}?week={row.valid_from.isoformat()}"

    def context(self) -> dict[str, Any]:
        return {"tabs": tax_tabs("tax_currency_rates")}

    def actions(self) -> list[Action]:
        if not may(self.request, "record"):
            return []
        url = reverse("invoicing:write_tax_rates")
        return [Action(_("Write a week's rates"), url=url, method="get", icon="plus", kind="go", key="n")]


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
