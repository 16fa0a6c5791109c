from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.approvals.services.drop_waiting import drop_waiting
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid
from niaga.core.flow import move
from niaga.core.ids import new_id
from niaga.core.outbox import announce
from niaga.organization.access import Actor
from niaga.parties.services.write_timeline import write_timeline
from niaga.sales.errors import NoCustomerAddress, QuotationExpired
from niaga.sales.events import QuotationSent
from niaga.sales.models import Quotation
from niaga.sales.rules.flows import quotation_flow
from niaga.sales.services.check_approval import check_approval
from niaga.sales.services.lock_quotation import lock_quotation

MOST_ADDRESSES = 10

# What the customer is shown, kept as it is now; a second sending of the same version keeps nothing new.
_SNAPSHOT = """
INSERT INTO sales_quotationversion (id, quotation_id, offer_version, content, at, by)
SELECT %s::uuid, q.id, q.offer_version,
       jsonb_build_object('header', to_jsonb(q), 'lines', coalesce((
         SELECT jsonb_agg(to_jsonb(l) - 'steps' - 'unit_cost' || jsonb_build_object('parts', (
                  SELECT coalesce(jsonb_agg(e - 'cost'), '[]'::jsonb) FROM jsonb_array_elements(l.parts) e))
                  ORDER BY l.position)
           FROM sales_quotationline l WHERE l.quotation_id = q.id), '[]'::jsonb)), %s::timestamptz, %s::uuid
  FROM sales_quotation q WHERE q.id = %s::uuid
    ON CONFLICT (quotation_id, offer_version) DO NOTHING RETURNING 1
"""


@transaction.atomic
def send_quotation(
    *,
    quotation_id: UUID,
    to: Sequence[str] = (),
    message: str = "",
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> Quotation:
    """Make the offer: keep what this version says, and mail it to `to` once this is committed.

    Without addresses the offer counts as handed over by other means (its link, WhatsApp, paper). Sending again mails
    the same version again.

    :raises NotFound: no such quotation
    :raises Forbidden: the person may not send it
    :raises StaleVersion: somebody saved since `version`
    :raises WrongState: it was answered, has expired or was cancelled
    :raises QuotationExpired: its last day is over; give it a new one first
    :raises ApprovalNeeded: a rule asks for a yes that it does not have
    :raises NoCustomerAddress: an address is none
    """
    addresses = tuple(dict.fromkeys(one.strip() for one in to if one.strip()))
    for one in addresses:
        try:
            validate_email(one)
        except ValidationError as error:
            raise NoCustomerAddress(
                _("“%(address)s” is not an e-mail address.") % {"address": one}, field="to"
            ) from error
    if len(addresses) > MOST_ADDRESSES:
        raise Invalid(_("At most %(most)d addresses.") % {"most": MOST_ADDRESSES}, field="to")
    quotation = lock_quotation(quotation_id=quotation_id, action="send", by=by, version=version, gate=True)
    today = day_at(at=at, zone=quotation.branch.zone)
    if quotation.status in ("draft", "sent") and quotation.valid_until < today:
        raise QuotationExpired(_("Its last day of validity is over. Give it a new one, then send it."))
    approved = check_approval(quotation, today=today) if quotation.status in ("draft", "sent") else {}
    batch = Batch()
    move(
        batch=batch, flow=quotation_flow, document=quotation, move="send", by=by.id, at=at, values={"sent_at": at},
        data={"offer_version": quotation.offer_version, "to": addresses, **approved},
    )  # fmt: skip
    drop_waiting(batch=batch, subject_kind="quotation", subject_ids=[quotation.id], at=at)
    batch.sql("kept", _SNAPSHOT, [new_id(), at, by.id, quotation.id])
    write_timeline(
        batch=batch, customer_id=quotation.customer_id, company_id=quotation.company_id, kind="quotation.sent",
        subject_kind="quotation", subject_id=quotation.id, number=quotation.number, amount=quotation.total,
        currency=quotation.currency, actor_id=by.id, at=at,
    )  # fmt: skip
    announce(
        batch=batch,
        event=QuotationSent(
            quotation.id, quotation.number, quotation.customer_id, quotation.offer_version, addresses, message
        ),
        company_id=quotation.company_id, by=by.id, at=at,
    )  # fmt: skip
    batch.write()
    quotation.sent_at = at
    return quotation
