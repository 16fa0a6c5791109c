"""Adding and changing master data and settings, each with the audit row that says what was before and after.

Every settings verb goes through here, so the trail of a company, a branch or a right is read in one place: the audit.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid, NotFound
from niaga.core.ids import new_id

SECRET = frozenset({"password", "token_hash", "token", "app_secret", "verify_token", "secret", "hook_path"})


class AlreadyTaken(Invalid):
    """Another row has this code or name; the database says so, so that two at once cannot both win."""

    code = "already_taken"
    text = _("This is already taken. Choose another one.")


class ValueNeeded(Invalid):
    code = "value_needed"
    text = _("Please fill this in.")


class ValueTooLong(Invalid):
    code = "value_too_long"
    text = _("This is too long.")


def _plain(name: str, value: Any) -> Any:
    if name in SECRET:
        return "…" if value else ""
    return str(value) if isinstance(value, UUID | Decimal | date | datetime) else value


def _checked(model: type[models.Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """Text trimmed and measured by the model's own columns.

    :raises TypeError: a name that is no column: a programmer's mistake, never a person's
    """
    columns = {column.attname: column for column in model._meta.concrete_fields}
    checked = {}
    for name, value in values.items():
        column = columns.get(name)
        if column is None:
            raise TypeError(f"{model.__name__} has no column {name}")
        if isinstance(value, str):
            value = value.replace("\x00", "").strip()
            if column.max_length is not None and len(value) > column.max_length:
                raise ValueTooLong(field=name)
            if not value and not column.blank and not column.has_default():
                raise ValueNeeded(field=name)
        checked[name] = value
    return checked


def add_row(
    *,
    batch: Batch,
    model: type[models.Model],
    kind: str,
    values: Mapping[str, Any],
    by: UUID | None,
    at: datetime,
    company_id: UUID | None,
    verb: str = "create",
) -> UUID:
    """Add a new row and its audit row to the batch. Returns the row's id.

    :raises ValueNeeded: a text that must be given is empty
    :raises ValueTooLong: a text is longer than its column
    """
    row_id: UUID = values.get("id") or new_id()
    checked = _checked(model, values)
    batch.insert(model, [{**checked, "id": row_id}])
    after = {name: _plain(name, value) for name, value in checked.items() if name != "id"}
    record(
        batch=batch, subject_kind=kind, subject_id=row_id, verb=verb, by=by, at=at, company_id=company_id,
        data={"after": after},
    )  # fmt: skip
    return row_id


def change_row(
    *,
    batch: Batch,
    row: models.Model,
    kind: str,
    values: Mapping[str, Any],
    by: UUID | None,
    at: datetime,
    company_id: UUID | None,
    verb: str = "change",
) -> bool:
    """Add the difference and its audit row to the batch; nothing when nothing differs. The row object follows.

    :raises ValueNeeded: a text that must be given is empty
    :raises ValueTooLong: a text is longer than its column
    """
    checked = _checked(type(row), values)
    changed = {name: value for name, value in checked.items() if getattr(row, name) != value}
    if not changed:
        return False
    before = {name: _plain(name, getattr(row, name)) for name in changed}
    after = {name: _plain(name, value) for name, value in changed.items()}
    batch.update(type(row), where={"id": row.pk}, values=changed, refusal=NotFound)
    record(
        batch=batch, subject_kind=kind, subject_id=row.pk, verb=verb, by=by, at=at, company_id=company_id,
        data={"before": before, "after": after},
    )  # fmt: skip
    for name, value in changed.items():
        setattr(row, name, value)
    return True


def write(batch: Batch, *, unique: Mapping[str, str] | None = None) -> None:
    """Send the batch. `unique` maps a constraint's name to the field that a person must change.

    :raises AlreadyTaken: another row has the value
    """
    try:
        with transaction.atomic():
            batch.write()
    except IntegrityError as error:
        for constraint, field in (unique or {}).items():
            if constraint in str(error):
                raise AlreadyTaken(field=field) from error
        raise
