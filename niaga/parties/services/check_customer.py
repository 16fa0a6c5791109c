"""The checks that every way of writing a customer shares."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import pycountry
from django.db import connection
from django.utils.translation import gettext as _

from niaga.core.inputs import Findings, check_values
from niaga.core.rules.search_terms import search_vector
from niaga.parties.models import Address, Contact, Customer
from niaga.parties.rules.phones import BadPhone, to_e164
from niaga.parties.rules.tax_ids import BadTaxId, check_nitku, check_tax_id

LANGUAGES = ("", "id", "en")


def check_customer(values: Mapping[str, Any], *, region: str, findings: Findings, line: int = 1) -> dict[str, Any]:
    """Columns of a customer as they are kept: phone as E.164, tax numbers as digits. Only named columns are checked.

    `values` holds `tax_id` together with `tax_id_kind`, and `nitku` together with both. `region` is the company's
    country, whose numbers need no prefix.
    """
    good = check_values(Customer, values, findings=findings, line=line)
    if good.get("phone"):
        good["phone"] = _phone(good["phone"], region, findings, line, "phone")
    if good.get("language", "") not in LANGUAGES:
        findings.add(line, "language", _("This is not one of the choices."))
    if good.get("currency"):
        good["currency"] = str(good["currency"]).strip().upper()
        if pycountry.currencies.get(alpha_3=good["currency"]) is None:
            findings.add(line, "currency", _("A currency is three letters, such as USD."))
    if good.get("tax_id"):
        kind = good.get("tax_id_kind") or "npwp"
        good["tax_id_kind"] = kind
        try:
            good["tax_id"] = check_tax_id(kind, good["tax_id"]).value
        except BadTaxId as bad:
            findings.add(line, "tax_id", tax_id_fault(kind, bad.code), "bad_tax_id")
    if good.get("nitku"):
        npwp = good["tax_id"] if good.get("tax_id_kind") in ("npwp", "nik") and good.get("tax_id") else ""
        try:
            good["nitku"] = check_nitku(good["nitku"], npwp=npwp).value
        except BadTaxId as bad:
            findings.add(line, "nitku", tax_id_fault("nitku", bad.code), "bad_tax_id")
    return good


def check_contact(
    values: Mapping[str, Any], *, region: str, findings: Findings, line: int = 1, prefix: str = ""
) -> dict[str, Any]:
    good = check_values(Contact, values, findings=findings, line=line, prefix=prefix)
    if good.get("phone"):
        good["phone"] = _phone(good["phone"], region, findings, line, f"{prefix}phone")
    return good


def check_address(values: Mapping[str, Any], *, findings: Findings, line: int = 1, prefix: str = "") -> dict[str, Any]:
    good = check_values(Address, values, findings=findings, line=line, prefix=prefix)
    country = good.get("country")
    if country is not None:
        good["country"] = str(country).upper()
        if len(country) != 2 or not country.isascii() or not country.isalpha():
            findings.add(line, f"{prefix}country", _("A country is two letters, such as ID."))
    if not any(good.get(name) for name in ("label", "street", "district", "city", "province", "postcode")):
        findings.add(line, f"{prefix}street", _("Write at least a street or a city."), "required")
    return good


def _phone(text: str, region: str, findings: Findings, line: int, field: str) -> str:
    try:
        return to_e164(text, region=region)
    except BadPhone:
        findings.add(line, field, _("This is not a telephone number."), "bad_phone")
        return text


def tax_id_fault(kind: str, code: str) -> str:
    """Why a tax number can never be right, in the reader's language."""
    if code == "wrong_length":
        lengths = {"npwp": _("An NPWP has 16 digits (an old one 15)."), "nik": _("A NIK has 16 digits.")}
        return lengths.get(kind, _("An NITKU has 22 digits: the NPWP and six more."))
    if code == "not_of_this_npwp":
        return _("The NITKU must begin with the customer's NPWP.")
    if code == "not_digits":
        return _("Only digits, dots and dashes.")
    if code == "too_long":
        return _("At most 30 characters.")
    return _("This is not a kind of tax number.")


def tax_id_doubt(doubt: str) -> str:
    """What is odd about a tax number that may still be right; nothing when nothing is."""
    if doubt == "check_digit":
        return _("The check digit does not fit. Please compare it with the document.")
    if doubt == "birth_date_or_region":
        return _("The region or birth date in this number does not exist. Please compare it with the document.")
    return ""


def customer_search(
    customer: Mapping[str, Any], contacts: Iterable[Mapping[str, Any]], addresses: Iterable[Mapping[str, Any]]
) -> str:
    """The search column: names and cities by their beginning, codes, phones and tax numbers from anywhere within."""
    texts = [customer["name"], customer.get("legal_name", "")]
    codes = [customer["code"], customer.get("phone", ""), customer.get("tax_id", "")]
    mails = [customer.get("email", "")]
    for contact in contacts:
        texts.append(contact["name"])
        codes.append(contact.get("phone", ""))
        mails.append(contact.get("email", ""))
    texts.extend(mail for mail in mails if mail)
    texts.extend(address.get("city", "") for address in addresses)
    return search_vector(texts=texts, codes=[code for code in codes if code])


_REFERENCES = {
    "group_id": ("parties_customergroup", "group"),
    "payment_term_id": ("parties_paymentterm", "payment_term"),
    "branch_id": ("organization_branch", "branch"),
    "territory_id": ("organization_territory", "territory"),
    "tag_ids": ("parties_tag", "tags"),
    "salesperson_id": ("organization_membership", "salesperson"),
}
_REFERENCE_SQL = {
    "salesperson_id": "SELECT %s, user_id FROM organization_membership WHERE company_id = %s AND user_id = ANY(%s)",
    "tag_ids": "SELECT %s, id FROM parties_tag WHERE company_id = %s AND id = ANY(%s)",
}


def check_references(
    *, company_id: UUID, rows: list[Mapping[str, Any]], findings: Findings, first_line: int = 1
) -> None:
    """Whatever the rows refer to exists in the company and is not archived. At most one statement."""
    wanted: dict[str, set[UUID]] = {}
    for row in rows:
        for name in _REFERENCES:
            value = row.get(name)
            if value:
                wanted.setdefault(name, set()).update(value if name == "tag_ids" else [value])
    if not wanted:
        return
    parts: list[str] = []
    params: list[Any] = []
    for name, ids in wanted.items():
        table, _field = _REFERENCES[name]
        plain = f"SELECT %s, id FROM {table} WHERE company_id = %s AND archived_at IS NULL AND id = ANY(%s)"
        parts.append(_REFERENCE_SQL.get(name, plain).replace("%s,", "%s::text,", 1))
        params.extend([name, company_id, list(ids)])
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        found = set(cursor.fetchall())
    for line, row in enumerate(rows, start=first_line):
        for name, (_table, field) in _REFERENCES.items():
            value = row.get(name)
            for one in value if name == "tag_ids" and value else [value] if value else []:
                if (name, one) not in found:
                    findings.add(line, field, _("This was not found."), "unknown_reference")
