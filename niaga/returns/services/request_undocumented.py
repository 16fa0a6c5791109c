from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.catalog.queries.product_facts import product_facts
from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid, NotFound
from niaga.core.ids import new_id
from niaga.documents.services.attach_files import attach_files
from niaga.documents.services.store_file import Readable
from niaga.invoicing.queries.lowest_paid import lowest_paid
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.branches import branch_facts
from niaga.parties.queries.customers import customer_for
from niaga.parties.services.write_timeline import write_timeline
from niaga.returns.errors import BadReturnLines, NoPriceKnown, PriceNotYours, ReasonMissing, TooManyPhotos
from niaga.returns.models import Return, ReturnLine, ReturnReason
from niaga.returns.queries.bought import came_back, return_settings
from niaga.returns.rules.unknown_sale import propose
from niaga.returns.services.ask_return_approval import ask_locked
from niaga.returns.services.check_undocumented import UndocumentedItem, check_undocumented
from niaga.returns.services.request_return import SOURCES, WISHES
from niaga.sales.queries.bought import goods_bought
from niaga.stock.queries.warehouses import warehouse_for

MOST_PHOTOS = 10
MOST_AMOUNT = Decimal(10) ** 12
"""Of a line, so that all lines have room in an amount."""


@transaction.atomic
def request_undocumented(
    *, customer_id: UUID, branch_id: UUID, items: Sequence[UndocumentedItem], why: str, wish: str = "credit",
    source: str = "page", asked_by: str = "", warehouse_id: UUID | None = None,
    photos: Sequence[tuple[str, Readable]] = (), by: Actor, at: datetime,
) -> Return:  # fmt: skip
    """Ask that goods come back of which nobody knows the sale. `why` says how that came about. What is credited for one
    is the lowest price that was paid (`propose`), or is typed by who may; it is frozen now, in the company's currency.

    Where a rule of the company asks for a yes, it is asked for at once, and the last yes authorizes the return. Else
    somebody authorizes it who did not write it.

    :raises NotFound: no such customer, branch or warehouse, or a product or reason is not the company's
    :raises Forbidden: the person may not ask for returns of this customer
    :raises ReasonMissing: nobody says why there is no document
    :raises NothingToReturn, BadReturnLines: see `check_undocumented`
    :raises PriceNotYours: another price than the proposed one, by somebody who may not set it
    :raises NoPriceKnown: none is proposed, and none was typed
    :raises NobodyCanApprove: a rule asks for a yes that nobody may give
    :raises TooManyPhotos: more than ten
    """
    customer, branch = customer_for(by, customer_id), branch_facts(branch_id)
    if branch.company_id != customer.company_id:
        raise NotFound(field="branch_id")
    if wish not in WISHES or source not in SOURCES:
        raise Invalid()
    today = day_at(at=at, zone=branch.zone)
    company_id = customer.company_id
    rma = Return(
        id=new_id(), company_id=company_id, branch_id=branch_id, customer_id=customer.pk,
        warehouse_id=warehouse_for(company_id=company_id, branch_id=branch_id, warehouse_id=warehouse_id),
        salesperson_id=customer.salesperson_id, kind="goods", source=source, asked_by=asked_by.strip()[:120],
        wish=wish, date=today, note=why.strip()[:4000], outside_policy=True, created_by=by.id, created_at=at,
        updated_at=at,
    )  # fmt: skip
    access_of(by).require("return", "create", rma)
    if len(photos) > MOST_PHOTOS:
        raise TooManyPhotos(field="files")
    if not rma.note:
        raise ReasonMissing(field="note")
    rma.currency = rma.company.currency
    reasons = {one.id: one for one in ReturnReason.objects.filter(company_id=company_id, archived_at=None)}
    products = product_facts(company_id=company_id, ids=[item.product_id for item in items])
    rows = check_undocumented(items, products=products, reasons=reasons)
    _set_prices(rma, rows, may_type=access_of(by).reaches("return", "price", rma), today=today)
    _say_what_was_bought(rma, rows)
    batch = Batch()
    batch.insert(Return, [{one.attname: getattr(rma, one.attname) for one in Return._meta.concrete_fields}])
    batch.insert(ReturnLine, rows, rma_id=rma.id)
    record(
        batch=batch, subject_kind="return", subject_id=rma.id, verb="request", by=by.id, at=at, company_id=company_id,
        to_status="requested", note=rma.note, data={"source": source, "without_document": True},
    )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=rma.customer_id, company_id=company_id, kind="return.requested",
        subject_kind="return", subject_id=rma.id, number="", actor_id=by.id, at=at,
    )  # fmt: skip
    batch.write()
    if photos:
        attach_files(subject_kind="return", subject_id=rma.id, files=photos, by=by, at=at)
    ask_locked(rma, note=rma.note, by=by, at=at)
    return rma


def _set_prices(rma: Return, rows: Sequence[dict[str, Any]], *, may_type: bool, today: date) -> None:
    days = return_settings(rma.company_id).price_days
    paid = lowest_paid(
        company_id=rma.company_id, customer_id=rma.customer_id, currency=rma.currency,
        goods=[(row["product_id"], row["unit_id"]) for row in rows], since=today - timedelta(days=days), until=today,
    )  # fmt: skip
    unknown, foreign, huge = [], [], []
    for row in rows:
        found = propose(paid.get((row["product_id"], row["unit_id"])), days=days, typed=row.pop("price"))
        told = {"line": row["position"], "line_id": str(row["product_id"]), "description": row["description"]}
        if found.price is None:
            unknown.append(told)
        elif found.basis == "typed" and not may_type:
            foreign.append(told)
        elif row["quantity"] * found.price >= MOST_AMOUNT:
            huge.append({**told, "message": _("The amount is too large.")})
        row["unit_price"], row["price_basis"] = found.price, found.as_json()
    if foreign:
        raise PriceNotYours(lines=foreign, field="lines")
    if huge:
        raise BadReturnLines(lines=huge, field="lines")
    if unknown:
        raise NoPriceKnown(lines=unknown, field="lines")


def _say_what_was_bought(rma: Return, rows: Sequence[dict[str, Any]]) -> None:
    """Who decides sees how much of it the customer ever bought, and what of that came back before."""
    sold = {
        (one.product_id, one.unit_id): one.shipped
        for one in goods_bought(
            company_id=rma.company_id,
            customer_id=rma.customer_id,
            most=5000,
            products={row["product_id"] for row in rows},
        )
    }
    back = came_back(rma.customer_id)
    for row in rows:
        key = row["product_id"], row["unit_id"]
        bought, before = sold.get(key, Decimal(0)), back.get(key, Decimal(0))
        row["verdict"] = {
            "fits": False, "why": "no_document", "rule": "", "days": 0, "allowed_days": None, "conditions": [],
            "bought": str(bought), "returned": str(before), "enough": row["quantity"] <= bought - before,
        }  # fmt: skip
