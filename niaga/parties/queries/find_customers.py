"""Finding a customer while a person types: 20 rows in a few milliseconds, the likeliest first."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Collate, Lower

from niaga.core.rules.search_terms import search_query, words
from niaga.organization.access import Actor, access_of
from niaga.parties.models import Customer

NAME = Collate(Lower("name"), "C")


@dataclass(frozen=True, slots=True)
class FoundCustomer:
    """A customer as a type-ahead shows it."""

    id: UUID
    code: str
    name: str
    phone: str
    group: str


def matching(queryset: QuerySet[Customer], text: str) -> QuerySet[Customer]:
    """The customers that every typed word fits: by the beginning of a name, or any part of a code, phone or NPWP."""
    typed = search_query(text)
    return queryset.filter(search=SearchQuery(typed, search_type="raw", config="simple")) if typed else queryset


def find_customers(text: str, by: Actor, limit: int = 20, *, archived: bool = False) -> list[FoundCustomer]:
    """The customers `by` may see that fit `text`: exact code, names that begin so, then the rest by name.

    Nothing typed gives the first by name. One statement.
    """
    queryset = Customer.objects.filter(access_of(by).filter("customer", "view"))
    if not archived:
        queryset = queryset.filter(archived_at=None)
    folded = text.strip().lower()
    typed = words(text)
    if len(typed) == 1 and len(typed[0]) == 1:
        queryset = queryset.annotate(name_key=NAME).filter(name_key__startswith=folded)
    elif typed:
        queryset = matching(queryset, text)
    rank = Case(
        When(code__iexact=folded, then=Value(0)),
        When(name__istartswith=folded, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    rows = (
        queryset.annotate(rank=rank)
        .order_by("rank", NAME, "id")
        .values_list("id", "code", "name", "phone", "group__name")[:limit]
    )
    return [FoundCustomer(id_, code, name, phone, group or "") for id_, code, name, phone, group in rows]


def possible_duplicates(
    *, by: Actor, name: str = "", phone: str = "", tax_id: str = "", email: str = "", but: UUID | None = None
) -> list[FoundCustomer]:
    """Customers of the company that may be the same: equal tax number, phone or mail, or the same words in the name.

    A hint beside the form; it never stops anybody. People outside of `by`'s reach are not shown. One statement.
    """
    same = Q(pk__in=())
    if tax_id:
        same |= Q(tax_id=tax_id)
    if phone:
        same |= Q(phone=phone)
    if email:
        same |= Q(email__iexact=email)
    ignored = {"pt", "cv", "ud", "toko", "tbk", "tb", "pd", "the"}
    parts = [word for word in words(name) if word not in ignored]
    if parts and sum(len(part) for part in parts) >= 3:
        same |= Q(search=SearchQuery(" & ".join(f"'{part}'" for part in parts[:8]), search_type="raw", config="simple"))
    rows = Customer.objects.filter(access_of(by).filter("customer", "view"), same)
    if but is not None:
        rows = rows.exclude(pk=but)
    found = rows.order_by(NAME, "id").values_list("id", "code", "name", "phone", "group__name")[:5]
    return [FoundCustomer(id_, code, title, tel, group or "") for id_, code, title, tel, group in found]
