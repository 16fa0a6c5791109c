from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from niaga.organization.models import Company, User
from niaga.parties.models import Address, Consent, Contact, CreditAccount, Customer, PaymentTerm, TimelineEntry
from niaga.parties.tests.makers import make_company, make_customer, make_user
from tests.makers import log_in

pytestmark = pytest.mark.django_db


def _owner() -> tuple[Company, User, Client]:
    company = make_company()
    user = make_user(company)
    return company, user, log_in(user)


def test_a_list_of_customers_costs_the_same_for_one_and_for_many(django_assert_max_num_queries: Any) -> None:
    company, user, client = _owner()
    for n in range(60):
        make_customer(company.pk, user, name=f"Toko {n:02}")

    with django_assert_max_num_queries(14):
        page = client.get("/customers")

    assert page.status_code == 200
    assert b"Toko 00" in page.content
    assert b"Toko 59" not in page.content


def test_the_list_is_narrowed_and_exported() -> None:
    company, user, client = _owner()
    make_customer(company.pk, user, name="Warung Sari", phone="0812-3456-7890")
    make_customer(company.pk, user, name="Toko Lain")

    assert b"Toko Lain" not in client.get("/customers?q=3456").content
    export = b"".join(client.get("/customers?export=csv").streaming_content)  # type: ignore[attr-defined]
    assert b"Warung Sari" in export


def test_an_empty_list_teaches() -> None:
    _company, _user, client = _owner()

    assert b"/customers/new" in client.get("/customers").content


def test_a_customer_is_written_in_the_form_and_opened() -> None:
    company, _user, client = _owner()
    term = PaymentTerm.objects.get(company=company, code="NET30")
    body = {
        "name": "Toko Makmur", "phone": "0812-3456-7890", "payment_term": str(term.pk), "credit_limit": "5.000.000",
        "contact_name": "Bu Sri", "city": "Malang", "tags": "pareto, kafe", "tax_id_kind": "npwp",
        "tax_id": "01.312.166.0-091.000",
    }  # fmt: skip

    answer = client.post("/customers/new", body)

    customer = Customer.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/customers/{customer.pk}")
    assert (customer.tax_id, customer.payment_term_id) == ("0013121660091000", term.pk)
    assert CreditAccount.objects.get().limit == Decimal(5_000_000)
    assert (Contact.objects.get().name, Address.objects.get().city) == ("Bu Sri", "Malang")
    page = client.get(answer["Location"])
    for text in ("Bu Sri", "Malang", "pareto", "01.312.166.0-091.000"):
        assert text in page.content.decode()


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost() -> None:
    _company, _user, client = _owner()

    answer = client.post("/customers/new", {"name": "Toko", "phone": "12", "tax_id": "123", "tax_id_kind": "nik"})

    text = answer.content.decode()
    assert answer.status_code == 422
    assert text.count('role="alert"') == 2
    assert 'value="Toko"' in text
    assert not Customer.objects.exists()


def test_a_version_that_is_past_is_refused_in_the_form() -> None:
    company, user, client = _owner()
    customer = make_customer(company.pk, user)
    path = f"/customers/{customer.pk}/edit"
    assert 'name="version" value="1"' in client.get(path).content.decode()

    first = client.post(path, {"name": "Satu", "version": "1", "code": customer.code})
    second = client.post(path, {"name": "Dua", "version": "1", "code": customer.code})

    assert (first.status_code, second.status_code) == (303, 422)
    assert Customer.objects.get().name == "Satu"


def test_people_places_credit_notes_and_consent_are_kept_on_thelog_in() -> None:
    company, user, client = _owner()
    customer = make_customer(company.pk, user)
    path = f"/customers/{customer.pk}"

    client.post(f"{path}/contacts/new", {"name": "Tono", "role": "Gudang"})
    client.post(f"{path}/addresses/new", {"street": "Jl. Darmo 1", "city": "Surabaya", "country": "ID"})
    client.post(f"{path}/credit", {"limit": "1.500.000", "on_hold": "on", "note": "Telat bayar"})
    client.post(f"{path}/notes", {"text": "Suka <b>kopi</b>"})
    client.post(f"{path}/consents", {"purpose": "marketing_email", "given": "1"})

    for form in ("contacts/new", "addresses/new", "credit"):
        assert client.get(f"{path}/{form}").status_code == 200
    text = client.get(path).content.decode()
    for shown in ("Tono", "Jl. Darmo 1", "1.500.000", "Telat bayar", "Suka &lt;b&gt;kopi&lt;/b&gt;"):
        assert shown in text
    assert Consent.objects.get().given is True
    tono = Contact.objects.get()
    client.post(f"{path}/contacts/{tono.pk}", {"remove": "1"})
    assert Contact.objects.get().archived_at is not None


def test_a_customers_page_costs_a_fixed_number_of_statements(django_assert_max_num_queries: Any) -> None:
    company, user, client = _owner()
    customer = make_customer(company.pk, user)
    for n in range(20):
        client.post(f"/customers/{customer.pk}/notes", {"text": f"Catatan {n}"})

    with django_assert_max_num_queries(15):
        assert client.get(f"/customers/{customer.pk}").status_code == 200


def test_the_timeline_is_filtered() -> None:
    company, user, client = _owner()
    customer = make_customer(company.pk, user)
    client.post(f"/customers/{customer.pk}/notes", {"text": "Minta katalog"})

    notes = client.get(f"/customers/{customer.pk}?kind=note", headers={"HX-Target": "story"}).content.decode()
    nothing = client.get(f"/customers/{customer.pk}?kind=invoice", headers={"HX-Target": "story"}).content.decode()

    assert "Minta katalog" in notes
    assert "Minta katalog" not in nothing
    assert TimelineEntry.objects.count() == 2


def test_hints_come_beside_the_form() -> None:
    company, user, client = _owner()
    make_customer(company.pk, user, name="PT Makmur Jaya")

    assert "Makmur Jaya" in client.get("/customers/check-duplicates?name=Toko+Makmur+Jaya").content.decode()
    assert 'role="alert"' in client.get("/customers/check-tax-number?tax_id=12&tax_id_kind=npwp").content.decode()
    hint = client.get("/customers/check-tax-number?tax_id=013121660091000&tax_id_kind=npwp").content.decode()
    assert "01.312.166.0-091.000" in hint


def test_a_dialog_makes_a_customer_and_tells_itslog_in() -> None:
    _company, _user, client = _owner()

    bad = client.post("/customers/quick", {"name": ""})
    good = client.post("/customers/quick", {"name": "Toko Baru", "city": "Malang"})

    assert bad.status_code == 422
    assert "customer-created" in good["HX-Trigger"]
    assert client.get("/customers/lookup?q=baru").json()[0]["label"] == "Toko Baru"


def test_pages_keep_to_rights() -> None:
    company = make_company()
    customer = make_customer(company.pk)
    seller = log_in(make_user(company, "salesperson"))
    warehouse = log_in(make_user(company, "warehouse"))

    assert seller.get(f"/customers/{customer.pk}").status_code == 404
    assert warehouse.get(f"/customers/{customer.pk}").status_code == 200
    assert warehouse.get("/customers/new").status_code == 403
    assert warehouse.get("/settings/payment-terms/new").status_code == 403


def test_terms_and_groups_are_set_on_pages() -> None:
    company, _user, client = _owner()
    body = {
        "code": "3X", "name": "Tiga kali", "part_percent": ["50", "30", "20", ""], "part_days": ["0", "30", "60", ""],
        "part_end": ["0", "0", "1", "0"],
    }  # fmt: skip

    made = client.post("/settings/payment-terms/new", body)
    bad = client.post("/settings/payment-terms/new", {**body, "code": "4X", "part_percent": ["50", "30", "10", ""]})
    client.post("/settings/customer-groups/new", {"code": "VIP", "name": "Utama"})

    assert (made.status_code, bad.status_code) == (303, 422)
    term = PaymentTerm.objects.get(company=company, code="3X")
    parts = list(term.parts.order_by("position").values_list("percent", "days", "end_of_month"))
    assert parts == [(50, 0, False), (30, 30, False), (20, 60, True)]
    assert "Tiga kali" in client.get("/settings/payment-terms").content.decode()
    assert "Utama" in client.get("/settings/customer-groups").content.decode()
    assert client.get(f"/settings/payment-terms/{term.pk}").status_code == 200
