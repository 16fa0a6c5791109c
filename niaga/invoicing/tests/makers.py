"""Reminder plans and invoices that wait, made by the real services."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from niaga.invoicing.models import Invoice
from niaga.invoicing.rules.usual_levels import USUAL_LEVELS, LevelInput
from niaga.invoicing.services.save_reminder_plan import PlanInput, save_reminder_plan
from niaga.invoicing.services.send_reminders import send_reminders
from niaga.organization.access import SYSTEM
from niaga.parties.models import Customer
from niaga.sales.rules.lines import LineInput
from tests.makers import NOW, World, make_customer, make_issued_invoice, make_product

WORDS = {"id": {"subject": "Tagihan {{total}}", "text": "Yth. {{customer.name}}\n\n{{invoices}}"}}


def level(days: int, **facts: Any) -> LevelInput:
    return LevelInput(days=days, **{"words": WORDS, **facts})


def make_plan(world: World, *levels: LevelInput, **facts: Any) -> UUID:
    """A plan that is on, at any hour of working days."""
    plan = PlanInput(**{"is_active": True, "levels": levels or USUAL_LEVELS, "send_from": time(0),
                        "send_until": time(23, 59), **facts})  # fmt: skip
    return save_reminder_plan(company_id=world.company.id, plan=plan, by=SYSTEM, at=NOW)


def make_debtor(world: World, **facts: Any) -> Customer:
    return make_customer(world, **{"email": "keuangan@makmur.example", "phone": "+628123456789", **facts})


def make_claim(world: World, customer: Customer, *, quantity: int = 1) -> Invoice:
    """An invoice of Rp 111.000 a piece, due on the day of its issue: Monday 23 November 2026."""
    product = make_product(world, stock=quantity)
    return make_issued_invoice(world, [LineInput(product_id=product.id, quantity=Decimal(quantity))], customer=customer)


def days_later(days: int, hour: int = 2) -> datetime:
    """So many days after the due day, at nine in Jakarta."""
    return datetime(2026, 11, 23, hour, tzinfo=UTC) + timedelta(days=days)


def remind(world: World, days: int, *, at_once: int = 2000) -> int:
    """The job on a day; how many parts passed a level."""
    count = 0
    while found := send_reminders(company_id=world.company.id, at=days_later(days), at_once=at_once):
        count += found
    return count
