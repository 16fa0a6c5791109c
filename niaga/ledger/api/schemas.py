"""The shapes of the books on the wire."""

import datetime as dt
from uuid import UUID

from ninja import Schema
from pydantic import Field

from niaga.core.api import Number, PageQuery


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
