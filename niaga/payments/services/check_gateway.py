from datetime import datetime
from uuid import UUID

from niaga.payments.models import GatewayAccount
from niaga.payments.queries.gateway_accounts import keys_of
from niaga.payments.services.call_gateway import Outcome, call_gateway


def check_gateway(*, account_id: UUID, at: datetime) -> bool:
    """Try the connection with a question that changes nothing. Whether the gateway knows us. Called by jobs only."""
    account = GatewayAccount.objects.get(pk=account_id)
    gateway, keys = keys_of(account)
    answer = call_gateway(gateway.check(keys))
    known = answer.outcome is Outcome.ANSWERED and gateway.checked(answer.status, answer.told)
    error = "" if known else (answer.words or "?")[:300]
    GatewayAccount.objects.filter(pk=account.pk).update(checked_at=at, check_error=error)
    return known
