"""Bank statements: listed, previewed, and how they follow one another."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.payments.models import BankLine, BankProfile, BankStatement
from niaga.payments.rules.layout import layout_of
from niaga.payments.rules.read_lines import ReadStatement
from niaga.payments.rules.read_statement import read_statement


def visible_statements(*, by: Actor) -> QuerySet[BankStatement]:
    """Without their files; with how many lines are `left` to book."""
    rows = BankStatement.objects.filter(access_of(by).filter("bank", branch=None, salesperson=None))
    left = Count("lines", filter=~Q(lines__status="settled"))
    return rows.defer("file_bytes").select_related("bank_account").annotate(left=left)


def get_statement(*, statement_id: UUID, by: Actor) -> BankStatement:
    """With account and company.

    :raises NotFound: none, or none that `by` may see
    """
    found = visible_statements(by=by).select_related("bank_account", "company").filter(pk=statement_id).first()
    if found is None:
        raise NotFound()
    return found


def lock_statement(statement_id: UUID) -> BankStatement:
    """A statement, locked, file and all; its account's profile is locked before, so that two statements of one account
    are taken one after the other.

    :raises NotFound: no such statement
    """
    account_id = BankStatement.objects.filter(pk=statement_id).values_list("bank_account_id", flat=True).first()
    if account_id is None:
        raise NotFound()
    list(BankProfile.objects.select_for_update().filter(bank_account_id=account_id))
    rows = BankStatement.objects.select_for_update(of=("self",)).select_related("bank_account", "company")
    return rows.get(pk=statement_id)


def known_keys(*, bank_account_id: UUID, keys: Collection[str]) -> dict[str, UUID]:
    """Those of these movements that are there, with the statement that brought each."""
    rows = BankLine.objects.filter(bank_account_id=bank_account_id, key__in=list(keys))
    return dict(rows.values_list("key", "statement_id"))


@dataclass(frozen=True, slots=True)
class Gap:
    """Between a statement and the one before it: days that neither covers, or an amount that neither tells."""

    last_date: date
    first_date: date
    amount: Decimal | None


def gap_before(
    *, bank_account_id: UUID, first_date: date, opening: Decimal | None, but: UUID | None = None
) -> Gap | None:
    """What is missing between a statement that begins so and the account's latest before it; None: nothing known."""
    rows = BankStatement.objects.filter(bank_account_id=bank_account_id, status="taken", first_date__lte=first_date)
    before = rows.exclude(pk__in=[but] if but else []).defer("file_bytes").order_by("-last_date", "-id").first()
    if before is None or before.last_date is None or before.last_date >= first_date:
        return None
    if opening is not None and before.closing is not None:
        missing = opening - before.closing
        return Gap(before.last_date, first_date, missing) if missing else None
    if first_date - before.last_date > timedelta(days=1):
        return Gap(before.last_date, first_date, None)
    return None


def read_draft(statement: BankStatement, *, at: datetime) -> ReadStatement:
    """What the lines of a draft would be.

    :raises UnreadableStatement: why it cannot be read
    """
    today = day_at(at=at, zone=statement.company.zone)
    return read_statement(bytes(statement.file_bytes), statement.file_format, layout_of(statement.layout), today=today)


def books_certain(*, bank_account_id: UUID) -> bool:
    """Whether what is certain on the account is booked without a person."""
    return BankProfile.objects.filter(bank_account_id=bank_account_id, books_certain=True).exists()


def with_file(statement: BankStatement) -> BankStatement:
    """The statement that the caller may see, with its file."""
    return BankStatement.objects.select_related("bank_account", "company").get(pk=statement.pk)
