"""Members are told by e-mail before points end: once for each lot, and only who can be and wants to be told."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from niaga.messaging.models import Email
from niaga.parties.models import Customer, TimelineEntry
from niaga.parties.services.record_consent import record_consent
from niaga.pricing.jobs import tell_before_points_end
from niaga.pricing.models import PointsLot, PointsNotice
from niaga.pricing.queries.ending_points import programmes_that_tell
from niaga.pricing.services.adjust_points import adjust_points
from niaga.pricing.services.expire_points import expire_points
from niaga.pricing.services.set_programme import NewProgramme, set_programme
from niaga.pricing.services.tell_ending_points import AT_ONCE, tell_ending_points
from tests.makers import NOW, make_customer, make_world

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
FACTS = {"name": "Poin Setia", "point_value": Decimal(100), "expires_after": 12}


def in_days(days: int) -> Any:
    return NOW + timedelta(days=days)


def say(world: Any, **facts: Any) -> None:
    programme = NewProgramme(**{**FACTS, **facts})
    set_programme(company_id=world.company.id, programme=programme, by=world.owner, at=NOW)


def shop(email: str = "sari@toko.example", **programme: Any) -> tuple[Any, Any]:
    world = make_world()
    say(world, **programme)
    customer = make_customer(world, name="Toko Sari")
    Customer.objects.filter(pk=customer.pk).update(email=email, language="id")
    return world, customer


def give(world: Any, customer: Any, points: int, *, ends_in: int) -> None:
    """Points that end so many days from today."""
    adjust_points(customer_id=customer.pk, points=points, reason="Hadiah", by=world.owner, at=NOW)
    newest = PointsLot.objects.filter(account__customer=customer).order_by("-id").first()
    assert newest is not None
    PointsLot.objects.filter(pk=newest.pk).update(expires_on=TODAY + timedelta(days=ends_in))


def tell(days: int = 0) -> int:
    """What the hourly job does so many days from today. Returns how many mails there are by then."""
    for programme_id in programmes_that_tell():
        last = tell_ending_points(programme_id=programme_id, at=in_days(days))
        while last is not None:
            last = tell_ending_points(programme_id=programme_id, after=last, at=in_days(days))
    return Email.objects.count()


def test_a_member_is_told_once_thirty_days_before_points_end():
    world, customer = shop()
    give(world, customer, 1200, ends_in=31)

    counts = [tell(0), tell(1), tell(1), tell(2), tell(30)]

    assert counts == [0, 1, 1, 1, 1]
    mail = Email.objects.get()
    assert (mail.to, mail.subject) == (
        ["sari@toko.example"],
        f"1.200 poin Anda di {world.company.name} segera berakhir",
    )
    assert "1.200 poin berakhir pada 24 Des 2026." in mail.text
    assert "Rp\u00a0120.000" in mail.text
    assert mail.html
    assert list(PointsNotice.objects.values_list("points", "email_id")) == [(1200, mail.id)]
    assert TimelineEntry.objects.filter(customer_id=customer.pk, kind="points.notice").count() == 1


def test_after_an_outage_of_ten_days_a_member_is_told_once_and_not_of_what_ended_meanwhile():
    world, customer = shop()
    give(world, customer, 50, ends_in=5)
    give(world, customer, 700, ends_in=32)
    expire_points(at=in_days(10))

    counts = [tell(10), tell(10), tell(11)]

    assert counts == [1, 1, 1]
    text = Email.objects.get().text
    assert "700 poin berakhir pada 25 Des 2026." in text
    assert "50 poin" not in text


def test_what_ends_within_a_week_more_is_in_the_same_mail_and_what_ends_later_has_one_of_its_own():
    world, customer = shop()
    for points, days in ((10, 30), (20, 33), (40, 36), (80, 37)):
        give(world, customer, points, ends_in=days)

    first, later = tell(0), tell(7)

    assert (first, later) == (1, 2)
    told, second = Email.objects.order_by("created_at")
    assert [line for line in told.text.splitlines() if "berakhir pada" in line] == [
        "10 poin berakhir pada 23 Des 2026.",
        "20 poin berakhir pada 26 Des 2026.",
        "40 poin berakhir pada 29 Des 2026.",
    ]
    assert "80 poin berakhir pada 30 Des 2026." in second.text


@pytest.mark.parametrize(
    "programme",
    [{"notice_days": 0}, {"is_on": False}, {"point_value": Decimal(0)}, {"valid_to": TODAY - timedelta(days=1)}],
)
def test_nobody_is_told_while_the_notice_or_the_programme_is_off(programme):
    world, customer = shop(**programme)
    give(world, customer, 500, ends_in=10)

    assert tell() == 0
    assert not PointsNotice.objects.exists()


def test_who_has_no_address_said_no_to_mails_or_used_everything_is_not_told():
    world, silent = shop(email="")
    refuser, keeper, spender, archived, wrong = (make_customer(world, name=f"Toko {n}") for n in range(5))
    for one in (refuser, keeper, spender, archived):
        Customer.objects.filter(pk=one.pk).update(email=f"{one.code}@toko.example")
    Customer.objects.filter(pk=wrong.pk).update(email="bukan alamat")
    for one in (silent, refuser, keeper, spender, archived, wrong):
        give(world, one, 100, ends_in=10)
    Customer.objects.filter(pk=archived.pk).update(archived_at=NOW)
    adjust_points(customer_id=spender.pk, points=-100, reason="Salah", by=world.owner, at=NOW)
    for one, answers in ((refuser, (True, False)), (keeper, (False, True))):
        for turn, given in enumerate(answers):
            at = NOW + timedelta(minutes=turn)
            record_consent(customer_id=one.pk, purpose="marketing_email", given=given, by=world.owner, at=at)

    tell()

    assert [mail.subject_id for mail in Email.objects.all()] == [keeper.pk]


def test_many_members_are_told_in_steps_and_each_once(django_assert_num_queries):
    world, _customer = shop()
    many = AT_ONCE + 3
    for number in range(many):
        customer = make_customer(world, name=f"Toko {number}")
        Customer.objects.filter(pk=customer.pk).update(email=f"toko{number}@toko.example")
        give(world, customer, 10, ends_in=3)
    [programme_id] = programmes_that_tell()

    with django_assert_num_queries(9):
        last = tell_ending_points(programme_id=programme_id, at=NOW)
    tell()

    assert last is not None
    assert Email.objects.count() == many == Email.objects.values("to").distinct().count()


def test_the_hourly_job_tells_and_a_notice_is_never_changed(monkeypatch):
    world, customer = shop()
    give(world, customer, 100, ends_in=10)
    monkeypatch.setenv("NIAGA_NOW", TODAY.isoformat())
    tell_before_points_end(timestamp=0)
    assert tell() == 1
    notice = PointsNotice.objects.get()

    with pytest.raises(DatabaseError), transaction.atomic():
        PointsNotice.objects.update(points=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        PointsNotice.objects.create(lot_id=notice.lot_id, email_id=notice.email_id, points=1, at=NOW)


def test_points_that_end_soon_are_said_on_the_customers_card_and_where_a_salesperson_sells(client: Client):
    world, customer = shop()
    give(world, customer, 300, ends_in=12)
    give(world, customer, 900, ends_in=200)
    client.force_login(world.owner)

    card = client.get(f"/customers/{customer.pk}").content.decode()
    form = client.get(f"/quotations/new?customer={customer.pk}").content.decode()
    say(world, notice_days=0)
    quiet = client.get(f"/quotations/new?customer={customer.pk}").content.decode()

    assert "300 poin berakhir pada 5 Des 2026" in card
    assert "300 poin berakhir pada 5 Des 2026." in form
    assert "berakhir" not in quiet
