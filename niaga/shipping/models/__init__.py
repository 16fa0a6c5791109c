from niaga.shipping.models.carrier import Carrier, ShippingSetting
from niaga.shipping.models.door import DoorReport, DoorReportEnd, PositionConsent
from niaga.shipping.models.shipment import Shipment, ShipmentEvent, ShipmentLabel
from niaga.shipping.models.visit import CashTakenIn, DeliveryVisit, RefusedGoods, VisitPosition

__all__ = [
    "Carrier",
    "CashTakenIn",
    "DeliveryVisit",
    "DoorReport",
    "DoorReportEnd",
    "PositionConsent",
    "RefusedGoods",
    "Shipment",
    "ShipmentEvent",
    "ShipmentLabel",
    "ShippingSetting",
    "VisitPosition",
]
