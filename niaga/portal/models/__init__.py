from niaga.portal.models.access import PortalAccess, PortalPerson, PortalVisit
from niaga.portal.models.case import CaseKind, CaseNote, PortalCase
from niaga.portal.models.session import PortalKnock, PortalSession, PortalTicket
from niaga.portal.models.settings import PortalSettings, TakesOrders
from niaga.portal.models.token import PortalToken
from niaga.portal.models.wish import PortalOrder

__all__ = [
    "CaseKind",
    "CaseNote",
    "PortalAccess",
    "PortalCase",
    "PortalKnock",
    "PortalOrder",
    "PortalPerson",
    "PortalSession",
    "PortalSettings",
    "PortalTicket",
    "PortalToken",
    "PortalVisit",
    "TakesOrders",
]
