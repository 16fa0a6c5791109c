"""The way a document came in: chosen on its form, taken off again, kept when the company gave it up."""

import json
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from niaga.core.ids import new_id
from niaga.organization.services.keep_channel import keep_channel
from niaga.pricing.services.create_price_list import create_price_list
from niaga.pricing.services.set_prices import NewPrice, set_prices
from niaga.sales.models import Quotation, SalesOrder
from tests.makers import NOW, log_in, make_customer, make_product, make_world

pytestmark = pytest.mark.django_db
DOCUMENTS = [("quotations", Quotation), ("orders", SalesOrder)]


@pytest.fixture
def shop(time_machine):
    """A web shop with a price list of its own: 90,000 instead of 98,000."""
    time_machine.move_to(NOW, tick=False)
    world = make_world()
    customer, product = make_customer(world), make_product(world, price=Decimal(98_000))
    shared: dict[str, Any] = {"company_id": world.company.id, "by": world.owner, "at": NOW}
    channel = keep_channel(name="Toko online", code="ON2", **shared)
    made = create_price_list(code="ON", name="Online", channel_id=channel, **shared)
    set_prices(price_list_id=made.id, prices=[NewPrice(Decimal(90_000), product.id)], by=world.owner, at=NOW)
    line = {"key": "new-1", "kind": "item", "product": str(product.id), "quantity": "1"}
    return SimpleNamespace(world=world, customer=customer, channel=channel, line=line, client=log_in(world.owner))


def previewed(shop, channel):
    body = {"lines": [shop.line], "fields": {"customer": str(shop.customer.id), "channel": channel}}
    answer = shop.client.post("/sales/grid/preview", json.dumps(body), content_type="application/json")
    return answer.json()["lines"]["new-1"]["subtotal"]


def written(shop, address, model, **fields):
    """What stands after the form was sent."""
    form = {"customer": shop.customer.id, "idempotency_key": new_id(), "lines": json.dumps([shop.line]), **fields}
    saved = shop.client.post(address, form)
    assert saved.status_code == 303, saved.content
    return model.objects.get()


def offered(shop, address):
    return f'value="{shop.channel}" selected' in shop.client.get(address).content.decode()


def test_the_grid_prices_by_the_channel_that_the_form_names(shop):
    assert [previewed(shop, ""), previewed(shop, str(shop.channel)), previewed(shop, "nonsense")] == [
        "98.000", "90.000", "98.000",
    ]  # fmt: skip


@pytest.mark.parametrize(("kind", "model"), DOCUMENTS)
def test_a_channel_is_chosen_and_taken_off_again(shop, kind, model):
    document = written(shop, f"/{kind}/new", model, channel=str(shop.channel))
    assert (document.channel_id, document.subtotal) == (shop.channel, 90_000)
    edit = f"/{kind}/{document.id}/edit"
    assert offered(shop, edit)

    document = written(shop, edit, model, channel="", version=document.version)

    assert (document.channel_id, document.subtotal) == (None, 98_000)
    assert not offered(shop, edit)


@pytest.mark.parametrize(("kind", "model"), DOCUMENTS)
def test_a_channel_that_the_company_gave_up_stays_on_what_came_in_by_it(shop, kind, model):
    document = written(shop, f"/{kind}/new", model, channel=str(shop.channel))
    keep_channel(
        company_id=shop.world.company.id, channel_id=shop.channel, archived_at=NOW, by=shop.world.owner, at=NOW
    )
    edit = f"/{kind}/{document.id}/edit"
    assert offered(shop, edit)
    assert str(shop.channel) not in shop.client.get(f"/{kind}/new").content.decode()

    document = written(shop, edit, model, channel=str(shop.channel), version=document.version, note="Sama")

    assert (document.channel_id, document.subtotal, document.note) == (shop.channel, 90_000, "Sama")
