from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.errors import Invalid
from niaga.documents.services.attach_file import attach_file
from niaga.organization.access import SYSTEM
from niaga.sales.models import SalesOrder
from niaga.sales.services.accept_quotation import accept_quotation


@transaction.atomic
def answer_by_link(
    *,
    quotation_id: UUID,
    name: str,
    signature: bytes,
    chosen: Collection[UUID],
    address: str | None,
    at: datetime,
    requested_date: date | None = None,
) -> SalesOrder:
    """Take the yes of a customer on the public page, with their name and drawn signature (PNG).

    :raises Invalid: no name, nothing is drawn, or the day that is asked for is over
    :raises NotAnImage, FileTooLarge: the signature is no picture
    :raises WrongState: it was answered before, or is no longer offered
    :raises QuotationExpired: its last day is over
    """
    name = name.strip()[:120]
    if not name:
        raise Invalid(_("Write your name."), field="name")
    if not signature:
        raise Invalid(_("Sign in the box."), field="signature")
    attachment = attach_file(
        subject_kind="quotation", subject_id=quotation_id, name="signature.png", content=signature, by=SYSTEM, at=at,
        purpose="signature",
    )  # fmt: skip
    return accept_quotation(
        quotation_id=quotation_id, by=SYSTEM, at=at, name=name, chosen=chosen, through_link=True, address=address,
        signature_id=attachment.id, requested_date=requested_date,
    )  # fmt: skip
