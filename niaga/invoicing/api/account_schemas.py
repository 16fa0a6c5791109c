"""The shapes of ageing and statements of account on the wire."""

import datetime as dt
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from niaga.core.api import Number, PageQuery


class AgeingQuery(PageQuery):
    """At the end of which day (today at the latest), and of whose invoices."""

    as_of: dt.date | None = Field(None, description="Today without one.")
    customer_id: UUID | None = None
    branch_id: UUID | None = None
    salesperson_id: UUID | None = None


class AgeingListQuery(AgeingQuery):
    group_id: UUID | None = Field(None, description="Of the customers.")


class Ages(Schema):
    """In the company's own currency, by days overdue. Credits and advances are below zero."""

    not_due: Number
    late_30: Number = Field(description="1 to 30 days.")
    late_60: Number
    late_90: Number
    late_more: Number = Field(description="More than 90 days.")
    credit: Number = Field(description="Credit notes that are not used up, money before its invoice.")
    receivable: Number = Field(description="All of these: what the books hold.")
    advance: Number = Field(description="Payments that settle no invoice.")
    balance: Number


class AgeingRow(Ages):
    customer_id: UUID
    customer_name: str = Field(alias="customer.name")
    currency: str
    oldest_due: dt.date | None


class AgeingOut(Schema):
    as_of: dt.date
    currency: str
    totals: Ages
    items: list[AgeingRow]
    next_cursor: str | None = None


class OpenItemOut(Schema):
    id: UUID
    kind: str = Field(
        description=(
            "`invoice`, `down_payment`, `late_fee`, `giro_fee`, `debit_note`, `credit_note`, `payment`;"
            " `credit`: paid before its issue."
        )
    )
    document_id: UUID
    number: str
    customer_id: UUID
    currency: str
    date: dt.date
    due_date: dt.date | None
    days_late: int | None = Field(description="Below one: not due yet; none of a credit, or before its exchange.")
    amount: Number
    open: Number
    base_open: Number = Field(description="In the company's own currency.")


class StatementQuery(Schema):
    """Both days included."""

    since: dt.date | None = Field(None, description="Without one: the first day of the month before.")
    until: dt.date | None = Field(None, description="Without one: today.")


class StatementLineOut(Schema):
    date: dt.date
    kind: Literal[
        "invoice", "down_payment", "late_fee", "giro_fee", "debit_note", "credit_note", "payment", "reversal",
        "refund", "allocation", "write_off", "early_discount",
    ]  # fmt: skip
    document_id: UUID
    number: str
    amount: Number = Field(description="Above zero: owed; below: paid or credited.")
    balance: Number
    due_date: dt.date | None
    note: str


class CurrencyAccountOut(Schema):
    currency: str
    opening: Number
    lines: list[StatementLineOut]
    closing: Number
    ages: dict[str, Number] = Field(description="What is open at the end, by age; credits and advances below zero.")
    items: list[OpenItemOut]


class StatementOut(Schema):
    customer_id: UUID = Field(alias="customer.id")
    since: dt.date
    until: dt.date
    accounts: list[CurrencyAccountOut] = Field(description="One a currency.")


class StatementSendingIn(Schema):
    since: dt.date
    until: dt.date
    currency: str = Field(min_length=3, max_length=3)
    to: list[str] = Field(min_length=1, max_length=10)
    message: str = Field("", max_length=4000)


class StatementSentOut(Schema):
    email_id: UUID
