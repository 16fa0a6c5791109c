import json
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.template import engines
from django.test import Client

from niaga.core.errors import Refusal
from niaga.ui.middleware import refusal_answer
from niaga.ui.tests import urls

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("niaga.ui.tests.urls"),
    pytest.mark.usefixtures("empty_registries"),
]
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def no_deeds() -> None:
    urls.DEEDS.clear()


def test_a_form_is_done_once_however_often_it_is_sent(browser: Client) -> None:
    sent = {"name": "Makmur", "idempotency_key": str(uuid4())}

    answers = [browser.post("/form", sent) for _ in range(3)]

    assert urls.DEEDS == ["Makmur"]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(303, "/samples")] * 3


def test_a_refusal_stands_beside_its_field_and_the_form_may_be_sent_again(browser: Client) -> None:
    token = str(uuid4())

    refused = browser.post("/form", {"name": "taken", "idempotency_key": token})
    done = browser.post("/form", {"name": "free", "idempotency_key": token})

    assert refused.status_code == 422
    assert 'value="taken"' in refused.content.decode()
    assert "This name is taken." in refused.content.decode()
    assert done.status_code == 303
    assert urls.DEEDS == ["free"]


def test_an_amount_finer_than_its_currency_is_refused(browser: Client) -> None:
    answer = browser.post("/form", {"name": "a", "limit": "1.000,5"})

    assert answer.status_code == 422
    assert "IDR tidak punya pecahan sekecil itu." in answer.content.decode()


def test_htmx_is_led_to_the_next_page_as_a_whole(browser: Client) -> None:
    answer = browser.post("/form", {"name": "a", "idempotency_key": str(uuid4())}, headers=HTMX)

    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/samples")


def test_a_lost_session_is_said_and_not_swapped_in(client: Client) -> None:
    answer = client.post("/form", {"name": "a"}, headers=HTMX)

    assert answer.status_code == 401
    assert answer["HX-Reswap"] == "none"


def test_what_a_page_sends_for_one_person_is_not_taken_as_anothers(browser: Client, person: Any) -> None:
    sent = {"name": "Makmur", "idempotency_key": str(uuid4())}

    others = browser.post("/form", sent, headers={"X-For-User": str(uuid4())})
    own = browser.post("/form", sent, headers={"X-For-User": str(person.pk)})

    assert (others.status_code, own.status_code) == (401, 303)
    assert urls.DEEDS == ["Makmur"]


def test_a_refusal_nobody_caught_is_shown_by_htmx(browser: Client) -> None:
    answer = browser.post("/refused", headers=HTMX)

    assert answer.status_code == 409
    assert json.loads(answer["HX-Trigger"]) == {
        "refused": {"code": "wrong_state", "message": "The quotation has expired.", "field": "valid_until"}
    }


def test_a_refusal_answers_every_line() -> None:
    lines = [{"line": 2, "description": "Gula", "wanted": Decimal("5.5"), "available": Decimal(3)}] * 15

    answer = refusal_answer(Refusal("Not enough stock", lines=lines))

    facts = json.loads(answer["HX-Trigger"])["refused"]
    assert facts["lines"][0] == {"line": "2", "text": "Gula: 5,5 diminta, 3 tersedia"}
    assert (len(facts["lines"]), facts["more"]) == (12, 3)


def test_a_refusal_of_a_plain_form_returns_to_the_page_it_came_from(browser: Client) -> None:
    answer = browser.post("/refused", headers={"Referer": "http://testserver/samples?q=a"})

    assert (answer.status_code, answer["Location"]) == (303, "/samples?q=a")


def test_a_script_is_answered_with_json(browser: Client) -> None:
    answer = browser.post("/refused", headers={"Accept": "application/json"})

    assert answer.status_code == 409
    assert answer.json()["message"] == "The quotation has expired."


def test_the_session_can_be_asked_for(client: Client, person: Any) -> None:
    assert client.get("/session").json()["authenticated"] is False
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    told = client.get("/session").json()
    assert (told["authenticated"], told["user"]) == (True, str(person.pk))


def test_a_document_page_escapes_what_people_wrote(browser: Client) -> None:
    page = browser.get("/document").content.decode()

    assert "SQ-1 · &lt;b&gt;Toko&lt;/b&gt;" in page
    assert 'aria-current="step">Penawaran' in page


def test_a_theme_kept_in_the_cookie_is_written_by_the_server(browser: Client) -> None:
    browser.cookies["niaga_theme"] = "dark"

    assert '<html lang="id" data-theme="dark"' in browser.get("/samples").content.decode()


def test_nonsense_in_the_theme_cookie_is_ignored(browser: Client) -> None:
    browser.cookies["niaga_theme"] = '"><script>'

    assert "data-theme" not in browser.get("/samples").content.decode().split("<head>")[0]


def test_the_language_is_switched_with_one_click(browser: Client) -> None:
    browser.post("/language", {"language": "en", "next": "/samples"})

    assert "Search or do anything" in browser.get("/samples").content.decode()


def test_a_slot_left_out_does_not_take_the_pages_variable_of_that_name() -> None:
    template = engines["django"].from_string('<c-note tone="warn">Mind the limit</c-note><c-empty title="None" />')

    shown = template.render({"actions": "LEAK", "header": "LEAK", "note": "LEAK"})

    assert "LEAK" not in shown
