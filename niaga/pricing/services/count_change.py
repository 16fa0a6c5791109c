import time
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from niaga.pricing.models import PriceChange, RuleBookVersion
from niaga.pricing.queries.subjects import subject_at_work
from niaga.pricing.queries.what_if_products import count_products
from niaga.pricing.queries.what_if_subject import what_if

BETWEEN = 0.5
"""Seconds between two notes of progress."""


def count_change(*, change_id: UUID, at: datetime) -> bool:
    """Count what a prepared change does to products and keep it with the change, telling how far it is.

    Run by a job, for changes that touch more products than a page can wait for. What was counted for an older version
    is kept with that version, so nobody takes it for the newer one. Returns whether it was kept.
    """
    change = PriceChange.objects.get(pk=change_id)
    found = subject_at_work(change.subject_kind, change.subject_id)
    book = RuleBookVersion.objects.get(company_id=found.company_id).version
    figures = count_products(what_if(change, found, at=at), said=_Progress(change_id))
    kept = PriceChange.objects.filter(pk=change_id, version=change.version)
    return bool(kept.update(figures=asdict(figures), figures_version=change.version, figures_book=book, counted=None))


class _Progress:
    """Writes how far it is, each time as a statement of its own that a page sees at once."""

    def __init__(self, change_id: UUID) -> None:
        self.change_id = change_id
        self.last = 0.0

    def __call__(self, counted: int) -> None:
        if time.monotonic() - self.last < BETWEEN:
            return
        self.last = time.monotonic()
        PriceChange.objects.filter(pk=self.change_id).update(counted=counted)
