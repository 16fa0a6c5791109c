import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
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
from niaga.shipping.errors import BadCarrier
from niaga.shipping.models import Carrier
from niaga.shipping.rules.carriers import CARRIERS
from niaga.shipping.rules.offer import is_base, is_page, services_of


@dataclass(frozen=True, slots=True)
class CarrierDetails:
    """What a person says of a carrier. A `secret` of None leaves it as it is."""

    kind: str
    name: str
    services: Sequence[str] = ()
    tracking_url: str = ""
    base_url: str = ""
    secret: str | None = None


@transaction.atomic
def save_carrier(
    *, details: CarrierDetails, carrier_id: UUID | None = None, company_id: UUID, by: Actor, at: datetime
) -> UUID:
    """Add a carrier, or change one. Returns its id. Its kind never changes.

    :raises Forbidden: `by` may not manage settings
    :raises NotFound: no such carrier of the company
    :raises BadCarrier: an address or key that cannot be right
    :raises AlreadyTaken: another carrier has the name
    """
    access_of(by).require("setting", "manage", company_id=company_id)
    found = None
    if carrier_id is not None:
        found = Carrier.objects.select_for_update().filter(pk=carrier_id, company_id=company_id).first()
        if found is None:
            raise NotFound()
    _check(details, found)
    values: dict[str, Any] = {
        "name": details.name, "services": services_of(details.services), "tracking_url": details.tracking_url.strip(),
        "base_url": details.base_url.strip().rstrip("/"),
    }  # fmt: skip
    if details.secret is not None:
        values["secret"] = seal_password(details.secret.strip())
    batch = Batch()
    shared: dict[str, Any] = {"kind": "carrier", "by": by.id, "at": at, "company_id": company_id}
    if found is None:
        carrier_id = new_id()
        new = {"id": carrier_id, "company_id": company_id, "kind": details.kind, "hook_path": secrets.token_urlsafe(32)}
        add_row(batch=batch, model=Carrier, values={**new, **values}, **shared)
    else:
        change_row(batch=batch, row=found, values=values, **shared)
    write(batch, unique={"one_carrier_name": "name"})
    assert carrier_id is not None
    return carrier_id


def _check(details: CarrierDetails, found: Carrier | None) -> None:
    carrier = CARRIERS.get(found.kind if found else details.kind)
    if carrier is None or (found is not None and found.kind != details.kind):
        raise BadCarrier(_("Choose one of the kinds."), field="kind")
    if details.tracking_url.strip() and not is_page(details.tracking_url.strip()):
        raise BadCarrier(_("An address with https:// that has {number} once."), field="tracking_url")
    if not carrier.speaks:
        return
    if not is_base(details.base_url.strip(), plain=settings.INNER_ADDRESSES):
        raise BadCarrier(_("An address with https://, without question mark."), field="base_url")
    secret = (details.secret or "").strip()
    if len(secret) > 500 or not (secret.isascii() and secret.isprintable() and " " not in secret):
        raise BadCarrier(field="secret")
    if not secret and (details.secret is not None or found is None or not found.secret):
        raise BadCarrier(_("Type the key: without it the carrier cannot be asked."), field="secret")
