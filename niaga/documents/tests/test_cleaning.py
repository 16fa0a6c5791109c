"""Pictures and PDFs come out harmless. No database."""

import io
import zlib

import pikepdf
import pytest
from PIL import Image

from niaga.documents.errors import FileTooLarge, NotAnImage
from niaga.documents.services.clean_image import clean_image
from niaga.documents.services.clean_pdf import UnreadablePdf, clean_pdf


def picture(mode: str = "RGB", size: tuple[int, int] = (60, 40), kind: str = "PNG", **save: object) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size, 120 if mode in ("L", "P") else tuple(range(50, 50 + len(mode)))).save(buffer, kind, **save)
    return buffer.getvalue()


def test_a_photo_loses_its_place_and_camera_and_what_hangs_behind_it() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera of Budi"
    photo = picture(kind="JPEG", exif=exif) + b"<script>alert(1)</script>"

    clean = clean_image(content=photo)

    assert clean.media_type == "image/jpeg"
    assert b"Budi" not in clean.content
    assert b"<script>" not in clean.content


def test_a_photo_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6

    clean = clean_image(content=picture(kind="JPEG", size=(60, 40), exif=exif))

    assert (clean.width, clean.height) == (40, 60)


@pytest.mark.parametrize(("mode", "kind", "media_type"), [
    ("RGBA", "PNG", "image/png"),
    ("RGBA", "WEBP", "image/png"),
    ("RGB", "WEBP", "image/jpeg"),
    ("P", "GIF", "image/jpeg"),
    ("L", "PNG", "image/png"),
    ("CMYK", "JPEG", "image/jpeg"),
])  # fmt: skip
def test_every_kind_of_picture_becomes_png_or_jpeg(mode: str, kind: str, media_type: str) -> None:
    assert clean_image(content=picture(mode, kind=kind)).media_type == media_type


def test_a_large_picture_is_made_smaller() -> None:
    clean = clean_image(content=picture(size=(5000, 100)))

    assert (clean.width, clean.height) == (4000, 80)


def test_a_decompression_bomb_is_refused_before_it_is_decoded() -> None:
    def chunk(name: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")

    head = (60_000).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    bomb = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )

    with pytest.raises(FileTooLarge):
        clean_image(content=bomb)


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\nbroken", b"\xff\xd8\xff" + b"x" * 50, b"%PDF-1.4"])
def test_what_cannot_be_decoded_is_no_picture(content: bytes) -> None:
    with pytest.raises(NotAnImage):
        clean_image(content=content)


def hostile_pdf() -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")
    pdf.Root.OpenAction = pdf.make_indirect(script)
    pdf.Root.AA = pikepdf.Dictionary(WC=script)
    pdf.Root.Names = pikepdf.Dictionary(
        JavaScript=pikepdf.Dictionary(Names=pikepdf.Array(["x", script])),
        EmbeddedFiles=pikepdf.Dictionary(Names=pikepdf.Array([])),
    )
    pdf.attachments["evil.exe"] = b"MZ evil"
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([]), XFA="<xdp/>")
    page = pdf.pages[0].obj
    page.AA = pikepdf.Dictionary(O=launch)
    rect = pikepdf.Array([0, 0, 10, 10])
    link = {"Type": pikepdf.Name.Annot, "Subtype": pikepdf.Name.Link, "Rect": rect}
    good = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://example.com", Next=launch)
    page.Annots = pikepdf.Array([
        pdf.make_indirect(pikepdf.Dictionary(**link, A=launch)),
        pdf.make_indirect(pikepdf.Dictionary(**link, A=pdf.make_indirect(script))),
        pdf.make_indirect(pikepdf.Dictionary(**link, A=good)),
        pdf.make_indirect(
            pikepdf.Dictionary(**link, A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI="javascript:alert(1)"))
        ),
        pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FileAttachment, Rect=rect),
    ])  # fmt: skip
    buffer = io.BytesIO()
    pdf.save(buffer)
    return buffer.getvalue()


def test_a_pdf_loses_everything_that_acts_and_keeps_its_links() -> None:
    clean = clean_pdf(content=hostile_pdf())

    with pikepdf.open(io.BytesIO(clean)) as pdf:
        assert not {"/OpenAction", "/AA", "/AcroForm"} & set(pdf.Root.keys())
        assert len(pdf.attachments) == 0
        page = pdf.pages[0].obj
        assert "/AA" not in page
        actions = [note.get("/A") for note in page.Annots]
        assert [str(action.URI) for action in actions if action is not None] == ["https://example.com"]
        everything = b"".join(thing.unparse(resolved=True) for thing in pdf.objects) + clean
    for trace in (b"/JavaScript", b"/Launch", b"cmd.exe", b"MZ evil", b"app.alert", b"/XFA"):
        assert trace not in everything


def test_the_same_pdf_becomes_the_same_bytes() -> None:
    pdf = hostile_pdf()

    assert clean_pdf(content=pdf) == clean_pdf(content=pdf)


def test_locked_and_broken_pdfs_are_not_shown() -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    buffer = io.BytesIO()
    pdf.save(buffer, encryption=pikepdf.Encryption(owner="o", user="u"))

    for content in (buffer.getvalue(), b"%PDF-1.7 nothing here"):
        with pytest.raises(UnreadablePdf):
            clean_pdf(content=content)
