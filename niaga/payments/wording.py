"""What is said of bank files and lines that cannot be taken."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.payments.rules.read_lines import UnreadableStatement

FAULTS_OF_PARTS = {
    "none": _("Say what the line is: a customer's payment or an account."),
    "nothing": _("A part has no amount."),
    "sum": _("The parts do not make the amount of the line."),
    "sign": _("Money that went out is no customer's payment."),
    "customer": _("Choose whose payment it is."),
    "payment": _("Choose the payment."),
    "payout": _("Choose the payout."),
    "role": _("Nothing can be booked to this account from a bank line."),
    "twice": _("A payment or invoice is named twice."),
}
_FAULTS = {
    "too_large": _("The file is too large: at most %(text)s MB."),
    "empty": _("The file is empty."),
    "not_text": _("This is no text file. Export the statement as CSV, MT940 or CAMT.053."),
    "not_a_table": _("Row %(row)s cannot be read as a row of a table."),
    "too_many": _("The file has more than %(row)s rows. Export a shorter period."),
    "layout": _("Point at the columns first."),
    "no_lines": _("There is no movement in this file."),
    "mark": _("Row %(row)s: “%(text)s” says neither money in nor money out."),
    "both_ways": _("Row %(row)s has money in and money out."),
    "amount": _("Row %(row)s: the amount cannot be read. %(text)s"),
    "date": _("Row %(row)s: the day cannot be read. %(text)s"),
    "accounts": _("The file holds statements of several accounts. Export one account."),
    "currencies": _("The file holds several currencies."),
    "not_mt940": _("This cannot be read as MT940."),
    "not_xml": _("This cannot be read as XML."),
    "not_camt": _("This is no CAMT.053 statement."),
    "entities": _("The XML defines entities of its own. For safety it is not read."),
}

ACCOUNTS = {
    "suspense": _("Not identified yet"),
    "bank_fees": _("Bank fee"),
    "bank_interest": _("Bank interest"),
    "withheld_tax": _("Tax kept back (PPh 23)"),
    "owners_money": _("Owners' money"),
    "money_in_transit": _("Between own accounts"),
    "rounding": _("Rounding, unique code"),
    "other_costs": _("Other costs"),
    "gateway_fees": _("Gateway’s fee"),
}
"""What a line may be booked to besides customers' payments, by role of the books."""


def statement_fault(error: UnreadableStatement) -> str:
    """Why a file is not taken, in words."""
    text = _FAULTS.get(error.code, _("This file cannot be read as a bank statement."))
    return (gettext(str(text)) % {"row": error.row or "", "text": error.text}).strip()
