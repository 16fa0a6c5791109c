"""Receivables by age and statements of account, as pages, files, mails and through the API."""

import csv
import io
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from niaga.core import clock
from niaga.documents.services.print_paper import print_paper
from niaga.invoicing.errors import NoPeriod, PartOfAccount
from niaga.invoicing.models import Invoice
from niaga.invoicing.queries.statement import statement_of
from niaga.invoicing.services.send_statement import send_statement
from niaga.messaging.models import Email, EmailFile
from niaga.parties.models import TimelineEntry
from niaga.payments.models import Payment
from niaga.payments.services.reverse_payment import reverse_payment
from niaga.sales.rules.lines import LineInput
from tests.api import Api
from tests.makers import (
    NOW,
    World,
    log_in,
    make_customer,
    make_issued_invoice,
    make_payment,
    make_product,
    make_user,
    make_world,
    signed_in,
)

pytestmark = pytest.mark.django_db
D = Decimal
DAY = NOW.date()


def story(name: str = "Toko Sinar", **facts: Any) -> tuple[World, Any, Invoice]:
    """A customer who owes 111,000 and paid 40,000 of it."""
    world = make_world()
    shop = make_customer(world, name=name, email="toko@example.co.id", **facts)
    invoice = make_issued_invoice(world, [LineInput(product_id=make_product(world, stock=9).id, quantity=D(1))],
                                  customer=shop)  # fmt: skip
    make_payment(world, shop.id, 40_000, invoices=[(invoice.id, None)])
    return world, shop, invoice


def rows_of(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def test_the_list_tells_what_each_customer_owes_and_leads_to_the_parts() -> None:
    world, shop, invoice = story()
    browser = signed_in(world)

    page = browser.get(f"/ageing?as_of={DAY + timedelta(45)}").content.decode()
    parts = browser.get(f"/ageing/{shop.id}?as_of={DAY}").content.decode()

    assert f"/ageing/{shop.id}" in page
    assert "71.000" in page
    assert invoice.number in parts
    assert "71.000" in parts


def test_the_list_can_be_told_of_an_earlier_day_a_place_and_a_person() -> None:
    world, shop, _invoice = story()
    seller = make_user(world.company, "salesperson")
    browser = signed_in(world)

    def told(query: str) -> list[str]:
        return [row["Piutang"] for row in rows_of(browser.get(f"/ageing?export=csv&{query}"))]

    assert told("") == ["71000"]
    assert told(f"as_of={DAY - timedelta(1)}") == []
    assert told(f"branch={world.branch.id}") == ["71000"]
    assert told(f"branch={shop.id}") == []
    assert told(f"salesperson={seller.id}") == []
    assert told("as_of=nonsense&branch=nonsense") == ["71000"]


def test_who_sees_the_own_invoices_alone_is_told_these_alone() -> None:
    world, shop, _invoice = story()
    seller = make_user(world.company, "salesperson")

    [row] = rows_of(signed_in(world).get("/ageing?export=csv"))

    assert row["Pelanggan"] == shop.name
    assert rows_of(log_in(seller).get("/ageing?export=csv")) == []
    assert log_in(make_user(world.company, "warehouse")).get("/ageing").status_code == 403


def test_a_statement_is_of_the_whole_account_or_not_at_all() -> None:
    world, shop, _invoice = story()
    seller = make_user(world.company, "salesperson")
    type(shop).objects.filter(pk=shop.pk).update(salesperson=seller)

    with pytest.raises(PartOfAccount):
        statement_of(customer_id=shop.id, since=DAY, until=DAY, by=seller)
    with pytest.raises(NoPeriod):
        statement_of(customer_id=shop.id, since=DAY, until=DAY - timedelta(1), by=world.owner)

    assert log_in(seller).get(f"/customers/{shop.id}/statement").status_code == 403


def test_the_page_and_its_file_tell_the_same() -> None:
    world, shop, invoice = story()
    browser = signed_in(world)
    address = f"/customers/{shop.id}/statement?since={DAY}&until={DAY}"

    page = browser.get(address).content.decode()
    rows = rows_of(browser.get(f"{address}&export=csv"))

    assert invoice.number in page
    assert [(row["Debit"], row["Kredit"], row["Saldo"]) for row in rows] == [
        ("", "", "0"), ("111000", "", "111000"), ("", "40000", "71000"), ("", "", "71000")
    ]  # fmt: skip
    assert browser.get(f"{address}&export=xlsx").status_code == 200


def test_a_statement_costs_the_same_however_much_happened(django_assert_max_num_queries: Any) -> None:
    world, shop, _invoice = story()
    product = make_product(world, stock=99)
    for _turn in range(4):
        make_issued_invoice(world, [LineInput(product_id=product.id, quantity=D(1))], customer=shop)

    with django_assert_max_num_queries(7):
        statement = statement_of(customer_id=shop.id, since=DAY, until=DAY, by=world.owner)

    assert len(statement.accounts[0].lines) == 6


def test_it_is_mailed_as_a_paper_in_the_customers_language(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path
    world, shop, _invoice = story(language="en")

    send_statement(
        customer_id=shop.id, since=DAY, until=DAY, currency="IDR", to=["toko@example.co.id"], by=world.owner, at=NOW
    )

    mail = Email.objects.get()
    assert "Statement of account" in mail.subject
    assert "71,000" in mail.text
    assert EmailFile.objects.get().name.endswith(".pdf")
    assert TimelineEntry.objects.filter(customer_id=shop.id, kind="statement.sent").count() == 1
    printed = print_paper(
        kind="statement", subject_id=shop.id, by=world.owner, at=NOW, variant=f"{DAY}_{DAY}_IDR", language="id"
    )
    assert printed.content.startswith(b"%PDF")


def test_the_page_sends_it(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path
    world, shop, _invoice = story()

    answer = signed_in(world).post(
        f"/customers/{shop.id}/statement/sending",
        {"since": str(DAY), "until": str(DAY), "currency": "IDR", "to": "a@example.com, b@example.com"},
    )

    assert answer.status_code in (204, 302, 303)
    assert list(Email.objects.get().to) == ["a@example.com", "b@example.com"]


def test_the_api_tells_all_of_it() -> None:
    world, shop, invoice = story()
    api = Api(world.owner)

    ageing = api.get(f"ageing?as_of={DAY}").json()
    items = api.get(f"ageing/items?as_of={DAY}&customer_id={shop.id}").json()["items"]
    statement = api.get(f"customers/{shop.id}/statement?since={DAY}&until={DAY}").json()
    tomorrow = clock.now().date() + timedelta(3)

    assert ageing["totals"]["receivable"] == ageing["items"][0]["receivable"] == "71000"
    assert ageing["items"][0]["customer_name"] == shop.name
    assert [(one["number"], one["open"]) for one in items] == [(invoice.number, "71000")]
    assert [line["balance"] for line in statement["accounts"][0]["lines"]] == ["111000", "71000"]
    assert api.get(f"ageing?as_of={tomorrow}").status_code == 422


def test_the_customer_is_not_told_why_a_payment_was_taken_back() -> None:
    world, shop, _invoice = story()
    reverse_payment(payment_id=Payment.objects.get().id, reason="Kasir keliru", by=world.owner, at=NOW)

    lines = statement_of(customer_id=shop.id, since=DAY, until=DAY, by=world.owner).accounts[0].lines

    assert [(one.kind, one.balance) for one in lines] == [
        ("invoice", D(111_000)), ("payment", D(71_000)), ("reversal", D(111_000))
    ]  # fmt: skip
    assert not any("keliru" in one.note for one in lines)
