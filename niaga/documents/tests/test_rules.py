import pytest

from niaga.documents.rules.file_kinds import Treatment, clean_name, human_size, sniff, with_ending
from niaga.documents.rules.link_previews import is_preview


@pytest.mark.parametrize(
    ("head", "media_type", "treatment"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg", Treatment.IMAGE),
        (b"\x89PNG\r\n\x1a\n", "image/png", Treatment.IMAGE),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp", Treatment.IMAGE),
        (b"%PDF-1.7", "application/pdf", Treatment.PDF),
        (b"<svg onload=alert(1)>", "application/octet-stream", Treatment.KEEP),
        (b"<html>", "application/octet-stream", Treatment.KEEP),
        (b"", "application/octet-stream", Treatment.KEEP),
    ],
)
def test_a_file_is_known_by_its_first_bytes(head: bytes, media_type: str, treatment: Treatment) -> None:
    kind = sniff(head)

    assert (kind.media_type, kind.treatment) == (media_type, treatment)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("foto toko.jpg", "foto toko.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\a.pdf", "a.pdf"),
        ("\u202egnp.exe", "gnp.exe"),
        ("a\x00b\n.txt", "ab.txt"),
        ("...", "file"),
        ("", "file"),
        (".htaccess", "htaccess"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("Faktur Pajak – Ö.pdf", "Faktur Pajak – Ö.pdf"),
    ],
)
def test_names_lose_their_folders_and_what_nobody_sees(given: str, kept: str) -> None:
    assert clean_name(given) == kept


def test_a_name_ends_like_what_the_file_has_become() -> None:
    assert with_ending("foto.webp", "image/jpeg") == "foto.jpg"
    assert with_ending("foto.JPEG", "image/jpeg") == "foto.JPEG"
    assert with_ending("foto", "image/png") == "foto.png"
    assert with_ending("daftar.xlsx", "application/zip") == "daftar.xlsx"


def test_sizes_are_short() -> None:
    assert [human_size(size) for size in (999, 14_200, 2_340_000)] == ["999 B", "14 kB", "2.3 MB"]


def test_messengers_looking_for_a_preview_are_no_readers() -> None:
    assert is_preview("WhatsApp/2.23.20.0")
    assert is_preview("Mozilla/5.0 (compatible; Googlebot/2.1)")
    assert is_preview("")
    assert not is_preview("Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 Chrome/126.0 Mobile Safari")
