"""Checks of what a company says about itself. Pure but for the words of the refusals."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from niaga.core.rules.tax_ids import BadTaxId, check_nitku, check_npwp

_CURRENCY = re.compile(r"[A-Z]{3}")
_CODE = re.compile(r"[A-Z0-9][A-Z0-9._-]*")
LANGUAGES = ("id", "en")


class BadProfile(ValueError):
    """`field` cannot be right; `reason` says why: `currency`, `code`, `language`, `npwp`, `nitku`, `not_of_npwp`."""

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        self.reason = reason
        super().__init__(f"{field}: {reason}")


def check_profile(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are stored: codes in upper case, tax numbers as digits.

    :raises BadProfile: a value that can never be right
    """
    checked = dict(values)
    if "code" in checked:
        checked["code"] = check_code(checked["code"])
    if "currency" in checked:
        checked["currency"] = str(checked["currency"]).strip().upper()
        if not _CURRENCY.fullmatch(checked["currency"]):
            raise BadProfile("currency", "currency")
    if "language" in checked and checked["language"] not in LANGUAGES:
        raise BadProfile("language", "language")
    npwp = str(checked.get("npwp") or "")
    if npwp:
        try:
            checked["npwp"] = npwp = check_npwp(npwp).value
        except BadTaxId as error:
            raise BadProfile("npwp", "npwp") from error
    if checked.get("nitku"):
        checked["nitku"] = check_place(checked["nitku"], npwp=npwp)
    return checked


def check_code(text: str) -> str:
    """A short name of letters and digits, in upper case.

    :raises BadProfile: other characters, or nothing
    """
    code = text.strip().upper()
    if not _CODE.fullmatch(code):
        raise BadProfile("code", "code")
    return code


def check_place(text: str, *, npwp: str = "") -> str:
    """The NITKU of a branch: 22 digits that begin with the company's NPWP, when it has one.

    :raises BadProfile: it is not
    """
    try:
        return check_nitku(text, npwp=npwp).value
    except BadTaxId as error:
        raise BadProfile("nitku", "not_of_npwp" if error.code == "not_of_this_npwp" else "nitku") from error
