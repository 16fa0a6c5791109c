"""The demo company: founded, filled and lived in, through the same verbs that people use."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from niaga.core.clock import now
from niaga.imports.rules.demo_world import COMPANY, PLACES, buyers, goods
from niaga.imports.services._demo import LIVE_DAYS, Demo, Say
from niaga.imports.services.fill_demo import fill_demo
from niaga.imports.services.found_company import found_company
from niaga.imports.services.open_demo_approvals import open_demo_approvals
from niaga.imports.services.open_demo_bank import open_demo_bank
from niaga.imports.services.open_demo_corrections import open_demo_corrections
from niaga.imports.services.open_demo_drop_ships import open_demo_drop_ships
from niaga.imports.services.open_demo_exchange import open_demo_exchange
from niaga.imports.services.open_demo_giro_fees import open_demo_giro_fees
from niaga.imports.services.open_demo_late_fees import open_demo_late_fees
from niaga.imports.services.open_demo_lots import open_demo_lots
from niaga.imports.services.open_demo_loyalty import open_demo_loyalty
from niaga.imports.services.open_demo_offers import open_demo_offers
from niaga.imports.services.open_demo_papers import open_demo_papers
from niaga.imports.services.open_demo_portal import open_demo_portal
from niaga.imports.services.open_demo_recurring import open_demo_recurring
from niaga.imports.services.open_demo_returns import open_demo_returns
from niaga.imports.services.open_demo_shipping import open_demo_shipping
from niaga.imports.services.open_demo_substitutes import open_demo_substitutes
from niaga.imports.services.open_demo_together import open_demo_together
from niaga.imports.services.open_demo_transfers import open_demo_transfers
from niaga.imports.services.open_demo_treatments import open_demo_treatments
from niaga.imports.services.play_demo import play_demo
from niaga.imports.services.play_demo_export import play_demo_export
from niaga.imports.services.prepare_demo_prices import prepare_demo_prices
from niaga.imports.services.prepare_demo_promotion import prepare_demo_promotion
from niaga.organization.access import SYSTEM


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
    fill_demo(demo, say=say)
    open_demo_papers(company_id=demo.company_id, by=demo.users["owner"], at=demo.at - timedelta(days=LIVE_DAYS + 2))
    _offers(demo)
    _export(demo)
    _treatments(demo)
    play_demo(demo)
    open_demo_returns(company_id=demo.company_id, users=demo.users, at=demo.at)
    _approvals(demo)
    _prepared(demo)
    open_demo_lots(
        company_id=demo.company_id, branch_id=demo.branches["SBY"], customer_ids=demo.customer_ids[:3],
        by=demo.users["owner"], at=demo.at,
    )  # fmt: skip
    open_demo_substitutes(
        company_id=demo.company_id, branch_id=demo.branches[PLACES[0].code], customer_ids=demo.customer_ids[3:6],
        zone=PLACES[0].zone, by=demo.users["owner"], at=demo.at,
    )  # fmt: skip
    open_demo_drop_ships(
        company_id=demo.company_id, branch_id=demo.branches["SBY"], customer_ids=demo.customer_ids[:3],
        by=demo.users["owner"], at=demo.at,
    )  # fmt: skip
    open_demo_transfers(
        company_id=demo.company_id, source_id=demo.branches[PLACES[0].code], target_id=demo.branches[PLACES[1].code],
        product_ids=demo.product_ids[:4], by=demo.users["owner"], at=demo.at,
    )  # fmt: skip
    open_demo_shipping(
        company_id=demo.company_id, driver_id=demo.users["driver"].id, by=demo.users["owner"], at=demo.at
    )
    open_demo_together(
        company_id=demo.company_id, branch_id=demo.branches["SBY"], customer_id=demo.customer_ids[1],
        by=demo.users["owner"], at=demo.at,
    )  # fmt: skip
    open_demo_bank(by=demo.users["finance"], at=demo.at)
    open_demo_exchange(by=demo.users["finance"], at=demo.at)
    open_demo_recurring(by=demo.users["owner"], at=demo.at)
    open_demo_corrections(users=demo.users, at=demo.at)
    open_demo_late_fees(company_id=demo.company_id, users=demo.users, at=demo.at)
    open_demo_giro_fees(company_id=demo.company_id, owner=demo.users["owner"], by=demo.users["finance"], at=demo.at)
    open_demo_portal(company_id=demo.company_id, by=demo.users["owner"], at=demo.at)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_outboxevent SET delivered_at = at WHERE delivered_at IS NULL")
        cursor.execute("SELECT count(*) FROM sales_salesorder")
        say(f"  {cursor.fetchone()[0]} orders in the last {LIVE_DAYS} days")


def _found(at: datetime) -> UUID:
    start = at - timedelta(days=800)
    return found_company(by=SYSTEM, at=start, valid_from=date(start.year - 2, 1, 1), **COMPANY)


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


def _approvals(demo: Demo) -> None:
    place = next(n for n, buyer in enumerate(demo.crowd) if buyer.salesperson == "maya" and buyer.group != "RETAIL")
    open_demo_approvals(
        company_id=demo.company_id, customer_id=demo.customer_ids[place],
        branch_id=demo.branches[demo.crowd[place].place], product_ids=demo.product_ids, owner=demo.users["owner"],
        seller=demo.users["maya"], at=demo.at,
    )  # fmt: skip
