"""A company's carriers, how their keys are opened, and what is told and kept."""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from niaga.core.errors import NotFound
from niaga.messaging.services.seal_password import open_password
from niaga.organization.access import Actor, access_of
from niaga.shipping.models import Carrier, ShippingSetting
from niaga.shipping.rules.carriers import CARRIERS
from niaga.shipping.rules.carriers.shape import Carrier as Shape
from niaga.shipping.rules.carriers.shape import Keys


def visible_carriers(*, by: Actor, archived: bool = False) -> QuerySet[Carrier]:
    """Those of the company, the ones put away last."""
    rows = Carrier.objects.filter(company_id=access_of(by).current_company.id).order_by("-archived_at", "name", "id")
    return rows if archived else rows.filter(archived_at=None)


def get_carrier(*, carrier_id: UUID, by: Actor) -> Carrier:
    """:raises NotFound: no such carrier in the company"""
    found = visible_carriers(by=by, archived=True).filter(pk=carrier_id).first()
    if found is None:
        raise NotFound()
    return found


def carrier_names(*, by: Actor) -> Sequence[tuple[UUID, str]]:
    """For filters and choices."""
    return list(visible_carriers(by=by).values_list("id", "name"))


def carrier_of_path(path: str) -> Carrier | None:
    """The carrier that calls at this address."""
    return Carrier.objects.filter(hook_path=path).first()


def keys_of(carrier: Carrier) -> tuple[Shape, Keys]:
    """The carrier's shape and its opened keys; a key that cannot be opened any more is empty."""
    return CARRIERS[carrier.kind], Keys(carrier.base_url, open_password(carrier.secret) or "")


def is_readable(carrier: Carrier) -> bool:
    return open_password(carrier.secret) is not None


def hook_address(carrier: Carrier) -> str:
    return f"{settings.BASE_URL}/hooks/carriers/{carrier.hook_path}"


def shipping_settings(company_id: UUID) -> ShippingSetting:
    """As the company said, else as everybody begins."""
    return ShippingSetting.objects.filter(pk=company_id).first() or ShippingSetting(company_id=company_id)
