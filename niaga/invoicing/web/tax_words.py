"""How filing with the tax office is said: states, faults, and how each fault is mended."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niaga.invoicing.rules.coretax import TaxFault
from niaga.ui import formatting
from niaga.ui.lists import Status

TAX_STATES = {
    "open": Status(_("To be filed"), "warn", "clock"),
    "exported": Status(_("In a file"), "calm", "file-up"),
    "filed": Status(_("Has its serial"), "good", "circle-check"),
    "replaced": Status(_("Replaced"), "faint", "replace"),
    "to_cancel": Status(_("To be cancelled in Coretax"), "warn", "ban"),
    "cancelled": Status(_("Cancelled in Coretax"), "bad", "ban"),
    "left_out": Status(_("Left out"), "faint", "circle-minus"),
}


@dataclass(frozen=True, slots=True)
class FaultWords:
    """What is wrong, what to do about it, and where: `url` may name `{customer}`."""

    text: Promise
    mend: Promise
    url: str = ""
    takes_facts: bool = False
    of_all: bool = False
    """It is mended once for every invoice that waits for it."""


FAULTS = {
    TaxFault.SELLER_TIN: FaultWords(
        _("Your company has no NPWP of 16 digits."), _("Write it in the company's settings."), "/settings/company",
        of_all=True,
    ),
    TaxFault.BUYER_ID: FaultWords(
        _("%(about)s has no NPWP, NIK, passport or other number."),
        _("Write the number at the customer, then take the customer's facts here."), "/customers/{customer}/edit", True,
    ),
    TaxFault.BUYER_ID_FORM: FaultWords(
        _("%(about)s is no NPWP or NIK: it must have 16 digits."),
        _("Put it right at the customer, then take the customer's facts here."), "/customers/{customer}/edit", True,
    ),
    TaxFault.BUYER_ADDRESS: FaultWords(
        _("%(about)s has no address on the invoice."),
        _("Write the address at the customer, then take the customer's facts here."), "/customers/{customer}", True,
    ),
    TaxFault.CURRENCY: FaultWords(
        _("There is no tax rate (kurs pajak) for %(about)s; the file is in rupiah."),
        _("Write the rates of that week, as the Minister of Finance set them."), "/tax-invoices/rates/new?day={day}",
        of_all=True,
    ),
    TaxFault.TWO_CODES: FaultWords(
        _("Its lines have several transaction codes: %(about)s. A tax invoice has one."),
        _("Credit it and bill the lines of each code on an invoice of their own."),
    ),
    TaxFault.ADVANCE: FaultWords(
        _("A down payment is taken off on it: %(about)s."),
        _("File it in Coretax by hand as the settlement of its down payment, then record its serial on the invoice."),
    ),
    TaxFault.REPLACES: FaultWords(
        _("It replaces the tax invoice %(about)s."),
        _("File it in Coretax by hand as the replacement of that serial, then record its serial on the invoice."),
    ),
    TaxFault.UNIT_CODE: FaultWords(
        _("The unit %(about)s has no Coretax code."), _("Give the unit its code, such as UM.0021."), "/settings/units",
        of_all=True,
    ),
    TaxFault.FACILITY: FaultWords(
        _("Code %(about)s needs the note and the stamp of its facility."),
        _("Write both at the tax category, such as TD.00501 and TD.01101."), "/settings/tax-categories",
        of_all=True,
    ),
    TaxFault.NOT_WHOLE: FaultWords(
        _("An amount is no whole rupiah."), _("Credit it and bill it again in whole rupiah."),
    ),
}  # fmt: skip


def fault_words(fault: TaxFault, about: str, customer_id: UUID | None = None) -> dict[str, Any]:
    """A fault as a page shows it."""
    words, day = FAULTS[fault], ""
    if fault is TaxFault.CURRENCY:
        currency, _space, day = about.partition(" ")
        about = f"{currency}, {formatting.day(date.fromisoformat(day))}"
    return {
        "code": str(fault), "text": str(words.text) % {"about": about or "…"}, "mend": str(words.mend),
        "url": words.url.format(customer=customer_id, day=day), "takes_facts": words.takes_facts,
    }  # fmt: skip
