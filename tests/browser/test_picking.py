"""Picking on a phone while the connection is away: each pick arrives, and once."""

from typing import Any

from niaga.core.clock import now
from niaga.core.clock import today as day_at
from niaga.organization.access import SYSTEM
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.deliver_order import deliver_order
from niaga.stock.models import PickLine, PickRecord, Warehouse
from niaga.stock.services.plan_day import plan_day
from niaga.stock.services.take_lines import take_lines
from tests.browser.test_components import OVERFLOW
from tests.browser.test_driving import CUT, PHONE
from tests.makers import make_confirmed_order, make_product, make_user, make_world


def walking(open_page: Any, **how: Any) -> tuple[Any, list[str]]:
    """A picker's phone before three lines, and what they are called."""
    world = make_world()
    picker = make_user(world.company, "warehouse", branch_id=world.branch.id)
    products = [make_product(world, stock=9) for _turn in range(3)]
    order = make_confirmed_order(world, [LineInput(product_id=one.id) for one in products])
    found = deliver_order(order_id=order.id, by=SYSTEM, at=now())
    depot = Warehouse.objects.get()
    today = day_at(at=now(), zone=world.branch.zone)
    (list_id,) = plan_day(warehouse_id=depot.id, date=today, delivery_ids=[found], by=SYSTEM, at=now()).list_ids
    take_lines(pick_list_id=list_id, by=picker, at=now())
    skus = [line.product.sku for line in PickLine.objects.select_related("product").order_by("position")]
    return open_page(f"/picking/{list_id}/walk", by=picker, width=PHONE, **how), skus


def pick(page: Any, sku: str) -> None:
    page.wait_for_selector(f".walk:has-text('{sku}')")
    page.keyboard.type(sku)
    page.keyboard.press("Enter")
    page.locator(".walk .btn.go:not([disabled])").click()


def test_what_is_picked_without_a_connection_is_kept_through_a_lost_page_and_sent_once(open_page: Any) -> None:
    page, skus = walking(open_page, suffers=CUT)
    before = page.request.get(page.url)

    page.wait_for_selector(".walk-scan:focus")
    assert page.evaluate(OVERFLOW) <= 0
    page.context.set_offline(True)
    pick(page, skus[0])
    page.wait_for_selector(".walk-kept.waiting:has-text('1 ')")
    page.context.set_offline(False)
    page.reload()  # a phone throws pages away: what was kept is sent from the next one
    pick(page, skus[1])
    page.context.set_offline(True)
    pick(page, skus[2])
    page.wait_for_selector(".walk-done")
    page.context.set_offline(False)
    page.wait_for_selector(".walk-kept:not(.waiting):has-text('Semua')")
    # a page that was drawn up before all that arrived
    page.route(page.url, lambda route: route.fulfill(response=before))
    page.reload()
    page.wait_for_selector(".walk-done")

    assert list(PickLine.objects.values_list("picked", flat=True)) == [1, 1, 1]
    assert PickRecord.objects.count() == 3


def test_a_pick_that_is_refused_is_put_aside_with_its_reason_and_the_others_go_on(open_page: Any) -> None:
    page, skus = walking(open_page, suffers=("status of 403",))
    lost = PickLine.objects.order_by("position")[0]
    refusal = {"code": "forbidden", "message": "Peran Anda tidak mengizinkannya."}
    page.route(f"**/picking/lines/{lost.pk}", lambda route: route.fulfill(status=403, json=refusal))

    for sku in skus:
        pick(page, sku)

    page.wait_for_selector(".drive-refused:has-text('Peran Anda')")
    page.wait_for_selector(".walk-kept.waiting", state="detached")
    assert list(PickLine.objects.order_by("position").values_list("picked", flat=True)) == [None, 1, 1]
    assert page.evaluate(OVERFLOW) <= 0
    page.click(".drive-refused .btn.ghost")
    page.wait_for_selector(".drive-refused", state="detached")
