"""Coming in: password, second factor, passkey, lock-out, a forgotten password; and no open sign-up."""

import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.core.cache import cache
from django.test import override_settings

from niaga.config import settings as shipped
from niaga.messaging.models import Email
from niaga.organization.models import User
from niaga.organization.tests.makers import fresh, make_company, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "bunga-melati-9"


@pytest.fixture
def person():
    return make_user(make_company(), "finance", password=PASSWORD, username="dewi", email="dewi@example.com")


@pytest.fixture(autouse=True)
def _no_limits_left_over():
    cache.clear()


def log_in(client, name="dewi", password=PASSWORD):
    return client.post("/account/login/", {"login": name, "password": password})


def is_in(client):
    return client.get("/profile").status_code == 200


@pytest.mark.parametrize("name", ["dewi", "DEWI", "dewi@example.com", "Dewi@Example.com"])
def test_a_person_comes_in_by_user_name_or_address(client, person, name):
    answer = log_in(client, name)

    assert answer.status_code == 302
    assert is_in(client)


def test_a_wrong_password_says_so_and_keeps_the_name(client, person):
    answer = log_in(client, password="wrong")

    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="dewi"' in page
    assert not is_in(client)


def test_passwords_are_kept_by_argon2():
    assert shipped.PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.Argon2PasswordHasher"


def test_a_deactivated_person_stays_out(client, person):
    User.objects.update(is_active=False)

    log_in(client)

    assert not is_in(client)


def test_nobody_signs_up_alone(client, person):
    page = client.get("/account/signup/")
    client.post("/account/signup/", {"username": "x", "email": "x@example.com", "password1": PASSWORD})

    assert "password1" not in page.content.decode()
    assert User.objects.count() == 1


@override_settings(AXES_ENABLED=True)
def test_after_too_many_failures_the_door_is_closed_with_a_reason(client, person):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        last = log_in(client, password="wrong")

    assert last.status_code == 302
    assert last["Retry-After"] == "900"
    page = client.get(last["Location"]).content.decode()
    assert "15" in page
    assert log_in(client)["Location"] == "/account/login/"
    assert not is_in(client)
    other = client.__class__(REMOTE_ADDR="10.1.1.1")
    log_in(other)
    assert is_in(other)


def test_a_second_factor_is_asked_for(client, person):
    secret = generate_totp_secret()
    TOTP.activate(person, secret)

    answer = log_in(client)

    assert answer["Location"].startswith("/account/2fa/authenticate/")
    assert not is_in(client)
    assert client.get(answer["Location"]).status_code == 200
    client.post(answer["Location"], {"code": "000000"})
    assert not is_in(client)
    counter = next(iter(yield_hotp_counters_from_time()))
    client.post(answer["Location"], {"code": format_hotp_value(hotp_value(secret, counter))})
    assert is_in(client)


def test_a_recovery_code_opens_once(client, person):
    TOTP.activate(person, generate_totp_secret())
    code = RecoveryCodes.activate(person).get_unused_codes()[0]

    answer = log_in(client)
    client.post(answer["Location"], {"code": code})
    assert is_in(client)

    other = client.__class__()
    answer = log_in(other)
    other.post(answer["Location"], {"code": code})
    assert not is_in(other)


@pytest.mark.parametrize(
    "path",
    ["/account/2fa/", "/account/2fa/totp/activate/", "/account/2fa/webauthn/", "/account/2fa/webauthn/add/",
     "/account/password/change/", "/account/email/"],
)  # fmt: skip
@pytest.mark.parametrize("language", ["id", "en"])
def test_pages_of_security_open(client, person, path, language):
    client.cookies["niaga_language"] = language
    log_in(client)

    answer = client.get(path, follow=True)

    assert answer.status_code == 200


def test_the_log_in_page_offers_a_passkey(client, person):
    page = client.get("/account/login/").content.decode()

    assert "passkey" in page.lower() or "webauthn" in page.lower()


@override_settings(EMAIL_BACKEND=shipped.EMAIL_BACKEND)
def test_a_forgotten_password_is_mailed_to_the_person_alone(client, person):
    client.post("/account/password/reset/", {"email": "dewi@example.com"})
    client.post("/account/password/reset/", {"email": "nobody@example.com"})

    reset = Email.objects.get(to=["dewi@example.com"])
    assert reset.secret
    path = re.search(r"/account/password/reset/key/\S+", reset.text).group().rstrip(".")
    form = client.get(path, follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": "kopi-tubruk-77", "password2": "kopi-tubruk-77"})
    assert fresh(person).check_password("kopi-tubruk-77")


def test_a_weak_new_password_is_refused(client, person):
    log_in(client)

    answer = client.post(
        "/account/password/change/", {"oldpassword": PASSWORD, "password1": "12345", "password2": "12345"}
    )

    assert answer.status_code == 200
    assert fresh(person).check_password(PASSWORD)
