from niaga.stock.models.adjustment import Adjustment, AdjustmentLine
from niaga.stock.models.cost import StockCost
from niaga.stock.models.delivery import Delivery, DeliveryLine, DeliveryPart, ProofOfDelivery
from niaga.stock.models.level import StockLevel, StockMove
from niaga.stock.models.receipt import ExpectedReceipt, ExpectedReceiptLine, Receipt, ReceiptLine
from niaga.stock.models.reservation import Reservation
from niaga.stock.models.transfer import Transfer, TransferLine
from niaga.stock.models.warehouse import Warehouse

__all__ = [
    "Adjustment", "AdjustmentLine", "Delivery", "DeliveryLine", "DeliveryPart", "ExpectedReceipt",
    "ExpectedReceiptLine", "ProofOfDelivery", "Receipt", "ReceiptLine", "Reservation", "StockCost", "StockLevel",
    "StockMove",    "Transfer", "TransferLine", "Warehouse",
]  # fmt: skip
