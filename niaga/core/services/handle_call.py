import logging
from datetime import datetime
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction

from niaga.core.models import IncomingCall
from niaga.core.registry import call_handlers
from niaga.core.rules.attempts import next_attempt

log = logging.getLogger(__name__)


@transaction.atomic
def handle_call(*, call_id: UUID, at: datetime) -> str:
    """Do what a kept call asks for: `handled`; `waiting` when it failed for now, `parked` when for good.

    The deed and the note that it is done commit together, so a worker may die at any moment and a call may be tried
    by two: it counts once. What another worker has, and what is handled or parked, is left alone: "".
    """
    waiting = IncomingCall.objects.select_for_update(skip_locked=True).filter(handled_at=None, parked_at=None)
    call = waiting.filter(pk=call_id).first()
    if call is None:
        return ""
    call.attempts += 1
    try:
        handler = call_handlers.get(call.source)
        if handler is None:
            raise LookupError(f"nothing here handles calls of {call.source}")
        with transaction.atomic():
            handler(bytes(call.body), call.company_id, at)
    except (OperationalError, InterfaceError):
        raise  # the database went away: nothing was done, and nothing can be noted
    except Exception as error:
        log.warning("Call %s of %s failed", call.id, call.source, exc_info=True)
        call.error = f"{type(error).__name__}: {error}"[:2000]
        call.next_attempt_at = next_attempt(call.attempts, at)
        call.parked_at = at if call.next_attempt_at is None else None
        call.save(update_fields=["attempts", "error", "next_attempt_at", "parked_at"])
        return "parked" if call.parked_at else "waiting"
    call.handled_at, call.next_attempt_at, call.error = at, None, ""
    call.save(update_fields=["attempts", "handled_at", "next_attempt_at", "error"])
    return "handled"
