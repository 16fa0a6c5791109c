from datetime import timedelta
from decimal import Decimal

import pytest

from niaga.core.errors import Forbidden, Invalid, NotFound, StaleVersion
from niaga.core.models import AuditEntry
from niaga.parties.errors import Archived, CodeTaken
from niaga.parties.models import Address, Contact, CreditAccount, Customer, CustomerGroup, PaymentTerm, TimelineEntry
from niaga.parties.queries.find_customers import find_customers, possible_duplicates
from niaga.parties.rules.customer import NewAddress, NewContact, NewCustomer
from niaga.parties.services.archive_customer import archive_customer
from niaga.parties.services.create_customers import create_customers
from niaga.parties.services.save_address import save_address
from niaga.parties.services.save_contact import save_contact
from niaga.parties.services.update_customer import update_customer
from niaga.parties.tests.makers import AT, make_company, make_customer, make_user

pytestmark = pytest.mark.django_db


def test_a_name_is_enough_for_a_customer() -> None:
    company = make_company()
    owner = make_user(company)

    customer = make_customer(company.pk, owner, name="  Toko  Makmur Jaya ")

    assert (customer.code, customer.name, customer.version) == ("C-00001", "Toko Makmur Jaya", 1)
    account = CreditAccount.objects.get(customer=customer)
    assert (account.limit, account.currency, account.on_hold) == (None, "IDR", False)
    assert list(AuditEntry.objects.filter(subject_kind="customer").values_list("verb", "actor_id")) == [
        ("create", owner.pk)
    ]
    assert TimelineEntry.objects.get().kind == "customer.created"


def test_a_whole_customer_is_kept_in_the_shapes_of_the_house() -> None:
    company = make_company()
    owner = make_user(company)
    term = PaymentTerm.objects.get(company=company, code="NET30")

    customer = make_customer(
        company.pk,
        owner,
        code="MKR",
        phone="0812-3456-7890",
        tax_id_kind="npwp",
        tax_id="01.312.166.0-091.000",
        payment_term_id=term.pk,
        credit_limit=Decimal(5_000_000),
        contacts=(NewContact(name="Bu Sri", phone="031 7345678"),),
        addresses=(NewAddress(street="Jl. Raya Darmo 1", city="Surabaya"),),
    )

    assert (customer.phone, customer.tax_id) == ("+6281234567890", "0013121660091000")
    assert customer.credit_account.limit == 5_000_000
    assert Contact.objects.get().phone == "+62317345678"
    assert Address.objects.get().country == "ID"


def test_every_fault_of_every_row_is_told_at_once_and_nothing_is_written() -> None:
    company = make_company()
    owner = make_user(company)
    rows = [
        NewCustomer(name="", phone="12"),
        NewCustomer(name="Baik", code="A1"),
        NewCustomer(name="Buruk", code="a1", tax_id="12", email="bukan surel"),
    ]

    with pytest.raises(Invalid) as refusal:
        create_customers(company_id=company.pk, rows=rows, by=owner, at=AT)

    found = [(item["line"], item["field"]) for item in refusal.value.lines]
    assert found == [(1, "name"), (1, "phone"), (3, "email"), (3, "tax_id"), (3, "code")]
    assert not Customer.objects.exists()


def test_a_taken_code_is_refused_and_a_drawn_one_steps_over_it() -> None:
    company = make_company()
    owner = make_user(company)
    make_customer(company.pk, owner, code="C-00001")

    with pytest.raises(CodeTaken):
        make_customer(company.pk, owner, code="C-00001")

    assert make_customer(company.pk, owner).code == "C-00002"


def test_a_reference_of_another_company_is_unknown() -> None:
    company, other = make_company(), make_company()
    group = CustomerGroup.objects.filter(company=other).first()

    with pytest.raises(Invalid) as refusal:
        make_customer(company.pk, make_user(company), group_id=group.pk)  # type: ignore[union-attr]

    assert refusal.value.field == "group"


def test_a_salesperson_keeps_to_their_own_customers() -> None:
    company = make_company()
    maya = make_user(company, "salesperson")
    budi = make_user(company, "salesperson")

    customer = make_customer(company.pk, maya)

    assert customer.salesperson_id == maya.pk
    assert [found.id for found in find_customers("makmur", maya)] == [customer.pk]
    assert find_customers("makmur", budi) == []
    with pytest.raises(Forbidden):
        update_customer(customer_id=customer.pk, by=budi, at=AT, name="Diambil")
    with pytest.raises(Forbidden):
        make_customer(company.pk, maya, salesperson_id=budi.pk)
    with pytest.raises(Forbidden):
        make_customer(company.pk, maya, credit_limit=Decimal(1))


def test_another_companys_customer_does_not_exist() -> None:
    company, other = make_company(), make_company()
    customer = make_customer(company.pk, make_user(company))

    with pytest.raises(NotFound):
        update_customer(customer_id=customer.pk, by=make_user(other), at=AT, name="x")


def test_a_change_is_noted_with_before_and_after() -> None:
    company = make_company()
    owner = make_user(company)
    customer = make_customer(company.pk, owner)

    update_customer(customer_id=customer.pk, by=owner, at=AT, version=1, name="Toko Makmur Abadi")

    entry = AuditEntry.objects.get(subject_kind="customer", verb="change")
    assert entry.data == {"name": ["Toko Makmur Jaya", "Toko Makmur Abadi"]}
    assert [found.name for found in find_customers("abad", owner)] == ["Toko Makmur Abadi"]
    with pytest.raises(StaleVersion):
        update_customer(customer_id=customer.pk, by=owner, at=AT, version=1, name="Lain")


def test_an_archived_customer_is_put_away_and_back() -> None:
    company = make_company()
    owner = make_user(company)
    customer = make_customer(company.pk, owner)

    archive_customer(customer_id=customer.pk, by=owner, at=AT)

    assert find_customers("makmur", owner) == []
    with pytest.raises(Archived):
        update_customer(customer_id=customer.pk, by=owner, at=AT, name="x")
    archive_customer(customer_id=customer.pk, by=owner, at=AT, restore=True)
    assert len(find_customers("makmur", owner)) == 1


def test_people_and_places_are_found_by_their_customer() -> None:
    company = make_company()
    owner = make_user(company)
    customer = make_customer(company.pk, owner)

    sri = save_contact(customer_id=customer.pk, by=owner, at=AT, name="Sri Wahyuni", phone="08123 456 789")
    tono = save_contact(customer_id=customer.pk, by=owner, at=AT, name="Tono", is_main=True)
    save_address(customer_id=customer.pk, by=owner, at=AT, city="Malang")

    for text in ("wahy", "3456", "malang", "makmur", "00001"):
        assert [found.id for found in find_customers(text, owner)] == [customer.pk], text
    assert list(Contact.objects.filter(is_main=True)) == [tono]
    save_contact(customer_id=customer.pk, by=owner, at=AT + timedelta(1), contact_id=sri.pk, archive=True)
    assert find_customers("wahyuni", owner) == []


def test_the_exact_code_comes_first_then_names_that_begin_so() -> None:
    company = make_company()
    owner = make_user(company)
    for name, code in (("Warung Sari", "W1"), ("Sari Rasa", "S1"), ("Anugerah", "SARI")):
        make_customer(company.pk, owner, name=name, code=code)

    assert [found.code for found in find_customers("sari", owner)] == ["SARI", "S1", "W1"]
    assert [found.code for found in find_customers("s", owner)] == ["S1"]
    assert [found.code for found in find_customers("", owner, 2)] == ["SARI", "S1"]


def test_a_likely_duplicate_is_shown() -> None:
    company = make_company()
    owner = make_user(company)
    customer = make_customer(company.pk, owner, name="PT Makmur Jaya", phone="0812-3456-7890")

    assert [found.id for found in possible_duplicates(by=owner, name="Toko Makmur Jaya")] == [customer.pk]
    assert [found.id for found in possible_duplicates(by=owner, phone="+6281234567890")] == [customer.pk]
    assert possible_duplicates(by=owner, name="Makmur Sentosa") == []
    assert possible_duplicates(by=owner, name="PT Makmur Jaya", but=customer.pk) == []


def test_writing_customers_costs_the_same_statements_for_one_and_for_many(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    company = make_company()
    owner = make_user(company)
    make_customer(company.pk, owner)

    for count in (1, 300):
        rows = [NewCustomer(name=f"Toko {count} {n}", contacts=(NewContact(name="Ani"),)) for n in range(count)]
        # company, number, taken codes, write; and three savepoints
        with django_assert_num_queries(4 + 4):
            create_customers(company_id=company.pk, rows=rows, by=owner, at=AT)
