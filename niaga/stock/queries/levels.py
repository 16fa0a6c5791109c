"""How much is there, held, and free."""

from django.db.models import F, QuerySet

from niaga.organization.access import Actor, access_of
from niaga.stock.models import StockLevel


def visible_levels(*, by: Actor) -> QuerySet[StockLevel]:
    """Levels of the warehouses the person may see, with `available`."""
    seen = access_of(by).filter(
        "stock", company="warehouse__company_id", branch="warehouse__branch_id", salesperson=None
    )
    return StockLevel.objects.filter(seen).annotate(available=F("on_hand") - F("reserved"))
