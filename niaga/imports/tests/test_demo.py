"""The demo company is what the README promises, and keeps every promise that real data keep."""

from random import Random

from niaga.catalog.rules.barcodes import check_barcode
from niaga.imports.rules.demo_season import LEBARAN, demand, season_lift
from niaga.imports.rules.demo_world import PARCELS, PEOPLE, PLACES, buyers, goods


def test_the_same_seed_imagines_the_same_company():
    assert goods(Random(2026)) == goods(Random(2026))
    assert buyers(Random(2026)) == buyers(Random(2026))


def test_the_demo_has_three_branches_two_stores_and_twelve_sales_people():
    assert [place.is_store for place in PLACES] == [False, False, False, True, True]
    assert sum(person.role == "salesperson" for person in PEOPLE) == 12
    assert (len(goods(Random(1))), len(buyers(Random(1)))) == (600, 400)


def test_skus_names_and_barcodes_are_given_once():
    range_ = goods(Random(2026))

    assert len({good.sku for good in range_}) == len({good.barcode for good in range_}) == 600
    assert all(check_barcode(good.barcode) for good in range_)
    assert all(good.cost < good.price for good in range_)


def test_parcels_are_made_of_the_range_and_a_tenth_cheaper_than_their_parts():
    range_ = goods(Random(2026))
    known = {good.sku: good for good in range_}

    for parcel in PARCELS:
        assert len({sku for sku, _n in parcel.parts}) == len(parcel.parts) >= 3
        whole = sum(known[sku].price * n for sku, n in parcel.parts)
        assert whole * 85 / 100 < parcel.price(range_) < whole


def test_demand_rises_before_lebaran_and_stops_on_it():
    feast = LEBARAN[3]
    start = feast.replace(year=feast.year - 1)

    assert season_lift(feast.replace(month=8)) == 1.0
    assert season_lift(feast) > 2.4
    assert demand(feast, start=start) < 0.1
