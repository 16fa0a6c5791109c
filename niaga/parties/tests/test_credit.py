from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection, transaction

from niaga.core.batch import Batch
from niaga.core.errors import Forbidden, Invalid, NotFound, StaleVersion
from niaga.core.ids import new_id
from niaga.core.models import AuditEntry
from niaga.core.registry import invariants
from niaga.parties.models import CreditAccount, CreditEntry, TimelineEntry
from niaga.parties.queries.credit import credit_figures, lock_credit_account, lock_credit_accounts
from niaga.parties.services.post_exposure import post_exposure
from niaga.parties.services.set_credit import set_credit
from niaga.parties.tests.makers import AT, make_company, make_customer, make_user

pytestmark = pytest.mark.django_db


def _post(account_id: UUID, **figures: Decimal) -> None:
    batch = Batch()
    post_exposure(batch=batch, account_id=account_id, source_kind="order", source_id=new_id(), at=AT, **figures)
    batch.write()


def _broken(name: str) -> list[tuple[object, ...]]:
    check = invariants.get(name)
    assert check is not None
    with connection.cursor() as cursor:
        cursor.execute(check.sql)
        return list(cursor.fetchall())


def test_what_is_posted_is_what_is_owed() -> None:
    company = make_company()
    customer = make_customer(company.pk, credit_limit=Decimal(1_000))
    account_id = lock_credit_account(customer.pk).account_id

    _post(account_id, orders=Decimal(700))
    _post(account_id, orders=Decimal(-700), invoices=Decimal(700))
    _post(account_id, invoices=Decimal(-200), advances=Decimal(50))

    figures = lock_credit_account(customer.pk)
    assert (figures.orders, figures.invoices, figures.advances) == (0, 500, 50)
    assert (figures.exposure, figures.available) == (450, 550)
    assert (figures.has_room_for(Decimal(550)), figures.has_room_for(Decimal("550.01"))) == (True, False)
    assert CreditEntry.objects.count() == 3
    assert _broken("credit_accounts_are_the_sum_of_their_entries") == []


def test_the_check_finds_a_figure_that_no_entry_explains() -> None:
    company = make_company()
    make_customer(company.pk)

    CreditAccount.objects.update(orders=1)

    assert len(_broken("credit_accounts_are_the_sum_of_their_entries")) == 1


def test_nothing_to_post_writes_nothing_and_twice_in_a_batch_is_refused() -> None:
    customer = make_customer(make_company().pk)
    account_id = lock_credit_account(customer.pk).account_id
    batch = Batch()
    for _time in range(2):
        post_exposure(
            batch=batch, account_id=account_id, source_kind="order", source_id=new_id(), orders=Decimal(1), at=AT
        )

    with pytest.raises(StaleVersion), transaction.atomic():
        batch.write()
    _post(account_id)

    assert not CreditEntry.objects.exists()


def test_without_a_limit_there_is_always_room() -> None:
    figures = lock_credit_account(make_customer(make_company().pk).pk)

    assert figures.available is None
    assert figures.has_room_for(Decimal(10) ** 12)


def test_an_unknown_customer_has_no_account() -> None:
    with pytest.raises(NotFound):
        lock_credit_account(new_id())


def test_several_accounts_are_read_and_locked_in_one_statement(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    company = make_company()
    customers = [make_customer(company.pk, name=f"Toko {n}").pk for n in range(3)]

    with django_assert_num_queries(2):
        assert set(lock_credit_accounts(customers)) == set(customers)
        assert set(credit_figures(customers)) == set(customers)


def test_a_limit_is_set_with_its_reason_by_those_who_may() -> None:
    company = make_company()
    customer = make_customer(company.pk)
    finance, seller = make_user(company, "finance"), make_user(company, "salesperson")

    set_credit(customer_id=customer.pk, limit=Decimal(500), on_hold=True, note="Telat", by=finance, at=AT)

    with pytest.raises(Forbidden):
        set_credit(customer_id=customer.pk, limit=None, on_hold=False, by=seller, at=AT)
    with pytest.raises(Invalid):
        set_credit(customer_id=customer.pk, limit=Decimal(-1), on_hold=False, by=finance, at=AT)
    account = CreditAccount.objects.get()
    assert (account.limit, account.on_hold) == (500, True)
    assert AuditEntry.objects.get(verb="set_credit").note == "Telat"
    assert TimelineEntry.objects.filter(kind="credit.held").count() == 1


def test_every_promise_of_parties_and_catalog_holds_in_a_new_company() -> None:
    make_customer(make_company().pk)

    for name, check in invariants:
        if "parties_" in check.sql or "catalog_" in check.sql:
            assert _broken(name) == [], name
