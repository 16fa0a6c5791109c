"""What may stand in the head of a mail. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

MOST_RECIPIENTS = 50
_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)


class BadAddress(ValueError):
    """This is no address that mail can go to."""


def check_address(text: str) -> str:
    """One bare address: no name, no list, no quoting, nothing that could begin another header.

    The domain is written in ASCII (IDNA); a local part beyond ASCII needs SMTPUTF8, which few servers have.

    :raises BadAddress: it is not one
    """
    local, at, domain = text.strip(" ").rpartition("@")
    try:
        address = f"{local}{at}{domain.encode('idna').decode()}"
    except UnicodeError as error:
        raise BadAddress(text) from error
    if len(address) > 254 or len(local) > 64 or not _ADDRESS.fullmatch(address):
        raise BadAddress(text)
    return address


def check_addresses(texts: Iterable[str]) -> list[str]:
    """Bare addresses, each once, in the order given.

    :raises BadAddress: one of them is not an address
    """
    return list({address.lower(): address for address in map(check_address, texts)}.values())


def one_line(text: str) -> str:
    """The text as a header can carry it: every control character and line break becomes a space."""
    plain = "".join(" " if unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp") else sign for sign in text)
    return " ".join(plain.split())


def has_line_break(text: str) -> bool:
    """Whether the text would begin another header: somebody tries something."""
    return any(sign in text for sign in "\r\n\x00\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")


def file_name(text: str) -> str:
    """A file name without folders, control characters or quotes; never empty."""
    name = one_line(text).replace("\\", "/").rsplit("/", 1)[-1].replace('"', "'").strip(". ")
    return name[:200] or "file"
