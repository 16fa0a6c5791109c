"""Pictures of products on what customers see of a quotation: its page, and its PDF when the company wants it."""

import io
from decimal import Decimal

import pikepdf
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from niaga.catalog.services.archive_product import archive_product
from niaga.catalog.services.update_product import update_product
from niaga.documents.services.attach_file import attach_file
from niaga.organization.services.change_company import change_company
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.revise_quotation import revise_quotation
from niaga.sales.services.send_quotation import send_quotation
from niaga.sales.services.share_quotation import share_quotation
from tests.makers import NOW, make_product, make_quotation, make_world

pytestmark = pytest.mark.django_db
BROWSER = {"HTTP_USER_AGENT": "Mozilla/5.0 (Linux; Android 14) Chrome/130"}


@pytest.fixture(autouse=True)
def at_now(time_machine, tmp_path, settings):
    cache.clear()
    settings.DATA_DIR = tmp_path
    time_machine.move_to(NOW, tick=False)


def attach(world, product, *, main, colour="teal"):
    buffer = io.BytesIO()
    Image.new("RGB", (400, 300), colour).save(buffer, "JPEG")
    content = buffer.getvalue()
    made = attach_file(
        subject_kind="product", subject_id=product.id, name="foto.jpg", content=content, by=world.owner, at=NOW
    )
    if main:
        update_product(product_id=product.id, by=world.owner, at=NOW, image_id=made.id)
    return made.id


def offered(world, *products):
    quotation = make_quotation(world, [LineInput(product_id=one.id, quantity=Decimal(2)) for one in products])
    send_quotation(quotation_id=quotation.id, by=world.owner, at=NOW)
    return quotation, "/l/" + share_quotation(quotation_id=quotation.id, by=world.owner, at=NOW).rsplit("/", 1)[1]


def test_the_customers_page_shows_main_pictures_small_and_no_others():
    world = make_world()
    coffee, sugar = make_product(world), make_product(world)
    main = attach(world, coffee, main=True)
    attach(world, coffee, main=False, colour="red")
    inner = attach(world, sugar, main=False, colour="blue")
    _quotation, link = offered(world, coffee, sugar)

    page = Client().get(link, **BROWSER).content.decode()
    shown = Client().get(f"{link}/pictures/{main}", **BROWSER)

    assert page.count("<img src") == 1
    assert f'<img src="{link}/pictures/{main}" alt="Gambar {coffee.name}"' in page
    assert page.count('class="pic"') == 2
    assert (shown.status_code, shown["Content-Type"], shown["X-Content-Type-Options"]) == (200, "image/jpeg", "nosniff")
    assert max(Image.open(io.BytesIO(b"".join(shown.streaming_content))).size) == 192
    assert Client().get(f"{link}/pictures/{inner}", **BROWSER).status_code == 404


def test_an_offer_without_pictures_keeps_no_place_for_them():
    world = make_world()
    _quotation, link = offered(world, make_product(world))

    assert 'class="pic"' not in Client().get(link, **BROWSER).content.decode()


def test_a_link_opens_pictures_of_its_own_offer_only():
    world = make_world()
    coffee, sugar = make_product(world), make_product(world)
    of_coffee, of_sugar = attach(world, coffee, main=True), attach(world, sugar, main=True)
    other = make_world(code="LAIN", name="PT Lain")
    foreign = attach(other, make_product(other), main=True)
    _quotation, link = offered(world, coffee)

    answers = [Client().get(f"{link}/pictures/{one}", **BROWSER).status_code for one in (of_coffee, of_sugar, foreign)]

    assert answers == [200, 404, 404]
    assert Client().get(f"{link}/pictures/{world.company.logo_id}", **BROWSER).status_code == 404
    assert Client().get(f"/l/nobody/pictures/{of_coffee}", **BROWSER).status_code == 404


def test_an_archived_product_keeps_its_picture_on_what_was_offered_and_a_new_version_hides_it():
    world = make_world()
    coffee = make_product(world)
    main = attach(world, coffee, main=True)
    quotation, link = offered(world, coffee)
    archive_product(product_id=coffee.id, by=world.owner, at=NOW)

    offer = Client().get(f"{link}/pictures/{main}", **BROWSER)
    revise_quotation(quotation_id=quotation.id, by=world.owner, at=NOW)

    assert offer.status_code == 200
    assert Client().get(f"{link}/pictures/{main}", **BROWSER).status_code == 404


def test_many_pictures_leave_the_offer_itself_open():
    world = make_world()
    coffee = make_product(world)
    main = attach(world, coffee, main=True)
    _quotation, link = offered(world, coffee)

    pictures = {Client().get(f"{link}/pictures/{main}", **BROWSER).status_code for _ in range(100)}

    assert pictures == {200}
    assert Client().get(link, **BROWSER).status_code == 200


def test_pictures_of_many_lines_cost_the_page_no_more_statements():
    world = make_world()
    one = make_product(world)
    many = [make_product(world) for _n in range(12)]
    for product in (one, *many):
        attach(world, product, main=True)
    counted = []
    for products in ([one], many):
        _quotation, link = offered(world, *products)
        Client().get(link, **BROWSER)
        with CaptureQueriesContext(connection) as asked:
            Client().get(link, **BROWSER)
        counted.append(len(asked))

    assert counted[0] == counted[1]


def test_the_pdf_has_pictures_when_the_company_wants_them():
    world = make_world()
    coffee, sugar = make_product(world), make_product(world)
    attach(world, coffee, main=True)
    attach(world, sugar, main=False, colour="blue")
    _quotation, link = offered(world, coffee, sugar, coffee)

    without = pictures_in(Client().get(f"{link}/pdf", **BROWSER).content)
    change_company(company_id=world.company.id, by=world.owner, at=NOW, pictures_on_quotations=True)
    printed = pictures_in(Client().get(f"{link}/pdf", **BROWSER).content)

    assert without == []
    assert printed == [(192, 144)]


def pictures_in(pdf: bytes) -> list[tuple[int, int]]:
    """Width and height of each picture that a PDF holds once."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return [
            (int(thing.Width), int(thing.Height))
            for thing in opened.objects
            if isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == "/Image"
        ]
