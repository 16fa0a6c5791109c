"""QRIS codes (EMV merchant-presented QR): a company's static code, made dynamic with an amount. Pure.

A code is a row of fields: two digits of tag, two of length, the value; the last, 63, is a checksum over everything
before it. A shown code proves nothing: that it was paid is told by a bank statement or by a gateway, never by the code.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

LONGEST = 512
RUPIAH, INDONESIA = "360", "ID"
_ONCE_STATIC = "11"
_DYNAMIC = "12"
CRC, METHOD, AMOUNT, CURRENCY, COUNTRY, NAME, CITY = "63", "01", "54", "53", "58", "59", "60"
_TIP = ("55", "56", "57")


class BadQris(ValueError):
    """`code` says what is wrong: `long`, `signs`, `fields`, `twice`, `checksum`, `format`, `merchant`, `currency`,
    `country`, `name`, `amount`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Qris:
    """A code that holds: its fields in the order they came, without the checksum."""

    fields: tuple[tuple[str, str], ...]

    def value(self, tag: str) -> str:
        return dict(self.fields).get(tag, "")

    @property
    def merchant(self) -> str:
        return self.value(NAME).strip()

    @property
    def city(self) -> str:
        return self.value(CITY).strip()

    @property
    def merchant_id(self) -> str:
        """The national merchant id (NMID) of field 51; empty where the acquirer left it out."""
        try:
            return dict(_read(self.value("51"))).get("02", "")
        except BadQris:
            return ""

    @property
    def is_static(self) -> bool:
        return self.value(METHOD) == _ONCE_STATIC and not self.value(AMOUNT)

    def text(self) -> str:
        """As it is drawn."""
        body = "".join(f"{tag}{len(value):02}{value}" for tag, value in self.fields) + f"{CRC}04"
        return body + checksum(body)


def checksum(text: str) -> str:
    """CRC-16/CCITT-FALSE (polynomial 0x1021, from 0xFFFF), as four upper-case hexadecimal digits."""
    crc = 0xFFFF
    for byte in text.encode("ascii"):
        crc ^= byte << 8
        for _bit in range(8):
            crc = (crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1
            crc &= 0xFFFF
    return f"{crc:04X}"


def read_qris(text: str) -> Qris:
    """A code from its text.

    :raises BadQris: it is none, is damaged, or is not one for rupiah in Indonesia
    """
    text = text.strip()
    if len(text) > LONGEST:
        raise BadQris("long")
    if not (text.isascii() and text.isprintable()):
        raise BadQris("signs")
    fields = list(_read(text))
    tags = [tag for tag, _value in fields]
    if len(set(tags)) != len(tags):
        raise BadQris("twice")
    if not fields or tags[0] != "00" or fields[0][1] != "01":
        raise BadQris("format")
    if tags[-1] != CRC or len(fields[-1][1]) != 4 or checksum(text[:-4]) != fields[-1][1].upper():
        raise BadQris("checksum")
    found = Qris(tuple(fields[:-1]))
    if found.value(METHOD) not in (_ONCE_STATIC, _DYNAMIC):
        raise BadQris("format")
    if not any(2 <= int(tag) <= 51 for tag in tags):
        raise BadQris("merchant")
    if found.value(CURRENCY) != RUPIAH:
        raise BadQris("currency")
    if found.value(COUNTRY) != INDONESIA:
        raise BadQris("country")
    if not found.merchant or len(found.value(NAME)) > 25 or not found.city or len(found.value(CITY)) > 15:
        raise BadQris("name")
    return found


def made_dynamic(code: Qris, amount: Decimal) -> Qris:
    """The same merchant's code for one amount: 01 becomes 12, 54 says the amount, tips are left out. All other fields
    stay as they are and in their order; 54 stands before the first field with a higher tag.

    :raises BadQris: `amount`: not a whole, positive number of rupiah of at most thirteen digits
    """
    if amount <= 0 or amount != amount.to_integral_value() or len(str(int(amount))) > 13:
        raise BadQris("amount")
    said = str(int(amount))
    kept = [
        (tag, _DYNAMIC if tag == METHOD else value)
        for tag, value in code.fields
        if tag != AMOUNT and tag not in _TIP
    ]  # fmt: skip
    place = next((n for n, (tag, _value) in enumerate(kept) if tag > AMOUNT), len(kept))
    return Qris((*kept[:place], (AMOUNT, said), *kept[place:]))


def _read(text: str) -> Iterator[tuple[str, str]]:
    """:raises BadQris: a field is cut off, or its tag or length is no number"""
    at = 0
    while at < len(text):
        head = text[at : at + 4]
        if len(head) < 4 or not (head.isascii() and head.isdigit()):
            raise BadQris("fields")
        end = at + 4 + int(head[2:])
        if end > len(text) or end == at + 4:
            raise BadQris("fields")
        yield head[:2], text[at + 4 : end]
        at = end


def _sandbox() -> str:
    fields = (
        ("00", "01"), (METHOD, _ONCE_STATIC),
        ("26", "0019ID.NIAGA.SANDBOX.WW01189360000000000000000203UMI"),
        ("51", "0014ID.CO.QRIS.WWW0215ID00000000000000303UMI"),
        ("52", "0000"), (CURRENCY, RUPIAH), (COUNTRY, INDONESIA), (NAME, "UJI COBA NIAGA"), (CITY, "JAKARTA"),
    )  # fmt: skip
    return Qris(fields).text()


SANDBOX = _sandbox()
"""The code of no merchant, for the sandbox: no bank knows it."""
