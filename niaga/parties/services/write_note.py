from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.batch import Batch
from niaga.core.errors import Forbidden, Invalid
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.customers import customer_for
from niaga.parties.services.write_timeline import write_timeline

LONGEST = 5000


@transaction.atomic
def write_note(*, customer_id: UUID, text: str, by: Actor, at: datetime) -> None:
    """Put a person's words on the customer's timeline.

    :raises NotFound: there is no such customer
    :raises Forbidden: it is not `by`'s to change
    :raises Invalid: nothing was written, or more than 5,000 characters
    """
    customer = customer_for(by, customer_id)
    if not access_of(by).allows("customer", "change", customer.company_id):
        raise Forbidden()
    text = text.replace("\x00", "").strip()
    if not text:
        raise Invalid(_("This is needed."), field="text")
    if len(text) > LONGEST:
        raise Invalid(_("At most %(most)d characters.") % {"most": LONGEST}, field="text")
    batch = Batch()
    write_timeline(batch=batch, customer_id=customer.pk, company_id=customer.company_id, kind="note",
                   subject_kind="customer", subject_id=customer.pk, text=text, actor_id=by.pk, at=at)  # fmt: skip
    batch.write()
