from decimal import Decimal
from typing import Any

import pytest
from django.db import Error, transaction

from niaga.core.clock import now
from niaga.core.errors import Forbidden, Invalid, Refusal
from niaga.core.models import AuditEntry
from niaga.ledger.models import Account, AccountRole, JournalLine, RoleAccount
from niaga.ledger.queries.journal import trial_balance
from niaga.ledger.rules.plan import ChosenAccount
from niaga.ledger.services.map_accounts import map_accounts
from niaga.ledger.tests.test_api import get, post
from niaga.ledger.web.role_words import ROLES
from niaga.sales.rules.lines import LineInput
from tests.makers import NOW, make_issued_invoice, make_payment, make_product, make_user, make_world
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db


def choose(world: Any, **accounts: tuple[str, str]) -> None:
    chosen = {role: ChosenAccount(*one) for role, one in accounts.items()}
    map_accounts(company_id=world.company.id, accounts=chosen, by=world.owner, at=now())


def sell(world: Any) -> Any:
    return make_issued_invoice(world, [LineInput(product_id=make_product(world, stock=5).id)])


def balances(world: Any) -> dict[str, Decimal]:
    rows = trial_balance(by=world.owner, upto=NOW.date())
    return {f"{row['code']} {row['name']}": row["balance"] for row in rows if row["balance"]}


def played(world: Any) -> dict[str, str]:
    rows = RoleAccount.objects.filter(company=world.company).select_related("account")
    return {row.role: str(row.account) for row in rows}


def test_a_change_holds_from_now_on_and_what_was_posted_stays_on_its_account() -> None:
    world = make_world()
    before = sell(world)

    choose(world, receivable=("1-10100", "Piutang dagang"), revenue=("4-40000", "Pendapatan"))
    after = sell(world)
    make_payment(world, after.customer_id, 111_000, invoices=[(after.id, after.total)])

    assert balances(world) == {
        "1201 Piutang usaha": Decimal(111_000), "2101 PPN keluaran": Decimal(-22_000),
        "4101 Penjualan": Decimal(-100_000), "4-40000 Pendapatan": Decimal(-100_000), "1102 Bank": Decimal(111_000),
    }  # fmt: skip
    lines = JournalLine.objects.filter(entry__source_id=before.id, role="receivable")
    assert [str(line.account) for line in lines.select_related("account")] == ["1201 Piutang usaha"]


def test_several_roles_share_one_account_and_the_promises_of_the_books_still_hold() -> None:
    world = make_world()
    shared = ("1000", "Semua")

    choose(world, **dict.fromkeys(AccountRole.values, shared))
    invoice = sell(world)
    make_payment(world, invoice.customer_id, 300_000, invoices=[(invoice.id, Decimal(50_000))])

    assert balances(world) == {}  # debits and credits of all meet on the one account
    assert JournalLine.objects.filter(entry__company=world.company, account__code="1000").count() == 6
    assert broken_promises() == []


def test_an_account_without_a_role_stays_in_the_trial_balance_while_something_is_on_it() -> None:
    world = make_world()
    sell(world)

    choose(world, revenue=("4-1", "Penjualan barang"), cash=("1-1", "Kas toko"))
    shown = {row["code"]: row["roles"] for row in trial_balance(by=world.owner, upto=NOW.date())}

    assert (shown["4101"], shown["4-1"], shown["1-1"]) == ([], ["revenue"], ["cash"])
    assert "1101" not in shown  # nothing was ever posted on it


def test_a_name_is_put_right_and_a_known_code_keeps_its_name() -> None:
    world = make_world()

    choose(world, cash=("1101", "Kas  kecil "), giro=("1102", ""))

    assert (played(world)["cash"], played(world)["giro"]) == ("1101 Kas kecil", "1102 Bank")
    assert AuditEntry.objects.get(subject_kind="account_map").data == {
        "roles": {"giro": ["1103 Giro diterima", "1102 Bank"]}, "names": {"1101": ["Kas", "Kas kecil"]}
    }  # fmt: skip


def test_what_is_as_it_was_is_not_noted() -> None:
    world = make_world()

    choose(world, cash=("1101", "Kas"), bank=("1102", ""))

    assert not AuditEntry.objects.filter(subject_kind="account_map").exists()


@pytest.mark.parametrize(
    ("accounts", "field"),
    [
        ({"cash": ("", "Kas")}, "cash_code"),
        ({"cash": ("=1+1", "Kas")}, "cash_code"),
        ({"cash": ("1" * 21, "Kas")}, "cash_code"),
        ({"cash": ("9000", " ")}, "cash_name"),
        ({"cash": ("9000", "K" * 121)}, "cash_name"),
        ({"cash": ("9000", "Kas"), "bank": ("9000", "Bank")}, "bank_name"),
        ({"petty": ("9000", "Kas")}, "accounts"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_nothing_changes(accounts: Any, field: str) -> None:
    world = make_world()
    before = played(world)

    with pytest.raises(Invalid) as refused:
        choose(world, **{"rounding": ("8888", "Lain"), **accounts})

    assert refused.value.field == field
    assert played(world) == before
    assert not Account.objects.filter(code__in=("8888", "9000")).exists()


def test_who_may_not_close_the_books_does_not_choose_their_accounts() -> None:
    world = make_world()
    seller = make_user(world.company, "sales_manager")
    before = played(world)

    with pytest.raises(Forbidden):
        map_accounts(
            company_id=world.company.id, accounts={"cash": ChosenAccount("9", "X")}, by=seller, at=now()
        )  # fmt: skip

    assert played(world) == before


def test_the_database_keeps_the_code_of_an_account() -> None:
    world = make_world()

    with pytest.raises(Error), transaction.atomic():
        Account.objects.filter(company=world.company, code="1101").update(code="1199")

    assert Account.objects.filter(company=world.company, code="1101").exists()


def test_all_roles_cost_the_statements_of_one(django_assert_max_num_queries: Any) -> None:
    world = make_world()

    with django_assert_max_num_queries(10):
        choose(world, cash=("c1", "Satu"))
    with django_assert_max_num_queries(11):
        choose(world, **{role: (f"n-{place}", f"Akun {place}") for place, role in enumerate(AccountRole.values)})


def test_every_role_has_its_words() -> None:
    assert set(ROLES) == set(AccountRole.values)


def test_a_posting_without_an_account_for_its_role_is_refused() -> None:
    world = make_world()
    RoleAccount.objects.filter(company=world.company, role="revenue").delete()

    with pytest.raises(Refusal) as refused:
        sell(world)

    assert refused.value.code == "account_missing"


def put(user: Any, path: str, body: Any) -> Any:
    from django.test import Client

    from niaga.organization.access import SYSTEM
    from niaga.organization.services.create_token import create_token

    token = create_token(user_id=user.id, name="test", by=SYSTEM, at=now())
    client = Client(headers={"Authorization": f"Bearer {token.text}"})
    return client.put(f"/api/v1/{path}", body, content_type="application/json")


def test_by_the_api_the_map_is_read_and_changed() -> None:
    world = make_world()

    changed = put(world.owner, "account-map", {"accounts": [{"role": "cash", "code": "1-101", "name": "Kas toko"}]})
    wrong = put(world.owner, "account-map", {"accounts": [{"role": "petty", "code": "1", "name": "Kas"}]})
    seen = get(world.owner, "account-map").json()["accounts"]

    assert (changed.status_code, wrong.status_code) == (200, 422)
    assert {"role": "cash", "code": "1-101", "name": "Kas toko"} in seen
    assert len(seen) == len(AccountRole)
    assert post(make_user(world.company, "finance"), "periods/closure", {"month": "2026-10"}).status_code == 200


def test_the_page_saves_tells_its_history_and_shows_an_error_where_it_is(client: Any) -> None:
    world = make_world()
    client.force_login(world.owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    standing = {row.role: row.account for row in RoleAccount.objects.filter(company=world.company)}
    fields = {f"{role}_{part}": getattr(one, part) for role, one in standing.items() for part in ("code", "name")}

    saved = client.post("/books/accounts", {**fields, "bank_code": "1-102", "bank_name": "BCA <b>"})
    wrong = client.post("/books/accounts", {**fields, "cash_code": "1-999", "cash_name": ""})
    page = client.get("/books/accounts").content.decode()

    assert (saved.status_code, wrong.status_code) == (303, 422)
    assert "1-102 BCA &lt;b&gt;" in page
    assert 'id="id_cash_name_error"' in wrong.content.decode()
    assert played(world)["cash"] == "1101 Kas"


def test_who_may_only_look_sees_the_map_without_a_form(client: Any) -> None:
    world = make_world()
    client.force_login(
        make_user(world.company, "auditor"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )

    page = client.get("/books/accounts")
    refused = client.post("/books/accounts", {"cash_code": "9"})

    assert "1101 Kas" in page.content.decode()
    assert "cash_code" not in page.content.decode()
    assert refused.status_code == 403
