"""An address as a QR code (ISO/IEC 18004), drawn as SVG."""

from __future__ import annotations

import qrcode

QUIET = 2
"""Modules of white around it; paper is white beyond."""


def qr_svg(text: str) -> bytes:
    """Error correction M: a stamp or a fold over 15 % of it is borne."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=QUIET)
    code.add_data(text)
    rows = code.get_matrix()
    side = len(rows)
    path = "".join(
        f"M{column} {place}h1v1h-1z" for place, row in enumerate(rows) for column, dark in enumerate(row) if dark
    )
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
    return f'{head}<path d="{path}"/></svg>'.encode()
