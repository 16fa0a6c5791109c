"""Stock at /api/v1: one router a paper."""

from ninja import Router

from niaga.stock.api import (
    adjustments,
    capacity,
    deliveries,
    levels,
    lots,
    picking,
    receipts,
    transfers,
    vehicles,
    warehouses,
)

router = Router()
for _paper in (levels, receipts, adjustments, transfers, warehouses, deliveries, picking, vehicles, lots, capacity):
    router.add_router("", _paper.router)
