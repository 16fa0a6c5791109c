"""The demo company: founded, filled and lived in, through the same verbs that people use."""

import csv
import heapq
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from niaga.catalog.rules.product import NewBarcode, NewBundlePart, NewPacking, NewProduct
from niaga.catalog.services.create_products import create_products
from niaga.catalog.services.save_category import save_category
from niaga.catalog.services.save_unit import save_unit
from niaga.core.clock import now
from niaga.core.errors import Refusal
from niaga.imports.rules.demo_season import demand, season_lift
from niaga.imports.rules.demo_world import COMPANY, PARCELS, PEOPLE, PLACES, TEAMS, Buyer, Good, buyers, goods
from niaga.imports.services.found_company import found_company
from niaga.imports.services.import_file import import_file
from niaga.imports.services.open_demo_approvals import open_demo_approvals
from niaga.imports.services.open_demo_loyalty import open_demo_loyalty
from niaga.imports.services.open_demo_offers import open_demo_offers
from niaga.imports.services.open_demo_treatments import open_demo_treatments
from niaga.imports.services.play_demo_export import play_demo_export
from niaga.imports.services.prepare_demo_prices import prepare_demo_prices
from niaga.imports.services.prepare_demo_promotion import prepare_demo_promotion
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.organization.access import SYSTEM, Actor
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
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.pricing.queries.standing import standing_on
from niaga.pricing.services.create_price_list import create_price_list
from niaga.pricing.services.set_prices import NewPrice, set_prices
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.accept_quotation import accept_quotation
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.decline_quotation import decline_quotation
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.draft_order import OrderDetails, draft_order
from niaga.sales.services.draft_quotation import QuotationDetails, draft_quotation
from niaga.sales.services.expire_quotations import expire_quotations
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.send_quotation import send_quotation
from niaga.sales.services.settle_points import settle_points
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from niaga.stock.services.create_warehouse import create_warehouse
from niaga.stock.services.receive_goods import ReceiptItem, receive_goods

PASSWORD = "niaga-demo"
LIVE_DAYS = 70
HISTORY_A_DAY = 12
SALES_A_DAY = 6
PARCELS_SHARE = 0.15
"""Of the sales, those with a parcel; more towards Lebaran."""
Say = Callable[[str], object]


@dataclass
class Demo:
    """What the play needs at hand."""

    dice: Random
    at: datetime
    company_id: UUID
    range: list[Good]
    crowd: list[Buyer]
    branches: dict[str, UUID] = field(default_factory=dict)
    users: dict[str, Actor] = field(default_factory=dict)
    product_ids: list[UUID] = field(default_factory=list)
    parcel_ids: list[UUID] = field(default_factory=list)
    categories: dict[str, UUID] = field(default_factory=dict)
    wholesale_id: UUID | None = None
    customer_ids: list[UUID] = field(default_factory=list)
    todo: list[tuple[datetime, int, Callable[[datetime], object]]] = field(default_factory=list)
    turn: Iterator[int] = field(default_factory=count)
    whims: Random = field(default_factory=lambda: Random(7))
    """Who uses points; apart from `dice`, so that the sales stay the same."""

    def later(self, when: datetime, deed: Callable[[datetime], object]) -> None:
        heapq.heappush(self.todo, (when, next(self.turn), deed))


@transaction.atomic
def load_demo(*, say: Say = print, seed: int = 2026, at: datetime | None = None) -> None:
    """Load the demo company into an empty database: all of it or nothing, the same every time from `seed` and day.

    Its last ten weeks are played through the real verbs, in the order of time; nobody is mailed about them.
    """
    moment = at or now()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
    dice = Random(seed)
    demo = Demo(dice, moment, _found(moment), goods(dice), buyers(dice))
    _places_and_people(demo)
    _range(demo)
    _customers(demo)
    say(f"  {len(demo.range)} products, {len(demo.crowd)} customers, {len(demo.users)} people")
    _history(demo, say)
    _stock(demo)
    _offers(demo)
    _export(demo)
    _treatments(demo)
    _weeks(demo)
    _approvals(demo)
    _prepared(demo)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_outboxevent SET delivered_at = at WHERE delivered_at IS NULL")
        cursor.execute("SELECT count(*) FROM sales_salesorder")
        say(f"  {cursor.fetchone()[0]} orders in the last {LIVE_DAYS} days")


def _found(at: datetime) -> UUID:
    start = at - timedelta(days=800)
    return found_company(by=SYSTEM, at=start, valid_from=date(start.year - 2, 1, 1), **COMPANY)


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
        receive_goods(branch_id=branch_id, items=items, supplier="Stok awal", by=SYSTEM, at=at)


def _offers(demo: Demo) -> None:
    partner = max(
        (n for n, buyer in enumerate(demo.crowd) if buyer.group == "MODERN"), key=lambda n: demo.crowd[n].pace
    )
    open_demo_offers(
        company_id=demo.company_id, categories=demo.categories, range_=demo.range, product_ids=demo.product_ids,
        partner_id=demo.customer_ids[partner], by=demo.users["owner"], at=demo.at - timedelta(days=LIVE_DAYS + 1),
        today=demo.at.date(),
    )  # fmt: skip
    open_demo_loyalty(
        company_id=demo.company_id, categories=demo.categories, by=demo.users["owner"],
        at=demo.at - timedelta(days=LIVE_DAYS + 1),
    )  # fmt: skip


def _export(demo: Demo) -> None:
    play_demo_export(
        company_id=demo.company_id, branch_id=demo.branches["SBY"], range_=demo.range, product_ids=demo.product_ids,
        users=demo.users, at=demo.at, later=demo.later,
    )  # fmt: skip


def _treatments(demo: Demo) -> None:
    place = PLACES[0].code
    day = (demo.at - timedelta(days=LIVE_DAYS - 8)).date()
    open_demo_treatments(
        company_id=demo.company_id, branch_id=demo.branches[place], product_ids=demo.product_ids,
        seller=demo.users["maya"], finance=demo.users["finance"], at=demo.at - timedelta(days=LIVE_DAYS + 1),
        first=datetime.combine(day, time(10), ZoneInfo(PLACES[0].zone)).astimezone(UTC), later=demo.later,
    )  # fmt: skip


def _prepared(demo: Demo) -> None:
    assert demo.wholesale_id is not None
    prepare_demo_prices(
        price_list_id=demo.wholesale_id, range_=demo.range, product_ids=demo.product_ids, by=demo.users["owner"],
        at=demo.at,
    )  # fmt: skip
    prepare_demo_promotion(
        company_id=demo.company_id, categories=demo.categories, by=demo.users["owner"], at=demo.at,
        today=demo.at.date(),
    )  # fmt: skip


def _weeks(demo: Demo) -> None:
    """Play the last weeks: every sale is a chain of deeds, all deeds of all sales happen in the order of time."""
    first = (demo.at - timedelta(days=LIVE_DAYS)).date()
    for offset in range(LIVE_DAYS + 1):
        day = first + timedelta(days=offset)
        for _sale in range(round(SALES_A_DAY * demand(day, start=first) * (0.7 + 0.6 * demo.dice.random()))):
            _begin(demo, day)
        demo.later(_moment(demo, day, "SBY", 6), lambda at: expire_quotations(at=at))
    while demo.todo:
        when, _turn, deed = heapq.heappop(demo.todo)
        if when >= demo.at:
            break
        try:
            deed(when)
        except Refusal:
            continue  # a limit passed, a shelf empty, an offer too old: the document stays as it is, as in life


def _approvals(demo: Demo) -> None:
    place = next(n for n, buyer in enumerate(demo.crowd) if buyer.salesperson == "maya" and buyer.group != "RETAIL")
    open_demo_approvals(
        company_id=demo.company_id, customer_id=demo.customer_ids[place],
        branch_id=demo.branches[demo.crowd[place].place], product_ids=demo.product_ids, owner=demo.users["owner"],
        seller=demo.users["maya"], at=demo.at,
    )  # fmt: skip


def _moment(demo: Demo, day: date, place: str, hour: int | None = None) -> datetime:
    zone = ZoneInfo(next(one.zone for one in PLACES if one.code == place))
    clock = time(
        hour if hour is not None else demo.dice.randrange(8, 17), demo.dice.randrange(60), demo.dice.randrange(60)
    )
    return datetime.combine(day, clock, zone).astimezone(UTC)


def _begin(demo: Demo, day: date) -> None:
    dice = demo.dice
    [place] = dice.choices(range(len(demo.crowd)), [buyer.pace for buyer in demo.crowd])
    buyer, customer_id = demo.crowd[place], demo.customer_ids[place]
    branch_id = demo.branches[buyer.place]
    seller = demo.users[buyer.salesperson]
    lift = season_lift(day)
    weights = [good.weight * (1 + (good.season - 1) * (lift - 1)) for good in demo.range]
    chosen = list(dict.fromkeys(dice.choices(range(len(demo.range)), weights, k=dice.randrange(2, 9))))
    lines = [_line(demo, n, buyer) for n in chosen]
    if dice.random() < PARCELS_SHARE * lift:
        gifts = [1 + (parcel.season - 1) * (lift - 1) for parcel in PARCELS]
        [parcel_id] = dice.choices(demo.parcel_ids, gifts)
        lines.append(LineInput(product_id=parcel_id, quantity=Decimal(dice.choice((5, 10, 12, 20, 40)))))
    direct = dice.random() < 0.35
    discount = Decimal(dice.choice((0, 0, 0, 2, 3)))

    def start(at: datetime) -> None:
        if direct:
            order = draft_order(
                customer_id=customer_id, branch_id=branch_id, lines=lines, by=seller, at=at,
                details=OrderDetails(
                    discount_percent=discount, planned_date=at.date() + timedelta(days=2),
                    points=_wanted_points(demo, customer_id, at),
                ),
            )  # fmt: skip
            demo.later(
                at + timedelta(minutes=dice.randrange(5, 90)), lambda when: _confirm(demo, order.id, buyer, when)
            )
            return
        quotation = draft_quotation(
            customer_id=customer_id, branch_id=branch_id, lines=lines, by=seller, at=at,
            details=QuotationDetails(discount_percent=discount),
        )  # fmt: skip
        demo.later(at + timedelta(minutes=dice.randrange(3, 50)), lambda when: _send(demo, quotation.id, buyer, when))

    demo.later(_moment(demo, day, buyer.place), start)


def _wanted_points(demo: Demo, customer_id: UUID, at: datetime) -> int:
    """Now and then a member who has enough lets points pay a part."""
    usable = standing_on(customer_id=customer_id, day=at.date()).usable
    return min(usable, 100) // 10 * 10 if usable >= 40 and demo.whims.random() < 0.5 else 0


def _line(demo: Demo, n: int, buyer: Buyer) -> LineInput:
    good, dice = demo.range[n], demo.dice
    big = buyer.group != "RETAIL"
    if good.pack and big:
        return LineInput(product_id=demo.product_ids[n], quantity=Decimal(dice.randrange(1, 12)), unit=good.pack[0])
    quantity = dice.randrange(5, 60) if good.unit == "kg" else dice.randrange(2, 30)
    percent = Decimal(dice.choice((0, 0, 0, 0, 2, 5)))
    return LineInput(
        product_id=demo.product_ids[n], quantity=Decimal(quantity * (4 if big else 1)), discount_percent=percent
    )


def _send(demo: Demo, quotation_id: UUID, buyer: Buyer, at: datetime) -> None:
    send_quotation(quotation_id=quotation_id, by=demo.users[buyer.salesperson], at=at)
    fate = demo.dice.random()
    when = at + timedelta(hours=demo.dice.randrange(2, 110))
    if fate < 0.68:
        demo.later(when, lambda moment: _accept(demo, quotation_id, buyer, moment))
    elif fate < 0.78:
        reason = demo.dice.choice(("Harga pesaing lebih rendah", "Belum butuh bulan ini", "Stok masih cukup"))
        demo.later(
            when,
            lambda moment: decline_quotation(quotation_id=quotation_id, reason=reason, by=SYSTEM, at=moment),
        )


def _accept(demo: Demo, quotation_id: UUID, buyer: Buyer, at: datetime) -> None:
    order = accept_quotation(quotation_id=quotation_id, by=demo.users[buyer.salesperson], at=at, name=buyer.contact)
    wait = timedelta(minutes=demo.dice.randrange(5, 300))
    demo.later(at + wait, lambda when: _confirm(demo, order.id, buyer, when))


def _confirm(demo: Demo, order_id: UUID, buyer: Buyer, at: datetime) -> None:
    confirm_order(order_id=order_id, by=demo.users["salesadmin"], at=at, shortage="backorder", prices="keep")
    day = at + timedelta(hours=demo.dice.randrange(4, 76))
    demo.later(day, lambda when: _deliver(demo, order_id, buyer, when))


def _deliver(demo: Demo, order_id: UUID, buyer: Buyer, at: datetime) -> None:
    delivery_id = deliver_order(order_id=order_id, by=SYSTEM, at=at)
    wait = timedelta(minutes=demo.dice.randrange(30, 600))
    demo.later(at + wait, lambda when: _ship(demo, order_id, delivery_id, buyer, when))


def _ship(demo: Demo, order_id: UUID, delivery_id: UUID, buyer: Buyer, at: datetime) -> None:
    ship_order_delivery(delivery_id=delivery_id, by=SYSTEM, at=at)
    wait = timedelta(minutes=demo.dice.randrange(10, 240))
    demo.later(at + wait, lambda when: _bill(demo, order_id, buyer, when))


def _bill(demo: Demo, order_id: UUID, buyer: Buyer, at: datetime) -> None:
    invoice = issue_invoice(
        invoice_id=invoice_order(order_id=order_id, by=demo.users["finance"], at=at), by=demo.users["finance"], at=at
    )
    settle_points(invoice_id=invoice.id, at=at)
    assert invoice.due_date is not None
    if demo.dice.random() < 0.04:
        return  # forgotten
    paid = max(at.date() + timedelta(days=1), invoice.due_date + timedelta(days=buyer.haste))
    part = Decimal(1) if demo.dice.random() < 0.9 else Decimal("0.5")
    amount = (invoice.total * part).quantize(Decimal(1))
    method = demo.dice.choice(("transfer", "transfer", "transfer", "cash", "giro"))
    demo.later(
        _moment(demo, paid, buyer.place),
        lambda when: _pay(demo, invoice.id, invoice.customer_id, amount, method, buyer, when),
    )


def _pay(
    demo: Demo, invoice_id: UUID, customer_id: UUID, amount: Decimal, method: str, buyer: Buyer, at: datetime
) -> None:
    record_payment(
        customer_id=customer_id, branch_id=demo.branches[buyer.place], invoices=[(invoice_id, None)],
        details=PaymentDetails(
            method=method, currency="IDR", amount=amount,
            reference=f"BG {demo.dice.randrange(10**6):06}" if method == "giro" else "",
        ),
        by=demo.users["finance"], at=at,
    )  # fmt: skip
