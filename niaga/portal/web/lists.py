"""Lists of the portal: 25 a page, on by key, so that the last page is as quick as the first."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest

SIZE = 25


def page_of(request: HttpRequest, rows: QuerySet[Any], day: str = "date") -> tuple[Sequence[Any], str]:
    """The rows after the one that the address names, the newest first, and the query of the next page, if any."""
    after = _key(request.GET.get("after", ""))
    if after is not None:
        last = rows.filter(pk=after).values_list(day, flat=True).first()
        if last is not None:
            rows = rows.filter(Q(**{f"{day}__lt": last}) | Q(**{day: last, "pk__lt": after}))
    found = list(rows.order_by(f"-{day}", "-pk")[: SIZE + 1])
    if len(found) <= SIZE:
        return found, ""
    query = request.GET.copy()
    query["after"] = str(found[SIZE - 1].pk)
    query.pop("said", None)
    return found[:SIZE], f"?{query.urlencode()}"


def _key(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
