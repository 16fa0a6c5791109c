"""Ten ways in which companies really price, each set up without code and told to the rupiah."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from niaga.catalog.services.save_category import save_category
from niaga.organization.services.keep_channel import keep_channel
from niaga.parties.services.save_group import save_group
from niaga.parties.services.save_tax_treatment import save_tax_treatment
from niaga.pricing.errors import CouponRefused
from niaga.pricing.rules.new_promotion import NewPromotion, NewScope
from niaga.pricing.rules.replay import replay
from niaga.pricing.services.create_price_list import create_price_list
from niaga.pricing.services.create_promotion import create_promotion
from niaga.pricing.services.make_coupons import make_coupons
from niaga.pricing.services.set_prices import NewPrice, set_prices
from niaga.pricing.services.set_rules import NewRule, set_rules
from niaga.sales.models import SalesOrder, SalesOrderLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.draft_order import OrderDetails, draft_order
from tests.makers import NOW, World, make_customer, make_order, make_product, make_world

pytestmark = pytest.mark.django_db
D = Decimal


def deed(world: World) -> dict[str, Any]:
    return {"company_id": world.company.id, "by": world.owner, "at": NOW}


def listed(world: World, name: str, *rules: NewRule, prices: Any = (), **terms: Any) -> Any:
    made = create_price_list(code=name[:30], name=name, **terms, **deed(world))
    if prices:
        set_prices(price_list_id=made.id, prices=list(prices), by=world.owner, at=NOW)
    if rules:
        set_rules(price_list_id=made.id, rules=list(rules), by=world.owner, at=NOW)
    return made


def promoted(world: World, name: str, kind: str, *tiers: tuple[int, int], **terms: Any) -> Any:
    steps = tuple((D(least), D(figure)) for least, figure in tiers)
    return create_promotion(promotion=NewPromotion(name=name, kind=kind, tiers=steps, **terms), **deed(world))


def amounts(order: SalesOrder) -> list[int]:
    """What each line comes to; every line must follow from its own steps."""
    lines = list(SalesOrderLine.objects.filter(order_id=order.id).order_by("position"))
    for line in lines:
        assert replay(line.steps, order.currency).amount == line.amount
    return [int(line.amount) for line in lines]


def bought(world: World, *wanted: tuple[Any, int | str], **details: Any) -> SalesOrder:
    lines = [LineInput(product_id=product.id, quantity=D(quantity)) for product, quantity in wanted]
    return make_order(world, lines, **details)


def test_a_distributor_of_daily_goods_sells_cheaper_by_the_carton_and_gives_one_in_twelve() -> None:
    world = make_world()
    shops = save_group(code="GT", name="Toko kelontong", **deed(world))
    noodles = make_product(world, price=D(3_000), stock=1000)
    breaks = [NewPrice(D(2_800), noodles.id), NewPrice(D(2_650), noodles.id, min_quantity=D(40))]
    listed(world, "Grosir", prices=breaks, group_id=shops.id)
    promoted(world, "12 gratis 1", "buy_get", (0, 100), buy=D(12), get=D(1), scopes=(NewScope(product_id=noodles.id),))
    shop = make_customer(world, group_id=shops.id)

    small, carton = (bought(world, (noodles, quantity), customer=shop) for quantity in (13, 40))

    assert (amounts(small), amounts(carton)) == ([33_600], [98_050])  # 12 x 2,800; 37 x 2,650, three are free
    assert amounts(bought(world, (noodles, 12))) == [36_000]


def test_a_pharmacy_adds_to_cost_rounds_up_and_never_sells_below_its_margin() -> None:
    world = make_world()
    drugs = save_category(name="Obat", **deed(world))
    syrup = make_product(world, price=D(50_000), cost=D(20_125), category_id=drugs.id)
    rule = NewRule(
        basis="cost", percent=D(10), round_to=D(100), least_margin=D(20), category_id=drugs.id,
    )  # fmt: skip
    listed(world, "Apotek", rule)

    assert amounts(bought(world, (syrup, 2))) == [50_400]  # 20,125 / 0.8 = 25,156.25, up to 25,200


def test_a_building_materials_dealer_has_steps_by_quantity_and_charges_freight_until_a_value() -> None:
    world = make_world()
    cement = make_product(world, price=D(65_000), stock=1000)
    freight = make_product(world, name="Ongkos kirim", kind="charge", price=D(350_000))
    breaks = [
        NewRule(basis="price", percent=D(-3), min_quantity=D(100)),
        NewRule(basis="price", percent=D(-5), min_quantity=D(400)),
    ]
    listed(world, "Proyek", *breaks)
    promoted(world, "Gratis kirim", "free_delivery", (10_000_000, 100))

    totals = [amounts(bought(world, (cement, quantity), (freight, 1))) for quantity in (50, 100, 400)]

    assert totals == [[3_250_000, 350_000], [6_305_000, 350_000], [24_700_000, 0]]


def test_a_fashion_shop_gives_the_cheapest_of_three_and_leaves_the_new_collection_out() -> None:
    world = make_world()
    shirts = save_category(name="Kemeja", **deed(world))
    old, plain = (make_product(world, price=D(price), category_id=shirts.id) for price in (199_000, 129_000))
    fresh = make_product(world, price=D(299_000), category_id=shirts.id, brand="Koleksi Baru")
    promoted(
        world, "Beli 2 gratis 1", "buy_get", (0, 100), buy=D(2), get=D(1),
        scopes=(NewScope(category_id=shirts.id), NewScope("except", brand="Koleksi Baru")),
    )  # fmt: skip

    assert amounts(bought(world, (old, 2), (plain, 1), (fresh, 1))) == [398_000, 0, 299_000]
    assert amounts(bought(world, (old, 2), (fresh, 1))) == [398_000, 299_000]


def test_a_contract_customer_has_own_prices_a_yearly_discount_and_keeps_them_when_lists_change() -> None:
    world = make_world()
    printer, paper = (make_product(world, price=D(price), stock=100) for price in (4_000_000, 60_000))
    client = make_customer(world)
    own = listed(world, "Kontrak 2026", prices=[NewPrice(D(52_500), paper.id)], customer_id=client.id)
    promoted(
        world, "Kontrak 2026/014", "percent", (0, 4), customer_id=client.id, valid_from=date(2026, 1, 1),
        valid_to=date(2026, 12, 31),
    )  # fmt: skip
    order = bought(world, (printer, 1), (paper, 10), customer=client)
    confirm_order(order_id=order.id, by=world.owner, at=NOW)
    set_prices(price_list_id=own.id, prices=[NewPrice(D(70_000), paper.id)], by=world.owner, at=NOW)

    order.refresh_from_db()
    assert (amounts(order), order.status) == ([3_840_000, 504_000], "confirmed")
    assert amounts(bought(world, (printer, 1), (paper, 10))) == [4_000_000, 600_000]


def test_an_exporter_sells_without_tax_to_abroad() -> None:
    world = make_world()
    coffee = make_product(world, price=D(120_000), stock=100)
    importer = make_customer(world)
    listed(world, "Ekspor", NewRule(basis="price", percent=D(-8), round_to=D(500)), customer_id=importer.id)
    save_tax_treatment(
        customer_id=importer.id, by=world.owner, at=NOW, is_taxed=False, note="Ekspor", valid_from=date(2026, 1, 1)
    )

    order = bought(world, (coffee, 10), customer=importer)

    assert (amounts(order), order.tax, order.total) == ([1_105_000], 0, 1_105_000)
    assert bought(world, (coffee, 10)).tax == 132_000


def test_a_marketplace_voucher_takes_a_tenth_up_to_its_most_once_for_each_buyer() -> None:
    world = make_world()
    channel = keep_channel(name="Lokapasar", code="MKT", **deed(world))
    phone = make_product(world, price=D(400_000), stock=100)
    voucher = promoted(
        world, "Voucher 10%", "basket_percent", (100_000, 10), channel_id=channel, by_coupon=True,
        most_amount=D(25_000),
    )  # fmt: skip
    make_coupons(promotion_id=voucher.id, codes=["SELASA10"], most_per_customer=1, by=world.owner, at=NOW)
    buyer = make_customer(world)
    told: dict[str, Any] = {"customer": buyer, "channel_id": channel, "coupon_codes": ["SELASA10"]}
    first = bought(world, (phone, 1), **told)
    confirm_order(order_id=first.id, by=world.owner, at=NOW)

    with pytest.raises(CouponRefused):
        bought(world, (phone, 1), **told)
    with pytest.raises(CouponRefused):
        bought(world, (phone, 1), customer=make_customer(world), coupon_codes=["SELASA10"])

    assert amounts(first) == [375_000]


def test_an_employee_sale_holds_on_friday_evening_and_never_below_cost() -> None:
    world = make_world()
    staff = save_group(code="KRY", name="Karyawan", **deed(world))
    bag, cheap = (make_product(world, price=D(200_000), cost=D(cost)) for cost in (90_000, 150_000))
    rule = NewRule(basis="price", percent=D(-40), least_margin=D(0))
    listed(world, "Karyawan", rule, group_id=staff.id, weekdays=0b0010000, from_time=time(17), until_time=time(21))
    member = make_customer(world, group_id=staff.id)
    friday = datetime(2026, 11, 27, 11, 0, tzinfo=UTC)  # 18.00 in Jakarta

    evening, noon = (
        draft_order(
            customer_id=member.id, branch_id=world.branch.id, details=OrderDetails(), by=world.owner, at=moment,
            lines=[LineInput(product_id=one.id) for one in (bag, cheap)],
        )
        for moment in (friday, friday - timedelta(hours=5))
    )  # fmt: skip

    assert (amounts(evening), amounts(noon)) == ([120_000, 150_000], [200_000, 200_000])


def test_a_clearance_has_one_price_alone_while_the_rest_goes_on_with_other_promotions() -> None:
    world = make_world()
    last, new = (make_product(world, price=D(150_000), stock=50) for _turn in range(2))
    promoted(
        world, "Cuci gudang", "fixed_price", (0, 49_000), exclusive=True, priority=10,
        scopes=(NewScope(product_id=last.id),), valid_to=date(2026, 11, 30),
    )  # fmt: skip
    promoted(world, "Semua 10%", "percent", (0, 10))

    assert amounts(bought(world, (last, 2), (new, 1))) == [98_000, 135_000]
    steps = SalesOrderLine.objects.get(product_id=last.id).steps
    assert [(step["name"], step["reason"]) for step in steps if step["code"] == "promotion_lost"] == [
        ("Semua 10%", "other_promotion")
    ]


def test_a_tender_has_its_own_list_ahead_of_all_and_a_document_discount_to_the_last_rupiah() -> None:
    world = make_world()
    desk, chair = (make_product(world, price=D(price), stock=500) for price in (1_250_000, 475_000))
    office = make_customer(world)
    listed(world, "Harga khusus", NewRule(basis="price", percent=D(-25)), customer_id=office.id)
    listed(
        world, "Tender 2026/88", prices=[NewPrice(D(1_010_000), desk.id), NewPrice(D(390_000), chair.id)],
        customer_id=office.id, priority=100, valid_to=date(2026, 12, 15),
    )  # fmt: skip

    order = bought(world, (desk, 30), (chair, 100), customer=office, discount_amount=D(777_777))

    assert amounts(order) == [30_300_000, 39_000_000]
    shares = list(SalesOrderLine.objects.order_by("position").values_list("document_discount", flat=True))
    assert (sum(shares), order.net) == (777_777, 68_522_223)
    assert order.net + order.tax + order.rounding == order.total
