"""Numbers of taxpayers and citizens, as core checks them for companies too."""

from niaga.core.rules.tax_ids import (
    HEAD_OFFICE,
    BadTaxId,
    TaxId,
    check_nik,
    check_nitku,
    check_npwp,
    check_tax_id,
    head_office_nitku,
)

__all__ = [
    "HEAD_OFFICE",
    "BadTaxId",
    "TaxId",
    "check_nik",
    "check_nitku",
    "check_npwp",
    "check_tax_id",
    "head_office_nitku",
]
