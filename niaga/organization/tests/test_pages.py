"""Settings and profile in the browser's own terms: what each page shows, does and refuses."""

from decimal import Decimal

import pytest
from django.urls import reverse

from niaga.organization.models import (
    ApiToken,
    BankAccount,
    Branch,
    Channel,
    Company,
    FiscalSetting,
    Grant,
    Membership,
    Role,
    Team,
    User,
)
from niaga.organization.rules.roles import ACTIONS as RIGHTS
from niaga.organization.services.authenticate_token import authenticate_token
from niaga.organization.tests.makers import AT, fresh, make_branch, make_company, make_team, make_user
from niaga.organization.web.labels import ACTIONS, KINDS

pytestmark = pytest.mark.django_db

PLACES = (
    "settings", "company", "fiscal", "accounts", "account_new", "branches", "branch_new", "users", "user_new", "roles",
    "role_new", "teams", "team_new", "territories", "territory_new", "channels", "channel_new", "profile", "tokens",
)  # fmt: skip


@pytest.fixture
def company():
    return make_company(name="PT Nusa")


@pytest.fixture
def owner(company, client):
    person = make_user(company, name="Ibu Sari")
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return person


def url(name, *args):
    return reverse(f"organization:{name}", args=args)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_place_opens_in_both_languages(client, owner, place, language):
    client.cookies["niaga_language"] = language

    answer = client.get(url(place))

    assert answer.status_code == 200
    assert f'lang="{language}"' in answer.content.decode()


@pytest.mark.parametrize("place", PLACES)
def test_nobody_enters_without_logging_in(client, company, place):
    answer = client.get(url(place))

    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")


def test_a_salesperson_reads_settings_but_cannot_write_them(client, company):
    seller = make_user(company, "salesperson")
    client.force_login(seller, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert client.get(url("company")).status_code == 200
    assert client.get(url("branches")).status_code == 200
    for place in ("account_new", "branch_new", "user_new", "role_new", "team_new"):
        assert client.get(url(place)).status_code == 403
    answer = client.post(url("company"), {"name": "Mine", "zone": "Asia/Jakarta", "language": "id"})
    assert answer.status_code == 403
    assert Company.objects.get().name == "PT Nusa"


def test_the_profile_of_the_company_is_changed(client, owner, company):
    form = {"name": "PT Nusantara", "zone": "Asia/Makassar", "language": "en", "npwp": "01.312.166.0-091.000"}

    answer = client.post(url("company"), form)

    company.refresh_from_db()
    assert answer.status_code == 303
    assert (company.name, company.zone, company.npwp) == ("PT Nusantara", "Asia/Makassar", "0013121660091000")


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(client, owner, company):
    form = {"name": "PT Nusantara", "zone": "Asia/Makassar", "language": "en", "npwp": "12", "city": "Surabaya"}

    answer = client.post(url("company"), form)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_npwp_error"' in page
    assert 'value="Surabaya"' in page
    company.refresh_from_db()
    assert company.name == "PT Nusa"


def test_tax_and_rounding_are_set_from_a_day_on(client, owner, company):
    form = {
        "valid_from": "2027-01-01", "charges_tax": "on", "round_total_to": "100", "fiscal_year_starts": "4",
        "quotation_valid_days": "30", "tax_rounding": "document", "stamp_duty": "12.000",
        "stamp_duty_above": "5.000.000",
    }  # fmt: skip

    answer = client.post(url("fiscal"), form)

    setting = FiscalSetting.objects.get(valid_from="2027-01-01")
    assert answer.status_code == 303
    assert (setting.round_total_to, setting.fiscal_year_starts, setting.tax_rounding) == (Decimal(100), 4, "document")
    assert (setting.stamp_duty, setting.stamp_duty_above) == (12_000, 5_000_000)
    assert client.get(url("fiscal")).status_code == 200


def test_a_bank_account_is_added_changed_and_archived(client, owner):
    form = {"bank": "BCA", "number": "1234567890", "holder": "PT Nusa", "currency": "IDR", "position": "0"}
    client.post(url("accounts").rstrip("/") + "/new", form)
    account = BankAccount.objects.get()

    client.post(url("account", account.id), {**form, "bank": "Mandiri"})
    client.post(url("account_archive", account.id))

    account.refresh_from_db()
    assert account.bank == "Mandiri"
    assert account.archived_at is not None


def test_branches_teams_and_channels_are_kept(client, owner, company):
    client.post(url("branch_new"), {"code": "SBY", "name": "Surabaya", "zone": "Asia/Jakarta", "is_store": "on"})
    branch = Branch.objects.get(code="SBY")
    client.post(url("team_new"), {"name": "Timur", "branch_id": str(branch.id)})
    team = Team.objects.get()
    client.post(url("team_new"), {"name": "Kota", "parent_id": str(team.id)})
    client.post(url("channel_new"), {"code": "TOKO", "name": "Toko"})
    client.post(url("branch_archive", branch.id))

    assert Team.objects.get(name="Kota").parent == team
    assert Channel.objects.filter(code="TOKO").exists()
    branch.refresh_from_db()
    assert branch.archived_at is not None
    page = client.get(url("teams")).content.decode()
    assert page.index("Timur") < page.index("Kota")


def test_a_circle_of_teams_is_refused_where_it_was_made(client, owner, company):
    top = make_team(company, "Top")
    below = make_team(company, "Below", parent=top)

    answer = client.post(url("team", top.id), {"name": "Top", "parent_id": str(below.id)})

    assert answer.status_code == 422
    assert Team.objects.get(pk=top.id).parent_id is None


def test_a_new_person_gets_log_in_role_and_place_in_one_deed(client, owner, company):
    branch = make_branch(company, name="Surabaya")
    form = {
        "username": "dewi", "name": "Dewi", "email": "dewi@example.com", "language": "id", "role": "cashier",
        "branch_id": str(branch.id), "password": "",
    }  # fmt: skip

    answer = client.post(url("user_new"), form)

    person = User.objects.get(username="dewi")
    assert answer["Location"] == url("user", person.id)
    membership = Membership.objects.get(user=person)
    assert (membership.role.code, membership.branch) == ("cashier", branch)
    assert client.get(url("user", person.id)).status_code == 200
    again = client.post(url("user_new"), form)
    assert again.status_code == 422
    assert User.objects.filter(username="dewi").count() == 1


def test_a_double_click_makes_one_person(client, owner):
    form = {
        "username": "dewi", "name": "Dewi", "language": "id", "role": "cashier", "idempotency_key": "k1", "email": "",
    }  # fmt: skip

    first, second = client.post(url("user_new"), form), client.post(url("user_new"), form)

    assert first["Location"] == second["Location"]


def test_roles_are_given_and_taken_on_the_persons_page(client, owner, company):
    person = make_user(company, "salesperson")

    client.post(url("user", person.id), {"deed": "role", "role": "finance"})
    membership = Membership.objects.get(user=person, role__code="salesperson")
    client.post(url("membership_removal", person.id, membership.id))

    assert [one.role.code for one in Membership.objects.filter(user=person)] == ["finance"]


def test_a_deactivated_persons_session_ends(client, owner, company):
    person = make_user(company, "salesperson")
    other = client.__class__()
    other.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert other.get(url("profile")).status_code == 200

    client.post(url("user_activity", person.id))

    assert other.get(url("profile")).status_code == 302
    client.post(url("user_activity", person.id), {"restore": "1"})
    assert fresh(person).is_active


def test_the_owner_cannot_lock_everybody_out(client, owner, company):
    membership = Membership.objects.get(user=owner)

    client.post(url("membership_removal", owner.id, membership.id), HTTP_HX_REQUEST="true")
    client.post(url("user_activity", owner.id), HTTP_HX_REQUEST="true")

    assert Membership.objects.filter(pk=membership.pk).exists()
    assert fresh(owner).is_active


def test_a_password_link_lets_the_person_choose(client, owner, company):
    person = make_user(company, "salesperson")

    answer = client.post(url("user_password_link", person.id))

    assert answer["Cache-Control"] == "no-store"
    link = answer.context["link"]
    path = link.split("//", 1)[1].partition("/")[2]
    browser = client.__class__()
    form = browser.get(f"/{path}", follow=True)
    assert form.status_code == 200
    done = browser.post(
        form.redirect_chain[-1][0], {"password1": "bunga-melati-9", "password2": "bunga-melati-9"}, follow=True
    )
    assert done.status_code == 200
    assert fresh(person).check_password("bunga-melati-9")
    assert "password1" not in browser.get(f"/{path}", follow=True).content.decode()


def test_the_matrix_of_a_role_is_saved(client, owner, company):
    role = Role.objects.get(company=company, code="cashier")
    shown = client.get(url("role", role.id))
    assert shown.status_code == 200

    answer = client.post(url("role", role.id), {"order.view": "branch", "product.view": "all", "order.fly": "all"})

    assert answer.status_code == 303
    held = set(Grant.objects.filter(role=role).values_list("kind", "action", "scope"))
    assert held == {("order", "view", "branch"), ("product", "view", "all")}


def test_an_impossible_reach_is_refused_and_shown(client, owner, company):
    role = Role.objects.get(company=company, code="cashier")
    before = Grant.objects.filter(role=role).count()

    answer = client.post(url("role", role.id), {"product.view": "own"})

    assert answer.status_code == 422
    assert Grant.objects.filter(role=role).count() == before


def test_ones_profile_follows_at_once(client, owner):
    form = {"name": "Sari", "email": "sari@example.com", "phone": "", "language": "en", "theme": "dark"}

    answer = client.post(url("profile"), form)

    assert answer.status_code == 303
    assert answer.cookies["niaga_language"].value == "en"
    assert answer.cookies["niaga_theme"].value == "dark"
    assert (fresh(owner).name, fresh(owner).theme) == ("Sari", "dark")


def test_a_token_is_shown_once_and_works_until_revoked(client, owner):
    answer = client.post(url("tokens"), {"name": "shop", "scope": "read", "days": "30"})

    text = answer.context["new"].text
    assert answer.status_code == 201
    assert text in answer.content.decode()
    assert text not in client.get(url("tokens")).content.decode()
    assert authenticate_token(text=text, at=AT) == owner
    client.post(url("token_removal", ApiToken.objects.get().id))
    assert authenticate_token(text=text, at=AT) is None


def test_the_company_is_switched_only_to_ones_own(client, owner, company):
    second = make_company(name="PT Kedua")
    foreign = make_company(name="PT Asing")
    seller = make_user(second, "salesperson")
    Membership.objects.filter(user=seller).update(user=owner)

    assert "PT Kedua" in client.get(url("profile")).content.decode()
    assert client.post(url("choose_company", foreign.id)).status_code == 404
    client.post(url("choose_company", second.id))

    assert client.get(url("company")).context["company"] == second
    assert client.get(url("user_new")).status_code == 403


def test_another_companys_things_are_not_found(client, owner):
    foreign = make_company()
    branch = Branch.objects.get(company=foreign)
    person = make_user(foreign)
    role = Role.objects.get(company=foreign, code="owner")
    team = make_team(foreign)

    for place, row in (("branch", branch), ("user", person), ("role", role), ("team", team)):
        assert client.get(url(place, row.id)).status_code == 404
    client.post(url("branch_archive", branch.id))
    client.post(url("team_archive", team.id))
    assert client.post(url("user_password_link", person.id)).status_code == 404
    branch.refresh_from_db()
    team.refresh_from_db()
    assert (branch.archived_at, team.archived_at) == (None, None)


def test_hostile_texts_are_shown_as_text(client, owner, company):
    name = "<script>alert(1)</script>"
    make_team(company, name)
    make_branch(company, name=name)
    make_user(company, "salesperson", name=name)

    for place in ("teams", "branches", "users"):
        assert "<script>alert" not in client.get(url(place)).content.decode()


@pytest.mark.parametrize(
    ("place", "most"), [("settings", 8), ("users", 9), ("branches", 8), ("roles", 8), ("teams", 8)]
)
def test_places_cost_a_fixed_number_of_statements(client, owner, company, place, most, django_assert_max_num_queries):
    for _ in range(4):
        make_user(company, "salesperson", branch=make_branch(company))
        make_team(company)
    client.get(url(place))

    with django_assert_max_num_queries(most):
        client.get(url(place))


def test_every_right_has_a_name_on_screen():
    unnamed = {kind for kind in RIGHTS if kind not in KINDS}
    unnamed |= {action for actions in RIGHTS.values() for action in actions if action not in ACTIONS}

    assert unnamed == set()


def test_archived_branches_are_listed_when_asked_for(client, owner, company):
    branch = make_branch(company, name="Lama")
    client.post(url("branch_archive", branch.id))

    assert "Lama" not in client.get(url("branches")).content.decode()
    assert "Lama" in client.get(url("branches"), {"archived": "1"}).content.decode()
