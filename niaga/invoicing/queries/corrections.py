"""Invoices that were put right: the first, its credit note and the one that took its place."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, NullIf

from niaga.core.errors import NotFound
from niaga.core.queries.together import Question
from niaga.invoicing.models import Correction
from niaga.organization.access import Actor, access_of

_TOLD = (
    "id", "invoice_id", "credit_note_id", "replacement_id", "reason", "tax_path", "date", "at", "first", "note",
    "new", "serial", "state",
)  # fmt: skip


def _rows(which: Q) -> Any:
    filing = "invoice__tax_filing__"
    serial = Coalesce(NullIf(F(f"{filing}serial"), Value("")), F(f"{filing}replaces__serial"), Value(""))
    rows = Correction.objects.filter(which).annotate(serial=serial, state=F(f"{filing}status"))
    numbers = {"first": "invoice__number", "note": "credit_note__number", "new": "replacement__number"}
    return rows.annotate(**{name: F(path) for name, path in numbers.items()}).values(*_TOLD)


def correction_around(invoice_id: UUID) -> Question[Mapping[str, Any] | None]:
    """Asks for the correction that an invoice or credit note is a part of, for who may see it: the one that came from
    it before the one it came from."""

    def tell(found: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
        return min(found, key=lambda one: one["invoice_id"] != invoice_id, default=None)

    key = invoice_id
    return Question(_rows(Q(invoice_id=key) | Q(credit_note_id=key) | Q(replacement_id=key)), tell)


def correction_of(*, invoice_id: UUID, by: Actor) -> Mapping[str, Any]:
    """The correction of an invoice.

    :raises NotFound: it was not put right, or the person may not see it
    """
    seen = access_of(by).filter("invoice", branch="invoice__branch_id", salesperson="invoice__salesperson_id")
    found: Mapping[str, Any] | None = _rows(Q(invoice_id=invoice_id) & seen).first()
    if found is None:
        raise NotFound()
    return found
