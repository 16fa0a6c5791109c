"""Who paid, out of what a bank writes: the words of a name, and the keys that a payer is known by."""

import re

from niaga.core.rules.search_terms import fold

FORMS = {"pt", "cv", "ud", "tbk", "tb", "pd", "fa", "toko", "ny", "tn", "bpk", "ibu", "sdr", "bapak", "persero"}
"""What kind of business or person it is; left out of names, since banks put it first, last or nowhere."""
_BANK_WORDS = (
    "trsf transfer trf tf ebanking banking mbanking cr db kr bi fast bifast dari ke rtgs skn kliring llg switching bca"
    " bri bni mandiri bsi cimb niaga permata danamon ocbc btn setoran tunai pembayaran bayar byr pelunasan inv invoice"
    " faktur no nomor order pesanan so ftscy ws ftfva dgn untuk atas nama an and dan the of via atm mcm ibank internet"
    " mobile cabang kcp kcu jkt"
)
_BANKS = frozenset(_BANK_WORDS.split())
_LETTERS = re.compile(r"[a-z]+")
_DIGITS = re.compile(r"\D+")
SHORTEST, KEY = 3, 4


def name_words(text: str) -> list[str]:
    """The words of a text that may be of a name, in order; without what banks add and without figures."""
    return [word for word in _LETTERS.findall(fold(text)) if word not in _BANKS and word not in FORMS and len(word) > 1]


def bare_name(text: str) -> str:
    return " ".join(name_words(text))


def blocking_keys(text: str, most: int = 12) -> list[str]:
    """The beginnings of the words of a name: customers are looked up by them before any name is compared."""
    keys = [word[:KEY] for word in name_words(text) if len(word) >= SHORTEST]
    return list(dict.fromkeys(keys))[:most]


def payer_keys(payer: str, payer_account: str, text: str) -> list[str]:
    """What a payer is known by next time: the account they pay from, and the name as the bank writes it."""
    keys = []
    digits = _DIGITS.sub("", payer_account)
    if len(digits) >= 6:
        keys.append(f"account:{digits[:40]}")
    name = bare_name(payer or text)
    if len(name) >= 5:
        keys.append(f"name:{name[:70]}")
    return keys
