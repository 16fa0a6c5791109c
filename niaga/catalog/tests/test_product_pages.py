from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from niaga.catalog.models import Barcode, BundlePart, Category, Product, ProductFamily, ProductUnit, TaxCategory, Unit
from niaga.catalog.rules.product import NewPacking
from niaga.catalog.services.save_category import save_category
from niaga.catalog.tests.makers import AT, make_company, make_product, make_user
from niaga.organization.models import Company, User
from tests.makers import log_in

pytestmark = pytest.mark.django_db


def _owner() -> tuple[Company, User, Client]:
    company = make_company()
    user = make_user(company)
    return company, user, log_in(user)


def test_a_list_of_products_costs_the_same_for_one_and_for_many(django_assert_max_num_queries: Any) -> None:
    company, user, client = _owner()
    for n in range(55):
        make_product(company.pk, user, name=f"Barang {n:02}")

    with django_assert_max_num_queries(14):
        page = client.get("/products").content.decode()

    assert "Barang 00" in page
    assert "Barang 54" not in page


def test_the_list_is_narrowed_by_the_tree_and_words() -> None:
    company, user, client = _owner()
    food = save_category(company_id=company.pk, name="Makanan", by=user, at=AT)
    rice = save_category(company_id=company.pk, name="Beras", parent_id=food.pk, by=user, at=AT)
    make_product(company.pk, user, name="Beras premium", sku="BER-0025", category_id=rice.pk, brand="Raja")
    make_product(company.pk, user, name="Sabun cuci")

    for query in (f"category={food.pk}", "q=0025", "q=ber+prem", "brand=Raja"):
        page = client.get(f"/products?{query}").content.decode()
        assert "Beras premium" in page, query
        assert "Sabun cuci" not in page, query


def test_costs_are_hidden_from_those_without_the_right() -> None:
    company = make_company()
    product = make_product(company.pk, cost=Decimal(81_234))

    for role, seen in (("owner", True), ("salesperson", False)):
        client = log_in(make_user(company, role))
        for path in ("/products", f"/products/{product.pk}", "/products?export=csv"):
            answer = client.get(path)
            text = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()  # type: ignore[attr-defined]
            assert ("81.234" in text or "81234" in text) is seen, (role, path)


def test_a_product_is_written_in_the_form_and_opened() -> None:
    _company, _user, client = _owner()
    body = {
        "name": "Kopi robusta 1 kg", "sku": "KOP-1", "kind": "goods", "unit": "pcs", "tax_category": "general",
        "price": "98.000", "cost": "80.000,5",
        "unit_code": ["box", ""], "unit_factor": ["12", ""], "unit_price": ["1.150.000", ""],
        "barcode_code": ["8992388133345", ""], "barcode_unit": ["box", ""],
    }  # fmt: skip

    answer = client.post("/products/new", body)

    product = Product.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/products/{product.pk}")
    assert (product.price, product.cost) == (98_000, Decimal("80000.5"))
    assert (ProductUnit.objects.get().price, Barcode.objects.get().unit.code) == (1_150_000, "box")
    page = client.get(answer["Location"]).content.decode()
    for text in ("KOP-1", "1.150.000", "8992388133345"):
        assert text in page


def test_what_is_wrong_is_said_with_its_row_and_kept() -> None:
    _company, _user, client = _owner()
    body = {
        "name": "Kopi", "kind": "goods", "unit": "pcs", "tax_category": "general", "price": "1",
        "barcode_code": ["OK-1", "8992388133346"], "barcode_unit": ["", ""],
    }  # fmt: skip

    answer = client.post("/products/new", body)

    assert answer.status_code == 422
    assert "8992388133346" in answer.content.decode()
    assert not Product.objects.exists()


def test_a_change_keeps_what_the_form_shows() -> None:
    company, user, client = _owner()
    product = make_product(company.pk, user, units=(NewPacking(unit="box", factor=Decimal(12)),))
    path = f"/products/{product.pk}/edit"
    assert 'value="12"' in client.get(path).content.decode()
    body = {
        "name": "Kopi baru", "sku": product.sku, "tax_category": "luxury", "price": "5", "cost": "",
        "unit_code": ["box"], "unit_factor": ["24"], "unit_price": [""], "version": "1",
    }  # fmt: skip

    first, second = client.post(path, body), client.post(path, {**body, "name": "Lain"})

    assert (first.status_code, second.status_code) == (303, 422)
    changed = Product.objects.select_related("tax_category").get()
    assert (changed.name, changed.tax_category.code, ProductUnit.objects.get().factor) == ("Kopi baru", "luxury", 24)


def test_a_bundle_is_put_together_in_the_form() -> None:
    company, user, client = _owner()
    coffee = make_product(company.pk, user)
    body = {
        "name": "Parsel", "kind": "bundle", "unit": "pcs", "tax_category": "general", "price": "100.000",
        "part_product": [str(coffee.pk), ""], "part_product_text": [coffee.name, ""], "part_quantity": ["2", ""],
    }  # fmt: skip

    answer = client.post("/products/new", body)

    assert answer.status_code == 303
    assert BundlePart.objects.get().quantity == 2
    assert coffee.name in client.get(answer["Location"]).content.decode()


def test_a_part_is_put_in_by_the_box_and_a_unit_it_is_not_sold_in_is_told_beside_it() -> None:
    company, user, client = _owner()
    box = NewPacking(unit="box", factor=Decimal(12))
    coffee = make_product(company.pk, user, units=(box,))
    body = {
        "name": "Parsel", "kind": "bundle", "unit": "pcs", "tax_category": "general", "price": "100.000",
        "part_product": [str(coffee.pk), ""], "part_product_text": [coffee.name, ""], "part_quantity": ["2", ""],
    }  # fmt: skip

    refused = client.post("/products/new", {**body, "part_unit": ["kg", ""]})
    made = client.post("/products/new", {**body, "part_unit": ["box", ""]})

    assert refused.status_code == 422
    assert '<option value="kg" selected>' in refused.content.decode()
    assert made.status_code == 303
    assert BundlePart.objects.get().quantity == 24


def test_variants_of_a_family_are_added_one_after_the_other() -> None:
    company, user, client = _owner()
    shirt = make_product(company.pk, user, name="Kemeja", sku="KEM-M")
    client.post(f"/products/{shirt.pk}/variants", {"name": "Kemeja", "options": "Warna, Ukuran", "values": "Putih, M"})

    body = {"name": "Kemeja", "sku": "KEM-L", "kind": "goods", "unit": "pcs", "tax_category": "general", "price": "1",
            "option_value": ["Putih", "L"]}  # fmt: skip
    answer = client.post(f"/products/new?like={shirt.pk}&variant=1", body)

    family = ProductFamily.objects.get()
    assert family.option_names == ["Warna", "Ukuran"]
    assert list(family.variants.order_by("sku").values_list("option_values", flat=True)) == [
        ["Putih", "L"],
        ["Putih", "M"],
    ]
    assert "KEM-M" in client.get(answer["Location"]).content.decode()


def test_a_products_page_costs_a_fixed_number_of_statements(django_assert_max_num_queries: Any) -> None:
    company, user, client = _owner()
    product = make_product(company.pk, user)

    with django_assert_max_num_queries(15):
        assert client.get(f"/products/{product.pk}").status_code == 200


def test_archiving_can_be_undone() -> None:
    company, user, client = _owner()
    product = make_product(company.pk, user)

    client.post(f"/products/{product.pk}/archive")
    assert Product.objects.get().archived_at is not None
    client.post(f"/products/{product.pk}/archive")

    assert Product.objects.get().archived_at is None
    client.post("/products", {"bulk": "archive", "pick": [str(product.pk)]})
    assert Product.objects.get().archived_at is not None


def test_settings_have_their_pages() -> None:
    company, _user, client = _owner()

    client.post("/products/categories/new", {"name": "Makanan"})
    client.post("/settings/units/new", {"code": "sak", "name": "Sak", "digits": "0"})
    rates = {
        "code": "books", "name": "Buku", "rate_from": ["2020-01-01", ""], "rate_percent": ["0", ""],
        "rate_top": ["1", "1"], "rate_bottom": ["1", "1"], "rate_luxury": ["20", ""], "rate_code": ["08", "04"],
    }  # fmt: skip
    good = client.post("/settings/tax-categories/new", rates)
    bad = client.post("/settings/tax-categories/new", {**rates, "code": "x", "rate_from": ["kemarin", ""]})

    assert (good.status_code, bad.status_code) == (303, 422)
    assert Category.objects.get().name == "Makanan"
    assert TaxCategory.objects.get(code="books").rates.get().luxury_percent == 20
    general = TaxCategory.objects.get(company=company, code="general")
    unit = Unit.objects.get(code="sak")
    for path, text in (
        ("/products/categories", "Makanan"),
        (f"/products/categories/{Category.objects.get().pk}", "Makanan"),
        ("/settings/units", "Sak"),
        (f"/settings/units/{unit.pk}", "Sak"),
        ("/settings/tax-categories", "11/12"),
        (f"/settings/tax-categories/{general.pk}", "2025-01-01"),
    ):
        assert text in client.get(path).content.decode(), path
    assert log_in(make_user(company, "salesperson")).get("/settings/units/new").status_code == 403


def test_lookup_answers_what_a_field_shows() -> None:
    company, user, client = _owner()
    make_product(company.pk, user, sku="KOP-1")

    [found] = client.get("/products/lookup?q=kop").json()

    assert (found["detail"], found["unit"]) == ("KOP-1", "pcs")
