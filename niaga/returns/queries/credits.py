"""How much of its order line each return line credits."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from niaga.returns.models import Return, ReturnLine
from niaga.returns.rules.shares import bundles_in, part_of_running, weights


@dataclass(frozen=True, slots=True)
class Credit:
    """`quantity` in the order line's unit: of a part of a bundle its share, of a claim its part of the price."""

    line: ReturnLine
    quantity: Decimal


def credits_of(rma: Return, lines: Sequence[ReturnLine]) -> list[Credit]:
    """What a return credited, by line; what came and stayed. `lines` with their order lines. One statement."""
    credited = []
    before = _credited_parts([line.order_line_id for line in lines if line.part_each is not None])
    for line in lines:
        if line.percent is not None:
            credited.append(Credit(line, part_of_running(Decimal(0), line.quantity * line.percent / 100)))
        elif line.part_each is None:
            credited.append(Credit(line, line.kept))
        elif line.kept and line.order_line is not None:
            weight = weights(line.order_line.parts)
            earlier = before.setdefault(line.order_line.pk, [])
            mine = (line.product_id, line.kept, line.part_each)
            credited.append(Credit(line, part_of_running(bundles_in(earlier, weight), bundles_in([mine], weight))))
            earlier.append(mine)
    return [one for one in credited if one.quantity > 0]


def _credited_parts(order_line_ids: Sequence[UUID | None]) -> dict[UUID, list[tuple[UUID, Decimal, Decimal]]]:
    """The parts of bundles that earlier returns credited, by order line."""
    if not order_line_ids:
        return {}
    found: dict[UUID, list[tuple[UUID, Decimal, Decimal]]] = {}
    rows = ReturnLine.objects.filter(
        order_line_id__in=list(order_line_ids), part_each__isnull=False, credit__isnull=False
    )
    for line in rows:
        assert line.part_each is not None
        assert line.order_line_id is not None
        found.setdefault(line.order_line_id, []).append((line.product_id, line.kept, line.part_each))
    return found
