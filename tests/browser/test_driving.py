"""A driver's day on a phone of 360 pixels: with a connection, and without one."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from niaga.core.clock import now
from niaga.documents.models import Attachment
from niaga.shipping.models import DeliveryVisit, DoorReport
from niaga.shipping.tests.makers import make_driver, make_round
from niaga.stock.models import DeliveryRoute
from niaga.stock.services.name_driver import name_driver
from tests.browser.conftest import cookies_of, log_in
from tests.browser.furnished import picture
from tests.browser.test_components import OVERFLOW
from tests.makers import make_world

PHONE = 360
SHELVES = """() => new Promise((done) => {
  const asked = indexedDB.open("niaga", 1);
  asked.onsuccess = () => {
    const found = asked.result.transaction("kept").objectStore("kept").getAllKeys();
    found.onsuccess = () => {
      const shelves = [...new Set(found.result.map((key) => key[0]))];
      done(shelves.filter((one) => /^(doors|visits|day):/.test(one)));
    };
  };
})"""
CUT = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED")


def arrive(page: Page, place: int = 0) -> None:
    page.locator(".drive-stop:not(.over)").nth(place).click()
    page.get_by_role("button", name="Saya sudah di lokasi").click()


def choose(page: Page, way: str) -> None:
    page.locator(f"label.drive-way.{way}").click()


def sign(page: Page) -> None:
    canvas = page.locator(".signature canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 20, steps=6)
    page.mouse.up()


def save(page: Page) -> None:
    page.locator(".drive-save").click()
    page.wait_for_selector(".drive-stops")


def test_a_driver_delivers_on_a_phone_with_a_signature_and_a_photo(open_page: Any, tmp_path: Path) -> None:
    world = make_world()
    driver = make_driver(world)
    first, _second = make_round(world, driver, at=now())
    photo = tmp_path / "pintu.png"
    photo.write_bytes(picture())
    page = open_page("/driving", by=driver, width=PHONE)
    page.get_by_role("button", name="Tidak", exact=True).click()

    arrive(page)
    choose(page, "delivered")
    page.locator(".drive-save").click()
    page.wait_for_selector("[data-field=received_by][data-invalid]")
    page.fill("#door-received_by", "Ibu Sari")
    sign(page)
    page.set_input_files("#door-photo", photo)
    page.wait_for_selector(".drive-photos img")
    assert page.evaluate(OVERFLOW) <= 0
    save(page)
    page.wait_for_selector("[data-drive-kept]", state="hidden")
    page.wait_for_selector(".done_head .chip.good:has-text('Sampai')")

    done = DeliveryVisit.objects.get()
    assert (done.delivery_id, done.received_by, done.by) == (first, "Ibu Sari", driver.id)
    assert (len(done.photo_ids), done.signature_id is not None, done.arrived_at is not None) == (1, True, True)
    assert Attachment.objects.filter(subject_id=first, file__media_type="image/jpeg").count() == 1


def test_two_stops_told_without_a_connection_arrive_once_each_and_the_page_opens_without_one(open_page: Any) -> None:
    world = make_world()
    driver = make_driver(world)
    made = make_round(world, driver, count=3, at=now())
    page = open_page("/driving", by=driver, width=PHONE, suffers=CUT)
    page.get_by_role("button", name="Tidak", exact=True).click()
    page.wait_for_function("caches.open('niaga-driving').then(it => it.match('/driving')).then(Boolean)")
    page.context.set_offline(True)

    arrive(page)
    choose(page, "delivered")
    page.fill("#door-received_by", "Pak Joko")
    page.get_by_role("button", name="Tanda tangan dengan nama yang diketik").click()
    save(page)
    page.reload()
    page.wait_for_selector(".drive-waits:has-text('1 ')")
    arrive(page)
    choose(page, "nobody")
    page.locator(".drive-fields select").select_option("closed")
    save(page)
    page.wait_for_selector(".drive-waits:has-text('2 ')")
    assert not DeliveryVisit.objects.exists()
    page.context.set_offline(False)
    page.wait_for_selector(".drive-waits", state="detached")
    page.reload()
    page.wait_for_selector(".drive-stop")

    told = dict(DeliveryVisit.objects.values_list("delivery_id", "outcome"))
    assert told == {made[0]: "delivered", made[1]: "failed"}
    assert DeliveryVisit.objects.count() == 2


def test_a_stop_that_is_somebody_elses_now_is_told_and_handed_to_the_office(open_page: Any) -> None:
    world = make_world()
    driver, other = make_driver(world), make_driver(world)
    make_round(world, driver, count=1, at=now())
    page = open_page("/driving", by=driver, width=PHONE, suffers=(*CUT, "status of 403"))
    page.get_by_role("button", name="Tidak", exact=True).click()
    page.context.set_offline(True)
    arrive(page)
    choose(page, "refused_all")
    page.locator(".drive-fields select").select_option("damaged")
    save(page)
    name_driver(route_id=DeliveryRoute.objects.get().id, driver_user_id=other.id, by=world.owner, at=now())

    page.context.set_offline(False)
    page.locator(".drive-refused .btn.go").click()
    page.wait_for_selector("[data-drive-kept]", state="hidden")

    assert not DeliveryVisit.objects.exists()
    held = DoorReport.objects.get()
    assert (held.code, held.told["reason"], held.by) == ("not_your_stop", "damaged", driver.id)


def test_what_a_driver_told_is_not_sent_by_who_logged_in_after_them_and_what_they_began_is_gone(open_page: Any) -> None:
    world = make_world()
    driver = make_driver(world)
    make_round(world, driver, at=now())
    page = open_page("/driving", by=driver, width=PHONE, suffers=(*CUT, "status of 401"))
    page.get_by_role("button", name="Tidak", exact=True).click()
    page.context.set_offline(True)
    arrive(page)
    choose(page, "nobody")
    page.locator(".drive-fields select").select_option("closed")
    save(page)
    arrive(page)
    choose(page, "delivered")
    page.fill("#door-received_by", "Ibu Sari")

    base = page.url.split("/driving")[0]
    page.context.add_cookies(cookies_of(log_in(world.owner), base))
    page.context.set_offline(False)
    page.wait_for_selector("dialog.dialog[open]")
    assert not DeliveryVisit.objects.exists()
    page.goto(f"{base}/orders")
    shelves = page.evaluate(SHELVES)
    for _turn in range(50):
        if not any(one.startswith("doors:") for one in shelves):
            break
        page.wait_for_timeout(100)
        shelves = page.evaluate(SHELVES)

    assert shelves == [f"visits:{driver.id}"]
    page.context.add_cookies(cookies_of(log_in(driver), base))
    page.goto(f"{base}/driving")
    page.wait_for_selector(".drive-stop.over")
    page.wait_for_selector("[data-drive-kept]", state="hidden")
    done = DeliveryVisit.objects.get()
    assert (done.reason, done.by) == ("closed", driver.id)
