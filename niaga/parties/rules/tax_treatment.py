"""What a customer's tax treatment may say. Pure.

Codes of the Indonesian tax office: 02 and 03 for buyers who pay the PPN to the state themselves, 07 not collected, 08
exempt; 07 and 08 name the facility (`TD.005xx`) and its stamp (`TD.011xx`).
"""

import re
from collections.abc import Mapping
from typing import Any

UNTAXED_CODES = ("07", "08")
COLLECTOR_CODES = ("02", "03")
TAXED_CODES = ("01", "02", "03", "04", "05", "06", "09", "10")
_FACILITY = {"add_info": "TD.005", "facility_stamp": "TD.011"}


def treatment_faults(values: Mapping[str, Any], *, country: str) -> list[tuple[str, str]]:
    """Field and reason of each impossible figure; `country` is the company's."""
    found: list[tuple[str, str]] = []
    code = str(values.get("transaction_code") or "")
    if values.get("valid_from") and values.get("valid_until") and values["valid_until"] < values["valid_from"]:
        found.append(("valid_until", "ends_before"))
    if values.get("is_taxed"):
        if code not in TAXED_CODES:
            found.append(("transaction_code", "taxed_code" if country == "ID" else "nothing_said"))
    elif code and code not in UNTAXED_CODES:
        found.append(("transaction_code", "untaxed_code"))
    if not values.get("is_taxed") and not code and not values.get("note"):
        found.append(("note", "say_why"))
    for field, begin in _FACILITY.items():
        text = str(values.get(field) or "")
        if text and not re.fullmatch(rf"{re.escape(begin)}\d\d", text):
            found.append((field, "form"))
        elif code in UNTAXED_CODES and not text:
            found.append((field, "facility"))
        elif text and code not in UNTAXED_CODES:
            found.append((field, "no_facility"))
    return found
