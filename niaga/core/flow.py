"""Moving a document along its flow: lock the row, check the table, write the state, add the audit row."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from niaga.core.audit import record
from niaga.core.batch import Batch, Sql
from niaga.core.errors import WrongState
from niaga.core.registry import state_words
from niaga.core.rules.flow import Flow, MoveRefused


def state_word(kind: str, status: str) -> str:
    """A state as the pages of its kind say it, in the reader's language."""
    said = (state_words.get(kind) or {}).get(status)
    return str(said.label) if said is not None else status


def check_move(flow: Flow[Any], move: str, status: str) -> str:
    """The state after the move.

    :raises WrongState: not allowed from here
    """
    try:
        state: str = flow.target(move, status)
    except MoveRefused as refusal:
        raise WrongState(
            _("This document is “%(status)s” now, so this is no longer possible.")
            % {"status": state_word(flow.kind, status)},
            status_now=status,
            move=move,
        ) from refusal
    return state


def move(
    *,
    batch: Batch,
    flow: Flow[Any],
    document: models.Model,
    move: str,
    by: UUID | None,
    at: datetime,
    values: Mapping[str, Any] | None = None,
    note: str = "",
    data: dict[str, Any] | None = None,
) -> str:
    """Move a locked document: add its new state and the audit row to the batch. Returns the new state.

    The document has `status`, `version` and `company_id`. The update matches the state that was read, so a move that
    lost a race changes nothing and the batch refuses.

    :raises WrongState: the flow does not allow the move
    """
    before: str = document.status  # type: ignore[attr-defined]
    after = check_move(flow, move, before)
    batch.update(
        type(document),
        where={"id": document.pk, "status": before},
        values={"status": after, "version": Sql("t.version + 1"), "updated_at": at, **(values or {})},
        refusal=WrongState,
    )
    record(
        batch=batch,
        subject_kind=flow.kind,
        subject_id=document.pk,
        verb=move,
        by=by,
        at=at,
        company_id=document.company_id,  # type: ignore[attr-defined]
        from_status=before,
        to_status=after,
        note=note,
        data=data,
    )
    document.status = after  # type: ignore[attr-defined]
    document.version += 1  # type: ignore[attr-defined]
    return after
