from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from niaga.core.batch import Batch
from niaga.messaging.models import Notice


def add_notice(
    *,
    batch: Batch,
    to: Collection[UUID],
    text: str,
    facts: Mapping[str, Any] | None = None,
    url: str = "",
    subject_kind: str = "",
    subject_id: UUID | None = None,
    at: datetime,
) -> None:
    """Ring the bells of some people: adds a notice for each to the batch.

    `text` is a message id marked with `gettext_noop`, such as `%(number)s was accepted by %(name)s`; `facts` fill it
    when it is shown, in the reader's language. `url` is a path of this installation.
    """
    people = sorted(set(to))
    batch.insert(
        Notice,
        [
            {
                "user_id": person,
                "text": text[:300],
                "facts": dict(facts or {}),
                "url": url if url.startswith("/") and not url.startswith("//") else "",
                "subject_kind": subject_kind,
                "subject_id": subject_id,
                "at": at,
            }
            for person in people
        ],
    )
