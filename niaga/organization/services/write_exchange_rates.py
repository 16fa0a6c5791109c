from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from niaga.core.api import plain
from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid, StaleVersion
from niaga.core.ids import new_id
from niaga.organization.access import Actor, access_of
from niaga.organization.errors import ExchangeRatesRefused
from niaga.organization.models import Company, ExchangeRate
from niaga.organization.rules.rates import DIGITS
from niaga.organization.services.check_rates import MOST_RATES, NewCurrencyRate, RatesWritten, checked_rates


@dataclass(frozen=True, slots=True)
class NewExchangeRate(NewCurrencyRate):
    """`rate` of the company's own currency for one, from `date` on; None takes that day's rate away."""

    date: date


@transaction.atomic
def write_exchange_rates(
    *, company_id: UUID, rates: Sequence[NewExchangeRate], source: str = "", by: Actor, at: datetime
) -> RatesWritten:
    """Write exchange rates, each of its day, all or none; written again they are put right.

    What was bound with a rate keeps it: confirmed orders, issued invoices, payments.

    :raises Forbidden: the person may not write them
    :raises Invalid: no rate at all, or too many
    :raises ExchangeRatesRefused: a currency, rate or day that cannot be, or one named twice; every one is told
    :raises StaleVersion: somebody else wrote the same day at this moment
    """
    access_of(by).require("exchange_rate", "record", company_id=company_id)
    if not 0 < len(rates) <= MOST_RATES:
        raise Invalid(_("Write 1 to %(most)s rates.") % {"most": MOST_RATES}, field="rates")
    home = Company.objects.values_list("currency", flat=True).get(pk=company_id)
    days = {one.date for one in rates}
    wanted, faults = checked_rates(
        [(one.date, one) for one in rates], _last_rates(company_id, min(days)), home=home, digits=DIGITS
    )
    if faults:
        raise ExchangeRatesRefused(lines=faults)
    before = {
        (row.date, row.currency): row
        for row in ExchangeRate.objects.select_for_update()
        .filter(company_id=company_id, date__in=days, currency__in={currency for _day, currency in wanted})
        .order_by("date", "currency")
    }
    source = source.strip()[:60]
    removed = {key for key, rate in wanted.items() if rate is None and key in before}
    added = {key for key, rate in wanted.items() if rate is not None and key not in before}
    changed = {
        key
        for key, rate in wanted.items()
        if rate is not None and key in before and (before[key].rate, before[key].source) != (rate, source)
    }
    done = RatesWritten(len(added), len(changed), len(removed), len(wanted) - len(added | changed | removed))
    if done.same == len(wanted):
        return done
    facts: dict[str, Any] = {"source": source, "updated_by": by.id, "updated_at": at}
    batch = Batch()
    batch.insert(
        ExchangeRate,
        [{"id": new_id(), "date": day, "currency": code, "rate": wanted[day, code]} for day, code in sorted(added)],
        company_id=company_id, **facts,
    )  # fmt: skip
    batch.update_each(
        ExchangeRate,
        [{"id": before[key].id, "rate": wanted[key], **facts} for key in sorted(changed)],
        values={name: f"v.{name}" for name in ("rate", *facts)}, refusal=StaleVersion,
    )  # fmt: skip
    if removed:
        keys = [before[key].id for key in removed]
        batch.sql("gone", "DELETE FROM organization_exchangerate WHERE id = ANY(%s::uuid[]) RETURNING 1", [keys])
    told = {
        f"{day.isoformat()} {code}": [
            plain(before[day, code].rate) if (day, code) in before else None, _text(wanted[day, code])
        ]
        for day, code in sorted(added | changed | removed)
    }  # fmt: skip
    record(
        batch=batch, subject_kind="exchange_rate", subject_id=company_id, verb="write", by=by.id, at=at,
        company_id=company_id, data={"source": source, "rates": told},
    )  # fmt: skip
    try:
        with transaction.atomic():
            batch.write()
    except IntegrityError as error:
        raise StaleVersion() from error
    return done


def _last_rates(company_id: UUID, day: date) -> dict[str, Decimal]:
    """The last rate of each currency before the day."""
    rows = ExchangeRate.objects.filter(company_id=company_id, date__lt=day)
    newest = rows.order_by("currency", "-date").distinct("currency")
    return dict(newest.values_list("currency", "rate"))


def _text(rate: Decimal | None) -> str | None:
    return None if rate is None else plain(rate)
