"""Stock at /api/v1: one router a paper."""

from ninja import Router

from niaga.stock.api import (
    adjustments,
    capacity,
    deliveries,
    joints,
    levels,
    lots,
    picking,
    receipts,
    suppliers,
    transfers,
    vehicles,
    warehouses,
)

router = Router()
_PAPERS = (
    levels, receipts, adjustments, transfers, warehouses, deliveries, joints, picking, vehicles, lots, capacity,
    suppliers,
)  # fmt: skip
for _paper in _PAPERS:
    router.add_router("", _paper.router)
