"""What goods weigh: typed, sent, imported, copied; of boxes and bundles; and what is told where it is not known."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from niaga.catalog.models import Product, ProductUnit
from niaga.catalog.queries.load_words import load_words
from niaga.catalog.queries.loads import loads_of
from niaga.catalog.rules.load import GoodsLoad, ToWeigh, goods_load
from niaga.catalog.rules.product import NewPacking
from niaga.catalog.services.update_product import update_product
from niaga.core.errors import Invalid
from tests.api import Api
from tests.makers import NOW, make_bundle, make_product, make_world, signed_in

D = Decimal


def test_a_line_of_which_a_part_has_no_weight_is_told_and_its_other_parts_count():
    parts = [(True, D(2), D("0.5"), D(1)), (True, D(3), None, D(2)), (False, D(1), None, None)]

    assert goods_load(parts) == GoodsLoad(D("1.0"), D(8), lines=1, unweighed=1, unmeasured=0)


@pytest.mark.django_db
def test_a_box_weighs_its_pieces_unless_it_has_a_weight_of_its_own_and_a_bundle_what_its_parts_weigh():
    world = make_world()
    box = NewPacking(unit="box", factor=D(12))
    tea = make_product(world, weight=D("0.25"), volume=D("0.6"), units=(box,))
    heavy = make_product(
        world, weight=D("0.25"), units=(NewPacking(unit="box", factor=D(12), weight=D("3.4"), volume=D(9)),)
    )
    plain, service = make_product(world), make_product(world, kind="service")
    bundle = make_bundle(world, {tea.id: 4, service.id: 1})
    unit = ProductUnit.objects.filter(factor=12).values_list("unit_id", flat=True)[0]
    lines = [
        ToWeigh(tea.id, tea.unit_id, D(3), D(1)), ToWeigh(tea.id, unit, D(2), D(12)),
        ToWeigh(heavy.id, unit, D(2), D(12)), ToWeigh(plain.id, plain.unit_id, D(5), D(1)),
        ToWeigh(service.id, service.unit_id, D(1), D(1)),
        ToWeigh(bundle.id, bundle.unit_id, D(3), D(1), [{"product_id": str(tea.id), "quantity": "4"},
                                                        {"product_id": str(service.id), "quantity": "1"}]),
    ]  # fmt: skip

    with CaptureQueriesContext(connection) as told:
        found = loads_of(lines)

    assert found == [
        GoodsLoad(D("0.75"), D("1.8"), 1), GoodsLoad(D(6), D("14.4"), 1), GoodsLoad(D("6.8"), D(18), 1),
        GoodsLoad(lines=1, unweighed=1, unmeasured=1), GoodsLoad(), GoodsLoad(D(3), D("7.2"), 1),
    ]  # fmt: skip
    assert len(told) == 1


@pytest.mark.django_db
def test_only_goods_weigh_and_never_less_than_nothing():
    world = make_world()
    tea = make_product(world, weight=D(1))
    bundle = make_bundle(world, {tea.id: 1})

    for product, weight in ((bundle, D(1)), (tea, D(-1)), (tea, D("0.0000001")), (tea, D("NaN")), (tea, D(1_000_000))):
        with pytest.raises(Invalid):
            update_product(product_id=product.id, weight=weight, by=world.owner, at=NOW)
    with pytest.raises(Invalid):
        update_product(
            product_id=tea.id, units=[NewPacking(unit="box", factor=D(2), weight=D(-1))], by=world.owner, at=NOW
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Product.objects.filter(pk=bundle.id).update(weight=1)

    assert Product.objects.get(pk=tea.id).weight == 1
    assert not ProductUnit.objects.filter(product=tea).exists()


@pytest.mark.django_db
def test_the_form_and_the_api_take_weights_and_a_copy_has_them():
    world = make_world()
    tea = make_product(world)
    client, api = signed_in(world), Api(world.owner)
    client.cookies["niaga_language"] = "en"
    typed = {
        "version": "1", "name": tea.name, "sku": tea.sku, "tax_category": "general", "price": "5000",
        "weight": "0.25", "volume": "0.6", "unit_code": ["box"], "unit_factor": ["12"], "unit_price": [""],
        "unit_weight": ["3.4"], "unit_volume": [""],
    }  # fmt: skip

    saved = client.post(f"/products/{tea.id}/edit", typed)
    page = client.get(f"/products/{tea.id}").content.decode()
    copy = client.get(f"/products/new?like={tea.id}").content.decode()
    told = api.get(f"products/{tea.id}").json()
    made = api.send("post", "products", {"name": "Gula", "weight": "1.02", "units": [
        {"unit": "box", "factor": "10", "weight": "10.5", "volume": "12"}]}).json()  # fmt: skip
    wrong = api.send("post", "products", {"name": "Jasa", "kind": "service", "weight": "1"})
    changed = api.send("patch", f"products/{made['id']}", {"weight": None}).json()

    assert saved.status_code == 303
    for words in ("0.25 kg", "3.4 kg · 7.2 l"):
        assert words in page
    for typed_in in ('name="weight" value="0.25"', 'name="unit_weight" inputmode="decimal" value="3.4"'):
        assert typed_in in copy
    assert (told["weight"], told["volume"], told["units"][0]["weight"], told["units"][0]["volume"]) == (
        "0.25", "0.6", "3.4", None
    )  # fmt: skip
    assert (made["weight"], made["units"][0]["weight"], made["units"][0]["volume"]) == ("1.02", "10.5", "12")
    assert wrong.status_code == 422
    assert (changed["weight"], changed["units"][0]["weight"]) == (None, "10.5")


def test_a_load_is_told_in_words_with_what_is_not_known():
    some = GoodsLoad(D("125.46"), D(800), lines=4, unweighed=1)
    with override("en"):
        assert load_words(some) == "Goods: 125.5 kg · 800 l. 1 line has no weight."
        assert load_words(GoodsLoad(D("1.25"), D(1250), lines=1)) == "Goods: 1.25 kg · 1.25 m³."
        assert load_words(GoodsLoad(lines=2, unweighed=2, unmeasured=2)) == ""
