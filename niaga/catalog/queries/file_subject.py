"""Who may see and change the pictures and files of a product."""

from uuid import UUID

from niaga.catalog.queries.products import product_for
from niaga.documents.registry import Subject
from niaga.organization.access import Actor


def product_subject(*, subject_id: UUID, by: Actor, change: bool) -> Subject:
    found = product_for(by, subject_id, "change" if change else "view")
    return Subject("product", found.pk, found.company_id, f"/products/{found.pk}")
