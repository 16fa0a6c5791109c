"""A program at the API, for tests."""

from typing import Any

from django.test import Client

from niaga.core.clock import now
from niaga.organization.access import SYSTEM
from niaga.organization.models import User
from niaga.organization.services.create_token import create_token


class Api:
    """A program with a token of this person."""

    def __init__(self, user: User) -> None:
        token = create_token(user_id=user.id, name="test", by=SYSTEM, at=now())
        self.client = Client(headers={"Authorization": f"Bearer {token.text}"})

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """`path` below the version; `method` in small letters."""
        call = getattr(self.client, method)
        return call(f"/api/v1/{path}", body or {}, content_type="application/json", headers=headers)

    def post(self, path: str, body: Any = None, *, key: str = "", **headers: str) -> Any:
        return self.send("post", path, body, **({"Idempotency-Key": key} if key else {}), **headers)

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/v1/{path}")
