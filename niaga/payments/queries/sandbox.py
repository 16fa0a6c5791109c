"""The sandbox gateway's own side: whose key a call has, and its bills."""

import hmac
from uuid import UUID

from django.conf import settings

from niaga.core.errors import Forbidden, NotFound
from niaga.messaging.services.seal_password import open_password
from niaga.payments.models import GatewayAccount, SandboxCharge


def sandbox_account(authorization: str) -> GatewayAccount:
    """:raises NotFound: this installation has no sandbox
    :raises Forbidden: nobody's key
    """
    if not settings.TEST_GATEWAYS:
        raise NotFound()
    for account in GatewayAccount.objects.filter(kind="sandbox", is_active=True).order_by("id"):
        secret = open_password(account.secret) or ""
        if secret and hmac.compare_digest(f"Bearer {secret}".encode(), authorization.encode()):
            return account
    raise Forbidden()


def sandbox_charge(charge_id: UUID) -> SandboxCharge:
    """:raises NotFound: no such bill, or no sandbox here"""
    found = SandboxCharge.objects.select_related("account__company").filter(pk=charge_id).first()
    if found is None or not settings.TEST_GATEWAYS:
        raise NotFound()
    return found


def charge_by_key(account: GatewayAccount, key: str) -> SandboxCharge | None:
    return SandboxCharge.objects.filter(account=account, key=key).first()
