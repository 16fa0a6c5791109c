from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_noop

from niaga.core.batch import Batch
from niaga.messaging.services.add_notice import add_notice
from niaga.sales.models import Quotation

_TEXTS = {
    "accepted": gettext_noop("%(customer)s accepted %(number)s"),
    "declined": gettext_noop("%(customer)s declined %(number)s"),
    "expired": gettext_noop("%(number)s for %(customer)s has expired"),
}


def tell_seller(*, quotation_id: UUID, what: str, but: UUID | None, at: datetime) -> None:
    """Ring the salesperson's bell about what became of an offer, unless it was they (`but`) who did it."""
    quotation = Quotation.objects.select_related("customer").filter(pk=quotation_id).first()
    text = _TEXTS.get(what)
    if quotation is None or text is None or quotation.salesperson_id is None or quotation.salesperson_id == but:
        return
    batch = Batch()
    add_notice(
        batch=batch, to=[quotation.salesperson_id], text=text,
        facts={"number": quotation.number, "customer": quotation.customer.name}, url=f"/quotations/{quotation.id}",
        subject_kind="quotation", subject_id=quotation.id, at=at,
    )  # fmt: skip
    batch.write()
