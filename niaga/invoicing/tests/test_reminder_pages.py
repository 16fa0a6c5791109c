"""The pages of reminders: a plan with its preview, the call list and what is noted on it, an invoice's stops."""

from typing import Any

import pytest
from django.test import Client

from niaga.core import clock
from niaga.invoicing.models import CollectionCall, Dispute, PaymentPromise, ReminderPause, ReminderPlan
from niaga.invoicing.tests.makers import days_later, level, make_claim, make_debtor, make_plan, remind
from niaga.organization.services.create_token import create_token
from tests.makers import NOW, World, log_in, make_world

pytestmark = pytest.mark.django_db

PLAN = {
    "send_from": "09:00", "send_until": "17:00", "is_active": "on", "closed_days": "2026-12-24",
    "level-1-days": "3", "level-1-side": "before", "level-1-by_email": "1", "level-1-subject_id": "Halo {{total}}",
    "level-1-text_id": "Yth. {{customer.name}}", "level-2-days": "7", "level-2-side": "after", "level-2-by_call": "1",
}  # fmt: skip


@pytest.fixture
def world(monkeypatch: Any) -> World:
    monkeypatch.setattr(clock, "now", lambda: days_later(2))
    return make_world()


def test_a_plan_is_written_on_its_page_and_changed(world: World) -> None:
    client = log_in(world.owner)

    client.post("/settings/reminders/new", PLAN)
    plan = ReminderPlan.objects.get(company=world.company)
    page = client.get(f"/settings/reminders/{plan.pk}").content.decode()

    assert (plan.is_active, [str(day) for day in plan.closed_days]) == (True, ["2026-12-24"])
    assert list(plan.levels.order_by("days").values_list("days", "by_email", "by_call")) == [
        (-3, True, False), (7, False, True)
    ]  # fmt: skip
    assert "Halo Rp\u00a05.430.000" in page


def test_a_plan_that_cannot_be_followed_says_which_level_and_keeps_what_was_typed(world: World) -> None:
    answer = log_in(world.owner).post("/settings/reminders/new", PLAN | {"level-1-subject_id": "{{password}} x"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "{{password}} x" in page
    assert not ReminderPlan.objects.exists()


def test_the_preview_fills_placeholders_and_shows_hostile_words_as_words(world: World) -> None:
    answer = log_in(world.owner).post(
        "/settings/reminders/preview", {"level-1-days": "7", "level-1-subject_id": "<b>{{total}}</b>",
                                        "level-1-text_id": "{{company.name}} {{__class__}}"}
    )  # fmt: skip

    page = answer.content.decode()
    assert "&lt;b&gt;Rp\u00a05.430.000&lt;/b&gt;" in page
    assert "{{__class__}}" in page


def test_a_call_is_noted_from_the_list(world: World) -> None:
    make_plan(world, level(1, by_call=True))
    customer = make_debtor(world, name="Toko Makmur")
    invoice = make_claim(world, customer)
    remind(world, 1)
    client = log_in(world.owner)

    listed = client.get("/calls").content.decode()
    page = client.get(f"/calls/{customer.pk}").content.decode()
    client.post(f"/calls/{customer.pk}", {"outcome": "promised", "until": "2026-11-30", "note": "Giro"})

    assert "Toko Makmur" in listed
    assert 'href="tel:+628123456789"' in page
    assert invoice.number is not None
    assert invoice.number in page
    assert CollectionCall.objects.get().outcome == "promised"
    assert str(PaymentPromise.objects.get().until_date) == "2026-11-30"
    assert "Toko Makmur" not in client.get("/calls").content.decode().partition("<main")[2]


def test_a_dispute_is_noted_and_settled_on_the_invoice(world: World) -> None:
    customer = make_debtor(world)
    invoice = make_claim(world, customer)
    client = log_in(world.owner)

    client.post(f"/invoices/{invoice.pk}/disputes", {"reason": "Barang <rusak>", "amount": "11.000"})
    page = client.get(f"/invoices/{invoice.pk}").content.decode()
    dispute = Dispute.objects.get()
    client.post(f"/disputes/{dispute.pk}/settlement", {"settlement": "Diganti"})
    dispute.refresh_from_db()

    assert "Barang &lt;rusak&gt;" in page
    assert (int(dispute.amount or 0), dispute.settlement) == (11_000, "Diganti")
    assert "Barang &lt;rusak&gt;" not in client.get(f"/invoices/{invoice.pk}").content.decode().partition("timeline")[0]


def test_a_customer_is_paused_and_reminded_again(world: World) -> None:
    customer = make_debtor(world)
    client = log_in(world.owner)

    client.post(f"/calls/{customer.pk}/pause", {"reason": "Banjir", "until": "2026-12-05"})
    assert "Banjir" in client.get(f"/calls/{customer.pk}").content.decode()
    client.post(f"/calls/{customer.pk}/resumption")

    assert ReminderPause.objects.get().ended_at is not None


def test_what_reminders_brought_in_is_listed(world: World) -> None:
    make_plan(world, level(1))
    make_claim(world, make_debtor(world))
    remind(world, 1)

    page = log_in(world.owner).get("/reminders/results").content.decode()

    assert "11.2026" in page


def test_a_plan_comes_in_by_the_api_with_whatever_json_can_say(world: World) -> None:
    token = create_token(user_id=world.owner.pk, name="uji", by=world.owner, at=NOW)
    client = Client(headers={"Authorization": f"Bearer {token.text}"})
    body = {
        "is_active": True, "send_from": "08:00:00", "send_until": "16:30", "minimum": "50000",
        "levels": [{"days": 1, "words": {"id": {"subject": "Halo\u0000", "text": "{{total}}"}}}],
    }  # fmt: skip

    answer = client.post("/api/v1/reminder-plans", body, content_type="application/json")

    assert answer.status_code == 201, answer.content
    assert answer.json()["send_from"] == "08:00:00"
    assert answer.json()["levels"][0]["words"] == {"id": {"subject": "Halo", "text": "{{total}}"}}
