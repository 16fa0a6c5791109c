"""Returns a person may see, and what they hold."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum

from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.returns.models import Return, ReturnCreditNote, ReturnLine, ReturnReason, ReturnReceipt, ReturnRule


def visible_returns(*, by: Actor) -> QuerySet[Return]:
    """Returns of the current company that the person may see."""
    return Return.objects.filter(access_of(by).filter("return"))


def listed_returns(*, by: Actor) -> QuerySet[Return]:
    """Returns for a list: the customer, how many lines, and what was credited."""
    lines = ReturnLine.objects.filter(rma_id=OuterRef("pk")).order_by().values("rma_id")
    notes = ReturnCreditNote.objects.filter(settlement__rma_id=OuterRef("pk")).order_by().values("settlement__rma_id")
    return (
        visible_returns(by=by)
        .select_related("customer")
        .annotate(
            line_count=Subquery(lines.annotate(count=Count("pk")).values("count")),
            credited=Subquery(notes.annotate(sum=Sum("credit_note__total")).values("sum")),
        )
    )


def matching(rows: QuerySet[Return], text: str) -> QuerySet[Return]:
    return rows.filter(Q(number__icontains=text) | Q(order_number__icontains=text) | Q(customer__name__icontains=text))


def with_reason(rows: QuerySet[Return], reason_id: UUID) -> QuerySet[Return]:
    return rows.filter(Exists(ReturnLine.objects.filter(rma_id=OuterRef("pk"), reason_id=reason_id)))


def see_return(*, return_id: UUID, by: Actor) -> Return:
    """The return with its customer, warehouse, company, branch, order and settlement.

    :raises NotFound: none, or none that the person may see
    """
    rows = visible_returns(by=by).select_related(
        "customer", "warehouse", "supplier", "company", "branch", "settlement", "settlement__order"
    )
    found = rows.filter(pk=return_id).first()
    if found is None:
        raise NotFound()
    return found


def return_lines(*, return_id: UUID) -> list[ReturnLine]:
    """The lines of a return that the caller may see, with product, unit, reason and order line."""
    rows = ReturnLine.objects.filter(rma_id=return_id).select_related("product", "unit", "reason", "order_line")
    return list(rows.order_by("position"))


def note_for_customer(rma: Return, lines: Sequence[ReturnLine]) -> str:
    """What stands on the slip and the customer's page: not why there was no document, which is told to who decides."""
    return "" if any(line.unit_price is not None for line in lines) else rma.note


def notes_of(*, return_id: UUID) -> list[Any]:
    """The credit notes that settle a return, each with the invoice it credits."""
    rows = ReturnCreditNote.objects.filter(settlement__rma_id=return_id).order_by("credit_note__issued_at", "id")
    return list(
        rows.values(
            "credit_note_id", number=F("credit_note__number"), total=F("credit_note__total"),
            currency=F("credit_note__currency"), invoice_id=F("credit_note__credits_id"),
            invoice_number=F("credit_note__credits__number"),
        )
    )  # fmt: skip


def waiting_returns(*, by: Actor) -> QuerySet[Return]:
    """Returns that wait for this person: to be decided, received, inspected or settled."""
    access = access_of(by)
    wanted = Q(pk__in=())
    for action, statuses in (
        ("decide", ("requested",)), ("receive", ("authorized",)), ("inspect", ("received",)),
        ("settle", ("inspected",)),
    ):  # fmt: skip
        if access.allows("return", action):
            wanted |= Q(status__in=statuses)
    return visible_returns(by=by).filter(wanted)


def unannounced_of(*, return_id: UUID) -> list[str]:
    """What came though nobody announced it, in the words of who received."""
    rows = ReturnReceipt.objects.filter(rma_id=return_id).exclude(unannounced="").order_by("at", "id")
    return list(rows.values_list("unannounced", flat=True))


def reasons_of(*, by: Actor, archived: bool = False) -> QuerySet[ReturnReason]:
    """The reasons of the current company."""
    rows = ReturnReason.objects.filter(company_id=access_of(by).current_company.id)
    return (rows if archived else rows.filter(archived_at=None)).order_by("archived_at", "code", "id")


def rules_of(*, by: Actor) -> QuerySet[ReturnRule]:
    """The return policy of the current company."""
    rows = ReturnRule.objects.filter(company_id=access_of(by).current_company.id)
    return rows.select_related("group", "category", "reason").order_by("created_at", "id")


def return_row(return_id: UUID) -> Return | None:
    """A return with its customer. Whether a person may see it the caller checks."""
    return Return.objects.select_related("customer").filter(pk=return_id).first()
