"""What a supplier sent is delivered once, however many say so at once: real processes, each with its own connection."""

from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from niaga.core.errors import Refusal
from niaga.messaging.models import Email
from niaga.organization.access import SYSTEM
from niaga.sales.models import DropShip, DropShipLine, SalesOrderLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.cancel_drop_ship import cancel_drop_ship
from niaga.sales.services.record_drop_shipment import Sent, record_drop_shipment
from niaga.sales.services.send_drop_ship import send_at_once
from niaga.stock.models import Delivery, Receipt, StockMove
from niaga.stock.services.save_supplier import SupplierDetails, save_supplier
from niaga.stock.services.save_supply import save_supply
from tests.makers import NOW, World, make_confirmed_order, make_product, make_world
from tests.platform.test_races import PROCESSES, race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.platform]


def make_drop_ship(world: World, count: int, **facts: Any) -> DropShip:
    supplier = save_supplier(
        supplier_id=None, company_id=world.company.id, details=SupplierDetails("CV Kebun Kopi", **facts), by=SYSTEM,
        at=NOW,
    )  # fmt: skip
    product = make_product(world)
    save_supply(product_id=product.id, company_id=world.company.id, supplier_id=supplier.id, by=SYSTEM, at=NOW)
    make_confirmed_order(world, [LineInput(product_id=product.id, quantity=Decimal(count))])
    return DropShip.objects.get()


def test_of_ten_that_were_asked_for_ten_are_delivered_to_processes_that_say_more() -> None:
    drop = make_drop_ship(make_world(), 10)
    line = drop.lines.get()

    def tell() -> int:
        done = 0
        for _turn in range(3):
            try:
                record_drop_shipment(
                    drop_ship_id=drop.id, sent=Sent(quantities={line.id: Decimal(1)}), by=SYSTEM, at=NOW
                )
            except Refusal:
                continue
            done += 1
        return done

    said = race([tell] * PROCESSES)

    told = sum(map(int, said))
    ordered = SalesOrderLine.objects.get()
    assert told == min(10, 3 * PROCESSES), said
    assert (ordered.shipped, ordered.direct) == (told, 10 - told)
    assert (Delivery.objects.count(), Receipt.objects.count(), StockMove.objects.count()) == (told, told, 2 * told)


def test_sent_and_called_off_at_once_is_one_of_both() -> None:
    drop = make_drop_ship(make_world(), 4)

    def tell() -> str:
        try:
            record_drop_shipment(drop_ship_id=drop.id, sent=Sent(), by=SYSTEM, at=NOW)
        except Refusal:
            return "no"
        return "sent"

    def call_off() -> str:
        try:
            cancel_drop_ship(drop_ship_id=drop.id, reason="Kosong", by=SYSTEM, at=NOW)
        except Refusal:
            return "no"
        return "off"

    said = race([partial(one) for one in (tell, call_off, tell, call_off)])

    line = DropShipLine.objects.get()
    assert sorted(said)[:3] == ["no", "no", "no"], said
    assert (line.shipped, line.cancelled) in ((4, 0), (0, 4))
    assert (SalesOrderLine.objects.get().shipped, Delivery.objects.count()) == (line.shipped, int(line.shipped > 0))


def test_a_request_that_is_mailed_at_once_is_mailed_once_by_all_who_do() -> None:
    drop = make_drop_ship(make_world(), 4, email="kebun@example.com", mails_at_once=True)

    said = race([lambda: str(send_at_once(drop_ship_id=drop.id, at=NOW))] * PROCESSES)

    assert (said.count("True"), Email.objects.count()) == (1, 1), said
