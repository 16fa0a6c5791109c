"""Each part of an invoice is told once at each level, by the right words, at the right hour; and never after a stop."""

from datetime import date, time
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from niaga.core.ids import new_id
from niaga.invoicing.jobs import remind_customers
from niaga.invoicing.models import Reminder, ReminderMark
from niaga.invoicing.services.send_reminders import send_reminders
from niaga.invoicing.tests.makers import days_later, level, make_claim, make_debtor, make_plan, remind
from niaga.messaging.models import Email
from niaga.parties.models import TimelineEntry
from tests.makers import NOW, World, make_payment, make_world

pytestmark = pytest.mark.django_db


def marks(world: World) -> list[tuple[int, str]]:
    rows = ReminderMark.objects.filter(company_id=world.company.id).order_by("days")
    return list(rows.values_list("days", "outcome"))


def mails(world: World) -> list[str]:
    return list(Email.objects.filter(company_id=world.company.id).order_by("id").values_list("subject", flat=True))


def test_a_level_is_told_once_however_often_the_job_comes() -> None:
    world = make_world()
    make_plan(world, level(1), level(7))
    customer = make_debtor(world)
    make_claim(world, customer)

    assert [remind(world, day) for day in (0, 1, 1, 2, 7, 8)] == [0, 1, 0, 0, 1, 0]

    assert marks(world) == [(1, "told"), (7, "told")]
    assert mails(world) == ["Tagihan Rp 111.000"] * 2
    story = TimelineEntry.objects.filter(customer_id=customer.pk, kind="reminder.sent")
    assert list(story.values_list("text", flat=True)) == ["INV-2026-00001"] * 2


def test_after_a_long_outage_only_the_last_level_is_told_and_the_others_are_noted() -> None:
    world = make_world()
    make_plan(world, level(-3), level(1), level(7), level(14))
    make_claim(world, make_debtor(world))

    remind(world, 9)

    assert marks(world) == [(-3, "skipped"), (1, "skipped"), (7, "told")]
    assert len(mails(world)) == 1


def test_one_message_gathers_what_reached_the_same_level() -> None:
    world = make_world()
    make_plan(world, level(1))
    customer = make_debtor(world)
    for _n in range(3):
        make_claim(world, customer)

    remind(world, 1)

    (mail,) = Email.objects.filter(company_id=world.company.id)
    assert mail.subject == "Tagihan Rp 333.000"
    assert mail.to == ["keuangan@makmur.example"]
    assert mail.text.splitlines()[2:] == [
        f"• INV-2026-0000{n}, jatuh tempo 23 November 2026: Rp\u00a0111.000" for n in (1, 2, 3)
    ]
    assert ReminderMark.objects.filter(reminder__email_id=mail.pk).count() == 3


def test_a_plan_that_does_not_gather_writes_for_each_invoice() -> None:
    world = make_world()
    make_plan(world, level(1), gathers=False)
    customer = make_debtor(world)
    for _n in range(2):
        make_claim(world, customer)

    remind(world, 1)

    assert mails(world) == ["Tagihan Rp 111.000"] * 2


def test_what_is_paid_is_not_told_and_of_the_rest_only_the_rest() -> None:
    world = make_world()
    make_plan(world, level(1))
    customer = make_debtor(world)
    paid, partly = make_claim(world, customer), make_claim(world, customer)
    make_payment(world, customer.pk, 111_000, invoices=[(paid.pk, Decimal(111_000))])
    make_payment(world, customer.pk, 11_000, invoices=[(partly.pk, Decimal(11_000))])

    remind(world, 1)

    assert mails(world) == ["Tagihan Rp 100.000"]


def test_below_the_minimum_nobody_is_reminded() -> None:
    world = make_world()
    make_plan(world, level(1), minimum=Decimal(200_000))
    customer = make_debtor(world)
    make_claim(world, customer)
    make_claim(world, customer, quantity=2)

    remind(world, 1)

    assert mails(world) == ["Tagihan Rp 222.000"]


@pytest.mark.parametrize(
    ("day", "hour", "told"),
    [
        (1, 2, 1),  # Tuesday, nine in Jakarta
        (1, 1, 0),  # eight: not open yet
        (1, 10, 0),  # seventeen: closed
        (5, 2, 0),  # Saturday
        (32, 2, 0),  # Christmas Day
        (8, 2, 0),  # a day off of the company
    ],
)
def test_nobody_is_reminded_at_the_wrong_hour(day: int, hour: int, told: int) -> None:
    world = make_world()
    make_plan(world, level(1), send_from=time(9), send_until=time(17), closed_days=[date(2026, 12, 1)])
    make_claim(world, make_debtor(world))

    assert send_reminders(company_id=world.company.id, at=days_later(day, hour)) == told


def test_the_hour_is_that_of_the_branch() -> None:
    world = make_world()
    make_plan(world, level(1), send_from=time(9), send_until=time(10))
    make_claim(world, make_debtor(world))
    type(world.branch).objects.filter(pk=world.branch.pk).update(zone="Asia/Jayapura")

    assert send_reminders(company_id=world.company.id, at=days_later(1, 2)) == 0
    assert send_reminders(company_id=world.company.id, at=days_later(1, 0)) == 1


def test_a_group_has_its_own_plan_and_a_plan_that_is_off_tells_nobody() -> None:
    world = make_world()
    customer = make_debtor(world)
    group = customer._meta.get_field("group").related_model.objects.filter(company_id=world.company.id).first()
    type(customer).objects.filter(pk=customer.pk).update(group_id=group.pk)
    make_claim(world, customer)
    make_plan(world, level(1))
    make_plan(world, level(3), group_id=group.pk)

    assert [remind(world, day) for day in (1, 3)] == [0, 1]
    assert marks(world) == [(3, "told")]


def test_whom_no_message_reaches_goes_on_the_call_list() -> None:
    world = make_world()
    make_plan(world, level(1))
    make_claim(world, make_debtor(world, email=""))

    remind(world, 1)

    assert marks(world) == [(1, "call")]
    assert Reminder.objects.get().call is True


def test_the_database_has_one_row_for_each_part_and_level() -> None:
    world = make_world()
    make_plan(world, level(1))
    make_claim(world, make_debtor(world))
    remind(world, 1)
    mark = ReminderMark.objects.get()

    mark.pk = new_id()
    with pytest.raises(IntegrityError, match="one_reminder_per_level"), transaction.atomic():
        mark.save(force_insert=True)


def test_a_thousand_invoices_are_as_many_statements_as_one() -> None:
    world = make_world()
    make_plan(world, level(1))
    make_claim(world, make_debtor(world))
    with CaptureQueriesContext(connection) as one:
        send_reminders(company_id=world.company.id, at=days_later(1))

    for _n in range(3):
        make_claim(world, make_debtor(world))
    with CaptureQueriesContext(connection) as many:
        send_reminders(company_id=world.company.id, at=days_later(1))

    assert len(many) == len(one) == 14
    assert ReminderMark.objects.count() == 4


def test_customers_are_not_split_between_two_turns() -> None:
    world = make_world()
    make_plan(world, level(1))
    for _n in range(2):
        customer = make_debtor(world)
        make_claim(world, customer)
        make_claim(world, customer)

    assert remind(world, 1, at_once=3) == 4

    assert mails(world) == ["Tagihan Rp 222.000"] * 2
    assert days_later(1) > NOW


@pytest.mark.django_db(transaction=True)
def test_the_clock_asks_for_a_company_once_while_its_turn_waits() -> None:
    world = make_world()
    make_plan(world, level(1))

    remind_customers(timestamp=0)
    remind_customers(timestamp=900)

    waiting = ProcrastinateJob.objects.filter(task_name="niaga.invoicing.jobs.remind", status="todo")
    assert [job.args for job in waiting] == [{"company_id": str(world.company.id)}]


def test_a_reminder_can_carry_the_customers_page_of_the_invoice_always_the_same() -> None:
    world = make_world()
    words = {"subject": "Tagihan", "text": "Bayar di {{link}}"}
    make_plan(world, level(1, words={"id": words}), level(7, words={"id": words}))
    make_claim(world, make_debtor(world))

    for days in (1, 7):
        remind(world, days)
    pages = [text.removeprefix("Bayar di ") for text in Email.objects.order_by("id").values_list("text", flat=True)]

    assert len(pages) == 2
    assert len(set(pages)) == 1
    assert Client().get(urlsplit(pages[0]).path).status_code == 200
