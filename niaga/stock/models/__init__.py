from niaga.stock.models.adjustment import Adjustment, AdjustmentLine
from niaga.stock.models.awaited import Awaited
from niaga.stock.models.capacity import CapacityDay, WarehouseCapacity
from niaga.stock.models.cost import StockCost
from niaga.stock.models.delivery import Delivery, DeliveryLine, DeliveryPart, ProofOfDelivery
from niaga.stock.models.fleet import DeliveryRoute, RouteStop, Vehicle
from niaga.stock.models.joint import JointDelivery
from niaga.stock.models.level import StockLevel, StockMove
from niaga.stock.models.loading import LoadMark
from niaga.stock.models.lot import Lot, LotBlock, LotLevel, LotPick
from niaga.stock.models.picking import PickLine, PickList, PickRecord
from niaga.stock.models.receipt import ExpectedReceipt, ExpectedReceiptLine, Receipt, ReceiptLine
from niaga.stock.models.reservation import Reservation
from niaga.stock.models.supplier import Supplier, Supply
from niaga.stock.models.transfer import Transfer, TransferLine
from niaga.stock.models.warehouse import Warehouse

__all__ = [
    "Adjustment", "AdjustmentLine", "Awaited", "CapacityDay", "Delivery", "DeliveryLine", "DeliveryPart",
    "DeliveryRoute", "ExpectedReceipt", "ExpectedReceiptLine", "JointDelivery", "LoadMark",
    "Lot", "LotBlock", "LotLevel", "LotPick",
    "PickLine", "PickList", "PickRecord", "ProofOfDelivery", "Receipt", "ReceiptLine", "Reservation", "RouteStop",
    "StockCost", "StockLevel", "StockMove", "Supplier", "Supply", "Transfer", "TransferLine", "Vehicle", "Warehouse",
    "WarehouseCapacity",
]  # fmt: skip
