"""A code as bars that a scanner reads, drawn as SVG: EAN where it is one, else Code 128."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from barcode.codex import Code128
from barcode.ean import EAN8, EAN13
from barcode.errors import BarcodeError

QUIET = 9
"""Modules of white at both sides, as EAN asks for."""
MODULE = 0.26
"""mm of the thinnest bar: 80 % of EAN's own size, which printers of offices hold."""
MOST = 200
"""Modules that have room in a column; a longer code is told in figures alone."""
HEIGHT = 26
"""Modules; about 7 mm."""


class Bars(NamedTuple):
    svg: bytes
    width: float
    """mm"""


@lru_cache(maxsize=2_000)
def bars_of(code: str) -> Bars | None:
    """None: nothing, signs that no bars stand for, or more of them than fit."""
    modules = _modules(code)
    if not modules or len(modules) > MOST:
        return None
    path = "".join(f"M{place + QUIET} 0h1v{HEIGHT}h-1z" for place, bar in enumerate(modules) if bar == "1")
    wide = len(modules) + 2 * QUIET
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {HEIGHT}" shape-rendering="crispEdges">'
    return Bars(f'{head}<path d="{path}"/></svg>'.encode(), round(wide * MODULE, 2))


def _modules(code: str) -> str:
    if not code.isascii() or not code.isprintable():
        return ""
    try:
        for kind, digits in ((EAN13, 13), (EAN8, 8)):
            if len(code) == digits and code.isdigit() and (ean := kind(code)).get_fullcode() == code:
                return str(ean.build()[0])
        return str(Code128(code).build()[0]) if code else ""
    except BarcodeError:
        return ""
