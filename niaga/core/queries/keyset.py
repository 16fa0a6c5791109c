"""Pages by key: the rows after a given row in an order, found by an index however deep they lie."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q


def after(order: Sequence[str], values: Sequence[Any], *, nullable: Sequence[bool] = ()) -> Q:
    """Rows that come after these values in the order (`-` for descending), the last column being unique.

    Nulls stand where PostgreSQL puts them: last when ascending, first when descending. `nullable` says which columns
    may hold them; of a first column that holds none, its bound stands alone too, so that an index begins there.
    """
    may_be_null = list(nullable) or [False] * len(order)
    later, equal = Q(), Q()
    nothing = True
    for name, value, null in zip(order, values, may_be_null, strict=True):
        column, descends = name.lstrip("-"), name.startswith("-")
        beyond = _beyond(column, value, descends=descends, null=null)
        if beyond is not None:
            later, nothing = later | (equal & beyond), False
        equal &= Q(**{f"{column}__isnull": True}) if value is None else Q(**{column: value})
    if nothing:
        return Q(pk__in=())
    first, descends = order[0].lstrip("-"), order[0].startswith("-")
    if values[0] is not None and (descends or not may_be_null[0]):
        return Q(**{f"{first}__{'lte' if descends else 'gte'}": values[0]}) & later
    return later


def _beyond(column: str, value: Any, *, descends: bool, null: bool) -> Q | None:
    """What stands after one value of one column; None when nothing can."""
    if value is None:
        return Q(**{f"{column}__isnull": False}) if descends else None
    if descends:
        return Q(**{f"{column}__lt": value})
    return Q(**{f"{column}__gt": value}) | Q(**{f"{column}__isnull": True}) if null else Q(**{f"{column}__gt": value})


def turned(order: Sequence[str]) -> list[str]:
    """The order from the other end."""
    return [name[1:] if name.startswith("-") else f"-{name}" for name in order]
