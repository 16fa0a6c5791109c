"""Real documents of an app to try a template on."""

from typing import Any

from django.db.models import Q, QuerySet

from niaga.documents.registry import PaperChoice

MOST = 12


def find_papers(
    rows: QuerySet[Any], *, text: str, number: str = "number", party: str = "customer__name"
) -> list[PaperChoice]:
    """The latest of `rows` (already those that the person sees) whose number begins so or whose party holds it."""
    if text:
        rows = rows.filter(Q(**{f"{number}__istartswith": text}) | Q(**{f"{party}__icontains": text}))
    found = rows.exclude(**{number: None}).order_by("-id").values_list("id", number, party)[:MOST]
    return [PaperChoice(key, told, name or "") for key, told, name in found]
