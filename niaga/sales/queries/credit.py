"""How a customer's credit bears on an order, and what finance was asked and said."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateField,
    DecimalField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, JSONObject

from niaga.core.errors import NotFound
from niaga.core.queries.compiled import Compiled
from niaga.invoicing.queries.oldest_due import oldest_due
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.credit import credit_facts, credit_of
from niaga.sales.models import CreditDecision, CreditRequest, SalesOrder
from niaga.sales.rules.credit import Standing, read_overdue, read_release


def last_release(order_id: str = "pk", customer_id: str = "customer_id") -> Subquery:
    """What finance last released the row's order for, as JSON: amount as text, at. A release is for one customer."""
    rows = CreditDecision.objects.filter(
        order_id=OuterRef(order_id), customer_id=OuterRef(customer_id), released=True
    ).order_by("-at", "-id")
    return Subquery(rows.values(fact=JSONObject(amount=Cast("amount", CharField()), at="at"))[:1])


def last_request() -> Subquery:
    """What finance was last asked about the row, an order, and its answer, as JSON; of the customer it is for now."""
    rows = CreditRequest.objects.filter(order_id=OuterRef("pk"), customer_id=OuterRef("customer_id")).order_by(
        "-at", "-id"
    )
    fact = JSONObject(
        id="id", stage="stage", amount=Cast("amount", CharField()), at="at", note="note",
        by=F("asked_by__name"), username=F("asked_by__username"), released=F("decision__released"),
        reason=F("decision__reason"), up_to=Cast("decision__amount", CharField()), decided_at=F("decision__at"),
        decider=F("decision__decided_by__name"), decider_username=F("decision__decided_by__username"),
        delivery_status=F("delivery__status"),
    )  # fmt: skip
    return Subquery(rows.values(fact=fact)[:1])


def with_standing(rows: QuerySet[Any], *, order: str = "", facts: bool = True) -> QuerySet[Any]:
    """Annotates orders (or rows that name one at `order`) with all that `standing_of` reads. No further statement.

    `facts=False` leaves out the account's figures, for a verb that locks the account anyhow.
    """
    named = {"overdue_fact": oldest_due(f"{order}customer_id"), "release_fact": last_release(
        f"{order}id", f"{order}customer_id"
    )}  # fmt: skip
    found: QuerySet[Any] = rows.annotate(**(credit_facts(f"{order}customer__") if facts else {}), **named)
    return found


def standing_of(row: Any, *, today: date, figures: Any = None) -> Standing:
    """How the customer of an annotated row stands; `figures` are those of the locked account."""
    figures = credit_of(row, on=today) if figures is None else figures
    return Standing(figures, read_overdue(row.overdue_fact), read_release(row.release_fact), today)


_ORDER = Compiled(lambda order_id: with_standing(SalesOrder.objects.filter(pk=order_id)))


def standing_for(*, order_id: UUID, today: date, figures: Any = None) -> Standing:
    """How the customer of one order stands. One statement.

    :raises NotFound: no such order
    """
    row = _ORDER.one(order_id)
    if row is None:
        raise NotFound()
    return standing_of(row, today=today, figures=figures)


_NEEDED = (
    Q(stage="confirm", order__status="draft")
    | Q(stage="amend", order__status="confirmed", amount__gt=F("order__total"))
    | Q(stage="ship", delivery__status__in=["draft", "picking"])
)
"""What a request was made for is still to come."""


def open_requests() -> QuerySet[CreditRequest]:
    """Those that wait: undecided, and the order still needs it."""
    return narrow_by_state(CreditRequest.objects.all(), "open")


def waiting_of(*, customer_id: UUID) -> list[UUID]:
    """What waits of a customer and was never freed by money, the oldest first."""
    rows = open_requests().filter(customer_id=customer_id, freed=None).order_by("at", "id")
    return list(rows.values_list("pk", flat=True))


def to_decide(*, by: Actor) -> QuerySet[CreditRequest]:
    """The requests that wait and that the person may decide about."""
    return narrow_by_state(decidable_requests(by=by), "open")


def decidable_requests(*, by: Actor) -> QuerySet[CreditRequest]:
    """The requests about customers whose limit the person may set, decided ones too."""
    return CreditRequest.objects.filter(_may(by, "customer", "credit", "customer__"))


def matching_requests(rows: QuerySet[CreditRequest], text: str) -> QuerySet[CreditRequest]:
    """Those whose customer, order or delivery is called so."""
    typed = text.strip()[:60]
    number = Q(order__number__istartswith=typed) | Q(delivery__number__istartswith=typed)
    return rows.filter(number | Q(customer__name__icontains=typed))


def visible_requests(*, by: Actor) -> QuerySet[CreditRequest]:
    """The requests about orders that the person may see, decided ones too."""
    return CreditRequest.objects.filter(_may(by, "order", "view", "order__"))


def _may(by: Actor, kind: str, action: str, path: str) -> Q:
    return access_of(by).filter(
        kind, action, company="company_id", branch=f"{path}branch_id", salesperson=f"{path}salesperson_id"
    )


def queue_rows(rows: QuerySet[CreditRequest], *, today: date) -> QuerySet[Any]:
    """Requests with all that finance decides by; `today` is on each."""
    named = with_standing(rows.select_related("order", "customer", "delivery", "asked_by", "decision"), order="order__")
    waits = Case(When(_NEEDED, then=Value(True)), default=Value(False), output_field=BooleanField())
    more = Case(
        When(stage="ship", then=Value(Decimal(0))),
        When(stage="amend", then=(F("amount") - F("order__total")) * F("order__exchange_rate")),
        default=F("amount") * F("order__exchange_rate"), output_field=DecimalField(),
    )  # fmt: skip
    found: QuerySet[Any] = named.annotate(today=Value(today, output_field=DateField()), needed=waits, more=more)
    return found


def state_of(row: Any) -> str:
    """`released`, `refused`, `open`, or `passed` when the order no longer needs an answer."""
    decision = getattr(row, "decision", None)
    if decision is not None:
        return "released" if decision.released else "refused"
    return "open" if row.needed and row.customer_id == row.order.customer_id else "passed"


def narrow_by_state(rows: QuerySet[CreditRequest], state: str | None) -> QuerySet[CreditRequest]:
    """Those that wait, were released, or were refused; all without a state."""
    if state == "open":
        return rows.filter(_NEEDED, decision=None, customer_id=F("order__customer_id"))
    return rows.filter(decision__released=state == "released") if state else rows


def request_for(*, request_id: UUID, by: Actor, today: date) -> Any:
    """One request, open or decided, for who decides about its customer or sees its order.

    :raises NotFound: none, or not for this person
    """
    may = _may(by, "customer", "credit", "customer__") | _may(by, "order", "view", "order__")
    return _one(CreditRequest.objects.filter(may, pk=request_id), today)


def decidable_request(*, request_id: UUID, by: Actor, today: date) -> Any:
    """One request, open or decided, for who decides about its customer.

    :raises NotFound: none, or not for this person
    """
    return _one(decidable_requests(by=by).filter(pk=request_id), today)


def _one(rows: QuerySet[CreditRequest], today: date) -> Any:
    found = queue_rows(rows, today=today).first()
    if found is None:
        raise NotFound()
    return found
