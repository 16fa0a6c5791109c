from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime, time
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid
from niaga.core.ids import new_id
from niaga.core.inputs import Findings, check_values
from niaga.invoicing.models import ExchangePaper, ExchangeRule
from niaga.organization.access import Actor
from niaga.parties.queries.customers import lock_customer

_TEXTS = ("place", "contact_name", "note")


@dataclass(frozen=True, slots=True)
class ExchangeRuleInput:
    """`weekdays`: 0 is Monday; `month_days`: 1 to 31; neither: every working day. `papers` of `ExchangePaper`."""

    weekdays: Collection[int] = ()
    month_days: Collection[int] = ()
    time_from: time | None = None
    time_until: time | None = None
    place: str = ""
    contact_name: str = ""
    papers: Collection[str] = (ExchangePaper.INVOICE,)
    note: str = ""
    is_active: bool = True


@transaction.atomic
def save_exchange_rule(*, customer_id: UUID, rule: ExchangeRuleInput, by: Actor, at: datetime) -> ExchangeRule:
    """Write when, where and with which papers a customer takes invoices in. From then on open invoices wait for their
    exchange; a rule that is not active asks for none.

    :raises NotFound: no such customer
    :raises Forbidden: not `by`'s to change
    :raises Invalid: a day, hour, paper or text cannot be
    """
    customer = lock_customer(by, customer_id, "change")
    findings = Findings()
    texts = check_values(ExchangeRule, {name: getattr(rule, name) for name in _TEXTS}, findings=findings)
    findings.raise_if_any()
    weekdays, month_days = sorted(set(rule.weekdays)), sorted(set(rule.month_days))
    if any(not 0 <= day <= 6 for day in weekdays):
        raise Invalid(_("A weekday is 0 (Monday) to 6 (Sunday)."), field="weekdays")
    if any(not 1 <= day <= 31 for day in month_days):
        raise Invalid(_("Days of the month are 1 to 31."), field="month_days")
    hours = [None if one is None else one.replace(tzinfo=None) for one in (rule.time_from, rule.time_until)]
    if hours[0] and hours[1] and hours[0] >= hours[1]:
        raise Invalid(_("It ends before it begins."), field="time_until")
    papers = [paper.value for paper in ExchangePaper if paper.value in rule.papers]
    if len(papers) != len(set(rule.papers)):
        raise Invalid(_("There is no such paper."), field="papers")
    values = {**asdict(rule), **texts, "weekdays": weekdays, "month_days": month_days, "papers": papers,
              "time_from": hours[0], "time_until": hours[1]}  # fmt: skip
    held = ExchangeRule.objects.filter(customer_id=customer_id).first()
    key = held.pk if held else new_id()
    batch = Batch()
    if held:
        batch.update(ExchangeRule, where={"id": key}, values={**values, "updated_at": at})
    else:
        batch.insert(
            ExchangeRule,
            [{"id": key, "company_id": customer.company_id, "customer_id": customer_id, "updated_at": at, **values}],
        )
    record(
        batch=batch, subject_kind="customer", subject_id=customer_id, verb="save_exchange_rule", by=by.pk, at=at,
        company_id=customer.company_id, data=values,
    )  # fmt: skip
    batch.write()
    return ExchangeRule(id=key, company_id=customer.company_id, customer_id=customer_id, updated_at=at, **values)
