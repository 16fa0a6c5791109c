from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.outbox import announce
from niaga.organization.access import Actor
from niaga.payments.events import GatewayCheckAsked
from niaga.payments.models import GatewayAccount
from niaga.payments.queries.gateway_accounts import gateway_account


@transaction.atomic
def ask_gateway_check(*, account_id: UUID, by: Actor, at: datetime) -> GatewayAccount:
    """Have the connection tried by a job; the account's page shows what came of it.

    :raises NotFound: no such account
    :raises Forbidden: `by` may not manage settings
    """
    account = gateway_account(account_id=account_id, by=by)
    GatewayAccount.objects.filter(pk=account.pk).update(checked_at=None, check_error="")
    batch = Batch()
    announce(batch=batch, event=GatewayCheckAsked(account.id), company_id=account.company_id, by=by.id, at=at)
    batch.write()
    return account
