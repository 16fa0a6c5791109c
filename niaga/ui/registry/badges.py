"""How many things wait for this person, behind the names of places: all counted in one statement."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest

from niaga.ui.registry.contributions import Contributions

CEILING = 100  # more than this is shown as 99+, and not counted further


@dataclass(frozen=True, slots=True)
class BadgeCount:
    """Rows that wait. The queryset is never evaluated by itself: all badges of a page become one statement.

    `hot` for what hurts (overdue).
    """

    queryset: QuerySet[Any, Any]
    hot: bool = False


@dataclass(frozen=True, slots=True)
class Badge:
    count: int
    hot: bool = False

    @property
    def shown(self) -> str:
        return "99+" if self.count >= CEILING else str(self.count)


BadgeSource = Callable[[HttpRequest], Mapping[str, BadgeCount]]

badges: Contributions[BadgeSource] = Contributions()


def badge_counts(request: HttpRequest) -> dict[str, Badge]:
    """Badges by navigation key, without the empty ones. One statement however many there are; none when none."""
    asked: dict[str, BadgeCount] = {}
    for _, source in badges:
        asked.update(source(request))
    parts: list[str] = []
    values: list[Any] = []
    for key, wanted in asked.items():
        try:
            inner, arguments = wanted.queryset.order_by().values("pk")[:CEILING].query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append(f"SELECT %s::text, (SELECT count(*) FROM ({inner}) AS waiting)")
        values += [key, *arguments]
    if not parts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        rows = cursor.fetchall()
    return {key: Badge(count, asked[key].hot) for key, count in rows if count}
