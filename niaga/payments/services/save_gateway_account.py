import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.core.ids import new_id
from niaga.messaging.services.seal_password import seal_password
from niaga.organization.access import Actor, access_of
from niaga.organization.services.tracked import add_row, change_row, write
from niaga.payments.errors import BadGatewayAccount
from niaga.payments.models import GatewayAccount
from niaga.payments.rules.gateways import GATEWAYS

LONGEST = 500
LEAST_NAME = 4
"""A shorter one would be found in many a bank line."""


@dataclass(frozen=True, slots=True)
class AccountDetails:
    """What a person says of an account. `secret` and `token` None leave them as they are."""

    kind: str
    name: str
    live: bool = False
    secret: str | None = None
    token: str | None = None
    methods: Sequence[str] = ("link", "va", "qris")
    banks: Sequence[str] = ()
    fee_percent: Decimal = Decimal(0)
    fee_fixed: Decimal = Decimal(0)
    expires_hours: int = 24
    is_active: bool = True
    statement_name: str = ""
    payout_days: int = 3
    payout_contact: str = ""


@transaction.atomic
def save_gateway_account(
    *, details: AccountDetails, account_id: UUID | None = None, company_id: UUID, by: Actor, at: datetime
) -> UUID:
    """Add an account at a payment gateway, or change one. Returns its id. Its gateway never changes.

    :raises Forbidden: `by` may not manage settings
    :raises NotFound: no such account of the company
    :raises BadGatewayAccount: a key, way, bank, fee or time that cannot be right
    :raises AlreadyTaken: another account has the name
    """
    access_of(by).require("setting", "manage", company_id=company_id)
    found = None
    if account_id is not None:
        found = GatewayAccount.objects.select_for_update().filter(pk=account_id, company_id=company_id).first()
        if found is None:
            raise NotFound()
    _check(details, found)
    values: dict[str, Any] = {
        "name": details.name, "live": details.live, "methods": list(details.methods), "banks": list(details.banks),
        "fee_percent": details.fee_percent, "fee_fixed": details.fee_fixed, "expires_hours": details.expires_hours,
        "is_active": details.is_active, "statement_name": " ".join(details.statement_name.split())[:80],
        "payout_days": details.payout_days, "payout_contact": details.payout_contact.strip()[:200],
    }  # fmt: skip
    for name, value in (("secret", details.secret), ("token", details.token)):
        if value is not None:
            values[name] = seal_password(value.strip())
    batch = Batch()
    shared: dict[str, Any] = {"kind": "gateway_account", "by": by.id, "at": at, "company_id": company_id}
    if found is None:
        account_id = new_id()
        new = {"id": account_id, "company_id": company_id, "kind": details.kind, "hook_path": secrets.token_urlsafe(32)}
        add_row(batch=batch, model=GatewayAccount, values={**new, **values}, **shared)
    else:
        change_row(batch=batch, row=found, values=values, **shared)
    write(batch, unique={"one_gateway_name": "name"})
    assert account_id is not None
    return account_id


def _check(details: AccountDetails, found: GatewayAccount | None) -> None:
    gateway = GATEWAYS.get(found.kind if found else details.kind)
    if gateway is None or (found is not None and found.kind != details.kind):
        raise BadGatewayAccount(_("Choose one of the gateways."), field="kind")
    for name, value in (("secret", details.secret), ("token", details.token)):
        text = (value or "").strip()
        if len(text) > LONGEST or not (text.isascii() and text.isprintable() and " " not in text):
            raise BadGatewayAccount(field=name)
    if not (details.secret or "").strip() and (details.secret is not None or found is None or not found.secret):
        raise BadGatewayAccount(_("Type the secret key: without it the gateway cannot be asked."), field="secret")
    if not details.live and not settings.TEST_GATEWAYS:
        raise BadGatewayAccount(_("This installation takes no test payments: they would settle real invoices."),
                                field="live")  # fmt: skip
    if details.live and gateway.code == "sandbox":
        raise BadGatewayAccount(_("The sandbox moves no money."), field="live")
    if not details.methods or not set(details.methods) <= set(gateway.methods):
        raise BadGatewayAccount(_("Choose at least one way to pay."), field="methods")
    if not set(details.banks) <= set(gateway.banks) or ("va" in details.methods and not details.banks):
        raise BadGatewayAccount(_("Choose the banks of its virtual accounts."), field="banks")
    if not 0 <= details.fee_percent <= 20 or not 0 <= details.fee_fixed <= 1_000_000:
        raise BadGatewayAccount(_("A fee is at most 20 % and Rp 1.000.000."), field="fee_percent")
    if not 1 <= details.expires_hours <= 24 * 30:
        raise BadGatewayAccount(_("A way to pay stands for one hour to thirty days."), field="expires_hours")
    if details.statement_name.strip() and len("".join(filter(str.isalnum, details.statement_name))) < LEAST_NAME:
        raise BadGatewayAccount(_("Write at least four letters or figures, or nothing."), field="statement_name")
    if not 1 <= details.payout_days <= 60:
        raise BadGatewayAccount(_("A payout is missed after one to sixty days."), field="payout_days")
