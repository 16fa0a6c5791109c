"""How a bank writes its CSV: which column is what, how days and amounts are written. Somebody points at the columns;
nothing is guessed that is not shown."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

COLUMNS = ("date", "text", "amount", "mark", "money_in", "money_out", "balance", "reference", "payer", "payer_account")
"""`mark`: beside an amount without a sign, CR or DB."""
DATES = ("d/m/y", "m/d/y", "y/m/d", "d/m")
"""The order of day, month and year, whatever stands between; `d/m`: the year is that of the latest such day."""
MOST_COLUMNS = 40


@dataclass(frozen=True, slots=True)
class Layout:
    """`columns` names what stands in each column, from the left; several may be `text`. `skip` lines stand above."""

    columns: Sequence[str] = ()
    skip: int = 1
    dates: str = "d/m/y"
    decimal: str = "."
    delimiter: str = ""
    ready: str = ""

    def places(self, name: str) -> list[int]:
        return [place for place, column in enumerate(self.columns) if column == name]

    @property
    def fault(self) -> str:
        """What is still to be pointed at; empty when a file can be read."""
        if len(self.places("date")) != 1:
            return "date"
        if not self.places("text"):
            return "text"
        one, two = len(self.places("amount")), (len(self.places("money_in")), len(self.places("money_out")))
        if (one, *two) not in ((1, 0, 0), (0, 1, 1)):
            return "amount"
        singles = ("mark", "balance", "reference", "payer", "payer_account")
        return next((name for name in singles if len(self.places(name)) > 1), "")

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "columns": list(self.columns)}


def layout_of(raw: Mapping[str, Any]) -> Layout:
    """A layout from a form or a row; what cannot be is left at its usual value."""
    names = {one.name for one in fields(Layout)}
    kept = {name: value for name, value in raw.items() if name in names}
    columns = [str(one) if one in COLUMNS else "" for one in list(kept.get("columns") or [])[:MOST_COLUMNS]]
    try:
        skip = min(max(int(kept.get("skip") or 0), 0), 200)
    except (TypeError, ValueError):
        skip = 1
    dates = kept.get("dates")
    decimal = kept.get("decimal")
    delimiter = kept.get("delimiter")
    return Layout(
        columns=columns, skip=skip, dates=dates if dates in DATES else "d/m/y",
        decimal=decimal if decimal in (".", ",") else ".",
        delimiter=delimiter if delimiter in (",", ";", "\t", "|") else "", ready=str(kept.get("ready") or "")[:20],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ready:
    """A layout that is known, with the heading that it is known by."""

    name: str
    heading: Sequence[str]
    layout: Layout = field(default_factory=Layout)


READY = {
    # KlikBCA's "mutasi rekening" as several open readers of it describe it: seven rows of facts, a heading, movements
    # with day and month alone, amounts without a sign beside CR or DB, then the balances.
    "klikbca": Ready(
        "KlikBCA",
        ("tanggal", "keterangan", "cabang", "jumlah", "", "saldo"),
        Layout(("date", "text", "", "amount", "mark", "balance"), 0, "d/m", ".", ",", "klikbca"),
    ),
}


def ready_layout(rows: Sequence[Sequence[str]]) -> Layout | None:
    """The known layout whose heading is among the first rows, with the rows above it skipped."""
    for place, row in enumerate(rows[:30]):
        heading = [cell.strip().strip("'\"").lower() for cell in row]
        for one in READY.values():
            if heading[: len(one.heading)] == list(one.heading):
                return Layout(**{**one.layout.as_dict(), "skip": place + 1})
    return None
