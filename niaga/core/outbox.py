"""Announcing what happened. Events are frozen dataclasses in an app's `events`; the row commits with the deed."""

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
    subject_id: UUID


def announce(*, batch: Batch, event: Event, company_id: UUID | None, by: UUID | None, at: datetime) -> None:
    """Add the event to the batch. The relay hands it to every subscriber after commit, at least once, in order."""
    facts = {item.name: getattr(event, item.name) for item in fields(event) if item.name != "subject_id"}
    batch.insert(
        OutboxEvent,
        [
            {
                "company_id": company_id,
                "kind": type(event).__name__,
                "subject_kind": event.subject_kind,
                "subject_id": event.subject_id,
                "payload": facts,
                "at": at,
                "actor_id": by,
            }
        ],
    )
