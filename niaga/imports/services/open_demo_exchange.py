from collections import defaultdict
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import transaction

from niaga.core.clock import today
from niaga.invoicing.queries.allocations import open_debts
from niaga.invoicing.services.plan_exchange_round import plan_exchange_round
from niaga.invoicing.services.record_exchange import Outcome, record_exchange
from niaga.invoicing.services.save_exchange_rule import ExchangeRuleInput, save_exchange_rule
from niaga.organization.access import Actor, access_of

_RULES = (
    ExchangeRuleInput(
        weekdays=(1, 3), time_from=time(9), time_until=time(12), place="Loket 3, lantai 2", contact_name="Bu Ratna",
        papers=("invoice", "tax_invoice", "delivery_note"),
    ),
    ExchangeRuleInput(month_days=(10, 25), time_from=time(13), time_until=time(15), place="Kantor pusat, resepsionis",
                      papers=("invoice", "receipt", "order", "tax_invoice")),
    ExchangeRuleInput(weekdays=(0, 2, 4), time_from=time(8), time_until=time(11), contact_name="Pak Hendra",
                      papers=("invoice", "delivery_note"), note="Naik lewat pintu samping."),
)  # fmt: skip


@transaction.atomic
def open_demo_exchange(*, by: Actor, at: datetime) -> None:
    """Three customers who take invoices in on days of their own, and a round that has begun."""
    debts: dict[UUID, list[UUID]] = defaultdict(list)
    for invoice_id, _number, customer_id, *_rest in open_debts(by=by, currency="IDR"):
        debts[customer_id].append(invoice_id)
    chosen = sorted(debts, key=lambda key: (-len(debts[key]), str(key)))[: len(_RULES)]
    for customer_id, rule in zip(chosen, _RULES, strict=False):
        save_exchange_rule(customer_id=customer_id, rule=rule, by=by, at=at - timedelta(days=20))
    if not chosen or by.pk is None:
        return
    day = today(at=at, zone=access_of(by).current_company.zone)
    ids = [key for customer_id in chosen[:2] for key in debts[customer_id][:3]]
    found = plan_exchange_round(date=day, collector_id=by.pk, invoice_ids=ids, by=by, at=at)
    record_exchange(
        round_id=found.pk, invoice_ids=debts[chosen[0]][:1], by=by, at=at,
        outcome=Outcome("taken", receipt_number="TT-2207", received_by_name="Bu Ratna"),
    )  # fmt: skip
