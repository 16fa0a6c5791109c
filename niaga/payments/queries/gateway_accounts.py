"""A company's accounts at payment gateways, and how its keys are opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from niaga.core.errors import NotFound
from niaga.messaging.services.seal_password import open_password
from niaga.organization.access import Actor, access_of
from niaga.payments.models import GatewayAccount, RefusedCall
from niaga.payments.rules.gateways import GATEWAYS
from niaga.payments.rules.gateways.shape import Gateway, Keys


def gateway_accounts(*, by: Actor) -> QuerySet[GatewayAccount]:
    """:raises Forbidden: `by` may not manage settings"""
    access = access_of(by)
    access.require("setting", "manage")
    return GatewayAccount.objects.filter(company_id=access.current_company.id).order_by("name", "id")


def gateway_account(*, account_id: UUID, by: Actor) -> GatewayAccount:
    """:raises NotFound: no such account in the company
    :raises Forbidden: `by` may not manage settings
    """
    found = gateway_accounts(by=by).filter(pk=account_id).first()
    if found is None:
        raise NotFound()
    return found


def accounts_offering(*, company_id: UUID) -> Sequence[GatewayAccount]:
    """Those that customers can pay through now, real ones before those that only try."""
    rows = GatewayAccount.objects.filter(company_id=company_id, is_active=True).order_by("-live", "name", "id")
    return [row for row in rows if row.live or settings.TEST_GATEWAYS]


def account_names(*, by: Actor) -> list[tuple[UUID, str]]:
    """For filters: accounts by id and name."""
    here = access_of(by).current_company.id
    return list(GatewayAccount.objects.filter(company_id=here).order_by("name").values_list("id", "name"))


def account_of_path(path: str) -> GatewayAccount | None:
    """The account that is called at this address."""
    return GatewayAccount.objects.filter(hook_path=path).first()


def keys_of(account: GatewayAccount) -> tuple[Gateway, Keys]:
    """The gateway and the opened keys; a key that cannot be opened any more is empty."""
    keys = Keys(
        open_password(account.secret) or "", open_password(account.token) or "", account.live,
        settings.GATEWAY_URLS.get(account.kind, ""),
    )  # fmt: skip
    return GATEWAYS[account.kind], keys


def hook_address(account: GatewayAccount) -> str:
    return f"{settings.BASE_URL}/hooks/gateways/{account.hook_path}"


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What a page may show of keys: only whether there are any, and whether they can be opened."""

    has_secret: bool
    has_token: bool
    unreadable: bool
    address: str


def facts_of(account: GatewayAccount) -> AccountFacts:
    unreadable = open_password(account.secret) is None or open_password(account.token) is None
    return AccountFacts(bool(account.secret), bool(account.token), unreadable, hook_address(account))


def refused_calls_of(account: GatewayAccount) -> list[RefusedCall]:
    return list(RefusedCall.objects.filter(account=account).order_by("-at", "-id")[:10])
