"""People and their rights: what the verbs do, what they refuse, and that somebody always remains."""

import pytest
from django.contrib.auth.hashers import check_password

from niaga.core.errors import Forbidden, NotFound
from niaga.core.models import AuditEntry, OutboxEvent
from niaga.organization.access import SYSTEM, access_of
from niaga.organization.models import Grant, Membership, Role
from niaga.organization.queries.users import user_names, users
from niaga.organization.rules.roles import STANDARD_ROLES
from niaga.organization.services.authenticate_token import authenticate_token
from niaga.organization.services.change_user import LastManager, NotYourself, change_user
from niaga.organization.services.check_values import BadValue
from niaga.organization.services.create_role import create_role
from niaga.organization.services.create_token import create_token
from niaga.organization.services.create_user import create_user
from niaga.organization.services.grant_role import grant_role
from niaga.organization.services.revoke_role import revoke_role
from niaga.organization.services.set_grants import set_grants
from niaga.organization.services.tracked import AlreadyTaken, ValueTooLong
from niaga.organization.tests.makers import AT, fresh, make_branch, make_company, make_user, trail_of

pytestmark = pytest.mark.django_db


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
    assert [verb for verb, _ in trail_of(membership.id)] == ["grant", "revoke"]
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
    assert trail_of(role.id)[-1][1]["changes"]["order.view"] == ["own", "branch"]


@pytest.mark.parametrize("grants", [{("order", "fly"): "all"}, {("product", "view"): "own"}, {("stock", "view"): "x"}])
def test_rights_that_do_not_exist_cannot_be_granted(grants):
    company = make_company()
    role = Role.objects.get(company=company, code="cashier")
    before = Grant.objects.filter(role=role).count()

    with pytest.raises(BadValue):
        set_grants(role_id=role.id, grants=grants, by=SYSTEM, at=AT)

    assert Grant.objects.filter(role=role).count() == before


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
