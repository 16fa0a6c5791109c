"""The company's QRIS code read from a picture of its sticker: shown first, kept only after a yes."""

import io
from typing import Any

import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from niaga.core.errors import Forbidden
from niaga.payments.errors import BadQrisPicture
from niaga.payments.models import CompanyQris
from niaga.payments.rules.qris import made_dynamic, read_qris
from niaga.payments.services.read_qris_picture import read_qris_picture
from niaga.payments.tests.test_qris import D, code
from tests.makers import World, log_in, make_user, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def picture(*texts: str, kind: str = "PNG", turn: int = 0) -> bytes:
    """The codes side by side on a grey wall."""
    wall = Image.new("RGB", (1400, 700), "#999")
    for place, text in enumerate(texts):
        out = io.BytesIO()
        segno.make(text, error="m", micro=False).save(out, kind="png", scale=7, border=4)
        wall.paste(Image.open(out).convert("RGB"), (20 + place * 690, 20))
    saved = io.BytesIO()
    wall.rotate(turn, expand=True, fillcolor="#999").save(saved, kind, quality=60)
    return saved.getvalue()


def read(world: World, content: bytes, **given: Any) -> Any:
    return read_qris_picture(chunks=[content], company_id=world.company.id, by=given.get("by", world.owner))


def test_a_sticker_is_read_from_a_slanted_photograph(world: World) -> None:
    assert read(world, picture(code(), kind="JPEG", turn=8)).text() == code()
    assert read(world, picture(code(), "https://example.com")).merchant == "KOPI NUSANTARA"


def test_what_cannot_be_the_companys_code_is_refused_with_its_reason(world: World) -> None:
    once = made_dynamic(read_qris(code()), D(50_000)).text()
    bomb = b"\x89PNG\r\n\x1a\n" + bytes.fromhex("0000000d494844520000ffff0000ffff0802000000") + bytes(4)
    bad = [
        b"", b"<svg onload=alert(1)>", b"%PDF-1.4", bomb, bytes(11 * 2**20), picture(),
        picture("https://example.com"), picture(code()[:-1] + ("0" if code()[-1] != "0" else "1")),
        picture(code(), code(name="TOKO LAIN")), picture(once), picture(code(t53="840")),
    ]  # fmt: skip

    said = []
    for content in bad:
        with pytest.raises(BadQrisPicture) as refused:
            read(world, content)
        said.append(str(refused.value.message))
    with pytest.raises(Forbidden):
        read(world, picture(code()), by=make_user(world.company, "salesperson"))

    assert len(set(said)) >= 7
    assert not CompanyQris.objects.exists()


def test_the_page_shows_whose_code_it_is_and_keeps_it_after_a_yes(world: World) -> None:
    browser = log_in(world.owner)

    def send(content: bytes) -> Any:
        return browser.post("/settings/qris", {"picture": SimpleUploadedFile("stiker.png", content, "image/png")})

    shown, refused = send(picture(code())), send(b"bukan gambar")

    assert (shown.status_code, refused.status_code) == (200, 422)
    assert "KOPI NUSANTARA" in shown.content.decode()
    assert "ID1020000000001" in shown.content.decode()
    assert not CompanyQris.objects.exists()
    assert browser.post("/settings/qris", {"text": code()}).status_code == 303
    assert CompanyQris.objects.get().merchant == "KOPI NUSANTARA"
