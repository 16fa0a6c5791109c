"""Whether two writings mean the same bank account."""

import re

_BARE = re.compile(r"[^0-9]+")


def same_account(said: str, own: str) -> bool:
    """A file that names no account may be of any. Banks put codes before a number, or currency behind it; an IBAN holds
    it at its end."""
    told, wanted = _BARE.sub("", said).lstrip("0"), _BARE.sub("", own).lstrip("0")
    return not told or not wanted or told in wanted or wanted in told
