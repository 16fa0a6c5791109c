"""Pages, paper and API of tukar faktur."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from niaga.core import clock
from niaga.documents.queries.attachments import attachments_of
from niaga.invoicing.models import ExchangeItem, ExchangeRound, ExchangeRule
from niaga.invoicing.tests.makers import days_later, make_claim, make_debtor
from niaga.invoicing.tests.test_exchanges import due_of, make_buyer, plan
from niaga.organization.services.create_token import create_token
from tests.makers import NOW, World, log_in, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(monkeypatch: Any) -> World:
    monkeypatch.setattr(clock, "now", lambda: days_later(1))
    return make_world()


def test_a_round_is_proposed_planned_carried_out_and_ends(world: World) -> None:
    claim = make_claim(world, make_buyer(world, place="Loket 3"))
    client = log_in(world.owner)

    proposal = client.get("/exchange-rounds/new?date=2026-11-24").content.decode()
    client.post("/exchange-rounds/new", {"date": "2026-11-24", "collector": world.owner.id, "invoice_ids": claim.pk})
    found = ExchangeRound.objects.get()
    page = client.get(f"/exchange-rounds/{found.pk}").content.decode()
    picture = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(picture, "PNG")
    client.post(
        f"/exchange-rounds/{found.pk}/outcomes",
        {"invoice_ids": claim.pk, "outcome": "taken", "receipt_number": "TT-7", "promised": "2026-12-24",
         "photo": SimpleUploadedFile("tanda.png", picture.getvalue(), "image/png")},
    )  # fmt: skip

    assert f'value="{claim.pk}" checked' in proposal
    assert "Loket 3" in page
    found.refresh_from_db()
    assert (found.number, found.status, due_of(claim)) == ("TTF-2026-00001", "done", date(2026, 12, 24))
    [photo] = attachments_of(kind="invoice", ids=[claim.pk])[claim.pk]
    assert photo.purpose == "photo"
    assert "TT-7" in client.get(f"/invoices/{claim.pk}").content.decode()


def test_what_is_missing_is_said_and_nothing_is_written(world: World) -> None:
    claim = make_claim(world, make_buyer(world))
    round_id = plan(world, claim)
    client = log_in(world.owner)

    answer = client.post(f"/exchange-rounds/{round_id}/outcomes", {"invoice_ids": claim.pk, "outcome": "refused"})
    nobody = client.post(f"/exchange-rounds/{round_id}/outcomes", {"invoice_ids": "x", "outcome": "missed"})

    assert (answer.status_code, nobody.status_code) == (422, 422)
    assert ExchangeItem.objects.get().outcome == "waiting"


def test_a_rule_is_written_at_the_customer(world: World) -> None:
    customer = make_debtor(world)
    client = log_in(world.owner)
    form = {"is_active": "on", "weekdays": ["1"], "month_days": "10, 31", "time_from": "09:00", "time_until": "12:00",
            "place": "Lantai 2", "papers": ["invoice", "tax_invoice"]}  # fmt: skip

    client.post(f"/customers/{customer.pk}/exchange-rule", form)
    wrong = client.post(f"/customers/{customer.pk}/exchange-rule", form | {"month_days": "32"})

    rule = ExchangeRule.objects.get()
    assert (rule.weekdays, rule.month_days, rule.place) == ([1], [10, 31], "Lantai 2")
    assert (rule.papers, wrong.status_code) == (["invoice", "tax_invoice"], 422)


def test_the_list_that_a_customer_signs_is_printed(world: World) -> None:
    claim = make_claim(world, make_buyer(world, papers=("invoice", "delivery_note")))
    round_id = plan(world, claim)
    client = log_in(world.owner)

    answer = client.get(f"/paper/exchange_round/{round_id}.pdf?variant={claim.customer_id}")
    nobody = client.get(f"/paper/exchange_round/{round_id}.pdf?variant={world.owner.id}")

    assert (answer.status_code, answer["Content-Type"], nobody.status_code) == (200, "application/pdf", 404)


def test_the_api_plans_a_round_and_notes_what_came_of_it() -> None:
    world = make_world()
    token = create_token(user_id=world.owner.pk, name="uji", by=world.owner, at=NOW)
    claim = make_claim(world, make_buyer(world, weekdays=tuple(range(7))))
    head = {"Authorization": f"Bearer {token.text}"}
    client = Client()
    day = clock.today(at=clock.now(), zone=world.company.zone)
    again_on = (day + timedelta(days=7)).isoformat()

    def send(path: str, body: Any, key: str) -> Any:
        return client.post(
            f"/api/v1{path}", body, content_type="application/json", headers={**head, "idempotency-key": key}
        )

    waiting = client.get("/api/v1/invoices-to-exchange", headers=head).json()["items"]
    made = send("/exchange-rounds", {"date": day.isoformat(), "collector_id": str(world.owner.id),
                                     "invoice_ids": [waiting[0]["invoice_id"]]}, "a")  # fmt: skip
    path = f"/exchange-rounds/{made.json()['id']}/outcomes"
    body = {"invoice_ids": [str(claim.pk)], "outcome": "missed", "next_date": again_on}
    noted, again = send(path, body, "b"), send(path, body, "b")
    other = send(path, body, "c")
    proposals = client.get(f"/api/v1/exchange-proposals?day={again_on}", headers=head).json()

    assert (made.status_code, noted.status_code, again.json(), other.status_code) == (201, 200, noted.json(), 409)
    assert noted.json()["items"][0]["next_date"] == again_on
    assert (noted.json()["status"], due_of(claim)) == ("done", None)
    assert [row["invoice_id"] for row in proposals] == [str(claim.pk)]
