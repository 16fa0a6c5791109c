"""How a company counts tax and rounds on a day."""

import time
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Case, DecimalField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.organization.models import FiscalSetting
from niaga.organization.rules.stamp_duty import duty_on

REMEMBERED_SECONDS = 5.0
"""So long may another process still use what was just changed. Whoever changes it sees it at once."""


@dataclass(frozen=True, slots=True)
class FiscalFacts:
    """The setting that holds on a day. `round_total_to` is the step of a document's total; 0: it is not rounded."""

    valid_from: date
    charges_tax: bool
    prices_include_tax: bool
    round_total_to: Decimal
    fiscal_year_starts: int
    quotation_valid_days: int
    tax_rounding: str
    stamp_duty: Decimal
    stamp_duty_above: Decimal

    def duty_on(self, stated: Decimal) -> Decimal:
        """The stamp duty of a document that states so much money received, in the company's own currency."""
        return duty_on(stated, duty=self.stamp_duty, above=self.stamp_duty_above)


_COLUMNS = tuple(FiscalFacts.__dataclass_fields__)
_remembered: dict[UUID, tuple[float, list[FiscalFacts]]] = {}


def fiscal_setting(company_id: UUID, on: date) -> FiscalFacts:
    """The row of the latest date not after `on`; before the first date, the first row.

    A process remembers a company's rows for a few seconds: at most one statement.

    :raises NotFound: there is no such company
    """
    known = _remembered.get(company_id)
    if known is None or known[0] < time.monotonic():
        rows = FiscalSetting.objects.filter(company_id=company_id).order_by("-valid_from").values_list(*_COLUMNS)
        settings = [FiscalFacts(*row) for row in rows]
        if not settings:
            raise NotFound(field="company")
        known = (time.monotonic() + REMEMBERED_SECONDS, settings)
        _remembered[company_id] = known
    for setting in known[1]:
        if setting.valid_from <= on:
            return setting
    return known[1][-1]


def forget_fiscal_settings(company_id: UUID) -> None:
    """Read a company's settings anew, now and after the commit that changes them."""
    _remembered.pop(company_id, None)
    transaction.on_commit(lambda: _remembered.pop(company_id, None))


def fiscal_settings(*, by: Actor, company_id: UUID) -> QuerySet[FiscalSetting]:
    """The company's settings, the newest first.

    :raises Forbidden: `by` may not see settings
    """
    access_of(by).require("setting", "view", company_id=company_id)
    return FiscalSetting.objects.filter(company_id=company_id).order_by("-valid_from")


def duty_of(*, company: str, day: str, stated: str) -> Coalesce:
    """The stamp duty of rows that froze none, by what held on their day: an expression over their columns."""
    money = DecimalField(max_digits=19, decimal_places=4)
    rows = FiscalSetting.objects.filter(company_id=OuterRef(company)).values(
        due=Case(When(stamp_duty_above__lt=OuterRef(stated), then="stamp_duty"), default=Value(0), output_field=money)
    )
    held = rows.filter(valid_from__lte=OuterRef(day)).order_by("-valid_from")[:1]
    return Coalesce(Subquery(held), Subquery(rows.order_by("valid_from")[:1]), Value(0), output_field=money)
