"""Whether deliveries and invoices let lines of a promise become what they shall be."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from niaga.sales.errors import LineFixed
from niaga.sales.models import SalesOrderLine
from niaga.sales.queries.orders_of import named_lines
from niaga.sales.rules.amendment import Wish, refused_change
from niaga.sales.services.line_fixed_text import line_fixed_text


def check_lines(
    stored: Sequence[SalesOrderLine], wishes: Mapping[UUID, Wish | None], *, places: Mapping[UUID, int]
) -> None:
    """`wishes` by line, None for one that shall go; `places` say which line it is to who asks.

    :raises LineFixed: some cannot; each such line is answered
    """
    faults = []
    goes = [line.id for line in stored if wishes[line.id] is None and line.product_id is not None]
    named = named_lines(goes) if goes else set()
    for line in stored:
        why = refused_change(line, wishes[line.id]) or ("named" if line.id in named else None)
        if why:
            faults.append(
                {
                    "line": places.get(line.id, line.position), "line_id": str(line.id), "code": why,
                    "description": line.description, "message": line_fixed_text(why), "field": "quantity",
                    "delivered": line.in_delivery, "invoiced": line.invoiced,
                }
            )  # fmt: skip
    if faults:
        raise LineFixed(lines=faults)
