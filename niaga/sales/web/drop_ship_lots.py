"""The lots of what a supplier sent, typed or scanned under its lines."""

from uuid import UUID

from django.utils.translation import gettext as _

from niaga.catalog.queries.scanned import products_of_codes
from niaga.core.errors import Invalid
from niaga.sales.models import DropShip
from niaga.sales.queries.drop_ships import drop_ship_lines
from niaga.stock.services.check_lines import LotGiven
from niaga.stock.web.lot_lines import given, rows_of


def lots_of_lines(drop: DropShip, text: str) -> dict[UUID, list[LotGiven]]:
    """By line of the request; a row begins with the SKU or bar code.

    :raises Invalid: a row is no lot, or of no product that was asked for
    """
    rows = rows_of(text)
    if not rows:
        return {}
    known = products_of_codes(company_id=drop.company_id, codes={row.code for row in rows})
    by_product = {line.order_line.product_id: line.id for line in drop_ship_lines(drop.id)}
    found: dict[UUID, list[LotGiven]] = {}
    for row in rows:
        line_id = by_product.get(known.get(row.code))
        if line_id is None:
            raise Invalid(_("There is no product with the code “%(code)s”.") % {"code": row.code}, field="lots")
        found.setdefault(line_id, []).append(given(row))
    return found
