"""Companies, people, rights and tokens: what the verbs do, what they refuse, and the trail they leave."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.hashers import check_password

from niaga.core.batch import Batch
from niaga.core.errors import Forbidden, Invalid, NotFound
from niaga.core.models import AuditEntry, OutboxEvent
from niaga.organization.access import SYSTEM, access_of
from niaga.organization.models import ApiToken, Branch, Channel, Company, FiscalSetting, Grant, Membership, Role, Team
from niaga.organization.queries.companies import company_profile
from niaga.organization.queries.fiscal import fiscal_setting
from niaga.organization.queries.users import user_names, users
from niaga.organization.rules.roles import STANDARD_ROLES
from niaga.organization.services.authenticate_token import authenticate_token
from niaga.organization.services.change_branch import HeadOfficeStays, change_branch
from niaga.organization.services.change_company import change_company
from niaga.organization.services.change_user import LastManager, NotYourself, change_user
from niaga.organization.services.check_values import BadValue, BelowItself
from niaga.organization.services.create_branch import create_branch
from niaga.organization.services.create_company import create_company
from niaga.organization.services.create_role import create_role
from niaga.organization.services.create_token import create_token
from niaga.organization.services.create_user import create_user
from niaga.organization.services.grant_role import grant_role
from niaga.organization.services.keep_bank_account import keep_bank_account
from niaga.organization.services.keep_channel import keep_channel
from niaga.organization.services.keep_team import keep_team
from niaga.organization.services.revoke_role import revoke_role
from niaga.organization.services.revoke_token import revoke_token
from niaga.organization.services.set_fiscal_setting import set_fiscal_setting
from niaga.organization.services.set_grants import set_grants
from niaga.organization.services.tracked import AlreadyTaken, ValueNeeded, ValueTooLong
from niaga.organization.tests.makers import AT, fresh, make_branch, make_company, make_team, make_user

pytestmark = pytest.mark.django_db
NPWP = "0013121660091000"


def _trail(subject_id):
    return list(AuditEntry.objects.filter(subject_id=subject_id).order_by("id").values_list("verb", "data"))


def test_a_company_starts_with_all_it_needs():
    company = make_company(code="nusa", name="PT Nusa", npwp="01.312.166.0-091.000", city="Surabaya")

    assert (company.code, company.npwp, company.currency) == ("NUSA", NPWP, "IDR")
    head = Branch.objects.get(company=company)
    assert (head.code, head.is_head, head.city, head.zone) == ("HO", True, "Surabaya", "Asia/Jakarta")
    assert Role.objects.filter(company=company).count() == len(STANDARD_ROLES) == 9
    assert Grant.objects.filter(role__company=company).count() == sum(len(r.grants) for r in STANDARD_ROLES.values())
    assert FiscalSetting.objects.get(company=company).valid_from == date(2024, 1, 1)
    assert Channel.objects.filter(company=company).count() == 4
    event = OutboxEvent.objects.get(subject_id=company.id)
    assert (event.kind, event.payload) == ("CompanyCreated", {"code": "NUSA", "currency": "IDR"})
    assert [verb for verb, _ in _trail(company.id)] == ["create"]


def test_a_company_is_set_up_in_three_statements(django_assert_max_num_queries):
    with django_assert_max_num_queries(7):  # four of them savepoints
        make_company()


def test_a_second_company_needs_the_right():
    company = make_company()
    seller = make_user(company, "salesperson")

    with pytest.raises(Forbidden):
        create_company(code="TWO", name="Two", by=seller, at=AT)
    assert Company.objects.count() == 1

    create_company(code="TWO", name="Two", by=make_user(company, "owner"), at=AT)
    assert Company.objects.count() == 2


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"code": "a b"}, "code"),
        ({"currency": "rupiah"}, "currency"),
        ({"zone": "Asia/Atlantis"}, "zone"),
        ({"npwp": "12"}, "npwp"),
        ({"npwp": NPWP, "nitku": "9" * 22}, "nitku"),
        ({"email": "nobody"}, "email"),
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
    ],
)
def test_a_company_with_impossible_facts_is_refused(values, field):
    with pytest.raises(Invalid) as refused:
        make_company(**values)

    assert refused.value.field == field
    assert Company.objects.count() == 0


def test_two_companies_cannot_share_a_code():
    make_company(code="NUSA")

    with pytest.raises(AlreadyTaken) as refused:
        make_company(code="nusa")

    assert refused.value.field == "code"


def test_a_change_of_the_company_leaves_before_and_after():
    company = make_company(name="Old", phone="1")
    owner = make_user(company)

    change_company(company_id=company.id, name="New", phone="1", by=owner, at=AT)

    verb, data = _trail(company.id)[-1]
    assert (verb, data) == ("change", {"before": {"name": "Old"}, "after": {"name": "New"}})
    assert company_profile(company.id).name == "New"


def test_a_company_keeps_its_currency():
    company = make_company()

    with pytest.raises(BadValue) as refused:
        change_company(company_id=company.id, currency="USD", by=SYSTEM, at=AT)

    assert refused.value.field == "currency"


def test_settings_are_for_those_who_manage_them():
    company = make_company()

    for code in STANDARD_ROLES:
        person = make_user(company, code)
        if code in ("owner", "administrator"):
            change_company(company_id=company.id, phone=code, by=person, at=AT)
        else:
            with pytest.raises(Forbidden):
                change_company(company_id=company.id, phone=code, by=person, at=AT)


def test_a_fiscal_setting_holds_from_its_date(django_assert_num_queries):
    company = make_company(valid_from=date(2025, 1, 1))
    set_fiscal_setting(
        company_id=company.id, valid_from=date(2026, 6, 1), charges_tax=False, prices_include_tax=True,
        round_total_to=Decimal(100), by=SYSTEM, at=AT,
    )  # fmt: skip

    assert fiscal_setting(company.id, date(2026, 5, 31)).charges_tax is True
    after = fiscal_setting(company.id, date(2026, 6, 1))
    assert (after.charges_tax, after.prices_include_tax, after.round_total_to) == (False, True, Decimal(100))
    assert fiscal_setting(company.id, date(2020, 1, 1)).valid_from == date(2025, 1, 1)
    with django_assert_num_queries(0):
        fiscal_setting(company.id, date(2026, 7, 1))


def test_a_fiscal_setting_of_the_same_day_replaces_it():
    company = make_company(valid_from=date(2025, 1, 1))
    given = {"company_id": company.id, "valid_from": date(2025, 1, 1), "charges_tax": True, "by": SYSTEM, "at": AT}

    set_fiscal_setting(**given, prices_include_tax=False, round_total_to=Decimal(1000))

    assert fiscal_setting(company.id, date(2025, 1, 1)).round_total_to == Decimal(1000)
    assert FiscalSetting.objects.filter(company=company).count() == 1
    with pytest.raises(BadValue):
        set_fiscal_setting(**given, prices_include_tax=False, round_total_to=Decimal(7))


def test_a_branch_has_its_own_code_zone_and_tax_place():
    company = make_company(npwp=NPWP)
    branch = create_branch(company_id=company.id, code="sby", name="Surabaya", nitku=NPWP + "000002", by=SYSTEM, at=AT)

    assert (branch.code, branch.zone, branch.nitku) == ("SBY", "Asia/Jakarta", NPWP + "000002")
    with pytest.raises(AlreadyTaken):
        make_branch(company, code="SBY")
    with pytest.raises(BadValue):
        change_branch(branch_id=branch.id, nitku="9" * 22, by=SYSTEM, at=AT)
    changed = change_branch(branch_id=branch.id, archived_at=AT, by=SYSTEM, at=AT)
    assert changed.archived_at == AT


def test_the_head_office_stays():
    head = Branch.objects.get(company=make_company())

    with pytest.raises(HeadOfficeStays):
        change_branch(branch_id=head.id, archived_at=AT, by=SYSTEM, at=AT)

    head.refresh_from_db()
    assert head.archived_at is None


def test_a_team_never_hangs_below_itself():
    company = make_company()
    top = make_team(company, "Top")
    below = make_team(company, "Below", parent=top)

    with pytest.raises(BelowItself):
        keep_team(company_id=company.id, team_id=top.id, parent_id=below.id, by=SYSTEM, at=AT)
    with pytest.raises(NotFound):
        keep_team(company_id=company.id, name="X", parent_id=make_team(make_company()).id, by=SYSTEM, at=AT)

    assert Team.objects.get(pk=top.id).parent_id is None


def test_channels_and_bank_accounts_are_kept():
    company = make_company()
    channel_id = keep_channel(company_id=company.id, code="mkt", name="Marketplace", by=SYSTEM, at=AT)
    account_id = keep_bank_account(
        company_id=company.id, bank="BCA", number="123 456 7890", holder="PT Nusa", by=SYSTEM, at=AT
    )

    assert Channel.objects.get(pk=channel_id).code == "MKT"
    assert [account.number for account in company_profile(company.id).bank_accounts] == ["123 456 7890"]
    keep_bank_account(company_id=company.id, account_id=account_id, archived_at=AT, by=SYSTEM, at=AT)
    assert company_profile(company.id).bank_accounts == ()
    with pytest.raises(ValueNeeded):
        keep_bank_account(company_id=company.id, bank="BCA", number="12345", by=SYSTEM, at=AT)


def test_a_person_with_a_password_can_log_in_and_one_without_is_invited():
    company = make_company()
    owner = make_user(company)
    with_password = create_user(
        username="Dewi", name="Dewi", password="bunga-melati-9", company_id=company.id, by=owner, at=AT
    )
    invited = create_user(
        username="budi", name="Budi", email="Budi@Example.com", company_id=company.id, by=owner, at=AT
    )

    assert with_password.username == "dewi"
    assert check_password("bunga-melati-9", with_password.password)
    assert not invited.has_usable_password()
    event = OutboxEvent.objects.get(kind="UserInvited")
    assert event.payload == {"name": "Budi", "email": "budi@example.com", "language": "id"}
    assert "password" not in str(AuditEntry.objects.get(subject_id=with_password.id).data["after"]["password"])
    assert AuditEntry.objects.get(subject_id=with_password.id).data["after"]["password"] == "…"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"username": "a b"}, "username"),
        ({"username": "x" * 151}, "username"),
        ({"email": "no address"}, "email"),
        ({"email": "a@b.co\nBcc: c@d.co"}, "email"),
        ({"password": "short"}, "password"),
        ({"password": "password1234"}, "password"),
        ({"language": "xx"}, "language"),
    ],
)
def test_impossible_people_are_refused(values, field):
    given = {"username": "dewi", "name": "Dewi", "email": "", "by": SYSTEM, "at": AT, **values}

    with pytest.raises((BadValue, ValueTooLong)) as refused:
        create_user(**given)

    assert refused.value.field == field


def test_names_and_addresses_of_people_are_unique():
    create_user(username="dewi", name="Dewi", email="dewi@example.com", by=SYSTEM, at=AT)

    with pytest.raises(AlreadyTaken) as same_name:
        create_user(username="DEWI", name="Other", by=SYSTEM, at=AT)
    with pytest.raises(AlreadyTaken) as same_address:
        create_user(username="other", name="Other", email="DEWI@example.com", by=SYSTEM, at=AT)

    assert (same_name.value.field, same_address.value.field) == ("username", "email")


def test_only_managers_of_users_give_rights():
    company = make_company()
    seller = make_user(company, "salesperson")

    with pytest.raises(Forbidden):
        grant_role(user_id=seller.id, company_id=company.id, role="owner", by=seller, at=AT)

    assert access_of(fresh(seller)).roles == {"salesperson"}


def test_a_manager_of_one_company_gives_no_rights_in_another():
    owner = make_user(make_company())
    other = make_company()

    with pytest.raises(Forbidden):
        grant_role(user_id=owner.id, company_id=other.id, role="owner", by=owner, at=AT)


def test_rights_come_and_go_with_the_role():
    company = make_company()
    owner = make_user(company)
    person = make_user(None)
    membership = grant_role(user_id=person.id, company_id=company.id, role="finance", by=owner, at=AT)
    assert access_of(fresh(person)).allows("payment", "record")

    revoke_role(membership_id=membership.id, by=owner, at=AT)

    assert not access_of(fresh(person)).allows("payment", "record")
    assert [verb for verb, _ in _trail(membership.id)] == ["grant", "revoke"]
    assert OutboxEvent.objects.filter(kind="RightsChanged", subject_id=person.id).count() == 2


def test_granting_again_moves_the_person():
    company = make_company()
    branch = make_branch(company)
    person = make_user(company, "cashier")

    grant_role(user_id=person.id, company_id=company.id, role="cashier", branch_id=branch.id, by=SYSTEM, at=AT)

    assert Membership.objects.get(user=person).branch_id == branch.id


def test_somebody_who_manages_users_always_remains():
    company = make_company()
    owner = make_user(company)
    membership = Membership.objects.get(user=owner)

    with pytest.raises(LastManager):
        revoke_role(membership_id=membership.id, by=owner, at=AT)
    with pytest.raises(NotYourself):
        change_user(user_id=owner.id, is_active=False, by=owner, at=AT)
    with pytest.raises(LastManager):
        change_user(user_id=owner.id, is_active=False, by=SYSTEM, at=AT)
    with pytest.raises(LastManager):
        set_grants(role_id=membership.role_id, grants={}, by=owner, at=AT)


def test_a_deactivated_person_has_no_way_in():
    company = make_company()
    owner = make_user(company)
    person = make_user(company, "finance")
    token = create_token(user_id=person.id, name="till", by=person, at=AT)

    change_user(user_id=person.id, is_active=False, by=owner, at=AT)

    assert authenticate_token(text=token.text, at=AT) is None
    assert access_of(fresh(person)).company_ids == ()
    assert OutboxEvent.objects.filter(kind="UserDeactivated", subject_id=person.id).exists()


def test_everybody_changes_their_own_profile_but_nobody_elses():
    company = make_company()
    dewi = make_user(company, "salesperson")
    budi = make_user(company, "salesperson")

    change_user(user_id=dewi.id, theme="dark", language="en", by=dewi, at=AT)

    assert (fresh(dewi).theme, fresh(dewi).language) == ("dark", "en")
    with pytest.raises(Forbidden):
        change_user(user_id=budi.id, theme="dark", by=dewi, at=AT)
    with pytest.raises(Forbidden):
        change_user(user_id=dewi.id, is_superuser=True, by=dewi, at=AT)


def test_an_administrator_of_another_company_does_not_find_them():
    owner = make_user(make_company())
    person = make_user(make_company(), "salesperson")

    with pytest.raises(NotFound):
        change_user(user_id=person.id, name="X", by=owner, at=AT)
    assert person.id not in {user.id for user in users(by=owner)}


def test_a_role_of_ones_own_follows_its_grants():
    company = make_company()
    owner = make_user(company)
    role = create_role(company_id=company.id, code="TELE", name="Telesales", like="salesperson", by=owner, at=AT)
    person = make_user(company, "tele")
    assert access_of(fresh(person)).allows("quotation", "send")

    changes = set_grants(
        role_id=role.id, grants={("order", "view"): "branch", ("product", "view"): "all"}, by=owner, at=AT
    )

    access = access_of(fresh(person))
    assert changes == len(STANDARD_ROLES["salesperson"].grants) - 1  # product.view stayed as it was
    assert not access.allows("quotation", "send")
    assert Grant.objects.get(role=role, kind="order").scope == "branch"
    assert _trail(role.id)[-1][1]["changes"]["order.view"] == ["own", "branch"]


@pytest.mark.parametrize("grants", [{("order", "fly"): "all"}, {("product", "view"): "own"}, {("stock", "view"): "x"}])
def test_rights_that_do_not_exist_cannot_be_granted(grants):
    company = make_company()
    role = Role.objects.get(company=company, code="cashier")
    before = Grant.objects.filter(role=role).count()

    with pytest.raises(BadValue):
        set_grants(role_id=role.id, grants=grants, by=SYSTEM, at=AT)

    assert Grant.objects.filter(role=role).count() == before


def test_a_token_opens_the_door_in_one_statement(django_assert_num_queries):
    company = make_company()
    person = make_user(company, "finance")
    token = create_token(user_id=person.id, name="script", by=person, at=AT)

    with django_assert_num_queries(1):
        user = authenticate_token(text=token.text, at=AT)

    assert user == person
    assert user.token_scopes == ["read", "write"]
    assert access_of(user).current_company.id == company.id
    assert ApiToken.objects.get(pk=token.id).last_used_at == AT
    assert token.text.encode() not in bytes(ApiToken.objects.get(pk=token.id).token_hash)


def test_the_last_use_of_a_token_is_noted_once_a_minute():
    person = make_user(make_company())
    token = create_token(user_id=person.id, name="script", by=person, at=AT)

    authenticate_token(text=token.text, at=AT)
    authenticate_token(text=token.text, at=AT + timedelta(seconds=59))
    assert ApiToken.objects.get(pk=token.id).last_used_at == AT

    authenticate_token(text=token.text, at=AT + timedelta(seconds=61))
    assert ApiToken.objects.get(pk=token.id).last_used_at == AT + timedelta(seconds=61)


def test_a_token_ends():
    person = make_user(make_company())
    short = create_token(user_id=person.id, name="short", days=1, by=person, at=AT)
    revoked = create_token(user_id=person.id, name="revoked", days=None, by=person, at=AT)
    revoke_token(token_id=revoked.id, by=person, at=AT)

    assert authenticate_token(text=short.text, at=AT + timedelta(hours=23)) == person
    assert authenticate_token(text=short.text, at=AT + timedelta(days=1)) is None
    assert authenticate_token(text=revoked.text, at=AT) is None
    for text in ("", "niaga_", "niaga_" + "x" * 43, short.text + "x", "\x00", "é" * 50):
        assert authenticate_token(text=text, at=AT) is None


def test_a_token_is_its_owners():
    company = make_company()
    person = make_user(company, "salesperson")
    other = make_user(company, "salesperson")
    token = create_token(user_id=person.id, name="mine", by=person, at=AT)

    with pytest.raises(NotFound):
        revoke_token(token_id=token.id, by=other, at=AT)
    with pytest.raises(Forbidden):
        create_token(user_id=person.id, name="theirs", by=other, at=AT)
    with pytest.raises(Forbidden):
        create_token(user_id=person.id, name="x", company_id=make_company().id, by=person, at=AT)

    assert authenticate_token(text=token.text, at=AT) == person


def test_names_are_read_in_one_statement(django_assert_num_queries):
    company = make_company()
    people = [make_user(company) for _ in range(3)]

    with django_assert_num_queries(1):
        names = user_names([*(person.id for person in people), None])
    with django_assert_num_queries(0):
        assert user_names([None]) == {}

    assert names == {person.id: person.name for person in people}


def test_people_are_listed_in_a_fixed_number_of_statements(django_assert_num_queries):
    company = make_company()
    owner = make_user(company)
    for _ in range(5):
        make_user(company, "salesperson")
    owner = fresh(owner)

    with django_assert_num_queries(3):  # rights, people, their roles
        listed = [(user.name, [m.role.code for m in user.roles_here]) for user in users(by=owner)]

    assert len(listed) == 6


def test_lists_in_columns_are_written_row_by_row():
    person = make_user(make_company())
    company_id = access_of(person).current_company.id
    batch = Batch()

    batch.insert(
        ApiToken,
        [
            {"name": "one", "token_hash": b"1" * 32, "scopes": ["read", 'wri"te,']},
            {"name": "two", "token_hash": b"2" * 32, "scopes": []},
        ],
        user_id=person.id,
        company_id=company_id,
        created_at=AT,
    )
    batch.write()

    assert list(ApiToken.objects.order_by("name").values_list("scopes", flat=True)) == [["read", 'wri"te,'], []]
