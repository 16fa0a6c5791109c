"""The shapes of the books on the wire."""

import datetime as dt

from ninja import Schema
from pydantic import Field


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
