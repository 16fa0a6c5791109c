"""What settled an invoice, and what a credit note settled, with numbers and addresses for a page."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Case, CharField, OuterRef, QuerySet, Subquery, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niaga.core.queries.compiled import Compiled
from niaga.core.queries.together import Question
from niaga.core.registry import Registry
from niaga.invoicing.models import Invoice
from niaga.invoicing.queries.allocations import allocations_of_invoices, allocations_of_sources


class Source(NamedTuple):
    """A kind of document that settles invoices: how a page names it, where its pages are (`{}` for the id), and the
    numbers of all of them by id, as a subquery."""

    label: str | Promise
    page: str
    numbers: Callable[[], QuerySet[Any, Any]]


class Settlement(NamedTuple):
    """An amount between an invoice and a document that settles it."""

    kind: str
    id: UUID
    label: str | Promise
    number: str
    url: str
    amount: Decimal
    taken: Decimal
    """Of the source, in its currency: `of`, where it is another than the invoice's."""
    of: str = ""


sources: Registry[Source] = Registry()  # by source kind; payments adds its own


def what_settles(invoice_id: UUID) -> Question[list[Settlement]]:
    """Asks for the documents that settle an invoice now, with their numbers."""

    def tell(rows: Sequence[Mapping[str, Any]]) -> list[Settlement]:
        unknown = Source(_("Settled"), "", Invoice.objects.none)
        found = []
        for row in rows:
            source = sources.get(row["source_kind"]) or unknown
            url = source.page.format(row["source_id"])
            kind, key, number = row["source_kind"], row["source_id"], row["number"] or ""
            found.append(Settlement(kind, key, source.label, number, url, row["sum"], row["taken"], row["of"]))
        return found

    return Question(_SETTLING.written(invoice_id), tell)


def _settling(invoice_id: UUID) -> QuerySet[Any, Any]:
    number = Case(
        *(
            When(source_kind=kind, then=Subquery(source.numbers().filter(pk=OuterRef("source_id")).values("number")))
            for kind, source in sources
        ),
        default=Value(""),
        output_field=CharField(),
    )
    rows: QuerySet[Any, Any] = allocations_of_invoices([invoice_id]).annotate(number=number)
    return rows


_SETTLING = Compiled(_settling)


def what_it_settles(credit_note_id: UUID) -> Question[list[Settlement]]:
    """Asks for the invoices that a credit note settles now."""

    def tell(rows: Sequence[Mapping[str, Any]]) -> list[Settlement]:
        return [
            Settlement("invoice", row["invoice_id"], _("Invoice"), row["number"] or "",
                       f"/invoices/{row['invoice_id']}", row["sum"], row["taken"])
            for row in rows
        ]  # fmt: skip

    return Question(allocations_of_sources([credit_note_id]), tell)


CREDIT_NOTE = Source(_("Credit note"), "/invoices/{}", lambda: Invoice.objects.all())
