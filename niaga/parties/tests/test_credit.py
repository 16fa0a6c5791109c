from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection, transaction

from niaga.core.batch import Batch
from niaga.core.errors import Forbidden, Invalid, NotFound, StaleVersion
from niaga.core.ids import new_id
from niaga.core.models import AuditEntry
from niaga.core.registry import invariants
from niaga.organization.access import SYSTEM
from niaga.parties.models import CreditAccount, CreditEntry, CreditPolicy, CreditRaise, TimelineEntry
from niaga.parties.queries.credit import credit_figures, lock_credit_account, lock_credit_accounts, raises_of
from niaga.parties.rules.credit import GroupCredit
from niaga.parties.rules.customer import CustomerChange
from niaga.parties.services.post_exposure import post_exposure
from niaga.parties.services.raise_credit import raise_credit
from niaga.parties.services.save_group import save_group
from niaga.parties.services.set_credit import set_credit
from niaga.parties.services.set_credit_policy import set_credit_policy
from niaga.parties.services.update_customer import update_customer
from niaga.parties.services.update_customers import update_customers
from niaga.parties.tests.makers import AT, make_company, make_customer, make_user
from tests.promises import broken_promises

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


def test_an_own_word_goes_before_the_groups_and_the_companys() -> None:
    company = make_company()
    finance = make_user(company, "finance")
    group = save_group(company_id=company.pk, code="G", name="Grosir", by=SYSTEM, at=AT)
    customer = make_customer(company.pk, group_id=group.pk)

    def policy(days: int | None, limit: Decimal | None, of_group: int | None) -> None:
        groups = [GroupCredit(group.pk, limit, of_group)]
        set_credit_policy(company_id=company.pk, overdue_days=days, groups=groups, by=finance, at=AT)

    def told() -> tuple[Decimal | None, int | None]:
        [plain] = credit_figures([customer.pk]).values()
        assert plain == lock_credit_account(customer.pk)
        return plain.limit, plain.overdue_days

    assert told() == (None, None)
    policy(60, None, None)
    assert told() == (None, 60)
    policy(60, Decimal(700), 0)
    assert told() == (700, 0)
    set_credit(customer_id=customer.pk, limit=Decimal(0), on_hold=False, overdue_days=5, by=finance, at=AT)
    assert told() == (0, 5)
    policy(None, None, None)
    assert AuditEntry.objects.filter(verb="set_credit_policy").count() == 3
    policy(None, None, None)  # nothing to change
    assert AuditEntry.objects.filter(verb="set_credit_policy").count() == 3


def test_the_policy_is_set_by_those_who_may_for_groups_of_their_own() -> None:
    company, other = make_company(), make_company()
    group = save_group(company_id=other.pk, code="G", name="Lain", by=SYSTEM, at=AT)
    finance, seller = make_user(company, "finance"), make_user(company, "sales_manager")

    for groups, by, refusal in (
        ([GroupCredit(group.pk, Decimal(1), None)], finance, NotFound),
        ([], seller, Forbidden),
    ):
        with pytest.raises(refusal):
            set_credit_policy(company_id=company.pk, overdue_days=1, groups=groups, by=by, at=AT)
    for days, limit in ((-1, None), (4000, None), (1, Decimal(-1)), (1, Decimal(10) ** 16)):
        with pytest.raises(Invalid):
            set_credit_policy(
                company_id=other.pk, overdue_days=days, groups=[GroupCredit(group.pk, limit, None)], by=SYSTEM, at=AT
            )

    assert not CreditPolicy.objects.exists()
    group.refresh_from_db()
    assert group.credit_limit is None


def test_who_may_not_set_limits_moves_nobody_to_a_group_with_another() -> None:
    company = make_company()
    admin, finance = make_user(company, "sales_admin"), make_user(company, "finance")
    rich, poor, plain = (
        save_group(company_id=company.pk, code=code, name=code, by=SYSTEM, at=AT) for code in ("R", "P", "X")
    )
    groups = [GroupCredit(rich.pk, Decimal(900), None), GroupCredit(poor.pk, Decimal(1), None)]
    set_credit_policy(company_id=company.pk, overdue_days=None, groups=groups, by=finance, at=AT)
    customer, free = make_customer(company.pk, group_id=poor.pk), make_customer(company.pk)

    for group_id in (rich.pk, plain.pk, None):
        with pytest.raises(Forbidden):
            update_customer(customer_id=customer.pk, group_id=group_id, by=admin, at=AT)
        change = CustomerChange(customer_id=customer.pk, values={"group_id": group_id})
        with pytest.raises(Forbidden):
            update_customers(company_id=company.pk, changes=[change], by=admin, at=AT)
    update_customer(customer_id=free.pk, group_id=plain.pk, by=admin, at=AT)  # neither says anything of credit
    update_customer(customer_id=customer.pk, name="Toko Lain", group_id=poor.pk, by=admin, at=AT)
    assert lock_credit_account(customer.pk).limit == 1

    update_customer(customer_id=customer.pk, group_id=rich.pk, by=finance, at=AT)
    assert lock_credit_account(customer.pk).limit == 900


def test_a_raise_counts_through_its_last_day_and_the_last_one_counts() -> None:
    company = make_company()
    customer = make_customer(company.pk, credit_limit=Decimal(1_000))
    finance = make_user(company, "finance")
    today, day = AT.date(), timedelta(days=1)

    def limit(on: date) -> Decimal | None:
        return lock_credit_account(customer.pk, on=on).limit

    raise_credit(customer_id=customer.pk, amount=Decimal(500), last_day=today + day, reason="A", by=finance, at=AT)
    assert [limit(today), limit(today + day), limit(today + 2 * day)] == [1_500, 1_500, 1_000]
    assert lock_credit_account(customer.pk).limit == 1_000  # who names no day gets no raise
    raise_credit(customer_id=customer.pk, amount=Decimal(200), last_day=today, reason="B", by=finance, at=AT)
    assert [limit(today), limit(today + day)] == [1_200, 1_000]
    raise_credit(customer_id=customer.pk, amount=Decimal(0), last_day=today, reason="C", by=finance, at=AT)

    assert limit(today) == 1_000
    assert [one.amount for one in raises_of(customer_id=customer.pk, by=finance)] == [0, 200, 500]
    assert AuditEntry.objects.filter(verb="raise_credit", actor_id=finance.pk).count() == 3
    assert _broken("credit_accounts_carry_their_last_raise") == []
    CreditAccount.objects.update(raised=7)
    assert len(_broken("credit_accounts_carry_their_last_raise")) == 1


def test_a_raise_has_an_end_a_reason_and_somebody_who_may() -> None:
    company = make_company()
    customer, free = make_customer(company.pk, credit_limit=Decimal(1_000)), make_customer(company.pk)
    finance, seller = make_user(company, "finance"), make_user(company, "salesperson")
    today, day = AT.date(), timedelta(days=1)
    good = {"customer_id": customer.pk, "amount": Decimal(5), "last_day": today, "reason": "A", "by": finance, "at": AT}

    for wrong, refusal in (
        ({"by": seller}, Forbidden), ({"customer_id": new_id()}, NotFound), ({"reason": "  "}, Invalid),
        ({"amount": Decimal(-1)}, Invalid), ({"amount": Decimal(10) ** 16}, Invalid),
        ({"last_day": today - day}, Invalid), ({"last_day": today + 400 * day}, Invalid),
        ({"customer_id": free.pk}, Invalid),
    ):  # fmt: skip
        with pytest.raises(refusal):
            raise_credit(**{**good, **wrong})

    assert not CreditRaise.objects.exists()
    assert {account.raised for account in CreditAccount.objects.all()} == {Decimal(0)}


def test_every_promise_holds_in_a_new_company() -> None:
    make_customer(make_company().pk)

    assert broken_promises() == []
