"""A transfer as people send it off and count it in, on the pages and through the API."""

from datetime import timedelta
from decimal import Decimal

import orjson
import pytest
from django.test import Client

from niaga.core.errors import NotFound
from niaga.stock.models import ExpectedReceipt, Transfer
from niaga.stock.queries.transfer_paper import transfer_paper
from niaga.stock.services import StockItem
from niaga.stock.tests.test_transit import free, main, make_depot, make_goods, make_sent
from tests.makers import NOW, make_world, signed_in

pytestmark = pytest.mark.django_db
DAY = (NOW.date() + timedelta(days=5)).isoformat()


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def test_goods_are_sent_off_and_counted_in_on_the_pages():
    world = make_world()
    client, depot, coffee = signed_in(world), make_depot(world), make_goods(world, count=10, cost=1000)
    line = {"key": "a", "kind": "item", "product": str(coffee.id), "sku": coffee.sku, "unit": "pcs", "quantity": "4"}

    assert page(client, "/stock/transfers/sending")
    client.post(
        "/stock/transfers/sending",
        {"warehouse": main(world).id, "target": depot.id, "expected_date": DAY, "carrier": "L 1234 AB",
         "lines": orjson.dumps([line]).decode()},
    )  # fmt: skip
    transfer = Transfer.objects.get()
    here = f"/stock/transfers/{transfer.id}"
    drawn_up = page(client, here)
    client.post(f"{here}/shipment")
    under_way = page(client, here)
    client.post(f"{here}/date", {"expected_date": "2099-12-01", "reason": "Kapal tunda"})
    one = transfer.lines.get()
    without = client.post(f"{here}/receipt", {f"line-{one.id}": "3", "is_last": "1"})
    client.post(f"{here}/receipt", {f"line-{one.id}": "3", "is_last": "1", "reason": "Satu pecah"})

    transfer.refresh_from_db()
    assert f"{here}/shipment" in drawn_up
    assert "L 1234 AB" in drawn_up
    assert f"{here}/receipt" in under_way
    assert f"{here}/shipment" not in under_way
    assert client.get(f"/stock/expected/{ExpectedReceipt.objects.get().id}").headers["Location"] == here
    assert without.status_code == 422
    assert (transfer.status, str(transfer.expected_date)) == ("received", "2099-12-01")
    assert free(world, coffee, depot) == Decimal(3)
    ended = page(client, here)
    assert "Satu pecah" in ended
    assert f"{here}/receipt" not in ended


def test_the_note_between_warehouses_tells_what_left_for_where():
    world = make_world()
    depot, coffee = make_depot(world), make_goods(world, count=10, cost=1000)
    transfer = make_sent(world, depot, StockItem(Decimal(4), product_id=coffee.id))

    paper = transfer_paper(subject_id=transfer.id, by=world.owner, language="id", variant="")

    assert (paper.data.title, paper.data.number) == ("Surat jalan antar gudang", transfer.number)
    assert (paper.data.warehouse, paper.data.customer.name) == (main(world).name, "Depo Waru")
    assert [(line.sku, line.quantity) for line in paper.data.lines] == [(coffee.sku, Decimal(4))]
    with pytest.raises(NotFound):
        transfer_paper(subject_id=transfer.id, by=make_world().owner, language="id", variant="")


def test_the_lists_tell_what_is_on_its_way():
    world = make_world()
    client, depot, coffee = signed_in(world), make_depot(world), make_goods(world, count=10, cost=1000)
    line = {"key": "a", "kind": "item", "product": str(coffee.id), "sku": coffee.sku, "unit": "pcs", "quantity": "4"}
    client.post(
        "/stock/transfers/sending",
        {"warehouse": main(world).id, "target": depot.id, "expected_date": DAY, "lines": orjson.dumps([line]).decode()},
    )
    number = Transfer.objects.get().number

    assert number in page(client, "/stock/transfers?status=draft")
    assert number not in page(client, "/stock/transfers?status=shipped")
    client.post(f"/stock/transfers/{Transfer.objects.get().id}/shipment")
    assert number in page(client, "/stock/transfers?status=shipped")
    assert number in page(client, "/stock/expected?status=open")
