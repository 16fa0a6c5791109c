"""The journal of some days, line by line, with the words that the apps above have for what posted it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext

from niaga.core.errors import NotFound
from niaga.core.registry import Namer, document_words, names
from niaga.ledger.errors import BooksMovedOn
from niaga.ledger.models import JournalExport, JournalLine
from niaga.organization.access import Actor, access_of


def journal_exports(*, by: Actor) -> QuerySet[JournalExport]:
    return JournalExport.objects.filter(access_of(by).filter("ledger", branch=None, salesperson=None))


def journal_export_for(*, export_id: UUID, by: Actor) -> JournalExport:
    """:raises NotFound: there is none that this person may see"""
    found = journal_exports(by=by).filter(pk=export_id).first()
    if found is None:
        raise NotFound()
    return found


def journal_sums(*, company_id: UUID, since: date, until: date) -> tuple[int, Decimal]:
    """How many lines the journal of these days has, and the sum of their debits."""
    sums = _lines(company_id, since, until).aggregate(
        count=Count("id"), debit=Sum("amount", filter=Q(amount__gt=0), default=Decimal(0))
    )
    return sums["count"], sums["debit"]


def _lines(company_id: UUID, since: date, until: date) -> QuerySet[JournalLine]:
    return JournalLine.objects.filter(entry__company_id=company_id, entry__date__gte=since, entry__date__lte=until)


@dataclass(frozen=True, slots=True)
class JournalRow:
    """A line as a file tells it. `document` is the amount in the document's currency, where the line has one."""

    date: date
    entry_id: UUID
    kind: str
    number: str
    code: str
    account: str
    description: str
    amount: Decimal
    currency: str
    document: Decimal | None
    document_currency: str
    customer: str
    branch_id: UUID | None


@dataclass(frozen=True, slots=True)
class ExportedLines:
    """The lines of an export, read on while they are written; each further thing is asked once a chunk.

    :raises BooksMovedOn: at the end, when something was posted after it was looked for: the file is not completed
    """

    export: JournalExport

    def iterator(self, *, chunk_size: int) -> Iterator[JournalRow]:
        one = self.export
        rows = (
            _lines(one.company_id, one.since, one.until)
            .order_by("entry__date", "entry_id", "id")
            .values(
                "entry_id", "amount", "document_amount", "customer_id", code=F("account__code"),
                name=F("account__name"), date=F("entry__date"), kind=F("entry__source_kind"),
                source_id=F("entry__source_id"), number=F("entry__number"), currency=F("entry__currency"),
                document_currency=F("entry__document_currency"), reverses=F("entry__reverses_id"),
                branch_id=F("entry__branch_id"),
            )
            .iterator(chunk_size=chunk_size)
        )  # fmt: skip
        lines, debit = 0, Decimal(0)
        while chunk := list(islice(rows, chunk_size)):
            customers = _asked(names.get("customer"), {row["customer_id"] for row in chunk if row["customer_id"]})
            words = {
                kind: _asked(document_words.get(kind), {row["source_id"] for row in chunk if row["kind"] == kind})
                for kind in {row["kind"] for row in chunk}
            }
            for row in chunk:
                yield _row(row, words[row["kind"]].get(row["source_id"], row["kind"]), customers)
            lines, debit = lines + len(chunk), debit + sum(max(row["amount"], Decimal(0)) for row in chunk)
        if (lines, debit) != (one.lines, one.debit):
            raise BooksMovedOn()


def _asked(namer: Namer | None, ids: Collection[UUID]) -> Mapping[UUID, str]:
    return namer(ids) if namer and ids else {}


def _row(row: Mapping[str, Any], kind: str, customers: Mapping[UUID, str]) -> JournalRow:
    said = f"{kind} {row['number']}"
    other = row["document_currency"]
    return JournalRow(
        date=row["date"], entry_id=row["entry_id"], kind=kind, number=row["number"], code=row["code"],
        account=row["name"], amount=row["amount"], currency=row["currency"],
        description=gettext("%(document)s taken back") % {"document": said} if row["reverses"] else said,
        document=row["document_amount"] if other else row["amount"], document_currency=other or row["currency"],
        customer=customers.get(row["customer_id"], ""), branch_id=row["branch_id"],
    )  # fmt: skip


def lines_of_export(*, export_id: UUID, by: Actor) -> tuple[JournalExport, ExportedLines]:
    """An export with its lines, which are as many and as much as it says.

    :raises Forbidden: the person may not export the books
    :raises NotFound: there is no such export
    :raises BooksMovedOn: something was posted in its days since
    """
    access_of(by).require("ledger", "export")
    export = journal_export_for(export_id=export_id, by=by)
    if (export.lines, export.debit) != journal_sums(
        company_id=export.company_id, since=export.since, until=export.until
    ):
        raise BooksMovedOn()
    return export, ExportedLines(export)
