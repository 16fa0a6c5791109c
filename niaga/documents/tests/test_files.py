"""Files on the company (the one subject documents knows itself), through services, pages and API."""

import io
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.test import Client
from PIL import Image

from niaga.core.errors import Forbidden, NotFound
from niaga.core.models import AuditEntry
from niaga.documents import store
from niaga.documents.errors import EmptyFile, FileTooLarge, NotAnImage
from niaga.documents.models import Attachment, StoredFile
from niaga.documents.queries.attachments import content_of, files_of
from niaga.documents.queries.company_print import company_print
from niaga.documents.rules import file_kinds
from niaga.documents.services import attach_file as attaching
from niaga.documents.services.attach_file import attach_file
from niaga.documents.services.clean_store import clean_store
from niaga.documents.services.remove_attachment import remove_attachment
from niaga.organization.models import Company, User
from niaga.organization.tests.makers import AT, make_company, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path


def picture(colour: str = "teal", kind: str = "PNG", size: tuple[int, int] = (300, 100)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, kind)
    return buffer.getvalue()


def pdf() -> bytes:
    made = pikepdf.new()
    made.add_blank_page()
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def put(company: Company, by: User, content: bytes = b"hello", name: str = "a.txt", **facts: Any) -> Attachment:
    return attach_file(subject_kind="company", subject_id=company.id, name=name, content=content, by=by, at=AT, **facts)


def test_a_file_is_kept_by_its_hash_and_its_coming_is_audited() -> None:
    company = make_company()
    owner = make_user(company)

    attachment = put(company, owner, picture(), "logo toko.png", purpose="logo")

    file = attachment.file
    assert (file.media_type, file.inline, file.width, file.height) == ("image/png", True, 300, 100)
    assert store.path_of(file.sha256).stat().st_size == file.size
    assert store.path_of(file.sha256).stat().st_mode & 0o777 == 0o600
    entry = AuditEntry.objects.get(verb="attach")
    assert (entry.subject_kind, entry.subject_id, entry.actor_id) == ("company", company.id, owner.id)
    assert content_of(attachment.id) == store.read(file.sha256)


def test_the_same_bytes_are_kept_once() -> None:
    company = make_company()
    owner = make_user(company)

    first = put(company, owner)
    second = put(company, owner, name="b.txt")

    assert first.file_id == second.file_id
    assert StoredFile.objects.count() == 1


def test_unknown_kinds_are_kept_as_they_came_and_never_shown() -> None:
    company = make_company()

    attachment = put(company, make_user(company), b"<html><script>alert(1)</script>", "a.html")

    assert (attachment.file.media_type, attachment.file.inline) == ("application/octet-stream", False)
    assert store.read(attachment.file.sha256) == b"<html><script>alert(1)</script>"


@pytest.mark.parametrize(
    ("content", "purpose", "refusal"),
    [(b"", "", EmptyFile), (b"no picture", "logo", NotAnImage), (b"x" * 2000, "", FileTooLarge)],
)
def test_refused_files_leave_nothing(
    content: bytes, purpose: str, refusal: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("niaga.documents.services.store_file.MOST_BYTES", 1000)
    company = make_company()
    owner = make_user(company)

    with pytest.raises(refusal):
        put(company, owner, content, purpose=purpose)

    assert Attachment.objects.count() == StoredFile.objects.count() == 0
    assert list(store.kept()) == []


def test_only_who_may_change_the_subject_may_put_files_on_it() -> None:
    company = make_company()
    salesperson = make_user(company, "salesperson")
    stranger = make_user(make_company())

    with pytest.raises(Forbidden):
        put(company, salesperson)
    with pytest.raises(NotFound):
        put(company, stranger)
    with pytest.raises(NotFound):
        attach_file(subject_kind="nothing", subject_id=company.id, name="a", content=b"a", by=salesperson, at=AT)

    assert Attachment.objects.count() == 0


def test_a_subject_takes_a_limited_number_of_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attaching, "MOST", 1)
    company = make_company()
    owner = make_user(company)
    put(company, owner)

    with pytest.raises(attaching.TooManyFiles):
        put(company, owner, name="b.txt")


def test_a_removed_file_is_gone_from_the_page_and_its_bytes_after_a_month() -> None:
    company = make_company()
    owner = make_user(company)
    attachment = put(company, owner)

    remove_attachment(attachment_id=attachment.id, by=owner, at=AT)

    assert files_of(kind="company", subject_id=company.id, removable=True) == []
    assert clean_store(at=AT + timedelta(days=29)) == (0, 0)
    os.utime(store.path_of(attachment.file.sha256), (AT.timestamp(), AT.timestamp()))
    assert clean_store(at=AT + timedelta(days=31)) == (1, 1)
    assert list(store.kept()) == []


def test_the_cleaner_spares_what_is_young_or_needed() -> None:
    company = make_company()
    needed = put(company, make_user(company))
    store.keep(b"an upload whose row is not committed yet")
    os.utime(store.path_of(needed.file.sha256), (0, 0))

    assert clean_store(at=AT + timedelta(days=400))[0] == 0
    assert store.path_of(needed.file.sha256).exists()


def test_pictures_and_pdfs_are_shown_and_everything_else_is_a_download(client: Client) -> None:
    company = make_company()
    owner = make_user(company)
    client.force_login(owner)
    rows = {
        "p": put(company, owner, picture(), "p.png"),
        "d": put(company, owner, pdf(), "d.pdf"),
        "h": put(company, owner, b"<script>alert(1)</script>", "h.html"),
    }

    answers = {name: client.get(f"/files/{row.id}") for name, row in rows.items()}

    assert [answer.status_code for answer in answers.values()] == [200, 200, 200]
    assert answers["p"]["Content-Type"] == "image/png"
    assert answers["d"]["Content-Type"] == "application/pdf"
    assert answers["d"]["Content-Disposition"].startswith("inline;")
    assert answers["h"]["Content-Type"] == "application/octet-stream"
    assert answers["h"]["Content-Disposition"].startswith('attachment; filename="h.html"')
    for answer in answers.values():
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert "script-src" not in answer["Content-Security-Policy"]
    again = client.get(f"/files/{rows['p'].id}", headers={"If-None-Match": answers["p"]["ETag"]})
    assert again.status_code == 304


def test_a_name_with_quotes_and_lines_cannot_break_the_header(client: Client) -> None:
    company = make_company()
    owner = make_user(company)
    client.force_login(owner)
    row = put(company, owner, b"x", 'a"b\r\nSet-Cookie: x=1;é.txt')

    answer = client.get(f"/files/{row.id}")

    assert "\n" not in answer["Content-Disposition"]
    assert answer["Content-Disposition"].startswith('attachment; filename="a_bSet-Cookie_ x_1__.txt"')


def test_files_of_others_are_not_found(client: Client) -> None:
    company = make_company()
    row = put(company, make_user(company))
    client.force_login(make_user(make_company()))

    assert client.get(f"/files/{row.id}").status_code == 404


def test_without_a_log_in_there_are_no_files(client: Client) -> None:
    company = make_company()
    row = put(company, make_user(company))

    answer = client.get(f"/files/{row.id}")

    assert answer.status_code == 302
    assert "/account/login" in answer["Location"]


def test_the_card_takes_files_and_gives_them_back(client: Client) -> None:
    company = make_company()
    client.force_login(make_user(company))
    url = f"/files/on/company/{company.id}"
    upload = io.BytesIO(picture())
    upload.name = "toko.png"

    added = client.post(url, {"files": [upload]}, headers={"HX-Request": "true"})

    row = Attachment.objects.get()
    assert added.status_code == 200
    assert 'id="files"' in added.content.decode()
    assert f"/files/{row.id}/removal" in added.content.decode()

    removed = client.post(f"/files/{row.id}/removal", headers={"HX-Request": "true"})

    assert "toko.png" not in removed.content.decode()


def test_a_thumbnail_is_small_and_made_again_when_lost(client: Client) -> None:
    company = make_company()
    owner = make_user(company)
    client.force_login(owner)
    row = put(company, owner, picture(size=(1600, 800)), "foto.png")

    small = b"".join(client.get(f"/files/{row.id}/thumbnail"))

    with Image.open(io.BytesIO(small)) as image:
        assert image.size == (192, 96)
    for path, _written in store.kept():
        if path.name != row.file.sha256:
            path.unlink()
    assert client.get(f"/files/{row.id}/thumbnail").status_code == 200


def test_lost_bytes_are_said_to_be_lost(client: Client) -> None:
    company = make_company()
    owner = make_user(company)
    client.force_login(owner)
    row = put(company, owner)
    store.path_of(row.file.sha256).unlink()

    assert client.get(f"/files/{row.id}").status_code == 409


def test_the_limit_of_a_file_is_25_megabytes() -> None:
    assert file_kinds.MOST_BYTES == 25 * 1024 * 1024


def test_the_company_is_printed_with_its_logo_address_and_the_accounts_of_the_currency() -> None:
    company = make_company(street="Jl. Rungkut 27", city="Surabaya", province="Jawa Timur", postcode="60293")
    owner = make_user(company)
    logo = put(company, owner, picture(), "logo.png", purpose="logo")
    Company.objects.filter(pk=company.pk).update(logo_id=logo.id)

    sender = company_print(company_id=company.id, currency="IDR")

    assert sender.company.address == ("Jl. Rungkut 27", "Surabaya, Jawa Timur 60293")
    assert sender.logo == store.read(logo.file.sha256)
    store.path_of(logo.file.sha256).unlink()
    assert company_print(company_id=company.id).logo is None


def test_a_logo_is_set_printed_replaced_and_taken_away(client: Client) -> None:
    company = make_company()
    client.force_login(make_user(company))

    for colour in ("teal", "navy"):
        upload = io.BytesIO(picture(colour))
        upload.name = "logo.png"
        assert client.post("/settings/documents", {"logo": upload}).status_code == 302

    page = client.get("/settings/documents")
    logo_id = Company.objects.get(pk=company.pk).logo_id
    assert Attachment.objects.filter(archived_at=None).count() == 1
    assert f"/files/{logo_id}/thumbnail" in page.content.decode()
    assert company_print(company_id=company.pk).logo is not None
    client.post("/settings/documents", {"remove": "1"})
    assert Company.objects.get(pk=company.pk).logo_id is None


def test_a_logo_that_is_no_picture_is_said_beside_the_field(client: Client) -> None:
    company = make_company()
    client.force_login(make_user(company))
    upload = io.BytesIO(b"<svg onload=alert(1)>")
    upload.name = "logo.svg"

    answer = client.post("/settings/documents", {"logo": upload})

    assert answer.status_code == 422
    assert Company.objects.get(pk=company.pk).logo_id is None


@pytest.mark.parametrize("kind", ["quotation", "invoice", "delivery_note", "receipt"])
def test_samples_show_the_companys_paper(client: Client, kind: str) -> None:
    company = make_company()
    client.force_login(make_user(company))

    answer = client.get(f"/settings/documents/{kind}.pdf")

    assert answer.content.startswith(b"%PDF")
    assert client.get("/settings/documents/nothing.pdf").status_code == 404


def test_a_salesperson_does_not_set_the_look(client: Client) -> None:
    company = make_company()
    client.force_login(make_user(company, "salesperson"))

    assert client.get("/settings/documents").status_code == 403


def test_of_several_files_all_come_or_none_and_a_double_click_brings_them_once(client: Client) -> None:
    company = make_company()
    client.force_login(make_user(company))
    url = f"/files/on/company/{company.id}"

    def files(*contents: bytes) -> list[io.BytesIO]:
        found = [io.BytesIO(content) for content in contents]
        for number, file in enumerate(found):
            file.name = f"{number}.txt"
        return found

    refused = client.post(url, {"files": files(b"good", b"")}, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    assert Attachment.objects.count() == 0
    for _click in (1, 2):
        sent = {"files": files(b"one", b"two"), "idempotency_key": "k1"}
        assert client.post(url, sent, headers={"HX-Request": "true"}).status_code == 200
    assert Attachment.objects.count() == 2
