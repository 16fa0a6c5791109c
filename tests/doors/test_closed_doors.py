"""Nobody reaches what is another company's: not by the API, not by a page, not by naming it in what they write."""

import re
from collections.abc import Collection, Iterator
from typing import Any
from uuid import uuid4

import orjson
import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, models, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from niaga.core.clock import now
from niaga.core.models import AuditEntry
from niaga.organization.access import SYSTEM
from niaga.organization.models import User
from niaga.organization.services.create_token import create_token
from tests.doors.conftest import OURS, THEIRS
from tests.everything import Everything
from tests.makers import make_user
from tests.openapi import key_fields, operations, smallest

pytestmark = pytest.mark.django_db

PUBLIC = (
    "/l/",
    "/account/",
    "/profile",
    "/static",
    "/ui/",
    "/healthz",
    "/begin",
    "/live/",
    "/api/",
    "/hooks/",
    "/sandbox/",
    "/portal/",
)
"""What is not of one company: customers' links and own pages, what other systems sign, log-in, one's
profile, the program's files."""


def program(user: User) -> Client:
    token = create_token(user_id=user.id, name="test", by=SYSTEM, at=now())
    return Client(headers={"Authorization": f"Bearer {token.text}"}, raise_request_exception=False)


def person(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def pages(resolver: URLResolver, before: str = "/") -> Iterator[tuple[str, list[str]]]:
    """Every address of the pages, with the names of its parts."""
    for one in resolver.url_patterns:
        route = before + str(one.pattern).lstrip("/^")
        if isinstance(one, URLResolver):
            yield from pages(one, route)
        elif isinstance(one, URLPattern) and not route.startswith(PUBLIC):
            yield route, re.findall(r"<(?:\w+:)?(\w+)>", route)


def filled(route: str, ids: dict[str, str]) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: ids.get(found[1], ids["order_id"]), route)


def history_of(company_id: Any) -> int:
    return AuditEntry.objects.filter(company_id=company_id).count()


def married(tables: Collection[str]) -> list[str]:
    """Rows of one company in these tables that name a row of another, column by column."""
    asked = [
        f"SELECT '{model.__name__}.{field.name}' WHERE EXISTS (SELECT 1"
        f' FROM "{model._meta.db_table}" a JOIN "{target._meta.db_table}" b ON b.id = a."{field.column}"'
        f" WHERE a.company_id <> b.company_id)"
        for model in apps.get_models()
        if model._meta.db_table in tables and model.__module__.startswith("niaga.") and _of_a_company(model)
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and _of_a_company(target := field.related_model)
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked) or "SELECT 1 WHERE false")
        return [name for (name,) in cursor.fetchall()]


def _of_a_company(model: type[models.Model]) -> bool:
    return "company_id" in {one.attname for one in model._meta.concrete_fields}


def written() -> dict[str, int]:
    """How many rows of each table this transaction has written so far."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd FROM pg_stat_xact_user_tables WHERE n_tup_ins + n_tup_upd > 0"
        )
        return dict(cursor.fetchall())


def test_by_the_api_another_companys_things_are_not_there(theirs: Everything, ours: Everything) -> None:
    api = program(ours.world.owner)
    before, wrong = history_of(theirs.world.company.id), []

    for one in operations():
        names = re.findall(r"{(\w+)}", one.path)
        foreign = {name: theirs[name] for name in names if name.endswith("_id")}
        body = smallest(one.body, ours.ids) if one.body and not one.is_form else None
        with transaction.atomic():
            answer = api.generic(
                one.method, one.url({**ours.ids, "valid_from": "2027-01-01", **foreign}),
                b"" if body is None else orjson.dumps(body), content_type="application/json",
            )  # fmt: skip
            transaction.set_rollback(True)
        if THEIRS in answer.content.decode(errors="replace"):
            wrong.append(f"{one} tells what is theirs")
        if foreign and not one.is_form and answer.status_code not in (403, 404):
            wrong.append(f"{one}: {answer.status_code} {answer.content[:200]!r}")

    assert not wrong, "\n".join(wrong)
    assert history_of(theirs.world.company.id) == before


def test_by_the_api_nothing_is_written_that_names_another_companys_things(theirs: Everything, ours: Everything) -> None:
    api = program(ours.world.owner)
    wrong: list[str] = []

    for one in operations():
        if one.body is None or one.is_form:
            continue
        for name in sorted(_keys(smallest(one.body, _everything_named(theirs)))):
            body = smallest(one.body, {**_everything_named(ours), name: theirs[name]})
            with transaction.atomic():
                before = written()
                answer = api.generic(
                    one.method, one.url({**ours.ids, "valid_from": "2027-01-01"}), orjson.dumps(body),
                    content_type="application/json",
                )  # fmt: skip
                changed = {table for table, rows in written().items() if rows != before.get(table)}
                wrong += [f"{one} with their {name}: {answer.status_code}, {pair}" for pair in married(changed)]
                if THEIRS in answer.content.decode(errors="replace"):
                    wrong.append(f"{one} with their {name} tells what is theirs")
                transaction.set_rollback(True)

    assert not wrong, "\n".join(wrong)


def test_by_the_api_nothing_is_written_that_names_what_is_not_there(ours: Everything) -> None:
    """The database looks after keys at the very end; whoever sent a wrong one is told before."""
    api, wrong, asked = program(ours.world.owner), [], 0

    for one in operations():
        if one.body is None or one.is_form:
            continue
        for name in key_fields(one.body):
            body = smallest(one.body, _everything_named(ours)) | {name: str(uuid4())}
            with transaction.atomic():
                answer = api.generic(
                    one.method, one.url({**ours.ids, "valid_from": "2027-01-01"}), orjson.dumps(body),
                    content_type="application/json",
                )  # fmt: skip
                asked += 1
                try:
                    with transaction.atomic(), connection.cursor() as cursor:
                        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
                except IntegrityError as error:
                    wrong.append(f"{one} {name}: {str(error)[:120]}")
                transaction.set_rollback(True)
            if answer.status_code >= 500:
                wrong.append(f"{one} {name}: {answer.status_code}")

    assert not wrong, "\n".join(wrong)
    assert asked > 60


def _everything_named(whole: Everything) -> dict[str, str]:
    return {name: value for name, value in whole.ids.items() if name.endswith("_id")}


def _keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {name for name, item in value.items() if name.endswith("_id") and isinstance(item, str)}
        return own | {name for item in value.values() for name in _keys(item)}
    return {name for item in value for name in _keys(item)} if isinstance(value, list) else set()


def test_on_pages_another_companys_things_are_not_there(theirs: Everything, ours: Everything) -> None:
    browser = person(ours.world.owner)
    before, wrong, asked = history_of(theirs.world.company.id), [], 0

    for route, names in pages(get_resolver()):
        for method in ("get", "post"):
            with transaction.atomic():
                answer = getattr(browser, method)(filled(route, {**ours.ids, **theirs.ids} if names else ours.ids))
                content = b"".join(answer.streaming_content) if answer.streaming else answer.content
                transaction.set_rollback(True)
            asked += 1
            if THEIRS in content.decode(errors="replace"):
                wrong.append(f"{method} {route} tells what is theirs")
            if answer.status_code >= 500:
                wrong.append(f"{method} {route}: {answer.status_code}")

    assert not wrong, "\n".join(wrong)
    assert asked > 300
    assert history_of(theirs.world.company.id) == before


OPEN_LISTS = {"/figures", "/notices", "/search", "/tokens", "/users/me"}
"""One's own, and what is put together from what one may see: empty without a right."""


def test_a_list_of_what_one_may_not_view_is_refused_and_not_empty(ours: Everything) -> None:
    """To a program an empty list says that nothing is there."""
    api, wrong, asked = program(make_user(ours.world.company, "extra")), [], 0

    for one in operations():
        if one.method == "GET" and "{" not in one.path and one.path not in OPEN_LISTS:
            query = f"?subject_kind=order&subject_id={ours['order_id']}" if one.path == "/attachments" else "?q=a"
            status = api.get(one.url({}) + query).status_code
            asked += 1
            if status not in ((404,) if one.path == "/attachments" else (403,)):
                wrong.append(f"{one}: {status}")

    assert not wrong, "\n".join(wrong)
    assert asked > 30


def test_who_has_no_role_here_sees_nothing(ours: Everything) -> None:
    nobody = make_user(ours.world.company, "extra")  # a role without a single grant
    api, browser = program(nobody), person(nobody)
    wrong = []

    for one in operations():
        if one.method == "GET":
            answer = api.get(one.url({**ours.ids, "valid_from": "2027-01-01"}))
            if OURS in answer.content.decode(errors="replace") or answer.status_code >= 500:
                wrong.append(f"{one}: {answer.status_code}")
    for route, _names in pages(get_resolver()):
        answer = browser.get(filled(route, ours.ids))
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if OURS in content.decode(errors="replace").partition("<main")[2]:  # the frame names the company
            wrong.append(f"{route}: {answer.status_code}")

    assert not wrong, "\n".join(wrong)
