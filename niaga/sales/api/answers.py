"""Quotations and orders as answers: with their lines, their ETag and their address."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from niaga.core.api import etag
from niaga.core.queries.together import ask
from niaga.organization.access import access_of
from niaga.sales.models import Quotation, SalesOrder
from niaga.sales.queries.documents import order_lines, quotation_lines
from niaga.sales.queries.loads import load_of_order


def branch_of(request: HttpRequest, branch_id: UUID | None) -> UUID:
    """The branch that is named, else the caller's own."""
    return branch_id or access_of(request.user).default_branch.id


def quotation_answer(response: HttpResponse, quotation: Quotation) -> Quotation:
    quotation.__dict__["line_rows"] = quotation_lines(quotation_id=quotation.id)
    response["ETag"] = etag(quotation.version)
    response["Location"] = f"/api/v1/quotations/{quotation.id}"
    return quotation


def order_answer(response: HttpResponse, order: SalesOrder) -> SalesOrder:
    order.__dict__["line_rows"] = order_lines(order_id=order.id)
    order.__dict__["load"] = ask(load_of_order(order_id=order.id))[0]
    response["ETag"] = etag(order.version)
    response["Location"] = f"/api/v1/orders/{order.id}"
    return order
