"""The shapes of the books on the wire."""

import datetime as dt
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from niaga.core.api import Number, PageQuery, named_once
from niaga.ledger.models import AccountRole
from niaga.ledger.rules.plan import LONGEST_CODE, LONGEST_NAME

JournalColumn = Literal[
    "", "date", "number", "entry", "kind", "code", "account", "description", "debit", "credit", "amount", "side",
    "branch", "customer", "currency",
]  # fmt: skip
JournalDates = Literal["%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%m/%d/%Y", "day"]


class JournalQuery(PageQuery):
    """Both days are included; `source_id` is the document that posted."""

    account: str = Field("", max_length=20, description="The account's code.")
    source_id: UUID | None = None
    since: dt.date | None = None
    until: dt.date | None = None


class JournalLineOut(Schema):
    """Debit is positive, credit negative."""

    id: UUID
    entry_id: UUID
    date: dt.date = Field(validation_alias="entry.date")
    number: str = Field(validation_alias="entry.number")
    source_kind: str = Field(validation_alias="entry.source_kind")
    source_id: UUID = Field(validation_alias="entry.source_id")
    account: str = Field(validation_alias="account.code")
    account_name: str = Field(validation_alias="account.name")
    amount: Number
    currency: str = Field(validation_alias="entry.currency")


class BalanceQuery(Schema):
    """Without days: this year up to today."""

    since: dt.date | None = None
    until: dt.date | None = None


class AccountBalance(Schema):
    code: str
    name: str
    roles: list[str] = Field(description="What it stands for in postings of today; none: in earlier ones only.")
    debit: Number
    credit: Number
    balance: Number


class TrialBalanceOut(Schema):
    since: dt.date
    until: dt.date
    currency: str
    accounts: list[AccountBalance]


class RoleAccountIn(Schema):
    """`code` is of the company's own plan; a new one needs a name. Several roles may name one account."""

    role: AccountRole
    code: str = Field(max_length=LONGEST_CODE)
    name: str = Field("", max_length=LONGEST_NAME)


class AccountMapIn(Schema):
    """Roles that are not named stay as they are."""

    accounts: list[RoleAccountIn] = Field(min_length=1, max_length=len(AccountRole))

    each_once = named_once("accounts", "role")


class RoleAccountOut(Schema):
    role: str
    code: str
    name: str


class AccountMapOut(Schema):
    accounts: list[RoleAccountOut]


class JournalExportIn(Schema):
    """Both days are included."""

    since: dt.date
    until: dt.date


class JournalExportOut(Schema):
    """How much the journal of these days held; its credits are its debits."""

    id: UUID
    since: dt.date
    until: dt.date
    lines: int
    debit: Number
    created_by: UUID | None
    created_at: dt.datetime


class FileQuery(Schema):
    format: Literal["csv", "xlsx"] = "csv"
    journal_profile_id: UUID | None = Field(
        None, description="In the columns of an accounting program; then its template says whether CSV or XLSX."
    )


class JournalProfileIn(Schema):
    name: str = Field(max_length=200)


class JournalProfileChange(Schema):
    """`columns`: for each row of headings, for each heading, what stands below it; empty for nothing."""

    name: str = Field(max_length=200)
    columns: list[list[JournalColumn]] = Field(min_length=1, max_length=2)
    dates: JournalDates = "%d/%m/%Y"
    decimal: Literal[".", ","] = "."


class JournalLevelOut(Schema):
    headings: list[str]


class JournalProfileOut(Schema):
    """`ready`: its columns hold the journal, each amount once, so that exports can be had in it."""

    id: UUID
    name: str
    format: str = Field(validation_alias="template.kind")
    levels: list[JournalLevelOut] = Field(validation_alias="template.levels")
    columns: list[list[str]]
    dates: str
    decimal: str
    ready: bool = Field(validation_alias="is_ready")


class PeriodIn(Schema):
    """A month by its year and number: `2026-11`."""

    month: str = Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")

    @property
    def first(self) -> dt.date:
        return dt.date.fromisoformat(f"{self.month}-01")


class PeriodOut(Schema):
    """A month by its first day; open when `closed_at` is null."""

    starts: dt.date
    closed_at: dt.datetime | None
