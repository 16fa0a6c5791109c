from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.inputs import Findings, check_values
from niaga.organization.access import Actor, access_of
from niaga.parties.models import Tag


@transaction.atomic
def save_tag(*, company_id: UUID, name: str, by: Actor, at: datetime) -> Tag:
    """The tag of this name; made when there is none yet. Tags are a matter of whoever may change customers.

    :raises Forbidden: `by` may not change customers
    :raises Invalid: the name is missing or too long
    """
    access_of(by).require("customer", "change", company_id=company_id)
    findings = Findings()
    values = check_values(Tag, {"name": name}, findings=findings)
    findings.raise_if_any()
    existing = Tag.objects.filter(company_id=company_id, name__iexact=values["name"]).first()
    if existing is not None:
        return existing
    tag, _made = Tag.objects.get_or_create(company_id=company_id, name=values["name"])
    return tag
