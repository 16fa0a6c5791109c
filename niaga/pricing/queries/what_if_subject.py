"""What a prepared change is asked by: a list's or a promotion's own way of answering."""

from datetime import datetime

from niaga.core.clock import today as day_at
from niaga.organization.queries.branches import head_branch
from niaga.organization.queries.document_context import document_context
from niaga.pricing.models import PriceChange, Promotion
from niaga.pricing.queries.differences_of import differences_of
from niaga.pricing.queries.draft_book import promotion_books, two_books
from niaga.pricing.queries.subjects import Subject
from niaga.pricing.queries.what_if import WhatIf
from niaga.pricing.queries.what_if_promotion import PromotionWhatIf


def what_if(change: PriceChange, found: Subject, *, at: datetime) -> WhatIf:
    """Reads the change, both books and the company's settings at the moment of its publication."""
    moment = max(change.publish_at, at) if change.publish_at is not None else at
    differences = differences_of(change)
    branch_id = differences.heads.get("branch_id", (None, found.branch_id))[1] or head_branch(found.company_id)
    context = document_context(branch_id=branch_id, at=moment)
    today = day_at(at=at, zone=context.zone)
    if isinstance(found, Promotion):
        return PromotionWhatIf(found, differences, promotion_books(found, differences), context, moment, today)
    return WhatIf(found, differences, two_books(found, differences), context, moment, today)
