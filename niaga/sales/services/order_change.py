"""A change of a promise, priced: what an amendment writes, now or once somebody said yes to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db import models

from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.sales.models import AskedChange, SalesOrder, SalesOrderLine
from niaga.sales.rules.amendment import figures

Shortage = Literal["refuse", "backorder"]


@dataclass(frozen=True, slots=True)
class Change:
    """By column: `rows` are all lines as they shall be, `totals` and `header` what the order's own row becomes."""

    rows: Sequence[dict[str, Any]]
    totals: Mapping[str, Any]
    header: Mapping[str, Any]
    reason: str
    shortage: Shortage


_LATER = {"requested_date": None}
"""Columns that a change asked for long ago does not name."""


def keep_change(
    *, batch: Batch, order: SalesOrder, stored: Sequence[SalesOrderLine], change: Change, request_id: UUID,
    by: UUID | None, at: datetime,
) -> None:  # fmt: skip
    """Add to the batch that a change waits for the yes that was asked for."""
    after = {row["id"]: row for row in change.rows}
    before = [
        {column.attname: getattr(line, column.attname) for column in SalesOrderLine._meta.concrete_fields}
        for line in stored
        if line.id not in after or figures(line) != {name: after[line.id][name] for name in figures(line)}
    ]
    batch.insert(
        AskedChange,
        [{"id": new_id(), "order_id": order.id, "request_id": request_id, "order_version": order.version,
          "total_before": order.total, "total": change.totals["total"], "lines": list(change.rows), "before": before,
          "totals": dict(change.totals), "header": dict(change.header), "reason": change.reason,
          "shortage": change.shortage, "asked_by_id": by, "asked_at": at, "made_at": None, "refused_at": None,
          "refusal": ""}],
    )  # fmt: skip


def kept_change(asked: AskedChange) -> Change:
    """A change as it was asked for."""
    lines = [_read(SalesOrderLine, _LATER | row) for row in asked.lines]
    shortage: Shortage = "refuse" if asked.shortage == "refuse" else "backorder"
    return Change(lines, _read(SalesOrder, asked.totals), _read(SalesOrder, asked.header), asked.reason, shortage)


def lines_before(asked: AskedChange) -> list[dict[str, Any]]:
    """The lines that it changes or takes away, as they were."""
    return [_read(SalesOrderLine, row) for row in asked.before]


def _read(model: type[models.Model], row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as it was stored, with the values its columns hold."""
    columns = {column.attname: column for column in model._meta.concrete_fields}
    return {name: columns[name].to_python(value) for name, value in row.items()}
