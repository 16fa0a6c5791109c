"""Tokens of programs: one statement to come in, an end, an owner."""

from datetime import timedelta

import pytest

from niaga.core.batch import Batch
from niaga.core.errors import Forbidden, NotFound
from niaga.organization.access import access_of
from niaga.organization.models import ApiToken
from niaga.organization.services.authenticate_token import authenticate_token
from niaga.organization.services.create_token import create_token
from niaga.organization.services.revoke_token import revoke_token
from niaga.organization.tests.makers import AT, make_company, make_user

pytestmark = pytest.mark.django_db


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
