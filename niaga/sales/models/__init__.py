from niaga.sales.models.asked_change import AskedChange
from niaga.sales.models.billing import BillingCause, BillingChoice, BillingRule
from niaga.sales.models.credit import CreditDecision, CreditFreed, CreditRequest, CreditStage
from niaga.sales.models.day_notice import DayNotice, DayNoticeRule
from niaga.sales.models.drop_ship import DropShip, DropShipDelivery, DropShipLine, SupplyChoice
from niaga.sales.models.historical import HistoricalDay, HistoricalSale, HistoricalSaleLine
from niaga.sales.models.links import OrderLineDelivery, OrderLineInvoice
from niaga.sales.models.milestone import Milestone
from niaga.sales.models.order import SalesOrder, SalesOrderLine
from niaga.sales.models.order_invoice import OrderInvoice
from niaga.sales.models.pro_forma import ProForma
from niaga.sales.models.quotation import (
    Quotation,
    QuotationAnswer,
    QuotationLine,
    QuotationTemplate,
    QuotationVersion,
)
from niaga.sales.models.recurring import RecurringPeriod, RecurringPlan
from niaga.sales.models.substitution import Agreement, Substitution, SubstitutionRule, SubstitutionState

__all__ = [
    "Agreement",
    "AskedChange",
    "BillingCause",
    "BillingChoice",
    "BillingRule",
    "CreditDecision",
    "CreditFreed",
    "CreditRequest",
    "CreditStage",
    "DayNotice",
    "DayNoticeRule",
    "DropShip",
    "DropShipDelivery",
    "DropShipLine",
    "HistoricalDay",
    "HistoricalSale",
    "HistoricalSaleLine",
    "Milestone",
    "OrderInvoice",
    "OrderLineDelivery",
    "OrderLineInvoice",
    "ProForma",
    "Quotation",
    "QuotationAnswer",
    "QuotationLine",
    "QuotationTemplate",
    "QuotationVersion",
    "RecurringPeriod",
    "RecurringPlan",
    "SalesOrder",
    "SalesOrderLine",
    "Substitution",
    "SubstitutionRule",
    "SubstitutionState",
    "SupplyChoice",
]
