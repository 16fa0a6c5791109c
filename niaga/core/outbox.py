"""Announcing what happened. Events are frozen dataclasses in an app's `events`; the row commits with the deed."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, ClassVar, Protocol
from uuid import UUID

from niaga.core.batch import Batch
from niaga.core.models import OutboxEvent


class Event(Protocol):
    """A frozen dataclass in the past tense. `subject_kind` names the document, `subject_id` the row."""

    __dataclass_fields__: ClassVar[dict[str, Any]]
    subject_kind: ClassVar[str]

    @property
    def subject_id(self) -> UUID: ...


def announce(
    *, batch: Batch, event: Event | Sequence[Event], company_id: UUID | None, by: UUID | None, at: datetime
) -> None:
    """Add one event, or several of one kind, to the batch.

    The relay hands them to every subscriber after commit, at least once, in order.
    """
    events = list(event) if isinstance(event, Sequence) else [event]
    if not events:
        return
    batch.insert(
        OutboxEvent,
        [
            {
                "subject_id": one.subject_id,
                "payload": {item.name: getattr(one, item.name) for item in fields(one) if item.name != "subject_id"},
            }
            for one in events
        ],
        company_id=company_id, kind=type(events[0]).__name__, subject_kind=events[0].subject_kind, at=at, actor_id=by,
    )  # fmt: skip
