"""What there is to choose on each kind of paper: its columns, its blocks, the words that can be filled in."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from niaga.documents.rules.print_document import PrintKind

K = PrintKind


class Layout(StrEnum):
    CLASSIC = "classic"
    MODERN = "modern"
    LETTERHEAD = "letterhead"


class Sheet(StrEnum):
    A4 = "a4"
    A5 = "a5"
    CONTINUOUS = "continuous"
    """NCR forms, 9.5 × 11 in, with tractor holes at both sides."""
    CONTINUOUS_HALF = "continuous_half"
    """The same torn in half, 9.5 × 5.5 in."""
    ROLL_80 = "roll_80"
    ROLL_58 = "roll_58"


class Face(StrEnum):
    """Of the fonts that are shipped."""

    SANS = "sans"
    SERIF = "serif"
    MONO = "mono"


class TextSize(StrEnum):
    SMALL = "small"
    NORMAL = "normal"
    LARGE = "large"


class LogoPlace(StrEnum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"
    NONE = "none"


class Tongue(StrEnum):
    """`customer`: the customer's own language."""

    CUSTOMER = "customer"
    INDONESIAN = "id"
    ENGLISH = "en"
    BOTH = "both"


LANGUAGES = ("id", "en")
ROLLS = (Sheet.ROLL_80, Sheet.ROLL_58)
SHEETS: Mapping[PrintKind, tuple[Sheet, ...]] = {
    kind: tuple(one for one in Sheet if kind is K.RECEIPT or one not in ROLLS) for kind in K
}
_OTHERS: Mapping[PrintKind, PrintKind] = {
    K.DOWN_PAYMENT_INVOICE: K.INVOICE, K.LATE_FEE_INVOICE: K.INVOICE, K.GIRO_FEE_INVOICE: K.INVOICE,
    K.DEBIT_NOTE: K.CREDIT_NOTE,
}  # fmt: skip
"""What is made by the template of another kind."""
TEMPLATE_KINDS = tuple(kind for kind in K if kind not in _OTHERS)


def template_kind(kind: PrintKind) -> PrintKind:
    """Invoices for down payments and fees are made by the invoice's template, debit notes by the credit note's."""
    return _OTHERS.get(kind, kind)


_PRICED = ("number", "sku", "item", "quantity", "unit", "unit_price", "discount_column", "tax_rate", "amount")
_DATED = (*_PRICED[:3], "requested_date", "delivery_date", *_PRICED[3:])
_OFFERED: Mapping[PrintKind, tuple[str, ...]] = {
    K.QUOTATION: tuple(key for key in _DATED if key != "delivery_date"),
    K.ORDER_CONFIRMATION: _DATED,
    K.PRO_FORMA: _DATED,
    K.DELIVERY_NOTE: ("number", "sku", "barcode", "item", "lot", "expires", "ordered", "quantity", "unit", "weight"),
    K.INVOICE: (*_PRICED[:3], "lot", "expires", *_PRICED[3:]),
    K.PICK_LIST: ("number", "place", "sku", "barcode", "item", "available", "to_pick", "unit", "weight", "picked"),
    K.LOAD_LIST: ("number", "sku", "barcode", "item", "quantity", "unit", "weight", "picked"),
    K.DROP_SHIP: ("number", "sku", "item", "quantity", "unit"),
    K.RECEIPT: ("document", "document_date", "settled", "remaining"),
    K.STATEMENT: ("date", "document", "debit", "credit_column", "running_balance"),
    K.RETURN: ("number", "sku", "item", "quantity", "unit", "return_reason", "return_condition", "came"),
    K.EXCHANGE: ("document", "document_date", "customer_reference", "tax_serial", "claimed"),
}
EXTRA = ("sku", "barcode", "unit", "tax_rate", "requested_date", "delivery_date", "lot", "expires", "weight")
"""Columns that are not there unless somebody wants them: without them SKU and days stand below the item's name, and on
a delivery note its lots."""


def columns_of(kind: PrintKind) -> tuple[str, ...]:
    """All columns there can be, in their usual order."""
    return _OFFERED.get(kind, _PRICED)


def usual_columns(kind: PrintKind) -> tuple[str, ...]:
    return tuple(key for key in columns_of(kind) if key not in EXTRA)


def main_column(kind: PrintKind) -> str:
    """The one that is always there and takes what the others leave."""
    return "document" if kind in (K.RECEIPT, K.STATEMENT, K.EXCHANGE) else "item"


_CLAIMS = (K.INVOICE, K.CREDIT_NOTE, K.QUOTATION, K.ORDER_CONFIRMATION, K.PRO_FORMA)
_BLOCKS: Mapping[str, tuple[PrintKind, ...]] = {
    "deliver_to": (K.QUOTATION, K.ORDER_CONFIRMATION, K.PRO_FORMA, K.DROP_SHIP),
    "introduction": TEMPLATE_KINDS,
    "in_words": (*_CLAIMS, K.RECEIPT),
    "banks": (K.PRO_FORMA, K.INVOICE, K.STATEMENT),
    "instalments": (K.INVOICE, K.STATEMENT),
    "note": tuple(kind for kind in TEMPLATE_KINDS if kind is not K.STATEMENT),
    "terms": _CLAIMS,
    "closing": TEMPLATE_KINDS,
    "qris": (K.INVOICE,),
    "link": (K.QUOTATION, K.PRO_FORMA, K.INVOICE, K.RETURN),
    "stamp_place": (K.INVOICE, K.RECEIPT),
    "signatures": tuple(kind for kind in TEMPLATE_KINDS if kind is not K.STATEMENT),
}
FIXED = ("deliver_to", "introduction", "in_words", "banks")
"""Blocks that can be left out and stay where they are: above the lines, or beside the sums."""


def blocks_of(kind: PrintKind) -> tuple[str, ...]:
    """All blocks of the kind, in their usual order."""
    return tuple(block for block, kinds in _BLOCKS.items() if template_kind(kind) in kinds)


def usual_blocks(kind: PrintKind) -> tuple[str, ...]:
    """Without the codes: who prints that of the customer's page puts a key to the document on paper, one to pay by is
    the company's to offer. That of a return slip opens nothing without signing in: the warehouse scans it."""
    return tuple(block for block in blocks_of(kind) if block not in ("link", "qris") or kind is K.RETURN)


TEXTS = ("title", "introduction", "closing", "terms", "footer")
LONGEST: Mapping[str, int] = {"title": 60, "introduction": 1000, "closing": 1000, "terms": 4000, "footer": 220}

_WORDS: Mapping[str, tuple[PrintKind, ...]] = {
    "company.name": TEMPLATE_KINDS,
    "company.phone": TEMPLATE_KINDS,
    "company.email": TEMPLATE_KINDS,
    "customer.name": TEMPLATE_KINDS,
    "customer.contact": (K.QUOTATION, K.ORDER_CONFIRMATION, K.PRO_FORMA),
    "customer_reference": (K.QUOTATION, K.ORDER_CONFIRMATION, K.PRO_FORMA, K.INVOICE, K.CREDIT_NOTE),
    "document.number": TEMPLATE_KINDS,
    "document.date": TEMPLATE_KINDS,
    "order.numbers": (K.PRO_FORMA, K.DELIVERY_NOTE, K.INVOICE, K.CREDIT_NOTE, K.RETURN),
    "invoice.number": (K.CREDIT_NOTE,),
    "due_date": (K.INVOICE,),
    "valid_until": (K.QUOTATION, K.PRO_FORMA),
    "delivery_date": (K.ORDER_CONFIRMATION, K.PRO_FORMA, K.DELIVERY_NOTE, K.DROP_SHIP),
    "requested_date": (K.QUOTATION, K.ORDER_CONFIRMATION, K.PRO_FORMA),
    "payment_term": (K.QUOTATION, K.ORDER_CONFIRMATION, K.PRO_FORMA, K.INVOICE),
    "salesperson": (K.QUOTATION, K.ORDER_CONFIRMATION, K.PRO_FORMA),
    "warehouse": (K.DELIVERY_NOTE, K.PICK_LIST, K.LOAD_LIST, K.RETURN),
    "total": (*_CLAIMS, K.RECEIPT, K.STATEMENT),
    "period.start": (K.STATEMENT,),
    "period.end": (K.STATEMENT,),
}


def words_of(kind: PrintKind) -> tuple[str, ...]:
    """The placeholders that a text of this kind may use."""
    return tuple(word for word, kinds in _WORDS.items() if template_kind(kind) in kinds)
