"""A person who is logged in, and registries that are given back as they were found."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from niaga.ui import registry


@pytest.fixture
def person(db: None) -> Any:
    return get_user_model().objects.create_user(username="dewi", email="dewi@example.com", name="Dewi Wulandari")


@pytest.fixture
def browser(client: Client, person: Any) -> Client:
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def empty_registries(monkeypatch: pytest.MonkeyPatch) -> None:
    """The registries without what the apps put into them."""
    names = ("badges", "search", "commands", "chain", "customer_panel", "navigation", "identity", "notices")
    for name in names:
        monkeypatch.setattr(getattr(registry, name), "_items", {})
