"""Who may do what: every role with every right, and how far it reaches."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from niaga.core.errors import Forbidden
from niaga.core.queries.compiled import Compiled
from niaga.organization.access import SYSTEM, access_of, forget_access
from niaga.organization.models import Branch, Membership, User
from niaga.organization.rules.roles import ACTIONS, KINDS, STANDARD_ROLES, Reach, reaches
from niaga.organization.tests.makers import fresh, make_branch, make_company, make_team, make_user

NOTHING = Q(pk__in=())


@dataclass
class Document:
    company_id: UUID
    branch_id: UUID | None = None
    salesperson_id: UUID | None = None


@pytest.mark.parametrize("code", STANDARD_ROLES)
def test_a_role_may_do_exactly_what_it_is_granted(code, db):
    company = make_company()
    branch = make_branch(company)
    team = make_team(company)
    colleague = make_user(company, "salesperson", team=team)
    person = make_user(company, code, branch=branch, team=team)
    stranger = uuid4()
    access = access_of(person)

    for kind in KINDS:
        for action in ACTIONS[kind]:
            reach = STANDARD_ROLES[code].grants.get((kind, action))
            reached = {
                "own": _may(access, kind, action, Document(company.id, uuid4(), person.id)),
                "team": _may(access, kind, action, Document(company.id, uuid4(), colleague.id)),
                "branch": _may(access, kind, action, Document(company.id, branch.id, stranger)),
                "all": _may(access, kind, action, Document(company.id, uuid4(), stranger)),
            }

            assert access.allows(kind, action) is (reach is not None), (kind, action)
            assert reached == {
                "own": reach is not None,
                "team": reach in (Reach.TEAM, Reach.ALL),
                "branch": reach in (Reach.BRANCH, Reach.ALL),
                "all": reach is Reach.ALL,
            }, (kind, action)
            assert not _may(access, kind, action, Document(uuid4(), branch.id, person.id)), (kind, action)
            assert (access.filter(kind, action) == NOTHING) is (reach is None), (kind, action)


def _may(access, kind, action, document):
    try:
        access.require(kind, action, document)
    except Forbidden:
        passed = False
    else:
        passed = True
    assert access.reaches(kind, action, document) is passed
    return passed


@pytest.mark.parametrize("code", STANDARD_ROLES)
def test_a_role_is_granted_only_rights_and_reaches_that_exist(code):
    for (kind, action), reach in STANDARD_ROLES[code].grants.items():
        assert action in ACTIONS[kind]
        assert reach in reaches(kind)


def test_only_those_who_should_see_cost():
    seeing = {code for code, role in STANDARD_ROLES.items() if ("product", "see_cost") in role.grants}

    assert seeing == {"sales_manager", "finance", "owner", "administrator", "auditor"}


def test_an_auditor_changes_nothing():
    actions = {action for _, action in STANDARD_ROLES["auditor"].grants}

    assert actions == {"view", "export", "see_cost"}


def test_an_unknown_right_is_a_mistake_not_a_refusal(db):
    person = make_user(make_company())

    with pytest.raises(ValueError, match=r"there is no right order\.fly"):
        access_of(person).allows("order", "fly")
    with pytest.raises(ValueError, match=r"there is no right orders\.view"):
        access_of(SYSTEM).filter("orders")


def test_rights_are_loaded_by_one_statement_and_kept(db, django_assert_num_queries):
    company = make_company()
    person = fresh(make_user(company, "sales_manager", team=make_team(company)))

    with django_assert_num_queries(1):
        access = access_of(person)
        access.require("order", "confirm")
        access.filter("invoice")
        assert access.current_company.code == company.code
        assert access.default_branch.code == "HO"
        assert access_of(person) is access


def test_a_manager_sees_the_teams_below_but_not_beside(db):
    company = make_company()
    north = make_team(company, "North")
    city = make_team(company, "City", parent=north)
    south = make_team(company, "South")
    manager = make_user(company, "sales_manager", team=north)
    below = make_user(company, "salesperson", team=city)
    beside = make_user(company, "salesperson", team=south)

    wanted = access_of(manager).filter("order")

    assert wanted == Q(company_id=company.id) & Q(salesperson_id__in=sorted([manager.id, below.id], key=str))
    access_of(manager).require("order", "confirm", Document(company.id, None, below.id))
    with pytest.raises(Forbidden):
        access_of(manager).require("order", "confirm", Document(company.id, None, beside.id))


def test_a_filter_takes_the_columns_it_is_told(db):
    company = make_company()
    branch = make_branch(company)
    packer = make_user(company, "warehouse", branch=branch)
    seller = make_user(company, "salesperson")

    by_branch = access_of(packer).filter("delivery", branch="warehouse__branch_id", salesperson=None)
    by_person = access_of(seller).filter("delivery", branch=None, salesperson="order__salesperson_id")
    by_nothing = access_of(seller).filter("delivery", branch=None, salesperson=None)
    stock_of_all = access_of(packer).filter("stock", company="warehouse__company_id")

    assert by_branch == Q(company_id=company.id) & Q(warehouse__branch_id__in=[branch.id])
    assert by_person == Q(company_id=company.id) & Q(order__salesperson_id__in=[seller.id])
    assert by_nothing == NOTHING
    assert stock_of_all == Q(warehouse__company_id=company.id)


def test_no_right_matches_nothing_without_asking_the_database(db, django_assert_num_queries):
    packer = make_user(make_company(), "warehouse")
    nothing = access_of(packer).filter("payment")

    with django_assert_num_queries(0):
        assert list(User.objects.filter(nothing)) == []


def test_two_roles_add_up(db):
    company = make_company()
    branch = make_branch(company)
    person = make_user(company, "salesperson")
    other = make_user(company, "warehouse", branch=branch)
    Membership.objects.filter(user=other).update(user=person)

    access = access_of(fresh(person))

    assert access.roles == {"salesperson", "warehouse"}
    access.require("delivery", "ship", Document(company.id, branch.id, None))
    access.require("quotation", "send", Document(company.id, None, person.id))
    assert access.filter("delivery") == Q(company_id=company.id) & (
        Q(salesperson_id__in=[person.id]) | Q(branch_id__in=[branch.id])
    )


def test_nobody_and_a_deactivated_person_may_nothing(db):
    company = make_company()
    person = make_user(company, "owner")
    User.objects.filter(pk=person.pk).update(is_active=False)

    for access in (access_of(AnonymousUser()), access_of(None), access_of(fresh(person))):
        assert access.company_ids == ()
        assert not access.allows("product", "view")
        assert access.filter("product") == NOTHING
        with pytest.raises(Forbidden):
            access.require("order", "view", Document(company.id))
        with pytest.raises(Forbidden):
            _ = access.current_company


def test_a_superuser_flag_gives_nothing(db):
    person = make_user(None)
    User.objects.filter(pk=person.pk).update(is_superuser=True, is_staff=True)

    assert not access_of(fresh(person)).allows("setting", "view")


def test_the_system_may_everything(db):
    access = access_of(SYSTEM)

    access.require("payment", "record", Document(uuid4()))
    assert access.allows("user", "manage")
    assert access.filter("order") == Q()
    assert SYSTEM.id is None


def test_lists_show_the_current_company_and_documents_their_own(db):
    first = make_company()
    second = make_company()
    person = make_user(first, "owner")
    seller = make_user(second, "salesperson")
    Membership.objects.filter(user=seller).update(user=person)
    person = fresh(person)

    assert access_of(person).company_ids == (first.id, second.id)
    assert access_of(person).current_company.id == first.id
    assert access_of(person).filter("order") == Q(company_id=first.id)
    assert access_of(person).allows("invoice", "issue")
    assert not access_of(person).allows("invoice", "issue", company_id=second.id)
    access_of(person).require("order", "confirm", Document(second.id, None, person.id))

    person.company_choice = second.id
    forget_access(person)

    assert access_of(person).current_company.id == second.id
    assert access_of(person).filter("order") == Q(company_id=second.id) & Q(salesperson_id__in=[person.id])


def test_a_foreign_company_cannot_be_chosen(db):
    own = make_company()
    foreign = make_company()
    person = make_user(own, "owner")
    person.company_choice = foreign.id
    forget_access(person)

    assert access_of(person).current_company.id == own.id


def test_the_branch_of_new_documents_is_the_persons_own(db):
    company = make_company(zone="Asia/Jayapura")
    branch = make_branch(company, zone="Asia/Makassar")

    bound = access_of(make_user(company, "cashier", branch=branch))
    free = access_of(make_user(company, "owner"))

    assert (bound.default_branch.id, bound.default_branch.zone) == (branch.id, "Asia/Makassar")
    assert bound.branch_ids == (branch.id,)
    assert (free.default_branch.code, free.default_branch.zone) == ("HO", "Asia/Jayapura")
    assert free.branch_ids == ()


def test_a_compiled_question_answers_each_key_with_the_object_and_what_is_joined_to_it(db, django_assert_num_queries):
    first, second = make_branch(make_company()), make_branch(make_company())
    compiled = Compiled(
        lambda key: Branch.objects.select_for_update(of=("self",)).select_related("company").filter(pk=key)
    )

    with django_assert_num_queries(3):
        found = [compiled.one(key) for key in (first.id, second.id, uuid4())]
        companies = [branch.company for branch in found[:2]]

    assert found == [first, second, None]
    assert companies == [first.company, second.company]
    assert (found[0].code, found[0].zone, companies[0].code) == (first.code, first.zone, first.company.code)
