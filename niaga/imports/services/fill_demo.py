import csv
import tempfile
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from django.contrib.auth.hashers import make_password

from niaga.catalog.rules.product import NewBarcode, NewBundlePart, NewPacking, NewProduct
from niaga.catalog.services.create_products import create_products
from niaga.catalog.services.save_category import save_category
from niaga.catalog.services.save_unit import save_unit
from niaga.imports.rules.demo_season import demand, season_lift
from niaga.imports.rules.demo_world import PARCELS, PASSWORD, PEOPLE, PLACES, TEAMS
from niaga.imports.services._demo import LIVE_DAYS, Demo, Say
from niaga.imports.services.import_file import import_file
from niaga.organization.access import SYSTEM
from niaga.organization.queries.branches import branches_by_code
from niaga.organization.services.change_branch import change_branch
from niaga.organization.services.create_branch import create_branch
from niaga.organization.services.create_user import create_user
from niaga.organization.services.grant_role import grant_role
from niaga.organization.services.keep_bank_account import keep_bank_account
from niaga.organization.services.keep_team import keep_team
from niaga.parties.queries.settings import customer_codes, groups_by_code, terms_by_code
from niaga.parties.rules.customer import NewAddress, NewContact, NewCustomer
from niaga.parties.services.create_customers import create_customers
from niaga.parties.services.save_tag import save_tag
from niaga.pricing.services.create_price_list import create_price_list
from niaga.pricing.services.set_prices import NewPrice, set_prices
from niaga.stock.queries.warehouses import warehouse_for
from niaga.stock.services.check_lines import StockItem
from niaga.stock.services.create_warehouse import create_warehouse
from niaga.stock.services.expect_receipt import expect_receipt
from niaga.stock.services.name_places import name_places
from niaga.stock.services.receive_goods import ReceiptItem, receive_goods
from niaga.stock.services.save_vehicle import VehicleDetails, save_vehicle

HISTORY_A_DAY = 12


def fill_demo(demo: Demo, *, say: Say) -> None:
    """Places, people, goods and customers; the sales of the two years before, and what lies in the depots."""
    _places_and_people(demo)
    _range(demo)
    _customers(demo)
    say(f"  {len(demo.range)} products, {len(demo.crowd)} customers, {len(demo.users)} people")
    _history(demo, say)
    _stock(demo)


def _places_and_people(demo: Demo) -> None:
    company_id, at = demo.company_id, demo.at - timedelta(days=790)
    [head_id] = branches_by_code(company_id).values()
    first = PLACES[0]
    change_branch(branch_id=head_id, by=SYSTEM, at=at, code=first.code, name=first.name, city=first.city)
    demo.branches[first.code] = head_id
    for place in PLACES[1:]:
        branch = create_branch(
            company_id=company_id, code=place.code, name=place.name, zone=place.zone, is_store=place.is_store,
            city=place.city, by=SYSTEM, at=at,
        )  # fmt: skip
        create_warehouse(
            company_id=company_id, branch_id=branch.id, code=place.code, name=f"Gudang {place.name}", by=SYSTEM
        )
        demo.branches[place.code] = branch.id
    teams = {
        name: keep_team(company_id=company_id, name=name, branch_id=demo.branches[code], by=SYSTEM, at=at)
        for name, code in TEAMS
    }
    hashed = make_password(PASSWORD)
    for person in PEOPLE:
        user = create_user(
            username=person.username, name=person.name, email=f"{person.username}@nusapangan.example",
            password_hash=hashed, by=SYSTEM, at=at,
        )  # fmt: skip
        grant_role(
            user_id=user.id, company_id=company_id, role=person.role, branch_id=demo.branches[person.place],
            team_id=teams.get(person.team), by=SYSTEM, at=at,
        )  # fmt: skip
        demo.users[person.username] = user
    for bank, number in (("BCA", "0881234567"), ("Mandiri", "1410012345678")):
        keep_bank_account(
            company_id=company_id, bank=bank, number=number, holder="PT Nusa Pangan Sejahtera", by=SYSTEM, at=at
        )


def _range(demo: Demo) -> None:
    company_id, at = demo.company_id, demo.at - timedelta(days=780)
    demo.categories = categories = {
        name: save_category(company_id=company_id, name=name, by=SYSTEM, at=at).id
        for name in dict.fromkeys(good.category for good in demo.range)
    }
    save_unit(company_id=company_id, code="sak", name="Sak", digits=0, coretax_code="UM.0018", by=SYSTEM, at=at)
    rows = [
        NewProduct(
            sku=good.sku, name=good.name, brand=good.brand, unit=good.unit, price=good.price, cost=good.cost,
            weight=good.kilos, volume=good.litres,
            category_id=categories[good.category], barcodes=(NewBarcode(code=good.barcode),),
            units=(NewPacking(unit=good.pack[0], factor=good.pack[1]),) if good.pack
            else (NewPacking(unit="sak", factor=Decimal(25)),),
        )
        for good in demo.range
    ]  # fmt: skip
    demo.product_ids = list(create_products(company_id=company_id, rows=rows, by=SYSTEM, at=at))
    create_products(
        company_id=company_id, by=SYSTEM, at=at,
        rows=[NewProduct(sku="ONGKIR", name="Ongkos kirim", kind="charge", price=Decimal(50_000))],
    )  # fmt: skip
    keys = dict(zip((good.sku for good in demo.range), demo.product_ids, strict=True))
    category_id = save_category(company_id=company_id, name="Paket", by=SYSTEM, at=at).id
    rows = [
        NewProduct(
            sku=parcel.sku, name=parcel.name, kind="bundle", price=parcel.price(demo.range), category_id=category_id,
            parts=tuple(NewBundlePart(product_id=keys[sku], quantity=Decimal(n)) for sku, n in parcel.parts),
        )
        for parcel in PARCELS
    ]  # fmt: skip
    demo.parcel_ids = list(create_products(company_id=company_id, rows=rows, by=SYSTEM, at=at))
    wholesale = create_price_list(
        company_id=company_id, code="GROSIR", name="Grosir", group_id=groups_by_code(company_id)["WHOLESALE"],
        by=SYSTEM, at=at,
    )  # fmt: skip
    demo.wholesale_id = wholesale.id
    prices = []
    for good, product_id in zip(demo.range, demo.product_ids, strict=True):
        for least, percent in ((0, 97), (50, 95), (200, 92)):
            price = (good.price * percent / 100).quantize(Decimal(10))
            prices.append(NewPrice(price=price, product_id=product_id, min_quantity=Decimal(least)))
    set_prices(price_list_id=wholesale.id, prices=prices, by=SYSTEM, at=at)


def _customers(demo: Demo) -> None:
    company_id, at = demo.company_id, demo.at - timedelta(days=775)
    groups, terms = groups_by_code(company_id), terms_by_code(company_id)
    tag = save_tag(company_id=company_id, name="prioritas", by=SYSTEM, at=at)
    rows = [
        NewCustomer(
            name=buyer.name, phone=buyer.phone, group_id=groups[buyer.group], payment_term_id=terms[buyer.term],
            branch_id=demo.branches[buyer.place], salesperson_id=demo.users[buyer.salesperson].id,
            credit_limit=buyer.limit, tag_ids=(tag.id,) if buyer.tags else (),
            tax_id_kind="npwp" if buyer.npwp else "", tax_id=buyer.npwp,
            contacts=(NewContact(name=buyer.contact, phone=buyer.phone, is_main=True),),
            addresses=(NewAddress(street=buyer.street, city=buyer.city, province=buyer.province),),
        )
        for buyer in demo.crowd
    ]  # fmt: skip
    demo.customer_ids = list(create_customers(company_id=company_id, rows=rows, by=SYSTEM, at=at))


def _history(demo: Demo, say: Say) -> None:
    """Two years from the system before Niaga, moved in as a company would: a file of closed sales, imported."""
    dice, codes = demo.dice, customer_codes(demo.company_id)
    last = (demo.at - timedelta(days=LIVE_DAYS + 1)).date()
    first = last - timedelta(days=730 - LIVE_DAYS)
    number = 0
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "penjualan-lama.csv"
        with path.open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(
                ("number", "date", "branch", "customer", "salesperson", "product", "quantity", "amount", "discount")
            )
            for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
                lift = season_lift(day)
                weights = [good.weight * (1 + (good.season - 1) * (lift - 1)) for good in demo.range]
                sales = round(HISTORY_A_DAY * demand(day, start=first) * (0.75 + 0.5 * dice.random()))
                for _sale in range(sales):
                    number += 1
                    [place_of] = dice.choices(range(len(demo.crowd)), [buyer.pace for buyer in demo.crowd])
                    buyer = demo.crowd[place_of]
                    moment = f"{day} {dice.randrange(8, 17):02}:{dice.randrange(60):02}"
                    head = (f"NP-{day:%y}{number:05}", moment, buyer.place, codes[demo.customer_ids[place_of]],
                            buyer.salesperson)  # fmt: skip
                    for n in dict.fromkeys(dice.choices(range(len(demo.range)), weights, k=dice.randrange(1, 6))):
                        good = demo.range[n]
                        quantity = dice.randrange(2, 25) * (6 if buyer.group != "RETAIL" else 1)
                        discount = good.price * quantity * dice.choice((0, 0, 0, 2, 3, 5)) / 100
                        amount = (good.price * quantity - discount).quantize(Decimal(1))
                        rows.writerow((*head, good.sku, quantity, amount, good.price * quantity - amount))
        batch = import_file(path=path, kind="sales", company_id=demo.company_id, dry_run=False, at=demo.at, by=SYSTEM)
    if batch.status != "done":
        raise RuntimeError(f"the demo's history: {batch.failure or batch.findings[:3]}")
    say(f"  {number} sales of the two years before, imported")


def _stock(demo: Demo) -> None:
    """Every depot holds the range; a few goods are scarce, so that backorders can be seen."""
    at = demo.at - timedelta(days=LIVE_DAYS + 1)
    for code, branch_id in demo.branches.items():
        share = 1 if code in ("SBY", "SMG", "MKS") else Decimal("0.05")
        items = [
            ReceiptItem(
                quantity=Decimal(demo.dice.randrange(20, 60) if n % 29 == 0 else demo.dice.randrange(3_000, 9_000))
                * share // 1 + 1,
                product_id=product_id, unit_cost=good.cost,
            )
            for n, (good, product_id) in enumerate(zip(demo.range, demo.product_ids, strict=True))
        ]  # fmt: skip
        receive_goods(branch_id=branch_id, items=items, supplier="Stok awal", is_opening=True, by=SYSTEM, at=at)
    _shelves(demo, at)


def _shelves(demo: Demo, at: datetime) -> None:
    """Where goods lie in the main depot, its vehicles, and what a supplier will bring of what is scarce."""
    home = warehouse_for(company_id=demo.company_id, branch_id=demo.branches["SBY"], warehouse_id=None)
    places = {one: f"{'ABCDEFGH'[n % 8]}-{1 + n // 8 % 40:02}" for n, one in enumerate(demo.product_ids)}
    name_places(warehouse_id=home, places=places, by=SYSTEM, at=at)
    for plate, name, driver, username, zones in _FLEET:
        account = demo.users[username].id if username else None
        details = VehicleDetails(home, plate, name, driver, account, 18, zones, Decimal(900), Decimal(6))
        save_vehicle(vehicle_id=None, details=details, by=SYSTEM, at=at)
    scarce = [StockItem(Decimal(400), product_id=one) for n, one in enumerate(demo.product_ids) if n % 29 == 0]
    expect_receipt(
        warehouse_id=home, supplier="PT Sumber Pangan Nusantara", reference="PO-1107", items=scarce, by=SYSTEM, at=at,
        expected_date=demo.at.date() + timedelta(days=5),
    )  # fmt: skip


_FLEET = (
    ("L 9021 KA", "Grand Max boks", "Budi Santoso", "", ("Surabaya",)),
    ("L 8847 XB", "Colt diesel", "Agus Wijaya", "", ("Sidoarjo", "Gresik", "Mojokerto")),
    ("L 9310 UF", "Traga", "Slamet Riyadi", "driver", ()),
)
