from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.organization.access import Actor
from niaga.stock.queries.transfers import transfer_lines
from niaga.stock.queries.warehouses import warehouse_for
from niaga.stock.services.check_lines import StockItem
from niaga.stock.services.draft_transfer import draft_transfer
from niaga.stock.services.receive_goods import receive_goods
from niaga.stock.services.receive_transfer import receive_transfer
from niaga.stock.services.ship_transfer import ship_transfer


@transaction.atomic
def open_demo_transfers(
    *, company_id: UUID, source_id: UUID, target_id: UUID, product_ids: Sequence[UUID], by: Actor, at: datetime
) -> None:
    """Send goods from one branch to another: a transfer that came short, one on its way, and one to send."""
    here, there = (
        warehouse_for(company_id=company_id, branch_id=branch_id, warehouse_id=None)
        for branch_id in (source_id, target_id)
    )
    items = [StockItem(Decimal(60), product_id=product_id) for product_id in product_ids]
    receive_goods(branch_id=source_id, warehouse_id=here, items=items, supplier="PT Sumber Pangan Nusantara", by=by,
                  at=at)  # fmt: skip
    made = [
        draft_transfer(
            source_id=here, target_id=there, expected_date=(at + timedelta(days=days)).date(), carrier=carrier,
            items=[StockItem(Decimal(pieces), product_id=product_id) for product_id in product_ids], by=by, at=at,
        ).id
        for pieces, days, carrier in ((24, -1, "Slamet · L 9482 UB"), (20, 2, "Kapal Dharma Kartika"), (12, 4, ""))
    ]  # fmt: skip
    for transfer_id in made[:2]:
        ship_transfer(transfer_id=transfer_id, by=by, at=at)
    came = {line["id"]: line["quantity"] for line in transfer_lines(made[0])}
    came[min(came)] -= 2
    receive_transfer(
        transfer_id=made[0], quantities=came, is_last=True, reason="Dua karton basah dan dibuang sopir", by=by, at=at
    )
