"""What an account of a company's own plan may be called."""

import re
from dataclasses import dataclass

CODE = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z ./-]{0,18}[0-9A-Za-z])?")
"""`1101`, `1-10100`, `110.01`: what charts of accounts here use."""
LONGEST_CODE, LONGEST_NAME = 20, 120


@dataclass(frozen=True, slots=True)
class ChosenAccount:
    """An account by its code. Without a name one that is there keeps its own."""

    code: str
    name: str = ""

    @property
    def tidy(self) -> "ChosenAccount":
        return ChosenAccount(self.code.strip(), " ".join(self.name.split()))
