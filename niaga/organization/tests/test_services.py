"""Companies, their branches, settings and teams: what the verbs do, what they refuse, and the trail they leave."""

from datetime import date
from decimal import Decimal

import pytest

from niaga.core.errors import Forbidden, Invalid, NotFound
from niaga.core.models import OutboxEvent
from niaga.organization.access import SYSTEM
from niaga.organization.models import Branch, Channel, Company, FiscalSetting, Grant, Role, Team
from niaga.organization.queries.companies import company_profile
from niaga.organization.queries.fiscal import fiscal_setting
from niaga.organization.rules.roles import STANDARD_ROLES
from niaga.organization.services.change_branch import HeadOfficeStays, change_branch
from niaga.organization.services.change_company import change_company
from niaga.organization.services.check_place import BelowItself
from niaga.organization.services.check_values import BadValue
from niaga.organization.services.create_branch import create_branch
from niaga.organization.services.create_company import create_company
from niaga.organization.services.keep_bank_account import keep_bank_account
from niaga.organization.services.keep_channel import keep_channel
from niaga.organization.services.keep_team import keep_team
from niaga.organization.services.set_fiscal_setting import set_fiscal_setting
from niaga.organization.services.tracked import AlreadyTaken, ValueNeeded
from niaga.organization.tests.makers import AT, make_branch, make_company, make_team, make_user, trail_of

pytestmark = pytest.mark.django_db
NPWP = "0013121660091000"


def test_a_company_starts_with_all_it_needs():
    company = make_company(code="nusa", name="PT Nusa", npwp="01.312.166.0-091.000", city="Surabaya")

    assert (company.code, company.npwp, company.currency) == ("NUSA", NPWP, "IDR")
    head = Branch.objects.get(company=company)
    assert (head.code, head.is_head, head.city, head.zone) == ("HO", True, "Surabaya", "Asia/Jakarta")
    assert Role.objects.filter(company=company).count() == len(STANDARD_ROLES) == 10
    assert Grant.objects.filter(role__company=company).count() == sum(len(r.grants) for r in STANDARD_ROLES.values())
    assert FiscalSetting.objects.get(company=company).valid_from == date(2024, 1, 1)
    assert Channel.objects.filter(company=company).count() == 4
    event = OutboxEvent.objects.get(subject_id=company.id)
    assert (event.kind, event.payload) == ("CompanyCreated", {"code": "NUSA", "currency": "IDR"})
    assert [verb for verb, _ in trail_of(company.id)] == ["create"]


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

    verb, data = trail_of(company.id)[-1]
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
