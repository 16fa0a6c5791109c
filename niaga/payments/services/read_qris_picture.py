import io
from collections.abc import Iterable
from uuid import UUID

import zxingcpp
from django.utils.translation import gettext_lazy as _
from PIL import Image

from niaga.documents.errors import FileTooLarge, NotAnImage
from niaga.documents.services.clean_image import clean_image
from niaga.organization.access import Actor, access_of
from niaga.payments.errors import BadQrisPicture
from niaga.payments.rules.qris import BadQris, Qris, read_qris
from niaga.payments.services.set_qris import WHY

MOST_BYTES = 10 * 2**20
SIDES = (2400, 1200)
"""A sticker in a large photograph is found at the first; a blurred one sometimes only when it is smaller."""


_QR = zxingcpp.barcode_formats_from_str("QRCode")


def read_qris_picture(*, chunks: Iterable[bytes], company_id: UUID, by: Actor) -> Qris:
    """The static QRIS code on a photograph or picture of the company's sticker. Nothing is kept: whose code it is, is
    shown first, and `set_qris` keeps it.

    The picture is decoded as `clean_image` does it, with its limits, and drawn anew before it is looked at.

    :raises Forbidden: `by` may not manage settings
    :raises BadQrisPicture: no picture, too large, no code or several on it, or one that is none, damaged, not for
        rupiah, or made for one payment
    """
    access_of(by).require("setting", "manage", company_id=company_id)
    content = _read(chunks)
    texts: list[str] = []
    for side in SIDES:
        texts = texts or _codes_on(content, side)
    if not texts:
        raise BadQrisPicture(field="picture")
    codes: list[Qris] = []
    why = ""
    for text in texts:
        try:
            codes.append(read_qris(text))
        except BadQris as error:
            why = error.code
    if not codes:
        raise BadQrisPicture(WHY.get(why, _("The code on this picture is no QRIS code.")), field="picture")
    if len({code.text() for code in codes}) > 1:
        raise BadQrisPicture(_("Several QRIS codes are on this picture. Take one of yours alone."), field="picture")
    if not codes[0].is_static:
        raise BadQrisPicture(_("This code was made for one payment. Take a picture of your sticker."), field="picture")
    return codes[0]


def _read(chunks: Iterable[bytes]) -> bytes:
    found = bytearray()
    for chunk in chunks:
        found += chunk
        if len(found) > MOST_BYTES:
            raise BadQrisPicture(_("The picture is larger than 10 MB."), field="picture")
    return bytes(found)


def _codes_on(content: bytes, side: int) -> list[str]:
    try:
        clean = clean_image(content=content, longest_side=side)
    except FileTooLarge as error:
        raise BadQrisPicture(_("The picture has too many pixels."), field="picture") from error
    except NotAnImage as error:
        raise BadQrisPicture(_("This is no picture. Choose a PNG or JPEG file."), field="picture") from error
    with Image.open(io.BytesIO(clean.content)) as opened:
        paper = Image.new("RGB", opened.size, "white")
        paper.paste(opened, mask=opened.getchannel("A") if opened.mode == "RGBA" else None)
    found = zxingcpp.read_barcodes(paper.convert("L"), formats=_QR)
    return [one.text for one in found]
