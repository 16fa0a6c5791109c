"""What a statement file tells, whatever its format; and the key that a movement has in every file it is told in."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

MOST_LINES = 20_000
MOST_BYTES = 10 * 1024 * 1024
LONGEST_TEXT = 1_000
MOST_AMOUNT = Decimal(10) ** 15
_SPACE = re.compile(r"[\s\x00-\x1f\x7f\ufffd]+")


class UnreadableStatement(ValueError):
    """The file is not taken, as a whole. `code` says why, `row` where."""

    def __init__(self, code: str, row: int | None = None, text: str = "") -> None:
        self.code, self.row, self.text = code, row, text
        super().__init__(code, row, text)


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A movement; `amount` above zero is money in. `row` is its place in the file, for people."""

    date: date
    amount: Decimal
    text: str
    payer: str = ""
    payer_account: str = ""
    reference: str = ""
    balance: Decimal | None = None
    row: int = 0


@dataclass(frozen=True, slots=True)
class ReadStatement:
    """`left_out` are rows that are no movement, with their place: headings, sums, pending ones."""

    lines: Sequence[ReadLine]
    currency: str = ""
    account: str = ""
    opening: Decimal | None = None
    closing: Decimal | None = None
    left_out: Sequence[tuple[int, str]] = ()

    @property
    def moved(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def adds_up(self) -> bool | None:
        """Whether the opening balance and the lines make the closing one; None: the file does not say."""
        if self.opening is None or self.closing is None:
            return None
        return self.opening + self.moved == self.closing


def tidy(text: object, most: int = LONGEST_TEXT) -> str:
    """One line of readable text, cut to what is kept."""
    return _SPACE.sub(" ", str(text or "")).strip()[:most].strip()


def keys_of(lines: Iterable[ReadLine]) -> list[str]:
    """A key for each line: the bank's reference with day and amount, or without one all that it says; and which of the
    equal ones of that day it is. Two equal transfers of a day are two; the same statement again has the same keys."""
    seen: Counter[str] = Counter()
    keys = []
    for line in lines:
        said = f"ref {line.reference}" if line.reference else f"text {line.text} {line.payer} {line.payer_account}"
        amount = line.amount.quantize(Decimal("0.0001"))
        bare = f"{line.date.isoformat()}|{amount}|{' '.join(said.upper().split())}"
        seen[bare] += 1
        keys.append(hashlib.sha256(f"{bare}|{seen[bare]}".encode()).hexdigest())
    return keys
