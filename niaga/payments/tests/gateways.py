"""A company with a sandbox account, and the sandbox spoken to without a server between."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch
from uuid import UUID

import httpx
from django.test import Client

from niaga.core.models import IncomingCall
from niaga.core.services.handle_call import handle_call
from niaga.organization.access import SYSTEM
from niaga.payments.models import GatewayAccount, PaymentRequest
from niaga.payments.services.save_gateway_account import AccountDetails, save_gateway_account
from tests.makers import NOW, World

SECRET = "kunci-rahasia-9f31"


def streamed(send: Callable[..., httpx.Response]) -> Any:
    """In place of `httpx.stream`: what `send` answers."""

    @contextmanager
    def stream(method: str, url: str, **given: Any) -> Iterator[httpx.Response]:
        yield send(method, url, **given)

    return stream


def make_gateway(world: World, kind: str = "sandbox", **details: Any) -> GatewayAccount:
    given = {"kind": kind, "name": kind.title(), "secret": SECRET, "banks": ["BCA"], **details}
    if kind == "midtrans":
        given["banks"] = details.get("banks", ["bca"])
    if kind == "xendit":
        given.setdefault("token", "token-callback")
    key = save_gateway_account(details=AccountDetails(**given), company_id=world.company.id, by=SYSTEM, at=NOW)
    return GatewayAccount.objects.get(pk=key)


def status_of(request: PaymentRequest | UUID) -> str:
    key = request.pk if isinstance(request, PaymentRequest) else request
    return PaymentRequest.objects.get(pk=key).status


def knock(account: GatewayAccount, body: bytes, **headers: str) -> int:
    """A call at the account's address. The answer's status."""
    answer = Client().post(
        f"/hooks/gateways/{account.hook_path}", body, content_type="application/json", headers=headers
    )
    return answer.status_code


def handle_all() -> list[str]:
    """Do what the kept calls ask for, as the worker would."""
    waiting = IncomingCall.objects.filter(handled_at=None, parked_at=None).order_by("received_at", "id")
    return [handle_call(call_id=key, at=NOW) for key in list(waiting.values_list("pk", flat=True))]


@contextmanager
def without_a_net() -> Iterator[list[tuple[str, str]]]:
    """What is sent to an address of this installation reaches its pages at once; tells what was called."""
    called: list[tuple[str, str]] = []

    def send(method: str, url: str, **given: Any) -> httpx.Response:
        path = "/" + url.split("://", 1)[1].split("/", 1)[1]
        called.append((method, path))
        body = given.get("content") or json.dumps(given.get("json")).encode()
        headers = {key: value for key, value in (given.get("headers") or {}).items() if key != "Content-Type"}
        answer = Client().generic(method, path, body, content_type="application/json", headers=headers)
        return httpx.Response(answer.status_code, content=answer.content)

    with (
        patch("niaga.core.services.call_out.httpx.stream", streamed(send)),
        patch("niaga.payments.services.tell_of_sandbox.httpx.post", lambda url, **given: send("POST", url, **given)),
    ):
        yield called
