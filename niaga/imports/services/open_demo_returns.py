from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from niaga.core.errors import Refusal
from niaga.organization.access import Actor
from niaga.returns.queries.bought import history_of
from niaga.returns.queries.returnable import Returnable, returnable_lines
from niaga.returns.queries.returns import reasons_of, return_lines
from niaga.returns.services.authorize_return import authorize_return
from niaga.returns.services.check_items import ReturnItem
from niaga.returns.services.check_undocumented import UndocumentedItem
from niaga.returns.services.inspect_return import Finding, inspect_return
from niaga.returns.services.receive_return import receive_return
from niaga.returns.services.reject_return import reject_return
from niaga.returns.services.request_return import request_return
from niaga.returns.services.request_undocumented import request_undocumented
from niaga.returns.services.save_rule import save_rule
from niaga.returns.services.settle_return import settle_return
from niaga.sales.queries.documents import visible_orders

_STORIES = (
    ("settled", "DAMAGED", "damaged", "Ibu Ratna", "Kemasan sobek waktu dibuka"),
    ("settled", "WRONG", "unopened", "Pak Hendra", "Salah kirim, harusnya kemasan kecil"),
    ("inspected", "NOTASDESC", "opened", "Ibu Dewi", "Rasa tidak seperti biasanya"),
    ("received", "TRANSPORT", "damaged", "Pak Joko", "Dus penyok di jalan"),
    ("authorized", "LATE", "unopened", "Ibu Lina", "Datang setelah acara selesai"),
    ("requested", "CHANGED", "opened", "Pak Agus", "Ternyata stok di gudang masih banyak"),
    ("rejected", "CHANGED", "opened", "Ibu Sinta", "Tidak jadi dipakai"),
)


@transaction.atomic
def open_demo_returns(*, company_id: UUID, users: Mapping[str, Actor], at: datetime) -> None:
    """A return policy, and returns of the last weeks' orders in every state."""
    owner = users["owner"]
    _bring_without_document(users, at)
    save_rule(company_id=company_id, name="Retur 30 hari", days=30, by=owner, at=at - timedelta(days=60))
    changed = next(one for one in reasons_of(by=owner) if one.code == "CHANGED")
    save_rule(
        company_id=company_id, name="Berubah pikiran: 7 hari, belum dibuka", days=7, conditions=["unopened"],
        reason_id=changed.id, by=owner, at=at - timedelta(days=60),
    )  # fmt: skip
    reasons = {one.code: one.id for one in reasons_of(by=owner)}
    billed = visible_orders(by=owner).filter(delivery_progress="done", invoice_progress="done", currency="IDR")
    taken: set[UUID] = set()
    for place, (state, why, condition, who, note) in enumerate(_STORIES):
        when = at - timedelta(days=len(_STORIES) - place, hours=3)
        sold = billed.filter(date__lte=(when - timedelta(days=6)).date()).order_by("-date", "-id")[:40]
        for order in (one for one in sold if one.id not in taken):
            lines = [one for one in returnable_lines(order_id=order.id) if one.room >= 1 and one.part_id is None]
            if not lines:
                continue
            with suppress(Refusal), transaction.atomic():
                items = [
                    ReturnItem(one.order_line_id, reasons[why], _some(one), condition=condition) for one in lines[:2]
                ]
                rma = request_return(
                    order_id=order.id, items=items, asked_by=who, note=note, by=users["salesadmin"], at=when
                )
                _play(rma, state, users, when)
                taken.add(order.id)
                break


def _bring_without_document(users: Mapping[str, Actor], at: datetime) -> None:
    """Somebody brings what they bought, and nobody finds the invoice."""
    sold = visible_orders(by=users["owner"]).filter(delivery_progress="done", invoice_progress="done", currency="IDR")
    damaged = next(one.id for one in reasons_of(by=users["owner"]) if one.code == "DAMAGED")
    for order in sold.order_by("-date", "-id")[5:25]:
        goods = [
            one for one in history_of(
                company_id=order.company_id, customer_id=order.customer_id, currency="IDR", today=at.date()
            ) if one.left >= 2 and one.proposal.price
        ]  # fmt: skip
        if len(goods) < 2:
            continue
        items = [
            UndocumentedItem(one.sold.product_id, damaged, Decimal(place), one.sold.unit, "damaged")
            for place, one in enumerate(goods[:2], 1)
        ]
        with suppress(Refusal), transaction.atomic():
            request_undocumented(
                customer_id=order.customer_id, branch_id=order.branch_id, items=items, asked_by="Pak Wahyu",
                why="Notanya terbuang waktu gudang dibersihkan", by=users["salesadmin"], at=at - timedelta(hours=6),
            )  # fmt: skip
            return


def _some(line: Returnable) -> Decimal:
    return max(Decimal(1), line.room // 8)


def _play(rma: Any, state: str, users: Mapping[str, Actor], when: datetime) -> None:
    """As far as the story goes, some hours from deed to deed."""
    owner = users["owner"]
    if state == "requested":
        return
    if state == "rejected":
        reject_return(
            return_id=rma.id, reason="Sudah dibuka, dan lebih dari 7 hari", by=owner, at=when + timedelta(hours=1)
        )
        return
    authorize_return(
        return_id=rma.id, note="Pelanggan setia" if rma.outside_policy else "", by=owner, at=when + timedelta(hours=1)
    )
    lines = return_lines(return_id=rma.id)
    if state == "authorized":
        return
    receive_return(
        return_id=rma.id, quantities={line.id: line.quantity for line in lines}, by=owner, at=when + timedelta(hours=5)
    )
    if state == "received":
        return
    outcomes = ("scrap", "restock") if rma.note.startswith("Kemasan") else ("restock", "refurbish")
    findings = [Finding(line.id, outcomes[place % 2], line.quantity) for place, line in enumerate(lines)]
    inspect_return(return_id=rma.id, findings=findings, by=owner, at=when + timedelta(hours=6))
    if state == "settled":
        settle_return(return_id=rma.id, by=users["finance"], at=when + timedelta(hours=8))
