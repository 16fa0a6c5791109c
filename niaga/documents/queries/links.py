"""Public links by their token, and how often they were opened."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min

from niaga.core.queries.together import Question
from niaga.documents.errors import LinkExpired, LinkNotFound
from niaga.documents.models import LinkOpening, PublicLink
from niaga.documents.registry import OpenedLink
from niaga.documents.services.create_link import token_hash

_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


def find_link(*, token: str, at: datetime) -> OpenedLink:
    """The link behind a token.

    :raises LinkNotFound: no such token, or the link was taken back
    :raises LinkExpired: its time is over
    """
    if not _TOKEN.fullmatch(token):
        raise LinkNotFound()
    row = PublicLink.objects.filter(token_hash=token_hash(token)).first()
    if row is None or row.revoked_at is not None:
        raise LinkNotFound()
    if row.expires_at is not None and at >= row.expires_at:
        raise LinkExpired()
    return OpenedLink(row.id, row.subject_kind, row.subject_id, row.company_id, row.purpose, token)


@dataclass(frozen=True, slots=True)
class Openings:
    count: int
    first: datetime | None
    last: datetime | None


def openings_of(*, kind: str, ids: Collection[UUID]) -> Question[dict[UUID, Openings]]:
    """Asks how often people opened the links to each subject. Those never opened are missing."""
    rows = (
        LinkOpening.objects.filter(link__subject_kind=kind, link__subject_id__in=list(ids))
        .values("link__subject_id")
        .annotate(count=Count("id"), first=Min("at"), last=Max("at"))
    )

    def tell(found: list[Mapping[str, Any]]) -> dict[UUID, Openings]:
        return {row["link__subject_id"]: Openings(row["count"], row["first"], row["last"]) for row in found}

    return Question(rows, tell)
