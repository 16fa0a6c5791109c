"""The checks that every way of writing a product shares."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from niaga.catalog.models import Product
from niaga.catalog.rules.barcodes import BadBarcode, check_barcode
from niaga.core.inputs import Findings, check_values
from niaga.core.rules.search_terms import search_vector

DEFAULT_UNIT = "pcs"
DEFAULT_TAX = "general"
HEAVIEST = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class CatalogKeys:
    """Units and tax categories of a company by code, and which categories and families exist."""

    units: Mapping[str, UUID]
    taxes: Mapping[str, UUID]
    categories: frozenset[UUID]
    families: frozenset[UUID]


def load_keys(company_id: UUID) -> CatalogKeys:
    """Everything a product may refer to, in one statement (settings are few)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'unit', code, id FROM catalog_unit WHERE company_id = %(company)s"
            " UNION ALL SELECT 'tax', code, id FROM catalog_taxcategory WHERE company_id = %(company)s"
            " AND archived_at IS NULL"
            " UNION ALL SELECT 'category', '', id FROM catalog_category WHERE company_id = %(company)s"
            " AND archived_at IS NULL"
            " UNION ALL SELECT 'family', '', id FROM catalog_productfamily WHERE company_id = %(company)s",
            {"company": company_id},
        )
        rows = cursor.fetchall()
    return CatalogKeys(
        units={code: key for kind, code, key in rows if kind == "unit"},
        taxes={code: key for kind, code, key in rows if kind == "tax"},
        categories=frozenset(key for kind, _code, key in rows if kind == "category"),
        families=frozenset(key for kind, _code, key in rows if kind == "family"),
    )


def find_key(
    keys: Mapping[str, UUID], code: str | None, default: str, field: str, findings: Findings, line: int
) -> UUID | None:
    """The id behind a code, regardless of case; without a code that of `default`, else the company's first."""
    if not code:
        return keys.get(default) or next(iter(keys.values()), None)
    found = keys.get(code) or next((key for name, key in keys.items() if name.casefold() == code.casefold()), None)
    if found is None:
        findings.add(line, field, _("“%(code)s” does not exist.") % {"code": code[:40]}, "unknown_reference")
    return found


def check_product(values: Mapping[str, Any], *, findings: Findings, line: int = 1) -> dict[str, Any]:
    """Columns of a product as they are kept. Only named columns are checked."""
    good = check_values(Product, values, findings=findings, line=line)
    for name in ("price", "cost"):
        figure = good.get(name)
        if figure is not None and figure < 0:
            findings.add(line, name, _("A price is zero or more."))
    check_load(good, findings=findings, line=line)
    if "option_values" in good:
        good["option_values"] = [" ".join(str(value).split())[:80] for value in good["option_values"]]
    return good


def check_load(values: Mapping[str, Any], *, findings: Findings, before: str = "", line: int = 1) -> None:
    """Weight and volume of a product, or of a unit it is sold in (`before` leads to its fields)."""
    for name in ("weight", "volume"):
        figure = values.get(name)
        if figure is None:
            continue
        if not figure.is_finite() or not 0 <= figure < HEAVIEST:
            findings.add(line, before + name, _("From nothing to less than a million."))
        elif figure != figure.quantize(Decimal("0.000001")):
            findings.add(line, before + name, _("At most 6 decimals."))


def only_goods_weigh(
    kind: str, values: Mapping[str, Any], *, findings: Findings, before: str = "", line: int = 1
) -> None:
    for name in ("weight", "volume"):
        if kind != "goods" and values.get(name) is not None:
            findings.add(
                line, before + name,
                _("A bundle weighs what its parts weigh.") if kind == "bundle" else _("Only goods have a weight."),
                "not_goods",
            )  # fmt: skip


def check_factor(factor: Decimal, field: str, findings: Findings, line: int = 1) -> None:
    if not factor.is_finite() or not 0 < factor < Decimal(10) ** 9:
        findings.add(line, field, _("A factor is more than zero."))
    elif factor != factor.quantize(Decimal("0.000001")):
        findings.add(line, field, _("At most 6 decimals."))


def check_code(text: str, field: str, findings: Findings, line: int = 1) -> str:
    """A bar code as it is kept."""
    try:
        return check_barcode(text).code
    except BadBarcode as bad:
        findings.add(line, field, barcode_fault(bad.code), "bad_barcode")
        return text


def barcode_fault(code: str) -> str:
    if code == "check_digit":
        return _("The check digit of this bar code is wrong; it was probably mistyped.")
    if code == "too_long":
        return _("A bar code has at most 40 characters.")
    if code == "control_characters":
        return _("A bar code has only printable characters.")
    return _("This is needed.")


def product_search(*, sku: str, name: str, brand: str, barcodes: Iterable[str]) -> str:
    """The search column: name and brand by their beginning, SKU and bar codes from anywhere within."""
    return search_vector(texts=[name, brand], codes=[sku, *barcodes])
