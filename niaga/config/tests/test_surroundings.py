"""What is allowed because of where an installation stands."""

import pytest

from niaga.config.environment import takes_test_gateways
from niaga.shipping.errors import BadCarrier
from niaga.shipping.tests.makers import make_carrier
from tests.makers import make_world

HERE = ("HOST", "NIAGA_URL", "NIAGA_HOSTS", "NIAGA_PROXIES", "NIAGA_DEMO", "NIAGA_TEST_GATEWAYS")


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ({}, True),
        ({"NIAGA_URL": "http://localhost:8176"}, True),
        ({"NIAGA_DEMO": "0"}, False),
        ({"HOST": "0.0.0.0"}, False),
        ({"NIAGA_URL": "https://niaga.example.co.id"}, False),
        ({"NIAGA_HOSTS": "niaga.local"}, False),
        ({"NIAGA_PROXIES": "1"}, False),
        ({"HOST": "0.0.0.0", "NIAGA_TEST_GATEWAYS": "1"}, True),
        ({"NIAGA_TEST_GATEWAYS": "0"}, False),
    ],
)
def test_test_gateways_are_taken_by_a_demonstration_on_ones_own_machine_or_where_it_is_said(
    said: dict[str, str], taken: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in HERE:
        monkeypatch.delenv(name, raising=False)
    for name, value in said.items():
        monkeypatch.setenv(name, value)

    assert takes_test_gateways() is taken


@pytest.mark.django_db
def test_test_gateways_open_no_address_of_the_house(settings) -> None:
    settings.TEST_GATEWAYS, settings.INNER_ADDRESSES = True, False
    world = make_world()

    with pytest.raises(BadCarrier):
        make_carrier(world, kind="rest", base_url="http://127.0.0.1:9/v1")
