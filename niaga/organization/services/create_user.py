from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.batch import Batch
from niaga.core.outbox import announce
from niaga.organization.access import Actor, access_of
from niaga.organization.events import UserInvited
from niaga.organization.models import User
from niaga.organization.services.check_values import BadValue, checked_address, checked_profile
from niaga.organization.services.tracked import AlreadyTaken, add_row, write


@transaction.atomic
def create_user(
    *,
    username: str,
    name: str,
    email: str = "",
    phone: str = "",
    language: str = "id",
    password: str | None = None,
    password_hash: str | None = None,
    company_id: UUID | None = None,
    by: Actor,
    at: datetime,
) -> User:
    """Give a person a log-in. Rights come with `grant_role`.

    With a `password` they can log in at once; without one they are invited: `UserInvited` is announced and mail with a
    link goes to their address. `password_hash` is for loading many people at once (hashing takes 50 ms each).

    :raises Forbidden: `by` may not create users in their current company, or in `company_id`
    :raises BadValue: a user name, address or password that will not do
    :raises AlreadyTaken: the user name or the e-mail address is another person's
    """
    access_of(by).require("user", "create", company_id=company_id)
    username = username.strip().lower()
    try:
        UnicodeUsernameValidator()(username)
    except ValidationError as error:
        raise BadValue(_("A user name is made of letters, digits and @ . + - _"), field="username") from error
    checked_profile({"language": language})
    if email.strip():
        email = checked_address(email).lower()
        if User.objects.filter(email__iexact=email).exists():
            raise AlreadyTaken(field="email")
    if password is not None:
        check_password(password, User(username=username, name=name, email=email))
        password_hash = make_password(password)
    batch = Batch()
    shared: dict[str, Any] = {"by": by.id, "at": at, "company_id": company_id}
    user_id = add_row(
        batch=batch,
        model=User,
        kind="user",
        values={
            "username": username,
            "name": name.strip() or username,
            "email": email.strip(),
            "phone": phone,
            "language": language,
            "password": password_hash or make_password(None),
            "date_joined": at,
        },
        **shared,
    )
    if password_hash is None and email:
        invited = UserInvited(subject_id=user_id, name=name, email=email, language=language)
        announce(batch=batch, event=invited, **shared)
    write(batch, unique={"organization_user_username": "username"})
    return User.objects.get(pk=user_id)


def check_password(password: str, user: User) -> None:
    """:raises BadValue: the password is too weak; the message says why"""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise BadValue(" ".join(error.messages), field="password") from error
