"""The further verbs of quotations and orders: change, send, revise, amend, cancel, close."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from niaga.core.api import Page, PageQuery, expected_version, page_of
from niaga.core.clock import now
from niaga.organization.access import access_of
from niaga.sales.api import deed_schemas, schemas
from niaga.sales.api.answers import branch_of, order_answer, quotation_answer
from niaga.sales.queries.documents import get_order, get_quotation, versions_of
from niaga.sales.queries.templates import templates_for
from niaga.sales.services.amend_order import amend_order
from niaga.sales.services.archive_template import archive_template
from niaga.sales.services.cancel_order import cancel_order
from niaga.sales.services.cancel_quotation import cancel_quotation
from niaga.sales.services.cancel_rest import cancel_rest
from niaga.sales.services.close_order import close_order
from niaga.sales.services.decline_quotation import decline_quotation
from niaga.sales.services.draft_from_template import draft_from_template
from niaga.sales.services.duplicate_quotation import duplicate_quotation
from niaga.sales.services.hold_waiting import hold_waiting
from niaga.sales.services.note_document import note_document
from niaga.sales.services.revise_quotation import revise_quotation
from niaga.sales.services.save_template import save_template
from niaga.sales.services.selling_facts import Choice
from niaga.sales.services.send_quotation import send_quotation
from niaga.sales.services.share_quotation import share_quotation
from niaga.sales.services.split_line import split_line
from niaga.sales.services.take_prices import take_prices

router = Router(tags=["sales"])


@router.post("/quotations/{quotation_id}/sending", response=schemas.QuotationOut, summary="Send a quotation")
def post_sending(
    request: HttpRequest, response: HttpResponse, quotation_id: UUID, body: deed_schemas.SendingIn | None = None
) -> Any:
    """Make the offer; it is mailed with its PDF and a link when addresses are given."""
    given = body or deed_schemas.SendingIn(to=[], message="")
    get_quotation(quotation_id=quotation_id, by=request.user)
    sent = send_quotation(
        quotation_id=quotation_id, to=given.to, message=given.message, version=expected_version(request),
        by=request.user, at=now(),
    )  # fmt: skip
    return Status(200, quotation_answer(response, sent))


@router.post(
    "/quotations/{quotation_id}/notes",
    response=schemas.QuotationOut,
    summary="Note something on a quotation",
)
def post_quotation_note(
    request: HttpRequest, response: HttpResponse, quotation_id: UUID, body: deed_schemas.DocumentNoteIn
) -> Any:
    """Leave a note for colleagues on its timeline."""
    get_quotation(quotation_id=quotation_id, by=request.user)
    note_document(kind="quotation", document_id=quotation_id, text=body.text, by=request.user, at=now())
    return Status(200, quotation_answer(response, get_quotation(quotation_id=quotation_id, by=request.user)))


@router.post(
    "/quotations/{quotation_id}/revision",
    response=schemas.QuotationOut,
    summary="Revise a quotation",
)
def post_revision(request: HttpRequest, response: HttpResponse, quotation_id: UUID) -> Any:
    """Take it back into work as the next version."""
    get_quotation(quotation_id=quotation_id, by=request.user)
    revised = revise_quotation(quotation_id=quotation_id, by=request.user, at=now())
    return Status(200, quotation_answer(response, revised))


@router.post(
    "/quotations/{quotation_id}/decline",
    response=schemas.QuotationOut,
    summary="Decline a quotation",
)
def post_decline(
    request: HttpRequest, response: HttpResponse, quotation_id: UUID, body: deed_schemas.Reason | None = None
) -> Any:
    """Take the customer's no."""
    get_quotation(quotation_id=quotation_id, by=request.user)
    declined = decline_quotation(
        quotation_id=quotation_id, reason=body.reason if body else "", by=request.user, at=now()
    )
    return Status(200, quotation_answer(response, declined))


@router.post(
    "/quotations/{quotation_id}/cancellation",
    response=schemas.QuotationOut,
    summary="Cancel a quotation",
)
def post_quotation_cancellation(
    request: HttpRequest, response: HttpResponse, quotation_id: UUID, body: deed_schemas.Reason | None = None
) -> Any:
    """Withdraw the offer."""
    get_quotation(quotation_id=quotation_id, by=request.user)
    gone = cancel_quotation(quotation_id=quotation_id, reason=body.reason if body else "", by=request.user, at=now())
    return Status(200, quotation_answer(response, gone))


@router.post(
    "/quotations/{quotation_id}/copies",
    response={201: schemas.QuotationOut},
    summary="Duplicate a quotation",
)
def post_copy(
    request: HttpRequest, response: HttpResponse, quotation_id: UUID, body: deed_schemas.CopyIn | None = None
) -> Any:
    """Write a new draft like it, at today's prices."""
    get_quotation(quotation_id=quotation_id, by=request.user)
    copy = duplicate_quotation(
        quotation_id=quotation_id, customer_id=body.customer_id if body else None, by=request.user, at=now()
    )
    return Status(201, quotation_answer(response, copy))


@router.post(
    "/quotations/{quotation_id}/links",
    response={201: deed_schemas.LinkOut},
    summary="Make a quotation's link",
)
def post_link(request: HttpRequest, quotation_id: UUID) -> Any:
    """A new link to the customer's page."""
    get_quotation(quotation_id=quotation_id, by=request.user)
    return Status(201, {"url": share_quotation(quotation_id=quotation_id, by=request.user, at=now())})


@router.get(
    "/quotations/{quotation_id}/versions",
    response=Page[deed_schemas.VersionOut],
    summary="List the versions of a quotation",
)
def list_versions(request: HttpRequest, quotation_id: UUID, query: Query[PageQuery]) -> Any:
    """What the customer was sent, the latest first."""
    get_quotation(quotation_id=quotation_id, by=request.user)
    return page_of(versions_of(quotation_id=quotation_id), order=("-offer_version", "-id"), query=query)


@router.get(
    "/quotation-templates",
    response=Page[deed_schemas.TemplateOut],
    summary="List quotation templates",
)
def list_templates(request: HttpRequest, query: Query[PageQuery], archived: bool = False) -> Any:
    access_of(request.user).require("quotation", "create")
    return page_of(templates_for(by=request.user, archived=archived), order=("name", "id"), query=query)


@router.post("/quotation-templates", response={201: deed_schemas.TemplateOut}, summary="Save a quotation template")
def post_template(request: HttpRequest, body: deed_schemas.TemplateIn) -> Any:
    """Keep a quotation's lines and texts under a name; one of the same name is replaced."""
    get_quotation(quotation_id=body.quotation_id, by=request.user)
    template_id = save_template(quotation_id=body.quotation_id, name=body.name, by=request.user, at=now())
    return Status(201, templates_for(by=request.user).get(pk=template_id))


@router.post(
    "/quotation-templates/{template_id}/quotations",
    response={201: schemas.QuotationOut},
    summary="Write a quotation from a template",
)
def post_from_template(
    request: HttpRequest, response: HttpResponse, template_id: UUID, body: deed_schemas.FromTemplateIn
) -> Any:
    """Write a quotation from a template, priced for the customer today."""
    drafted = draft_from_template(
        template_id=template_id, customer_id=body.customer_id, branch_id=branch_of(request, body.branch_id),
        by=request.user, at=now(),
    )  # fmt: skip
    return Status(201, quotation_answer(response, drafted))


@router.put(
    "/quotation-templates/{template_id}/archive",
    response=deed_schemas.TemplateOut,
    summary="Archive a quotation template",
)
def put_template_archive(request: HttpRequest, template_id: UUID) -> Any:
    """Take it out of the choice."""
    return archive_template(template_id=template_id, by=request.user, at=now())


@router.delete(
    "/quotation-templates/{template_id}/archive",
    response=deed_schemas.TemplateOut,
    summary="Restore a quotation template",
)
def delete_template_archive(request: HttpRequest, template_id: UUID) -> Any:
    """Put it back into the choice; refused while another has taken its name."""
    return archive_template(template_id=template_id, restore=True, by=request.user, at=now())


@router.post("/orders/{order_id}/amendments", response=schemas.OrderOut, summary="Amend an order")
def post_amendment(request: HttpRequest, response: HttpResponse, order_id: UUID, body: deed_schemas.AmendmentIn) -> Any:
    """Change a confirmed order: all its lines as they shall be."""
    get_order(order_id=order_id, by=request.user)
    amended = amend_order(
        order_id=order_id, version=expected_version(request), lines=[line.to_input() for line in body.lines],
        planned_date=body.planned_date, requested_date=body.requested_date,
        note=body.note, customer_reference=body.customer_reference, reason=body.reason,
        choice=Choice(body.contact_id, body.delivery_address_id, body.billing_address_id), shortage=body.shortage,
        by=request.user, at=now(),
    )  # fmt: skip
    return Status(200, order_answer(response, amended))


@router.post("/orders/{order_id}/notes", response=schemas.OrderOut, summary="Note something on an order")
def post_order_note(
    request: HttpRequest, response: HttpResponse, order_id: UUID, body: deed_schemas.DocumentNoteIn
) -> Any:
    """Leave a note for colleagues on its timeline."""
    get_order(order_id=order_id, by=request.user)
    note_document(kind="order", document_id=order_id, text=body.text, by=request.user, at=now())
    return Status(200, order_answer(response, get_order(order_id=order_id, by=request.user)))


@router.post("/orders/{order_id}/prices", response=schemas.OrderOut, summary="Take today's prices")
def post_prices(request: HttpRequest, response: HttpResponse, order_id: UUID) -> Any:
    """Give a draft today's prices."""
    get_order(order_id=order_id, by=request.user)
    taken = take_prices(order_id=order_id, version=expected_version(request), by=request.user, at=now())
    return Status(200, order_answer(response, taken))


@router.post("/orders/{order_id}/splits", response=schemas.OrderOut, summary="Split a line")
def post_split(request: HttpRequest, response: HttpResponse, order_id: UUID, body: deed_schemas.SplitIn) -> Any:
    """Cut a line of a draft in two."""
    get_order(order_id=order_id, by=request.user)
    cut = split_line(
        order_id=order_id, line_id=body.line_id, quantity=body.quantity, planned_date=body.planned_date,
        version=expected_version(request), by=request.user, at=now(),
    )  # fmt: skip
    return Status(200, order_answer(response, cut))


@router.post("/orders/{order_id}/cancellation", response=schemas.OrderOut, summary="Cancel an order")
def post_order_cancellation(
    request: HttpRequest, response: HttpResponse, order_id: UUID, body: deed_schemas.Reason | None = None
) -> Any:
    """Take the whole promise back."""
    get_order(order_id=order_id, by=request.user)
    gone = cancel_order(order_id=order_id, reason=body.reason if body else "", by=request.user, at=now())
    return Status(200, order_answer(response, gone))


@router.post(
    "/orders/{order_id}/rest-cancellation",
    response=schemas.OrderOut,
    summary="Cancel the rest of an order",
)
def post_rest_cancellation(
    request: HttpRequest, response: HttpResponse, order_id: UUID, body: deed_schemas.Reason | None = None
) -> Any:
    """Take back what is in no delivery and no invoice."""
    get_order(order_id=order_id, by=request.user)
    cut = cancel_rest(order_id=order_id, reason=body.reason if body else "", by=request.user, at=now())
    return Status(200, order_answer(response, cut))


@router.post("/orders/{order_id}/closure", response=schemas.OrderOut, summary="Close an order")
def post_closure(request: HttpRequest, response: HttpResponse, order_id: UUID) -> Any:
    """Lay aside an order that is delivered and invoiced whole."""
    get_order(order_id=order_id, by=request.user)
    return Status(200, order_answer(response, close_order(order_id=order_id, by=request.user, at=now())))


@router.post("/orders/{order_id}/holds", response=schemas.OrderOut, summary="Hold what was waiting")
def post_hold(request: HttpRequest, response: HttpResponse, order_id: UUID) -> Any:
    """Hold stock that came in for the lines that wait."""
    get_order(order_id=order_id, by=request.user)
    hold_waiting(order_id=order_id, by=request.user, at=now())
    return Status(200, order_answer(response, get_order(order_id=order_id, by=request.user)))
