from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.payments.models import BankLine
from niaga.payments.rules.payer import payer_keys


def learn_payers(*, batch: Batch, booked: Iterable[tuple[BankLine, UUID]], at: datetime) -> None:
    """Add to the batch whose money it was when these accounts and names paid, so that they are known next time."""
    times: dict[tuple[UUID, str, UUID], tuple[int, str]] = {}
    for line, customer_id in booked:
        for key in payer_keys(line.payer, line.payer_account, line.text):
            found, _shown = times.get((line.company_id, key, customer_id), (0, ""))
            shown = line.payer_account if key.startswith("account:") else line.payer or line.text
            times[line.company_id, key, customer_id] = (found + 1, shown[:200])
    if not times:
        return
    ordered = sorted(times.items(), key=lambda item: (item[0][1], str(item[0][2])))
    batch.sql(
        "known",
        "INSERT INTO payments_knownpayer AS k (id, company_id, key, shown, customer_id, times, last_at)"
        " SELECT v.*, %s::timestamptz FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::uuid[],"
        " %s::int[]) AS v ON CONFLICT (company_id, key, customer_id) DO UPDATE SET times = k.times + excluded.times,"
        " shown = excluded.shown, last_at = excluded.last_at RETURNING 1",
        [
            at, [new_id() for _each in ordered], [company for (company, _key, _who), _value in ordered],
            [key for (_company, key, _who), _value in ordered], [shown for _key, (_times, shown) in ordered],
            [who for (_company, _key, who), _value in ordered], [count for _key, (count, _shown) in ordered],
        ],
    )  # fmt: skip


def unlearn_payers(*, batch: Batch, line: BankLine, customer_ids: Iterable[UUID]) -> None:
    """Add to the batch that a booking was a mistake: what was known by it alone is forgotten."""
    keys, who = payer_keys(line.payer, line.payer_account, line.text), list(customer_ids)
    if not keys or not who:
        return
    wanted = "company_id = %s::uuid AND key = ANY(%s::text[]) AND customer_id = ANY(%s::uuid[])"
    values = [line.company_id, keys, who]
    batch.sql("forgot", f"DELETE FROM payments_knownpayer WHERE {wanted} AND times <= 1 RETURNING 1", values)
    batch.sql(
        "less", f"UPDATE payments_knownpayer SET times = times - 1 WHERE {wanted} AND times > 1 RETURNING 1", values
    )
