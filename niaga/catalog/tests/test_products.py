from decimal import Decimal

import pytest

from niaga.catalog.errors import BarcodeTaken, CodeTaken, SkuTaken, StillInUse
from niaga.catalog.models import Barcode, BundlePart, Product, ProductUnit, TaxCategory, TaxRate, Unit
from niaga.catalog.queries.catalog_lists import whole_product
from niaga.catalog.queries.find_products import find_products
from niaga.catalog.queries.product_facts import product_facts
from niaga.catalog.rules.product import NewBarcode, NewBundlePart, NewPacking, NewProduct, ProductChange
from niaga.catalog.rules.tax_rates import NewTaxRate
from niaga.catalog.services.archive_product import archive_product
from niaga.catalog.services.create_products import create_products
from niaga.catalog.services.save_category import save_category
from niaga.catalog.services.save_tax_category import save_tax_category
from niaga.catalog.services.save_unit import save_unit
from niaga.catalog.services.update_product import update_product
from niaga.catalog.services.update_products import update_products
from niaga.catalog.subscribers import company_created
from niaga.catalog.tests.makers import AT, make_company, make_product, make_user
from niaga.core.errors import Forbidden, Invalid, StaleVersion
from niaga.core.models import AuditEntry
from niaga.organization.access import SYSTEM

pytestmark = pytest.mark.django_db


def test_a_name_is_enough_for_a_product() -> None:
    company = make_company()
    owner = make_user(company)

    product = make_product(company.pk, owner, name="Gula", price=Decimal(0))

    assert (product.sku, product.unit.code, product.tax_category.code, product.kind) == (
        "P-00001", "pcs", "general", "goods"
    )  # fmt: skip


def test_a_product_with_boxes_and_bar_codes() -> None:
    company = make_company()

    product = make_product(
        company.pk,
        sku="KOP-0112",
        units=(NewPacking(unit="box", factor=Decimal(12), price=Decimal(1_150_000)),),
        barcodes=(NewBarcode(code="8992388133345"), NewBarcode(code="KOPI-DUS", unit="box")),
    )

    assert list(ProductUnit.objects.values_list("unit__code", "factor", "price")) == [("box", 12, 1_150_000)]
    found = find_products("KOPI-DUS", make_user(company))
    assert [(hit.id, hit.unit, hit.base_unit, hit.exact) for hit in found] == [(product.pk, "box", "pcs", True)]


def test_faults_are_told_by_row_and_field() -> None:
    company = make_company()
    rows = [
        NewProduct(name="A", price=Decimal(-1), unit="lusin"),
        NewProduct(name="B", barcodes=(NewBarcode(code="8992388133346"),)),
        NewProduct(name="C", kind="bundle"),
        NewProduct(name="D", kind="car"),
    ]

    with pytest.raises(Invalid) as refusal:
        create_products(company_id=company.pk, rows=rows, by=make_user(company), at=AT)

    assert sorted((item["line"], item["field"]) for item in refusal.value.lines) == [
        (1, "price"), (1, "unit"), (2, "barcodes.0.code"), (3, "parts"), (4, "kind")
    ]  # fmt: skip
    assert not Product.objects.exists()


def test_taken_skus_and_bar_codes_are_refused() -> None:
    company = make_company()
    make_product(company.pk, sku="X1", barcodes=(NewBarcode(code="OWN-1"),))

    with pytest.raises(SkuTaken):
        make_product(company.pk, sku="X1")
    with pytest.raises(BarcodeTaken):
        make_product(company.pk, sku="X2", barcodes=(NewBarcode(code="OWN-1"),))

    assert Product.objects.count() == 1


def test_who_may_not_see_costs_may_not_set_them() -> None:
    company = make_company()
    product = make_product(company.pk, cost=Decimal(80_000))
    clerk = make_user(company, "sales_admin")

    with pytest.raises(Forbidden):
        update_product(product_id=product.pk, by=clerk, at=AT, cost=Decimal(1))
    with pytest.raises(Forbidden):
        make_product(company.pk, make_user(company, "salesperson"))

    assert Product.objects.get().cost == 80_000


def test_units_and_bar_codes_are_replaced_as_a_whole() -> None:
    company = make_company()
    owner = make_user(company)
    product = make_product(
        company.pk, units=(NewPacking(unit="box", factor=Decimal(12)),), barcodes=(NewBarcode(code="A-1"),)
    )

    changed = update_product(
        product_id=product.pk,
        by=owner,
        at=AT,
        version=1,
        name="Kopi arabika",
        units=[NewPacking(unit="box", factor=Decimal(24))],
        barcodes=[NewBarcode(code="A-2", unit="box")],
    )

    assert changed.version == 2
    assert list(ProductUnit.objects.values_list("factor", flat=True)) == [24]
    assert list(Barcode.objects.values_list("code", "unit__code")) == [("A-2", "box")]
    assert [hit.name for hit in find_products("arabika", owner)] == ["Kopi arabika"]
    assert find_products("robusta", owner) == []
    entry = AuditEntry.objects.get(subject_kind="product", verb="change")
    assert set(entry.data) == {"name", "units", "barcodes"}
    with pytest.raises(StaleVersion):
        update_product(product_id=product.pk, by=owner, at=AT, version=1, name="x")


def test_a_bundle_holds_goods_and_services_and_costs_what_they_cost() -> None:
    company = make_company()
    coffee = make_product(company.pk, cost=Decimal(60_000), units=(NewPacking(unit="box", factor=Decimal(12)),))
    wrapping = make_product(company.pk, name="Jasa bungkus", kind="service", cost=Decimal(2_500))
    box = NewBundlePart(product_id=coffee.pk, quantity=Decimal(1), unit="box")

    parcel = make_product(company.pk, name="Parsel", kind="bundle", parts=(box,))
    update_product(
        product_id=parcel.pk, by=make_user(company), at=AT,
        parts=[NewBundlePart(product_id=coffee.pk, quantity=Decimal(2)),
               NewBundlePart(product_id=wrapping.pk, quantity=Decimal(1))],
    )  # fmt: skip

    facts = product_facts(company_id=company.pk, ids={parcel.pk})[parcel.pk]
    assert [(part.name, part.quantity, part.is_stocked) for part in facts.parts] == [
        (coffee.name, 2, True), ("Jasa bungkus", 1, False),
    ]  # fmt: skip
    assert facts.cost == 122_500
    assert whole_product(SYSTEM, parcel.pk).cost == 122_500
    entry = AuditEntry.objects.get(subject_id=parcel.pk, verb="change")
    assert entry.data["parts"][0] == [[str(coffee.pk), "12.000000"]]


@pytest.mark.parametrize(
    ("kind", "quantity", "code"),
    [
        ("bundle", 1, "bundle_in_bundle"), ("charge", 1, "bundle_parts"), ("service", 1, "bundle_without_goods"),
        ("goods", "0.5", "too_many_digits"), ("goods", 0, "invalid"), (None, 1, "unknown_product"),
    ],
)  # fmt: skip
def test_what_cannot_be_in_a_bundle_is_named(kind, quantity, code) -> None:
    company = make_company()
    coffee = make_product(company.pk)
    inside = (NewBundlePart(product_id=coffee.pk, quantity=Decimal(1)),) if kind == "bundle" else ()
    part_id = make_product(company.pk, name="Isi", kind=kind, parts=inside).pk if kind else company.pk
    parcel = make_product(
        company.pk, name="Parsel", kind="bundle", parts=(NewBundlePart(product_id=coffee.pk, quantity=Decimal(3)),)
    )
    wrong = NewBundlePart(product_id=part_id, quantity=Decimal(quantity))

    with pytest.raises(Invalid) as refused:
        make_product(company.pk, name="Lain", kind="bundle", parts=(wrong,))
    with pytest.raises(Invalid) as again:
        update_product(product_id=parcel.pk, by=make_user(company), at=AT, parts=[wrong])

    assert refused.value.lines[0]["code"] == again.value.lines[0]["code"] == code
    assert not Product.objects.filter(name="Lain").exists()
    assert BundlePart.objects.get(bundle=parcel).quantity == 3


def test_a_bundle_has_no_cost_of_its_own() -> None:
    company = make_company()
    coffee = make_product(company.pk)
    part = NewBundlePart(product_id=coffee.pk, quantity=Decimal(1))

    with pytest.raises(Invalid) as refused:
        make_product(company.pk, name="Parsel", kind="bundle", parts=(part,), cost=Decimal(1))

    assert (refused.value.field, refused.value.lines[0]["code"]) == ("cost", "bundle_cost")
    assert not Product.objects.filter(kind="bundle").exists()
    parcel = make_product(company.pk, name="Parsel", kind="bundle", parts=(part,))
    change = ProductChange(product_id=parcel.pk, values={"cost": Decimal(1)})
    with pytest.raises(Invalid) as moved:
        update_products(company_id=company.pk, changes=[change], by=SYSTEM, at=AT)
    assert moved.value.lines[0]["code"] == "bundle_cost"
    assert Product.objects.get(pk=parcel.pk).cost is None


def test_words_codes_and_scans_find_a_product_and_archived_ones_do_not() -> None:
    company = make_company()
    user = make_user(company)
    rice = make_product(
        company.pk, name="Beras premium 25 kg", sku="BER-0025", barcodes=(NewBarcode(code="012345678905"),)
    )
    make_product(company.pk, name="Tepung beras", sku="TEP-1")

    assert [hit.sku for hit in find_products("ber", user)] == ["BER-0025", "TEP-1"]
    assert [hit.sku for hit in find_products("ber prem", user)] == ["BER-0025"]
    assert [hit.sku for hit in find_products("0025", user)] == ["BER-0025"]
    assert [hit.sku for hit in find_products("ber-0025", user)] == ["BER-0025"]
    assert [hit.sku for hit in find_products("0012345678905", user)] == ["BER-0025"]
    assert [hit.sku for hit in find_products("t", user)] == ["TEP-1"]
    assert [hit.sku for hit in find_products("", user)] == ["BER-0025", "TEP-1"]
    assert find_products("'; drop table --", user) == []
    archive_product(product_id=rice.pk, by=user, at=AT)
    assert [hit.sku for hit in find_products("ber", user)] == ["TEP-1"]


def test_a_category_is_never_below_itself() -> None:
    company = make_company()
    owner = make_user(company)
    food = save_category(company_id=company.pk, name="Makanan", by=owner, at=AT)
    rice = save_category(company_id=company.pk, name="Beras", parent_id=food.pk, by=owner, at=AT)

    with pytest.raises(Invalid):
        save_category(company_id=company.pk, category_id=food.pk, name="Makanan", parent_id=rice.pk, by=owner, at=AT)
    with pytest.raises(CodeTaken):
        save_category(company_id=company.pk, name="Beras", parent_id=food.pk, by=owner, at=AT)


def test_tax_rates_are_rows_with_dates() -> None:
    company = make_company()
    general = TaxCategory.objects.get(company=company, code="general")

    rates = list(TaxRate.objects.filter(category=general).order_by("valid_from").values_list(
        "valid_from__year", "transaction_code", "percent", "base_numerator", "base_denominator"
    ))  # fmt: skip
    assert rates == [(2010, "01", 10, 1, 1), (2022, "01", 11, 1, 1), (2025, "04", 12, 11, 12)]

    with pytest.raises(Invalid):
        save_tax_category(
            company_id=company.pk, code="x", name="X", by=make_user(company), at=AT,
            rates=[NewTaxRate(AT.date(), "11", Decimal(120))],
        )  # fmt: skip


def test_a_unit_in_use_keeps_its_decimals() -> None:
    company = make_company()
    owner = make_user(company)
    make_product(company.pk, unit="kg")
    kilo = Unit.objects.get(company=company, code="kg")

    with pytest.raises(StillInUse):
        save_unit(company_id=company.pk, unit_id=kilo.pk, code="kg", name="Kilogram", digits=0, by=owner, at=AT)

    save_unit(company_id=company.pk, unit_id=kilo.pk, code="kg", name="Kilogram", digits=4, by=owner, at=AT)
    assert Unit.objects.get(pk=kilo.pk).digits == 4


def test_writing_products_costs_the_same_statements_for_one_and_for_many(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    company = make_company()
    owner = make_user(company)
    make_product(company.pk, owner)

    for count in (1, 300):
        rows = [
            NewProduct(sku=f"S{count}-{n}", name=f"Barang {n}", barcodes=(NewBarcode(code=f"B{count}-{n}"),))
            for n in range(count)
        ]
        # settings, taken SKUs, taken bar codes, write; and two savepoints
        with django_assert_num_queries(4 + 4):
            create_products(company_id=company.pk, rows=rows, by=owner, at=AT)


def test_a_new_company_gets_its_units_and_tax_categories_once() -> None:
    company = make_company()

    company_created(event={"subject_id": str(company.pk)})

    assert sorted(Unit.objects.filter(company=company).values_list("code", flat=True)) == ["box", "kg", "pcs"]
    codes = TaxCategory.objects.filter(company=company).values_list("code", flat=True)
    assert sorted(codes) == ["exempt", "general", "luxury", "not_collected"]
