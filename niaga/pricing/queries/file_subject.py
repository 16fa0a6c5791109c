"""Who may see and change the files of a promotion, such as the contract of an agreed discount."""

from uuid import UUID

from niaga.documents.registry import Subject
from niaga.organization.access import Actor
from niaga.pricing.queries.promotions import promotion_for


def promotion_subject(*, subject_id: UUID, by: Actor, change: bool) -> Subject:
    """:raises NotFound: no such promotion, or one of a customer whom `by` may not see"""
    found = promotion_for(by, subject_id, "change" if change else "view")
    return Subject("promotion", found.pk, found.company_id, f"/promotions/{found.pk}")
