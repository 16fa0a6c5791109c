"""What settled an invoice, and what a credit note settled, with numbers and addresses for a page."""

from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niaga.core.registry import Registry
from niaga.invoicing.models import Invoice


class Source(NamedTuple):
    """A document that settles invoices: how a page names it."""

    label: str | Promise
    number: str
    url: str


class Settlement(NamedTuple):
    """An amount between an invoice and a document that settles it."""

    kind: str
    id: UUID
    label: str | Promise
    number: str
    url: str
    amount: Decimal


SourceNames = Callable[[HttpRequest, Collection[UUID]], Mapping[UUID, Source]]
sources: Registry[SourceNames] = Registry()  # source kind -> names of its documents; payments adds its own


def settlements_of(request: HttpRequest, rows: Sequence[Mapping[str, Any]], *, is_credit: bool) -> list[Settlement]:
    """Allocation sums as a page shows them. `is_credit`: the rows are what a credit note settled."""
    if is_credit:
        return [
            Settlement("invoice", row["invoice_id"], _("Invoice"), row["number"] or "",
                       f"/invoices/{row['invoice_id']}",
                       row["sum"])
            for row in rows
        ]  # fmt: skip
    named: dict[UUID, Source] = {}
    for kind in {row["source_kind"] for row in rows}:
        names = sources.get(kind)
        if names is not None:
            named.update(names(request, [row["source_id"] for row in rows if row["source_kind"] == kind]))
    unknown = Source(_("Settled"), "", "")
    return [
        Settlement(row["source_kind"], row["source_id"], *named.get(row["source_id"], unknown), row["sum"])
        for row in rows
    ]


def credit_note_names(request: HttpRequest, ids: Collection[UUID]) -> dict[UUID, Source]:
    """Credit notes as sources."""
    rows = Invoice.objects.filter(pk__in=list(ids)).values_list("id", "number")
    return {id_: Source(_("Credit note"), number or "", f"/invoices/{id_}") for id_, number in rows}
