"""A promotion written by keyboard: rows that grow, a sentence that follows, a draft that brings all of it back."""

import re
from decimal import Decimal
from typing import Any

from niaga.catalog.services.save_category import save_category
from niaga.core.clock import now
from niaga.pricing.models import Promotion
from tests.makers import make_product, make_world


def choose(page: Any, field: str, text: str) -> None:
    page.focus(f"#{field}_text")
    page.keyboard.type(text)
    page.wait_for_selector(f"#{field}_options [role=option] b")
    page.keyboard.press("Enter")


def test_a_promotion_is_written_by_keyboard_and_nothing_typed_is_lost(open_page: Any) -> None:
    world = make_world()
    shoes = save_category(company_id=world.company.id, name="Sepatu", by=world.owner, at=now())
    make_product(world, name="Topi rimba", sku="TOP-1", brand="Eiger", category_id=shoes.id)
    page = open_page("/promotions/new", by=world.owner, comes_back=True)

    page.click("a[href$='kind=percent']")
    page.fill("[name=name]", "Pekan Eiger")
    page.fill("[name=tier_figure]", "5")
    page.focus("[data-add-row=tier]")
    page.keyboard.press("Enter")
    page.keyboard.type("12")
    page.keyboard.press("Tab")
    page.keyboard.type("7,5")
    choose(page, "on-0", "eiger")
    page.focus("[data-add-row=on]")
    page.keyboard.press("Enter")
    page.keyboard.type("sepatu")
    page.wait_for_selector("[data-rows=on] [data-row]:nth-child(2) [role=option] b")
    page.keyboard.press("Enter")
    page.wait_for_selector("#told:has-text('7,5'):has-text('Eiger, Sepatu')")
    page.wait_for_timeout(600)

    page.reload()  # the draft has more rows than the page was sent with
    assert page.locator("[name=tier_figure]").nth(1).input_value() == "7,5"
    assert page.locator("[name=on_text]").nth(1).input_value() == "Sepatu"
    page.wait_for_selector("#told:has-text('7,5'):has-text('Eiger, Sepatu')")
    page.locator("[name=tier_figure]").nth(1).fill("750")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-field=tier] [role=alert]")
    assert page.locator("[name=on_text]").nth(1).input_value() == "Sepatu"
    page.locator("[name=tier_figure]").nth(1).fill("8")
    page.locator("[data-rows=on] [data-remove-row]").nth(1).press("Enter")
    page.click("#promotion-form button.go[type=submit]")
    page.wait_for_url(re.compile(r"/promotions/[0-9a-f-]{36}$"))

    made = Promotion.objects.get()
    assert list(made.tiers.order_by("least").values_list("least", "figure")) == [(0, 5), (12, 8)]
    assert [scope.brand for scope in made.scopes.all()] == ["Eiger"]


def test_trying_a_promotion_shows_what_lines_would_cost(open_page: Any) -> None:
    world = make_world()
    make_product(world, name="Topi rimba", sku="TOP-1", brand="Eiger", price=Decimal(100_000))
    page = open_page("/promotions/new?kind=percent", by=world.owner)
    page.fill("[name=name]", "Pekan Eiger")
    page.fill("[name=tier_figure]", "10")
    page.click("#promotion-form button.go[type=submit]")
    page.wait_for_url(re.compile(r"/promotions/[0-9a-f-]{36}$"))

    choose(page, "trial-product-0", "TOP-1")
    page.fill("#trial [name=quantity] >> nth=0", "3")
    page.click("#trial button[type=submit]")

    page.wait_for_selector("#trial:has-text('270.000')")
    page.click("#trial summary")
    assert "Pekan Eiger" in page.locator("#trial .why").inner_text()
