from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid
from niaga.core.ids import new_id
from niaga.organization.access import Actor
from niaga.sales.models import Agreement, SubstitutionRule
from niaga.sales.queries.substitutions import agreement_subject


@transaction.atomic
def save_substitution_rule(
    *, company_id: UUID, customer_id: UUID | None, agreement: str, by: Actor, at: datetime
) -> str:
    """Note whether a customer takes other goods in place of missing ones (without one: all who have no rule of their
    own). An empty `agreement` takes the rule away. Returns what is said now.

    :raises NotFound: no such customer for this person
    :raises Forbidden: the person may not change the customer, or the company's settings
    :raises Invalid: no such agreement
    """
    agreement_subject(by=by, company_id=company_id, customer_id=customer_id)
    if agreement and agreement not in Agreement.values:
        raise Invalid(_("Choose one of the answers."), field="agreement")
    whose = Q(customer=None) if customer_id is None else Q(customer_id=customer_id)
    held = SubstitutionRule.objects.select_for_update().filter(whose, company_id=company_id).first()
    values = {"agreement": agreement, "updated_at": at}
    batch = Batch()
    if held is not None and not agreement:
        batch.sql("gone", "DELETE FROM sales_substitutionrule WHERE id = %s::uuid RETURNING 1", [held.pk])
    elif held is not None:
        batch.update(SubstitutionRule, where={"id": held.pk}, values=values)
    elif agreement:
        batch.insert(
            SubstitutionRule, [{"id": new_id(), "company_id": company_id, "customer_id": customer_id, **values}]
        )
    record(
        batch=batch, subject_kind="substitution_rule", subject_id=customer_id or company_id, verb="save", by=by.id,
        at=at, company_id=company_id, data={"agreement": agreement},
    )  # fmt: skip
    batch.write()
    return agreement
