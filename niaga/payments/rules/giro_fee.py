"""The fee of a returned giro, as its customer reads it, in their language. Pure."""

from __future__ import annotations

from datetime import date

from niaga.core.rules.formatting import format_date

_WORDS = {
    "id": {"giro": "Biaya giro {giro} yang ditolak bank pada {day}", "payment": "Pembayaran {number}"},
    "en": {"giro": "Fee of giro {giro}, returned by the bank on {day}", "payment": "Payment {number}"},
}


def giro_fee_text(*, reference: str, bank: str, number: str, day: date, language: str) -> str:
    """The line of the invoice: which giro, and on which day; without a number of its own, that of the payment."""
    language = "en" if language == "en" else "id"
    words = _WORDS[language]
    named = " ".join(filter(None, (reference.strip(), f"({bank.strip()})" if bank.strip() else "")))
    told = [words["giro"].format(giro=named or number, day=format_date(day, language))]
    if named:
        told.append(words["payment"].format(number=number))
    return "\n".join(told)
