"""Reading the books: entries of a document, the trial balance, the months."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, TruncMonth

from niaga.core.queries.compiled import Compiled
from niaga.core.queries.together import Question
from niaga.ledger.models import Account, FiscalPeriod, JournalEntry, JournalLine, RoleAccount
from niaga.ledger.rules.postings import Posting
from niaga.organization.access import Actor, access_of


def entry_of_source(source_id: UUID) -> UUID | None:
    """The first entry of a document: the one that its reversal turns round."""
    return JournalEntry.objects.filter(source_id=source_id).order_by("id").values_list("id", flat=True).first()


def journal_of(source_id: UUID, *, by: Actor) -> Question[list[Mapping[str, Any]]] | list[Mapping[str, Any]]:
    """Asks for the journal lines of a document, entry by entry; nothing for who may not see the books."""
    if not access_of(by).allows("ledger", "view"):
        return []
    return Question(_OF_SOURCE.written(source_id), list)


_OF_SOURCE = Compiled(
    lambda source_id: (
        JournalLine.objects.filter(entry__source_id=source_id).order_by("entry_id", "id").values(
            "entry_id", "amount", date=F("entry__date"), code=F("account__code"), name=F("account__name"),
            currency=F("entry__currency"), reverses=F("entry__reverses_id"),
        )
    )
)  # fmt: skip


def visible_lines(*, by: Actor) -> QuerySet[JournalLine]:
    """Journal lines of the current company."""
    seen = access_of(by).filter("ledger", company="entry__company_id", branch=None, salesperson=None)
    return JournalLine.objects.filter(seen).select_related("entry", "account")


def trial_balance(*, by: Actor, upto: date, since: date | None = None) -> list[Mapping[str, Any]]:
    """Accounts with what was posted on them between two days, and the balance at the end, whatever they stand for now.

    Those that play a role (`roles`) or were posted on. One statement.
    """
    seen = access_of(by).filter("ledger", branch=None, salesperson=None)
    lines = JournalLine.objects.filter(account_id=OuterRef("pk"), entry__date__lte=upto).order_by()
    within = lines.filter(entry__date__gte=since) if since else lines

    def total(rows: QuerySet[JournalLine]) -> Coalesce:
        return Coalesce(Subquery(rows.values("account_id").annotate(s=Sum("amount")).values("s")), Decimal(0))

    return list[Any](
        Account.objects.filter(
            seen,
            Exists(RoleAccount.objects.filter(account=OuterRef("pk")))
            | Exists(JournalLine.objects.filter(account=OuterRef("pk"))),
        )
        .annotate(
            roles=ArraySubquery(RoleAccount.objects.filter(account=OuterRef("pk")).order_by("role").values("role")),
            debit=total(within.filter(amount__gt=0)),
            credit=-total(within.filter(amount__lt=0)),
            balance=total(lines),
        )
        .order_by("code")
        .values("id", "code", "name", "roles", "debit", "credit", "balance")
    )


def periods(*, by: Actor) -> QuerySet[FiscalPeriod]:
    """The months that were ever closed."""
    return FiscalPeriod.objects.filter(access_of(by).filter("period", branch=None, salesperson=None))


def months_with_entries(*, by: Actor) -> list[Mapping[str, Any]]:
    """Months in which something was posted, the newest first, with the number of entries."""
    seen = access_of(by).filter("period", branch=None, salesperson=None)
    rows = JournalEntry.objects.filter(seen).annotate(month=TruncMonth("date")).order_by()
    return list[Any](rows.values("month").annotate(entries=Count("id")).order_by("-month"))


def accounts(*, by: Actor) -> list[tuple[UUID, str]]:
    """The accounts of the current company, for a choice."""
    seen = access_of(by).filter("ledger", branch=None, salesperson=None)
    return [(account.pk, str(account)) for account in Account.objects.filter(seen).order_by("code")]


def postings_of(entry_id: UUID) -> tuple[Posting, ...]:
    """What an entry posted, by role: for who turns it round."""
    rows = JournalLine.objects.filter(entry_id=entry_id).order_by("id")
    return tuple(Posting(*row) for row in rows.values_list("role", "amount", "document_amount"))
