"""Who may see and change the files of a customer."""

from uuid import UUID

from niaga.documents.registry import Subject
from niaga.organization.access import Actor
from niaga.parties.queries.customers import customer_for


def customer_subject(*, subject_id: UUID, by: Actor, change: bool) -> Subject:
    found = customer_for(by, subject_id, "change" if change else "view")
    return Subject("customer", found.pk, found.company_id, f"/customers/{found.pk}")
