"""schemathesis against the whole API: whatever the schema allows is answered as the schema says, and never with a 500.

A refusal (409, 422 …) is an expected answer to data that the schema allows: stock and credit are not in a schema.
`make soak` raises the count by `NIAGA_API_EXAMPLES`.
"""

import os
import random
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from niaga.config.api import api
from niaga.core.clock import now
from niaga.organization.access import SYSTEM
from niaga.organization.services.create_token import create_token
from niaga.parties.services.save_contact import save_contact
from niaga.portal.services.create_token import create_token as create_portal_token
from niaga.portal.services.invite_contact import invite_contact
from niaga.portal.tests.visits import visitor_by_access
from niaga.sales.rules.lines import LineInput
from tests.makers import (
    World,
    make_confirmed_order,
    make_customer,
    make_issued_invoice,
    make_payment,
    make_product,
    make_quotation,
    make_shipped_order,
    make_world,
)

FEW = 4
EXAMPLES = int(os.environ.get("NIAGA_API_EXAMPLES", FEW))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]

Program = tuple[tuple[str, str], dict[str, list[str]]]
"""The owner's token and that of a customer's program; keys of things that exist, by their names in the API."""

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(db: None) -> Iterator[Program]:
    """The owner's token, and keys of things that exist, by the name under which the API takes them."""
    world = make_world()
    token = create_token(user_id=world.owner.id, name="schema", by=SYSTEM, at=now())
    for signal in (request_started, request_finished):  # as Django's own test client: the test keeps its connection
        signal.disconnect(close_old_connections)
    known = _known(world)
    customers = _token_of_customer(world, UUID(known["customer_id"][0]))
    yield (f"Bearer {token.text}", f"Bearer {customers}"), known
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def _known(world: World) -> dict[str, list[str]]:
    product = make_product(world, stock=1000)
    lines = [LineInput(product_id=product.id)]
    customer = make_customer(world)
    quotation = make_quotation(world, lines, customer=customer)
    confirmed, shipped = make_confirmed_order(world, lines), make_shipped_order(world, lines)
    invoice = make_issued_invoice(world, lines)
    payment = make_payment(world, invoice.customer_id, 10_000, invoices=[(invoice.id, None)])
    known = {
        "customer_id": [customer.id, invoice.customer_id], "product_id": [product.id], "branch_id": [world.branch.id],
        "quotation_id": [quotation.id], "order_id": [confirmed.id, shipped.id], "invoice_id": [invoice.id],
        "payment_id": [payment.id], "user_id": [world.owner.id], "salesperson_id": [world.owner.id],
        "company_id": [world.company.id], "sku": [product.sku],
    }  # fmt: skip
    return {name: [str(one) for one in ids] for name, ids in known.items()}


schema: Any = schemathesis.openapi.from_dict(dict(api.get_openapi_schema()))
schema.app = get_wsgi_application()  # in this process, in the test's transaction


def test_whatever_the_schema_allows_is_answered_as_the_schema_says(
    program: tuple[tuple[str, str], dict[str, list[str]]],
) -> None:
    (office, customers), known = program
    wrong: list[str] = []
    operations = [found.ok() for found in schema.get_all_operations()]

    for operation in operations:

        @settings(
            max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES == FEW, database=None,
            phases=[Phase.generate], suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(operation.as_strategy())
        def answered_as_promised(case: schemathesis.Case) -> None:
            dice = random.Random(repr((case.path_parameters, case.query, case.body)))
            if dice.random() < 0.8:  # else nothing that is named exists, and all is 404
                case.path_parameters = _meeting(case.path_parameters, known, dice)
                case.body = _meeting(case.body, known, dice)
            authorization = customers if "/portal/" in case.path else office
            case.call_and_validate(headers={"Authorization": authorization}, checks=CHECKS)

        try:
            answered_as_promised()
        except Exception as error:  # all operations are asked before the test says which of them fail
            wrong.append(f"{operation.label}: {error}")

    assert len(operations) > 200
    assert wrong == [], "\n\n".join(wrong)


def _token_of_customer(world: World, customer_id: UUID) -> str:
    """What a program of the customer works with."""
    contact = save_contact(customer_id=customer_id, name="Sari", email="sari@toko.example", by=world.owner, at=now())
    access = invite_contact(customer_id=customer_id, contact_id=contact.pk, by=world.owner, at=now())
    visitor = visitor_by_access(access.pk, at=now())
    return create_portal_token(visitor=visitor, name="schema", may_write=True, days=30, at=now()).text


def _meeting(value: Any, known: dict[str, list[str]], dice: random.Random, name: str = "") -> Any:
    """The same data, with keys of things that exist where the API takes keys."""
    if isinstance(value, dict):
        return {key: _meeting(item, known, dice, key) for key, item in value.items()}
    if isinstance(value, list):
        return [_meeting(item, known, dice, name) for item in value]
    return dice.choice(known[name]) if name in known and isinstance(value, str) else value
