"""A document holds at most 10,000 lines: that many are taken by page and API alike, one more is refused in words."""

from decimal import Decimal
from typing import Any

import orjson
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from niaga.core.clock import now
from niaga.core.ids import new_id
from niaga.organization.access import SYSTEM
from niaga.organization.services.create_token import create_token
from niaga.sales.models import Quotation, QuotationLine, SalesOrder, SalesOrderLine
from tests.makers import World, make_customer, make_product, make_world

pytestmark = pytest.mark.django_db
MOST = 10_000
LINES: dict[str, Any] = {"orders": SalesOrderLine, "quotations": QuotationLine}


def program(world: World) -> Client:
    token = create_token(user_id=world.owner.id, name="test", by=SYSTEM, at=now())
    return Client(headers={"Authorization": f"Bearer {token.text}", "Accept-Language": "en"})


def send(api: Client, kind: str, customer_id: Any, sku: str, count: int) -> tuple[Any, int]:
    body = {"customer_id": customer_id, "lines": [{"sku": sku, "quantity": 1}] * count}
    with CaptureQueriesContext(connection) as statements:
        answer = api.post(f"/api/v1/{kind}", orjson.dumps(body, default=str), content_type="application/json")
    return answer, len(statements)


@pytest.mark.parametrize("kind", LINES)
def test_by_the_api_ten_thousand_lines_cost_the_statements_of_one_and_one_more_is_refused(kind: str) -> None:
    world = make_world()
    api, customer_id, sku = program(world), make_customer(world).id, make_product(world, price=Decimal(1000)).sku

    first, of_one = send(api, kind, customer_id, sku, 1)
    whole, of_most = send(api, kind, customer_id, sku, MOST)
    refused, _count = send(api, kind, customer_id, sku, MOST + 1)

    assert (first.status_code, whole.status_code) == (201, 201)
    assert of_most <= of_one
    assert Decimal(whole.json()["total"]) == Decimal(11_100_000)
    assert refused.status_code == 422
    assert "10000" in refused.content.decode()
    assert LINES[kind].objects.count() == MOST + 1


@pytest.mark.parametrize("kind", LINES)
def test_pasted_ten_thousand_lines_are_saved_by_the_form_and_one_more_is_refused(kind: str) -> None:
    world = make_world()
    product = make_product(world, price=Decimal(1000))
    client = Client()
    client.force_login(world.owner, backend=settings.AUTHENTICATION_BACKENDS[-1])
    pasted = [{"key": str(n), "sku": product.sku, "quantity": "1"} for n in range(MOST)]
    form = {"customer": str(make_customer(world).id), "idempotency_key": str(new_id())}

    refused = client.post(f"/{kind}/new", {**form, "lines": orjson.dumps([*pasted, *pasted[:1]]).decode()})
    saved = client.post(f"/{kind}/new", {**form, "lines": orjson.dumps(pasted).decode()})

    assert refused.status_code == 422
    assert "10.000" in refused.content.decode()
    assert saved.status_code == 303
    assert LINES[kind].objects.count() == MOST
    assert {one.total for model in (Quotation, SalesOrder) for one in model.objects.all()} == {Decimal(11_100_000)}
