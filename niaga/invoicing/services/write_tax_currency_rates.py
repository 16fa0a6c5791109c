from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from niaga.core.api import plain
from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid, StaleVersion
from niaga.core.ids import new_id
from niaga.invoicing.errors import CurrencyRatesRefused
from niaga.invoicing.models import TaxCurrencyRate
from niaga.invoicing.rules.coretax import HOME
from niaga.organization.access import Actor, access_of
from niaga.organization.services.check_rates import MOST_RATES, NewCurrencyRate, RatesWritten, checked_rates

__all__ = ["NewCurrencyRate", "RatesWritten", "write_tax_currency_rates"]

WEEK = timedelta(days=6)
LONGEST = timedelta(days=31)
"""A rate holds for a week; around holidays somewhat longer."""
DIGITS = 6


@transaction.atomic
def write_tax_currency_rates(
    *,
    company_id: UUID,
    valid_from: date,
    valid_until: date | None = None,
    rates: Sequence[NewCurrencyRate],
    decree: str = "",
    by: Actor,
    at: datetime,
) -> RatesWritten:
    """Write the tax rates (kurs pajak) of a week, all or none; written again they are put right.

    Without `valid_until` they hold for seven days. What is in a tax file already keeps the rate it was made with.

    :raises Forbidden: the person may not write them
    :raises Invalid: days that cannot be, no rate at all, or too many
    :raises CurrencyRatesRefused: a currency or a rate that cannot be, or one named twice; every one is told
    :raises StaleVersion: somebody else wrote the same week at this moment
    """
    access_of(by).require("tax_filing", "record", company_id=company_id)
    until = valid_until or _week_on(valid_from)
    if not timedelta(0) <= until - valid_from <= LONGEST:
        raise Invalid(_("The last day comes on the first or after it, within a month."), field="valid_until")
    if not 0 < len(rates) <= MOST_RATES:
        raise Invalid(_("Write 1 to %(most)s rates.") % {"most": MOST_RATES}, field="rates")
    checked, faults = checked_rates(
        [(valid_from, one) for one in rates], _last_rates(company_id, valid_from), home=HOME, digits=DIGITS
    )
    if faults:
        raise CurrencyRatesRefused(lines=faults)
    wanted = {currency: rate for (_day, currency), rate in checked.items()}
    before = {
        row.currency: row
        for row in TaxCurrencyRate.objects.select_for_update()
        .filter(company_id=company_id, valid_from=valid_from, currency__in=wanted)
        .order_by("currency")
    }
    same = {
        currency
        for currency, rate in wanted.items()
        if (rate is None and currency not in before)
        or (currency in before and (before[currency].rate, before[currency].valid_until) == (rate, until))
    }
    removed = {currency for currency, rate in wanted.items() if rate is None} - same
    added = set(wanted) - set(before) - same - removed
    changed = set(wanted) - added - same - removed
    done = RatesWritten(len(added), len(changed), len(removed), len(same))
    if len(same) == len(wanted):
        return done
    facts = {"valid_until": until, "decree": decree.strip()[:60], "updated_by": by.id, "updated_at": at}
    batch = Batch()
    batch.insert(
        TaxCurrencyRate,
        [{"id": new_id(), "currency": currency, "rate": wanted[currency]} for currency in sorted(added)],
        company_id=company_id, valid_from=valid_from, **facts,
    )  # fmt: skip
    batch.update_each(
        TaxCurrencyRate,
        [{"id": before[currency].id, "rate": wanted[currency], **facts} for currency in sorted(changed)],
        values={name: f"v.{name}" for name in ("rate", *facts)}, refusal=StaleVersion,
    )  # fmt: skip
    if removed:
        keys = [before[currency].id for currency in removed]
        batch.sql("gone", "DELETE FROM invoicing_taxcurrencyrate WHERE id = ANY(%s::uuid[]) RETURNING 1", [keys])
    told = {
        currency: [plain(before[currency].rate) if currency in before else None, _text(wanted[currency])]
        for currency in sorted(added | changed | removed)
    }
    record(
        batch=batch, subject_kind="tax_currency_rate", subject_id=company_id, verb="write", by=by.id, at=at,
        company_id=company_id, data={"from": valid_from.isoformat(), "until": until.isoformat(), "rates": told},
    )  # fmt: skip
    try:
        with transaction.atomic():
            batch.write()
    except IntegrityError as error:
        raise StaleVersion() from error
    return done


def _week_on(day: date) -> date:
    """:raises Invalid: the calendar ends before it"""
    try:
        return day + WEEK
    except OverflowError as error:
        raise Invalid(_("This is no day."), field="valid_from") from error


def _last_rates(company_id: UUID, day: date) -> dict[str, Decimal]:
    """The rate of each currency in the last week before `day` that has one."""
    rows = TaxCurrencyRate.objects.filter(company_id=company_id, valid_from__lt=day)
    newest = rows.order_by("currency", "-valid_from").distinct("currency")
    return dict(newest.values_list("currency", "rate"))


def _text(rate: Decimal | None) -> str | None:
    return None if rate is None else plain(rate)
