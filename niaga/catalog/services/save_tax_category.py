import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from niaga.catalog.errors import CodeTaken
from niaga.catalog.models import TaxCategory, TaxRate
from niaga.catalog.rules.tax_rates import NewTaxRate
from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.core.ids import new_id
from niaga.core.inputs import Findings, check_values
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.company_basics import company_basics

TRANSACTION_CODES = tuple(f"{number:02d}" for number in range(1, 11))


def transaction_codes(*, country: str) -> tuple[str, ...]:
    """What a rate's code may be: the Indonesian tax office's, or elsewhere none; what has none is not filed there."""
    return TRANSACTION_CODES if country == "ID" else ("", *TRANSACTION_CODES)


@transaction.atomic
def save_tax_category(
    *,
    company_id: UUID,
    code: str,
    name: str,
    rates: Sequence[NewTaxRate],
    by: Actor,
    at: datetime,
    category_id: UUID | None = None,
    archive: bool = False,
    add_info: str = "",
    facility_stamp: str = "",
) -> TaxCategory:
    """Add a tax category with its rates by date, change it, or put it away. Documents keep the rates they froze.

    :raises NotFound: there is no such category
    :raises Forbidden: `by` may not change settings
    :raises Invalid: no rate, a rate that cannot be, or two from the same day
    :raises CodeTaken: another tax category has the code
    """
    access_of(by).require("setting", "change", company_id=company_id)
    findings = Findings()
    facility = {"add_info": add_info, "facility_stamp": facility_stamp}
    values = check_values(TaxCategory, {"code": code, "name": name, **facility}, findings=findings)
    for field, begin in (("add_info", "TD.005"), ("facility_stamp", "TD.011")):
        if values.get(field) and not re.fullmatch(rf"{re.escape(begin)}\d\d", values[field]):
            findings.add(1, field, _("It is written like %(example)s.") % {"example": f"{begin}01"})
    home = company_basics(company_id).country
    rates = [rate._replace(country=rate.country.strip().upper(), region=rate.region.strip()) for rate in rates]
    rows = [_checked(rate, n, home, findings) for n, rate in enumerate(rates)]
    if not rows:
        findings.add(1, "rates", _("A tax category has at least one rate."))
    if len({rate.begins for rate in rates}) != len(rates):
        findings.add(1, "rates", _("Two rates for the same place begin on the same day."))
    findings.raise_if_any()
    values["archived_at"] = at if archive else None
    batch = Batch()
    if category_id is None:
        category_id = new_id()
        batch.insert(TaxCategory, [{"id": category_id, "company_id": company_id, **values}])
        batch.insert(TaxRate, rows, category_id=category_id)
    else:
        if not TaxCategory.objects.select_for_update().filter(pk=category_id, company_id=company_id).exists():
            raise NotFound()
        batch.update(TaxCategory, where={"id": category_id}, values=values)
        _replace_rates(batch, category_id, rows)
    record(batch=batch, subject_kind="tax_category", subject_id=category_id, verb="save", by=by.pk, at=at,
           company_id=company_id, data={**values, "rates": rows})  # fmt: skip
    try:
        with transaction.atomic():
            batch.write()
    except IntegrityError as error:
        raise CodeTaken(field="code") from error
    return TaxCategory(id=category_id, company_id=company_id, **values)


def _checked(rate: NewTaxRate, n: int, home: str, findings: Findings) -> dict[str, Any]:
    values = check_values(TaxRate, rate._asdict(), findings=findings, prefix=f"rates.{n}.")
    abroad = bool(rate.country) and rate.country != home
    if rate.transaction_code not in transaction_codes(country=home) and not (abroad and not rate.transaction_code):
        findings.add(1, f"rates.{n}.transaction_code", _("A transaction code is 01 to 10."))
    for name in ("percent", "luxury_percent"):
        if not 0 <= values.get(name, -1) <= 100:
            findings.add(1, f"rates.{n}.{name}", _("0 to 100 %."))
    if not 0 < rate.base_numerator <= rate.base_denominator <= 1000:
        findings.add(1, f"rates.{n}.base_numerator", _("The base is a fraction of at most one, such as 11/12."))
    country = rate.country
    if country and country != "*" and not (len(country) == 2 and country.isascii() and country.isalpha()):
        findings.add(1, f"rates.{n}.country", _("A country is two letters, such as ID, or * for abroad."))
    if rate.region and (not country or country == "*"):
        findings.add(1, f"rates.{n}.region", _("A region is one of a country: name the country too."))
    return values


def _replace_rates(batch: Batch, category_id: UUID, rows: list[dict[str, Any]]) -> None:
    stored = TaxRate.objects.filter(category_id=category_id)
    before = {tuple(getattr(rate, name) for name in _BEGINS): rate.pk for rate in stored}
    kept = {_begins(row) for row in rows}
    gone = [pk for begins, pk in before.items() if begins not in kept]
    if gone:
        batch.sql("gone", "DELETE FROM catalog_taxrate WHERE id = ANY(%s::uuid[]) RETURNING 1", [gone])
    batch.insert(TaxRate, [row for row in rows if _begins(row) not in before], category_id=category_id)
    same = [{"id": before[_begins(row)], **row} for row in rows if _begins(row) in before]
    figures = ("transaction_code", "percent", "base_numerator", "base_denominator", "luxury_percent", "note")
    batch.update_each(TaxRate, same, values={name: f"v.{name}" for name in figures})


_BEGINS = ("valid_from", "country", "region", "with_tax_number")


def _begins(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in _BEGINS)
