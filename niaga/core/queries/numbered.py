"""Documents by what a person types of their number."""

from typing import TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


def numbered(rows: QuerySet[M], text: str) -> QuerySet[M]:
    """Those whose `number` begins so, or ends with these figures. Nothing, unasked, for what no number can be."""
    wanted = text.upper()
    if len(wanted) < 2 or any(sign.isspace() for sign in wanted):
        return rows.none()
    return rows.filter(number__endswith=wanted) if wanted.isdigit() else rows.filter(number__startswith=wanted)
