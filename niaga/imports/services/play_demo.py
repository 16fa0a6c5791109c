import heapq
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from niaga.core.errors import Refusal
from niaga.imports.rules.demo_season import demand, season_lift
from niaga.imports.rules.demo_world import PARCELS, Buyer
from niaga.imports.services._demo import LIVE_DAYS, Demo
from niaga.imports.services.remind_demo import begin_reminders, talk_about_reminders
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.organization.access import SYSTEM
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.pricing.queries.standing import standing_on
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

SALES_A_DAY = 6
PARCELS_SHARE = 0.15
"""Of the sales, those with a parcel; more towards Lebaran."""


def play_demo(demo: Demo) -> None:
    """Play the last weeks: every sale is a chain of deeds, all deeds of all sales happen in the order of time."""
    begin_reminders(demo)
    first = (demo.at - timedelta(days=LIVE_DAYS)).date()
    for offset in range(LIVE_DAYS + 1):
        day = first + timedelta(days=offset)
        for _sale in range(round(SALES_A_DAY * demand(day, start=first) * (0.7 + 0.6 * demo.dice.random()))):
            _begin(demo, day)
        demo.later(demo.moment(day, "SBY", 6), lambda at: expire_quotations(at=at))
    while demo.todo:
        when, _turn, deed = heapq.heappop(demo.todo)
        if when >= demo.at:
            break
        try:
            deed(when)
        except Refusal:
            continue  # a limit passed, a shelf empty, an offer too old: the document stays as it is, as in life
    talk_about_reminders(demo)


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
                    requested_date=at.date() + timedelta(days=1 + len(lines) % 2),
                    points=_wanted_points(demo, customer_id, at),
                ),
            )  # fmt: skip
            demo.later(
                at + timedelta(minutes=dice.randrange(5, 90)), lambda when: _confirm(demo, order.id, buyer, when)
            )
            return
        quotation = draft_quotation(
            customer_id=customer_id, branch_id=branch_id, lines=lines, by=seller, at=at,
            details=QuotationDetails(discount_percent=discount, requested_date=at.date() + timedelta(days=3)),
        )  # fmt: skip
        demo.later(at + timedelta(minutes=dice.randrange(3, 50)), lambda when: _send(demo, quotation.id, buyer, when))

    demo.later(demo.moment(day, buyer.place), start)


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
        demo.moment(paid, buyer.place),
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
