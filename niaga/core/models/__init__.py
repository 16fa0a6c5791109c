from niaga.core.models.audit import AuditEntry
from niaga.core.models.idempotency import StoredAnswer
from niaga.core.models.incoming import IncomingCall
from niaga.core.models.numbering import NumberSeries
from niaga.core.models.outbox import OutboxEvent, WorkerHeartbeat

__all__ = ["AuditEntry", "IncomingCall", "NumberSeries", "OutboxEvent", "StoredAnswer", "WorkerHeartbeat"]
