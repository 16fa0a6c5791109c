"""The words of imports: kinds, columns, and why a row or a file is not taken."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.core.errors import Text
from niaga.imports.rules.refusals import UnreadableFile

KIND_NAMES: Mapping[str, Text] = {
    "branches": _("Branches and stores"),
    "customers": _("Customers"),
    "products": _("Products"),
    "prices": _("Prices"),
    "stock": _("Opening stock"),
    "sales": _("Sales history"),
    "tax_serials": _("Tax serial numbers"),
}
KIND_HINTS: Mapping[str, Text] = {
    "branches": _("Code and name of every place you sell from."),
    "customers": _("Names, phones, addresses, NPWP, payment terms and credit limits."),
    "products": _("SKU, name, category, unit, price, cost and bar code."),
    "prices": _("Price lists by customer group, with prices from a quantity on."),
    "stock": _("What lies in each warehouse on the day you start."),
    "sales": _("Sales of the past, one row for each line, with their original numbers."),
    "tax_serials": _("What Coretax exports: each invoice's reference and its serial number (NSFP)."),
}
COLUMN_NAMES: Mapping[str, Text] = {
    "amount": _("Amount"),
    "archived": _("Archived"),
    "barcode": _("Bar code"),
    "box_factor": _("Units in the second unit"),
    "box_price": _("Price of the second unit"),
    "box_unit": _("Second unit"),
    "box_volume": _("Volume of the second unit"),
    "box_weight": _("Weight of the second unit"),
    "branch": _("Branch"),
    "brand": _("Brand"),
    "category": _("Category"),
    "city": _("City"),
    "code": _("Code"),
    "contact_email": _("Contact's e-mail"),
    "contact_name": _("Contact"),
    "contact_phone": _("Contact's phone"),
    "cost": _("Cost"),
    "country": _("Country"),
    "coupon": _("Coupon"),
    "credit_limit": _("Credit limit"),
    "currency": _("Currency"),
    "customer": _("Customer code"),
    "date": _("Date"),
    "description": _("Description"),
    "discount": _("Discount"),
    "district": _("District"),
    "email": _("E-mail"),
    "gross": _("Amount before discount"),
    "group": _("Customer group"),
    "is_person": _("A person"),
    "is_store": _("A store"),
    "kind": _("Type"),
    "legal_name": _("Legal name"),
    "min_quantity": _("From quantity"),
    "name": _("Name"),
    "nik": _("NIK"),
    "note": _("Note"),
    "npwp": _("NPWP"),
    "number": _("Number"),
    "payment_term": _("Payment term"),
    "phone": _("Phone"),
    "postcode": _("Postcode"),
    "price": _("Price"),
    "price_list": _("Price list"),
    "product": _("SKU"),
    "province": _("Province"),
    "quantity": _("Quantity"),
    "salesperson": _("Salesperson"),
    "serial": _("Tax serial number"),
    "sku": _("SKU"),
    "status": _("Status"),
    "street": _("Street"),
    "tax_category": _("Tax category"),
    "unit": _("Unit"),
    "unit_cost": _("Unit cost"),
    "valid_from": _("Valid from"),
    "valid_to": _("Valid to"),
    "warehouse": _("Warehouse"),
    "with_tax": _("With tax"),
    "zone": _("Time zone"),
}
COLUMN_HINTS: Mapping[str, Text] = {
    "amount": _("After discounts, of the whole line."),
    "archived": _("yes: known, but no longer sold."),
    "branch": _("The branch's code; empty: the head office."),
    "category": _("Levels divided by >, for example Drinks > Coffee."),
    "code": _("What you call it today; it stays findable."),
    "currency": _("Three letters, such as USD; empty: the company's own."),
    "customer": _("The customer's code; empty: a passer-by."),
    "date": _("2019-03-14 or 14/03/2019, with or without a time."),
    "gross": _("Must be the amount plus the discount."),
    "group": _("Code or name of a customer group."),
    "kind": _("goods, service or charge."),
    "number": _("The original number; rows of one sale carry the same."),
    "payment_term": _("Code or name of a payment term."),
    "price_list": _("The list's code; a new one is opened."),
    "product": _("An unknown product becomes an archived placeholder."),
    "quantity": _("In the product's base unit."),
    "salesperson": _("User name, e-mail or name."),
    "serial": _("17 digits, with or without points."),
    "status": _("Only approved and amended ones are recorded; empty: approved."),
    "tax_category": _("Code of a tax category; empty: general."),
    "unit": _("pcs, box, kg …; empty: pcs."),
    "warehouse": _("The warehouse's code; empty: the only one."),
    "with_tax": _("Whether a new list's prices hold the tax: yes or no; empty: as the company's prices."),
}
_REASONS: Mapping[str, Text] = {
    "missing": _("This is needed."),
    "not_a_figure": _("“%(value)s” is not a figure."),
    "wrong_currency": _("“%(value)s” is not in the company's currency."),
    "not_a_day": _("“%(value)s” is not a day that exists. Write 2019-03-14 or 14/03/2019."),
    "in_future": _("“%(value)s” lies in the future."),
    "not_yes_or_no": _("“%(value)s” is neither yes nor no."),
    "unknown": _("“%(value)s” is not known. Import it first, or correct it."),
    "too_many_unknown": _("“%(value)s” is not known, like many others: import the products first."),
    "differs": _("“%(value)s” differs from another row of the same number."),
    "gross_differs": _("Amount before discount less discount is not the amount."),
    "exists": _("“%(value)s” is in Niaga already."),
    "twice": _("“%(value)s” comes twice in the file."),
    "too_long": _("“%(value)s” is too long."),
    "too_large": _("This figure is too large."),
    "too_many_decimals": _("“%(value)s” has too many decimals."),
    "unreadable": _("Some characters were lost. Save the file as UTF-8 (CSV UTF-8) and send it again."),
    "extra_cells": _("There are more cells than headings: “%(value)s”. Is a text with the delimiter unquoted?"),
    "refused": "%(value)s",
}
_FILE_FAULTS: Mapping[str, Text] = {
    "empty": _("The file is empty."),
    "not_a_table": _("This is not a table. Save it as CSV or XLSX."),
    "too_large": _("The file is larger than %(most)s MB. Split it."),
    "zip_bomb": _("This workbook unpacks to more than %(most)s MB. Save the sheet as CSV."),
    "too_wide": _("The sheet has more than %(most)s columns."),
    "too_many_cells": _("The sheet spans more than %(most)s cells. Save it as CSV, or delete what is far out."),
    "damaged": _("This workbook is damaged. Open it in a spreadsheet, and save it again."),
    "encrypted": _("This workbook is protected by a password. Save it without one."),
    "old_excel": _("This is an old Excel file (.xls) or protected by a password. Save it as XLSX without a password."),
    "no_headings": _("No headings were found in the first rows."),
    "double_heading": _("Two columns are called “%(heading)s”. Rename one of them."),
    "too_many_rows": _("The file has too many rows for this kind: at most %(most)s."),
}


CUT_OFF, CUT_OFF_OFTEN = "cut_off", "cut_off_often"
_FAILURES: Mapping[str, Text] = {
    CUT_OFF: _("The import was cut off: its process or the database stopped. Run it again."),
    CUT_OFF_OFTEN: _(
        "The import was cut off three times, so it is not begun again by itself. Split the file, or ask your"
        " administrator to look at the log and the memory of the server."
    ),
}


def failure_text(failure: str) -> str:
    """Why a batch failed, in the reader's language; what its run said itself is kept in words."""
    return str(_FAILURES.get(failure, failure))


def reason_of(code: str, value: str) -> str:
    """Why a cell is not taken, in the reader's language."""
    return str(_REASONS.get(code, _("This is not possible."))) % {"value": value[:80]}


def column_name(name: str) -> str:
    return str(COLUMN_NAMES.get(name, name))


def file_fault(error: UnreadableFile) -> str:
    facts: dict[str, Any] = error.facts
    return gettext(str(_FILE_FAULTS.get(error.code, _("This file cannot be read.")))) % facts
