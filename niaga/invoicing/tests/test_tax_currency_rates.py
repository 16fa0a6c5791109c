"""Tax rates of currencies by the week, and invoices that are filed in rupiah by them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from lxml import etree

from niaga.core.errors import Forbidden, Invalid
from niaga.core.models import AuditEntry
from niaga.documents import store
from niaga.invoicing.errors import CurrencyRatesRefused, NotFit
from niaga.invoicing.models import Invoice, TaxCurrencyRate, TaxFiling
from niaga.invoicing.services.make_tax_file import make_tax_file
from niaga.invoicing.services.withdraw_tax_file import withdraw_tax_file
from niaga.invoicing.services.write_tax_currency_rates import (
    NewCurrencyRate,
    RatesWritten,
    write_tax_currency_rates,
)
from niaga.organization.services.create_token import create_token
from niaga.parties.services.save_address import save_address
from niaga.sales.rules.lines import LineInput
from tests.makers import NOW, World, log_in, make_customer, make_issued_invoice, make_product, make_user, make_world

pytestmark = pytest.mark.django_db
D = Decimal
WEDNESDAY = date(2026, 11, 18)
"""The week of the makers' Monday, 23 November."""


@pytest.fixture
def world(settings: Any, tmp_path: Any) -> World:
    settings.DATA_DIR = tmp_path
    return make_world(npwp="0012345678901000", currency="USD")


def billed(world: World, *, price: str = "50.125") -> Invoice:
    customer = make_customer(world, tax_id_kind="npwp", tax_id="0098765432101000")
    save_address(customer_id=customer.id, label="Kantor", street="Jl. Darmo 12", by=world.owner, at=NOW)
    product = make_product(world, kind="service", price=D(price))
    return make_issued_invoice(world, [LineInput(product_id=product.id, quantity=D(2))], customer=customer)


def written(world: World, *rates: tuple[str, Any], day: date = WEDNESDAY, **more: Any) -> RatesWritten:
    return write_tax_currency_rates(
        company_id=world.company.id, valid_from=day, by=more.pop("by", world.owner), at=NOW,
        rates=[NewCurrencyRate(currency, None if rate is None else D(rate)) for currency, rate in rates], **more,
    )  # fmt: skip


def file_of(world: World, *invoices: Invoice) -> Any:
    return make_tax_file(company_id=world.company.id, invoice_ids=[one.id for one in invoices], by=world.owner, at=NOW)


def xml_of(file: Any) -> Any:
    return etree.fromstring(store.path_of(file.file.sha256).read_bytes())


def faults(world: World, invoice: Invoice) -> list[tuple[str, str]]:
    with pytest.raises(NotFit) as refusal:
        file_of(world, invoice)
    return [(one["code"], one["about"]) for one in refusal.value.lines]


def test_an_invoice_in_dollars_is_filed_in_rupiah_at_the_rate_of_its_week(world: World) -> None:
    invoice = billed(world)
    written(world, ("USD", "16450.55"), ("EUR", "17900"))
    written(world, ("USD", "16600"), day=WEDNESDAY + timedelta(days=7))
    written(world, ("USD", "16300"), day=WEDNESDAY - timedelta(days=7))

    file = file_of(world, invoice)

    [goods] = xml_of(file).iter("GoodService")
    named = {name: goods.findtext(name) for name in ("TaxBase", "OtherTaxBase", "VATRate", "VAT")}
    assert (invoice.currency, invoice.net, invoice.tax) == ("USD", D("100.25"), D("11.03"))
    assert named == {"TaxBase": "1649168", "OtherTaxBase": "1511737", "VATRate": "12", "VAT": "181408"}
    assert (file.net, file.tax) == (D(1_649_168), D(181_408))
    assert TaxFiling.objects.get().currency_rate == D("16450.55")


def test_a_day_without_a_rate_is_named_and_never_counted_as_one(world: World) -> None:
    invoice = billed(world)

    nothing = faults(world, invoice)
    written(world, ("EUR", "17900"))
    written(world, ("USD", "16450"), day=WEDNESDAY - timedelta(days=7))
    written(world, ("USD", "16450"), day=WEDNESDAY, valid_until=date(2026, 11, 22))
    still = faults(world, invoice)
    written(world, ("USD", "16450"), day=WEDNESDAY, valid_until=date(2026, 11, 23))

    assert nothing == still == [("currency", "USD 2026-11-23")]
    assert file_of(world, invoice).tax > 0


def test_a_rate_put_right_later_leaves_a_made_file_and_counts_when_it_is_made_anew(world: World) -> None:
    invoice = billed(world)
    written(world, ("USD", "16000"))
    first = file_of(world, invoice)
    before = xml_of(first).findtext(".//TaxBase")

    written(world, ("USD", "16500"))
    kept = (xml_of(first).findtext(".//TaxBase"), TaxFiling.objects.get().currency_rate)
    withdraw_tax_file(file_id=first.id, by=world.owner, at=NOW)
    between = TaxFiling.objects.get().currency_rate
    second = file_of(world, invoice)

    assert (before, kept) == ("1604000", ("1604000", D(16_000)))
    assert between is None
    assert xml_of(second).findtext(".//TaxBase") == "1654125"


def test_a_week_is_written_again_and_says_what_came_of_it(world: World) -> None:
    first = written(world, ("USD", "16450"), ("eur", "17900"), ("JPY", "109.5"), decree=" 47/MK/EF.2/2026 ")
    again = written(world, ("USD", "16450"), ("EUR", "17950"), ("JPY", None), ("SGD", None))

    assert (first, again) == (RatesWritten(added=3), RatesWritten(changed=1, removed=1, same=2))
    rows = TaxCurrencyRate.objects.order_by("currency").values_list("currency", "rate", "valid_until", "decree")
    assert list(rows) == [
        ("EUR", D(17_950), date(2026, 11, 24), ""), ("USD", D(16_450), date(2026, 11, 24), "47/MK/EF.2/2026"),
    ]  # fmt: skip
    told = AuditEntry.objects.filter(subject_kind="tax_currency_rate").order_by("id").last()
    assert told is not None
    assert told.data["rates"] == {"EUR": ["17900", "17950"], "JPY": ["109.5", None]}


@pytest.mark.parametrize(
    ("rates", "found"),
    [
        ([("IDR", "1")], ["1 currency"]),
        ([("XYZ", "1"), ("U$", "1"), ("<b>", "1")], ["1 currency", "2 currency", "3 currency"]),
        ([("", "1")], ["1 currency"]),
        ([("USD", "1"), ("usd", "2")], ["2 currency"]),
        ([("USD", "0"), ("EUR", "-1")], ["1 rate", "2 rate"]),
        ([("SGD", "0.0000001"), ("GBP", "1e12")], ["1 rate", "2 rate"]),
        ([("USD", "NaN"), ("EUR", "Infinity")], ["1 rate", "2 rate"]),
    ],
)  # fmt: skip
def test_rates_that_cannot_be_are_all_named_and_none_is_written(world: World, rates: Any, found: list[str]) -> None:
    with pytest.raises(CurrencyRatesRefused) as refusal:
        written(world, *rates, ("CHF", "18000"))

    assert [f"{one['line']} {one['field']}" for one in refusal.value.lines] == found
    assert TaxCurrencyRate.objects.count() == 0


def test_a_mark_in_the_wrong_place_is_seen_by_the_last_rate(world: World) -> None:
    written(world, ("USD", "16450"), ("EUR", "17900"))

    for rate in ("16.45", "1645000"):
        with pytest.raises(CurrencyRatesRefused) as refusal:
            written(world, ("EUR", "18000"), ("USD", rate), day=WEDNESDAY + timedelta(days=7))
        assert [(one["line"], one["field"]) for one in refusal.value.lines] == [(2, "rate")]
    assert TaxCurrencyRate.objects.count() == 2


def test_days_that_cannot_be_and_nothing_at_all_are_refused(world: World) -> None:
    for bad in (
        {"valid_until": WEDNESDAY - timedelta(days=1)}, {"valid_until": WEDNESDAY + timedelta(days=60)},
        {"day": date.max},
    ):  # fmt: skip
        with pytest.raises(Invalid):
            written(world, ("USD", "1"), **bad)
    with pytest.raises(Invalid):
        written(world)
    assert TaxCurrencyRate.objects.count() == 0


def test_only_who_records_for_the_tax_office_writes_them_and_each_company_has_its_own(world: World) -> None:
    other = make_world(npwp="0012345678901001", currency="USD")
    invoice = billed(world)
    written(other, ("USD", "16450"))

    for role in ("salesperson", "auditor"):
        with pytest.raises(Forbidden):
            written(world, ("USD", "1"), by=make_user(world.company, role))
    with pytest.raises(Forbidden):
        written(world, ("USD", "1"), by=other.owner)
    assert faults(world, invoice) == [("currency", "USD 2026-11-23")]


def test_the_database_refuses_a_rate_of_nothing_and_two_of_a_week(world: World) -> None:
    written(world, ("USD", "16450"))

    for values in ({"rate": 0}, {"valid_until": date(2026, 1, 1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            TaxCurrencyRate.objects.update(**values)
    row = TaxCurrencyRate.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_a_week_costs_the_same_statements_for_one_and_for_many(world: World) -> None:
    written(world, ("USD", "100"), day=WEDNESDAY - timedelta(days=7))
    counts = []
    for place, currencies in enumerate((["USD"], ["USD", "EUR", "JPY", "SGD", "AUD", "GBP", "CHF", "MYR"])):
        with CaptureQueriesContext(connection) as asked:
            written(world, *[(one, "100") for one in currencies], day=WEDNESDAY + timedelta(days=7 * place))
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_finance_is_led_from_the_check_to_the_week_and_back(world: World) -> None:
    invoice = billed(world)
    client = log_in(make_user(world.company, "finance"))

    checked = client.get("/tax-invoices/check?month=2026-11").content.decode()
    form = client.get("/tax-invoices/rates/new?day=2026-11-23").content.decode()
    wrong = client.post("/tax-invoices/rates/new", {"valid_from": "2026-11-18", "rows": "USD abc\nQQQ 5"})
    refused = client.post("/tax-invoices/rates/new", {"valid_from": "2026-11-18", "rows": "QQQ 5"})
    saved = client.post(
        "/tax-invoices/rates/new", {"valid_from": "2026-11-18", "rows": "USD\t16.450,55\r\nEUR: 17.900\n"}
    )
    listed = client.get("/tax-invoices/rates").content.decode()
    again = client.get("/tax-invoices/rates/new?week=2026-11-18").content.decode()
    mended = client.get("/tax-invoices/check?month=2026-11").content.decode()
    client.post("/tax-invoices/files/new", {"month": "2026-11"})
    page = client.get(f"/invoices/{invoice.pk}").content.decode()

    assert "Belum ada kurs pajak untuk USD, 23 Nov 2026" in checked
    assert 'href="/tax-invoices/rates/new?day=2026-11-23"' in checked
    assert 'value="2026-11-18"' in form
    assert (wrong.status_code, refused.status_code, saved.status_code) == (422, 422, 303)
    assert "Baris 1 tidak terbaca: USD abc" in wrong.content.decode()
    assert "QQQ" in refused.content.decode()
    assert "16.450,55" in listed
    assert "USD 16.450,55" in again
    assert "1 faktur dapat dilaporkan" in mended
    assert "16.450,55" in page


def test_by_the_api_a_week_is_written_and_read(world: World) -> None:
    token = create_token(user_id=world.owner.id, name="test", by=world.owner, at=NOW)
    client = log_in(world.owner)
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {token.text}"

    def put(**body: Any) -> Any:
        return client.put("/api/v1/tax-currency-rates", body, content_type="application/json")

    done = put(valid_from="2026-11-18", rates=[{"currency": "USD", "rate": "16450.55"}])
    wrong = put(valid_from="2026-11-18", rates=[{"currency": "IDR", "rate": "1"}])
    holds = client.get("/api/v1/tax-currency-rates?on=2026-11-24&currency=usd").json()["items"]
    later = client.get("/api/v1/tax-currency-rates?on=2026-11-25").json()["items"]
    file_of(world, billed(world))
    [filed] = client.get("/api/v1/tax-invoices").json()["items"]

    assert done.json() == {"added": 1, "changed": 0, "removed": 0, "same": 0}
    assert (wrong.status_code, wrong.json()["code"]) == (422, "currency_rates_refused")
    assert [(one["currency"], one["rate"], one["valid_until"]) for one in holds] == [("USD", "16450.55", "2026-11-24")]
    assert later == []
    assert (filed["currency"], filed["net"], filed["currency_rate"]) == ("USD", "100.25", "16450.55")
