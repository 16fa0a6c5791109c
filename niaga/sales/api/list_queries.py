"""Filters of the lists of quotations, orders and history; all that are given must hold. Days are included."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.db.models import QuerySet
from pydantic import Field

from niaga.core.api import PageQuery

Progress = Literal["none", "partial", "done"]


class SpanOfDays(PageQuery):
    """What the lists of sales can be narrowed by."""

    number: str = Field("", max_length=40, description="How its number begins.")
    customer_id: UUID | None = None
    branch_id: UUID | None = None
    salesperson_id: UUID | None = None
    since: date | None = None
    until: date | None = None

    def narrowed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of the list that fit."""
        others = {"number", "since", "until", "cursor", "limit"}
        asked: dict[str, Any] = {
            "number__startswith": self.number, "date__gte": self.since, "date__lte": self.until,
        } | self.dict(exclude=others)  # fmt: skip
        return rows.filter(**{name: value for name, value in asked.items() if value})


class QuotationQuery(SpanOfDays):
    status: Literal["draft", "sent", "accepted", "declined", "expired", "cancelled"] | None = None


class OrderQuery(SpanOfDays):
    status: Literal["draft", "confirmed", "closed", "cancelled"] | None = None
    delivery_progress: Progress | None = None
    invoice_progress: Progress | None = None


class HistoryQuery(SpanOfDays):
    """Sales from the system before Niaga, by their original number."""
