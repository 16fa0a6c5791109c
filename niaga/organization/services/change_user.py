from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.batch import Batch
from niaga.core.errors import NotFound, WrongState
from niaga.core.outbox import announce
from niaga.organization.access import Actor, access_of
from niaga.organization.events import UserDeactivated
from niaga.organization.models import Company, User
from niaga.organization.queries.users import managers_remain
from niaga.organization.services.check_values import checked_address, checked_profile
from niaga.organization.services.tracked import AlreadyTaken, change_row, write

THEIR_OWN = frozenset({"name", "phone", "language", "theme", "email"})


class NotYourself(WrongState):
    code = "not_yourself"
    text = _("You cannot deactivate yourself; ask another administrator.")


class LastManager(WrongState):
    """Somebody must be left who can give rights."""

    code = "last_manager"
    text = _("Nobody would be left who can manage users. Give another person that right first.")


@transaction.atomic
def change_user(*, user_id: UUID, by: Actor, at: datetime, **values: Any) -> User:
    """Change a person's name, address, phone, language, theme, or whether they may log in (`is_active`).

    Everybody may change their own profile; others' only who may change users (`archive` for `is_active`).

    :raises NotFound: no such person in a company of `by`
    :raises Forbidden: not allowed
    :raises NotYourself: `by` would deactivate themselves
    :raises LastManager: the last person who can manage users would be deactivated
    :raises AlreadyTaken: the address is another person's
    """
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise NotFound()
    access = access_of(by)
    own = by.id == user_id
    company_ids = list(user.memberships.values_list("company_id", flat=True).distinct())
    if not (own and set(values) <= THEIR_OWN):
        if company_ids and not own and by.id is not None and not set(company_ids) & set(access.company_ids):
            raise NotFound()
        companies: list[UUID | None] = [*company_ids] or [None]
        for company_id in companies:
            access.require("user", "archive" if "is_active" in values else "change", company_id=company_id)
    if values.get("is_active") is False:
        if own:
            raise NotYourself()
        list(Company.objects.select_for_update().filter(pk__in=company_ids).order_by("id"))
        for company_id in company_ids:
            if not managers_remain(company_id, without_user=user_id):
                raise LastManager()
    if values.get("email"):
        values["email"] = checked_address(values["email"]).lower()
        if User.objects.filter(email__iexact=values["email"]).exclude(pk=user_id).exists():
            raise AlreadyTaken(field="email")
    if "language" in values:
        checked_profile({"language": values["language"]})
    batch = Batch()
    shared: dict[str, Any] = {"by": by.id, "at": at, "company_id": company_ids[0] if company_ids else None}
    changed = change_row(batch=batch, row=user, kind="user", values=values, **shared)
    if changed and values.get("is_active") is False:
        announce(batch=batch, event=UserDeactivated(subject_id=user_id), **shared)
    write(batch)
    return user
