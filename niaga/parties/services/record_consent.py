from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid
from niaga.core.inputs import Findings, check_values
from niaga.organization.access import Actor
from niaga.parties.models import Consent
from niaga.parties.queries.customers import lock_customer
from niaga.parties.rules.consent import PURPOSES
from niaga.parties.services.write_timeline import write_timeline


@transaction.atomic
def record_consent(*, customer_id: UUID, purpose: str, given: bool, by: Actor, at: datetime, source: str = "") -> None:
    """Note that a customer gave or withdrew consent for a purpose; the latest row holds, none is ever changed.

    `source` says how it is known: a form, a letter, a call.

    :raises NotFound: there is no such customer
    :raises Forbidden: the customer is not `by`'s to change
    :raises Invalid: there is no such purpose
    """
    customer = lock_customer(by, customer_id, "change")
    if purpose not in PURPOSES:
        raise Invalid(_("This is not one of the choices."), field="purpose")
    findings = Findings()
    values = check_values(Consent, {"source": source or "-"}, findings=findings)
    findings.raise_if_any()
    batch = Batch()
    batch.insert(
        Consent,
        [
            {
                "customer_id": customer.pk, "purpose": purpose, "given": given,
                "source": values["source"] if source else "", "by": by.pk, "at": at,
            }
        ],
    )  # fmt: skip
    record(batch=batch, subject_kind="customer", subject_id=customer.pk,
           verb="give_consent" if given else "withdraw_consent", by=by.pk, at=at, company_id=customer.company_id,
           note=purpose)  # fmt: skip
    write_timeline(batch=batch, customer_id=customer.pk, company_id=customer.company_id,
                   kind="consent.given" if given else "consent.withdrawn", subject_kind="customer",
                   subject_id=customer.pk, text=purpose, actor_id=by.pk, at=at)  # fmt: skip
    batch.write()
