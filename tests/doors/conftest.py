"""Companies with one of everything, made once for the tests of a file: each test takes back what it did to them."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.everything import Everything, make_everything

THEIRS, OURS = "Rahasia Zamrud", "Milik sendiri"
HOSTILE = '=1+1"\' data-owned=1 z="<x-owned><img src=q onerror=alert(1)></script><script>alert(2)</script>{{7*7}}{%x%}'
"""Cut after forty signs it still breaks out of an attribute, makes an element and begins a formula."""


@pytest.fixture(scope="module")
def kept(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A transaction around those of the file's tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def ours(kept: None, tmp_path_factory: pytest.TempPathFactory) -> Everything:
    return make_everything(OURS, tmp_path_factory.mktemp("ours"))


@pytest.fixture(scope="module")
def theirs(kept: None, tmp_path_factory: pytest.TempPathFactory) -> Everything:
    return make_everything(THEIRS, tmp_path_factory.mktemp("theirs"))


@pytest.fixture(scope="module")
def hostile(kept: None, tmp_path_factory: pytest.TempPathFactory) -> Everything:
    return make_everything(HOSTILE, tmp_path_factory.mktemp("hostile"))
