import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.invoicing.queries.allocations import open_debts
from niaga.organization.access import Actor
from niaga.organization.queries.companies import bank_accounts
from niaga.parties.queries.payer_names import payer_names
from niaga.payments.queries.bank_lines import visible_lines
from niaga.payments.queries.payments import visible_payments
from niaga.payments.queries.proposals import proposals_for
from niaga.payments.rules.line_parts import fingerprint, parts_of
from niaga.payments.rules.match_facts import CERTAIN
from niaga.payments.services.accept_proposals import Accepted, accept_proposals
from niaga.payments.services.lay_out_statement import lay_out_statement
from niaga.payments.services.receive_statement import receive_statement
from niaga.payments.services.take_statement import take_statement

Row = tuple[date, str, Decimal]
_LAYOUT = {"columns": ["date", "text", "amount", "mark", "balance"], "skip": 1, "dates": "d/m/y", "delimiter": ","}
DAYS, BOOKED = 6, 5


@transaction.atomic
def open_demo_bank(*, by: Actor, at: datetime) -> None:
    """A statement of the last days, half worked: some of what is certain is booked, the rest waits for a person."""
    account = bank_accounts(by=by).filter(archived_at=None).first()
    if account is None:
        return
    rows = sorted(_rows(by, at.date()), key=lambda row: row[0])
    draft = receive_statement(
        bank_account_id=account.pk, chunks=[_csv(rows)], file_name=f"mutasi-{account.bank.lower()}.csv", by=by, at=at
    )
    lay_out_statement(statement_id=draft.id, layout=_LAYOUT, by=by, at=at)
    take_statement(statement_id=draft.id, by=by, at=at)
    lines = list(visible_lines(by=by).filter(statement_id=draft.id).order_by("position"))
    matches = proposals_for(lines=lines, by=by).matches
    certain = [line for line in lines if matches[line.pk].outcome == CERTAIN][:BOOKED]
    accept_proposals(
        accepted=[
            Accepted(line.pk, line.version, fingerprint(parts_of(matches[line.pk].proposals[0], line.amount)))
            for line in certain
        ],
        by=by, at=at,
    )  # fmt: skip


def _rows(by: Actor, today: date) -> Iterator[Row]:
    debts = [row for row in open_debts(by=by, currency="IDR")[:40] if row[3] > 200_000]
    people = payer_names(by=by, beginnings=(), customer_ids={row[2] for row in debts})
    names: dict[UUID, str] = {key: name.upper() for key, name, _legal in people}
    for place, (_key, number, customer_id, owed, *_rest) in enumerate(debts[:14]):
        name, day = names.get(customer_id, ""), today - timedelta(days=1 + place % DAYS)
        said, amount = (
            (f"TRSF E-BANKING CR {number} {name}", owed), (f"BI-FAST CR DARI {name}", owed),
            (f"KR OTOMATIS LLG {number.replace('-', '')}", owed), (f"TRSF E-BANKING CR {name}"[:58], owed - 6_500),
            (f"SWITCHING CR {number} {name}", (owed * 2 / 3).quantize(Decimal(1000))),
            (f"SETORAN TRANSFER {name}", owed + 317), (f"MCM INHOUSETRF {number}", owed),
        )[place % 7]  # fmt: skip
        yield day, said, amount
    recorded = visible_payments(by=by).filter(
        method="transfer", status="recorded", currency="IDR", date__gte=today - timedelta(days=DAYS)
    )
    for one in recorded.select_related("customer").order_by("-date", "id")[:6]:
        yield one.date, f"TRSF E-BANKING CR {one.customer.name.upper()}", one.amount
    yield today - timedelta(days=2), "SETORAN TUNAI KCU SURABAYA YOHANES W", Decimal(1_250_000)
    yield today - timedelta(days=3), "TRSF DR TABUNGAN 0019 PELUNASAN", Decimal(3_480_500)
    yield today - timedelta(days=1), "BIAYA ADM BULANAN", Decimal(-17_000)
    yield today - timedelta(days=1), "BUNGA REKENING", Decimal(48_216)


def _csv(rows: list[Row]) -> bytes:
    """As a bank writes it: amounts without a sign beside CR or DB, and a running balance."""
    found, balance = io.StringIO(), Decimal(284_517_300)
    writer = csv.writer(found)
    writer.writerow(["Tanggal", "Keterangan", "Jumlah", "", "Saldo"])
    for day, text, amount in rows:
        balance += amount
        writer.writerow([f"{day:%d/%m/%Y}", text, f"{abs(amount):.2f}", "CR" if amount > 0 else "DB", f"{balance:.2f}"])
    return found.getvalue().encode()
