"""The words for an accounting program's file: its columns, and why one cannot be filled."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SOURCE_WORDS = {
    "date": _("Date"),
    "number": _("Number of the document"),
    "entry": _("Entry"),
    "kind": _("Kind of document"),
    "code": _("Account code"),
    "account": _("Account name"),
    "description": _("Description"),
    "debit": _("Debit"),
    "credit": _("Credit"),
    "amount": _("Amount, credit negative"),
    "side": _("Side: D or K"),
    "branch": _("Branch"),
    "customer": _("Customer"),
    "currency": _("Currency"),
}
DATE_WORDS = {
    "%d/%m/%Y": "31/12/2026",
    "%Y-%m-%d": "2026-12-31",
    "%d-%m-%Y": "31-12-2026",
    "%m/%d/%Y": "12/31/2026",
    "day": _("A day of the spreadsheet"),
}
DECIMAL_WORDS = {
    ".": format_lazy("{} (1234.50)", pgettext_lazy("decimal sign", "Point")),
    ",": format_lazy("{} (1234,50)", pgettext_lazy("decimal sign", "Comma")),
}
FAULTS = {
    "missing": _("Still to be pointed at: %(columns)s. Without it the file would not hold the journal."),
    "twice": _("Pointed at more than once: %(columns)s. Each may stand in one column."),
    "mixed": _("Either debit and credit, or one amount: with %(columns)s everything would count twice."),
}
UNREADABLE = {
    "empty": _("This file is empty."),
    "too_large": _("This is more than an empty template: send the file as your program gives it, without rows."),
    "bomb": _("This file unpacks to far more than a template holds. It was not opened."),
    "macros": _("This file holds macros. Save it as XLSX without macros or as CSV."),
    "old_excel": _("This is an old or locked Excel file. Save it as XLSX without a password, or as CSV."),
    "damaged": _("This file cannot be opened as XLSX or CSV. Save it again and send that."),
    "too_wide": _("This file has more than 200 columns. Send the import template of your program."),
    "no_headings": _("No row with headings was found in the first 20 rows."),
    "no_text": _("This is neither a spreadsheet nor text. Send XLSX or CSV."),
}
