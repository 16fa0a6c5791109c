"""Small pictures of products where people choose: in the list, in lookups and in the order grid."""

import io
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from PIL import Image

from niaga.catalog.queries.product_pictures import main_pictures, product_thumbnails
from niaga.catalog.services.archive_product import archive_product
from niaga.catalog.services.update_product import update_product
from niaga.catalog.tests.makers import AT, make_company, make_product, make_user
from niaga.documents.services.attach_file import attach_file
from niaga.documents.services.remove_attachment import remove_attachment
from niaga.organization.access import Actor
from tests.makers import log_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path


def picture(colour: str = "teal", side: int = 300) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(buffer, "PNG")
    return buffer.getvalue()


def attach(product_id: UUID, by: Actor, content: bytes, name: str = "kopi.png") -> UUID:
    return attach_file(subject_kind="product", subject_id=product_id, name=name, content=content, by=by, at=AT).id


def test_the_list_shows_a_small_picture_and_keeps_its_place_where_there_is_none() -> None:
    company = make_company()
    owner = make_user(company)
    coffee = make_product(company.pk, owner, name="Kopi")
    make_product(company.pk, owner, name="Gula")
    shown = attach(coffee.pk, owner, picture())

    page = log_in(owner).get("/products").content.decode()

    assert f'<img src="/files/{shown}/thumbnail" alt="Gambar Kopi" width="40" height="40" loading="lazy"' in page
    assert page.count('<span class="pic"') == 2


def test_pictures_of_a_page_of_products_are_one_statement(django_assert_num_queries: Any) -> None:
    company = make_company()
    owner = make_user(company)
    products = [make_product(company.pk, owner, name=f"Barang {n}") for n in range(12)]
    for product in products:
        attach(product.pk, owner, picture())
        attach(product.pk, owner, picture("red"))

    with django_assert_num_queries(1):
        found = product_thumbnails({product.pk: None for product in products})

    assert len(found) == 12


def test_the_main_picture_stands_for_the_product_and_after_its_removal_the_first() -> None:
    company = make_company()
    owner = make_user(company)
    coffee = make_product(company.pk, owner)
    first = attach(coffee.pk, owner, picture())
    main = attach(coffee.pk, owner, picture("red"))
    update_product(product_id=coffee.pk, by=owner, at=AT, image_id=main)

    chosen = product_thumbnails({coffee.pk: main})
    remove_attachment(attachment_id=main, by=owner, at=AT)

    assert chosen == {coffee.pk: f"/files/{main}/thumbnail"}
    assert product_thumbnails({coffee.pk: main}) == {coffee.pk: f"/files/{first}/thumbnail"}
    assert main_pictures({coffee.pk: main}) == {}


def test_a_picture_of_something_else_never_stands_for_a_product() -> None:
    company = make_company()
    owner = make_user(company)
    coffee, sugar = make_product(company.pk, owner, name="Kopi"), make_product(company.pk, owner, name="Gula")
    of_sugar = attach(sugar.pk, owner, picture())

    assert product_thumbnails({coffee.pk: of_sugar}) == {}
    assert main_pictures({coffee.pk: of_sugar, sugar.pk: None}) == {}


@pytest.mark.parametrize(
    "content",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
        b"\x89PNG\r\n\x1a\n none",
        b"%PDF-1.7",
    ],
    ids=["svg", "broken picture", "pdf"],
)
def test_only_what_was_encoded_again_is_shown_as_a_picture(content: bytes) -> None:
    company = make_company()
    owner = make_user(company)
    coffee = make_product(company.pk, owner)
    kept = attach(coffee.pk, owner, content, "kopi.png")

    assert product_thumbnails({coffee.pk: kept}) == {}
    assert log_in(owner).get(f"/files/{kept}/thumbnail").status_code == 404


def test_a_picture_opens_by_the_right_to_its_product() -> None:
    company, other = make_company(), make_company(code="LAIN", name="PT Lain")
    owner = make_user(company)
    coffee = make_product(company.pk, owner)
    shown = f"/files/{attach(coffee.pk, owner, picture())}/thumbnail"
    archive_product(product_id=coffee.pk, by=owner, at=AT)

    own = log_in(owner).get(shown)

    assert (own.status_code, own["Content-Type"], own["X-Content-Type-Options"]) == (200, "image/png", "nosniff")
    assert max(Image.open(io.BytesIO(b"".join(own.streaming_content))).size) <= 192
    assert log_in(make_user(company, "salesperson")).get(shown).status_code == 200
    assert log_in(make_user(other)).get(shown).status_code == 404
    assert Client().get(shown).status_code == 302


def test_lookups_and_grids_bring_the_picture_along() -> None:
    company = make_company()
    owner = make_user(company)
    coffee = make_product(company.pk, owner, sku="KOP-1")
    shown = f"/files/{attach(coffee.pk, owner, picture())}/thumbnail"
    client = log_in(owner)

    places = ("/products/lookup", "/sales/grid/products", "/stock/grid/products")
    answers = [client.get(f"{place}?q=KOP-1").json() for place in places]

    assert [[one["picture"] for one in answer] for answer in answers] == [[shown]] * 3
