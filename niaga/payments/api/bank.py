"""Bank statements: sent, taken in, and their lines booked."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Query, Router, Status
from ninja.files import UploadedFile

from niaga.core.api import Page, PageQuery, etag, expected_version, page_of
from niaga.core.clock import now
from niaga.organization.access import Actor, access_of
from niaga.payments.api import bank_schemas as schemas
from niaga.payments.models import BankLine, BankStatement
from niaga.payments.queries.bank_figures import known_payers
from niaga.payments.queries.bank_lines import get_line, settlements_of, visible_lines
from niaga.payments.queries.bank_statements import get_statement, visible_statements
from niaga.payments.queries.proposals import proposals_for
from niaga.payments.rules.line_parts import Part, fingerprint, parts_of
from niaga.payments.services.accept_proposals import Accepted, accept_proposals
from niaga.payments.services.book_lines import book_line
from niaga.payments.services.book_locked_line import Booking
from niaga.payments.services.forget_payer import forget_payer
from niaga.payments.services.lay_out_statement import discard_statement, lay_out_statement
from niaga.payments.services.receive_statement import receive_statement
from niaga.payments.services.take_statement import take_statement
from niaga.payments.services.unbook_line import unbook_line
from niaga.payments.web.bank_words import shown_proposals

router = Router(tags=["bank"])


def _statement(response: HttpResponse, bank_statement_id: UUID, by: Actor) -> BankStatement:
    found = get_statement(statement_id=bank_statement_id, by=by)
    response["ETag"] = etag(found.version)
    response["Location"] = f"/api/v1/bank-statements/{bank_statement_id}"
    return found


@router.get("/bank-statements", response=Page[schemas.BankStatementOut], summary="List bank statements")
def list_statements(request: HttpRequest, query: Query[schemas.BankStatementQuery]) -> Any:
    """Statements, the newest first."""
    access_of(request.user).require("bank", "view")
    asked = query.dict(include={"bank_account_id", "status"})
    rows = visible_statements(by=request.user).filter(**{name: value for name, value in asked.items() if value})
    return page_of(rows, order=("-created_at", "-id"), query=query)


@router.post(
    "/bank-accounts/{account_id}/statements",
    response={201: schemas.BankStatementOut},
    summary="Send a bank statement",
)
def post_statement(request: HttpRequest, response: HttpResponse, account_id: UUID, file: File[UploadedFile]) -> Any:
    """Keep a CSV, MT940 or CAMT.053 file of at most 10 MB as a draft. Nothing is taken in yet."""
    made = receive_statement(
        bank_account_id=account_id, chunks=file.chunks(), file_name=file.name or "", by=request.user, at=now()
    )
    return Status(201, _statement(response, made.id, request.user))


@router.get("/bank-statements/{bank_statement_id}", response=schemas.BankStatementOut, summary="Show a bank statement")
def read_statement(request: HttpRequest, response: HttpResponse, bank_statement_id: UUID) -> Any:
    return _statement(response, bank_statement_id, request.user)


@router.put(
    "/bank-statements/{bank_statement_id}/layout", response=schemas.BankStatementOut, summary="Say how a CSV is read"
)
def put_layout(
    request: HttpRequest, response: HttpResponse, bank_statement_id: UUID, body: schemas.StatementLayoutIn
) -> Any:
    """Point at the columns of a draft. What is taken in is read so, and the account's next file too."""
    get_statement(statement_id=bank_statement_id, by=request.user)
    lay_out_statement(statement_id=bank_statement_id, layout=body.dict(), by=request.user, at=now())
    return _statement(response, bank_statement_id, request.user)


@router.post(
    "/bank-statements/{bank_statement_id}/taking", response=schemas.BankStatementOut, summary="Take a statement in"
)
def post_taking(request: HttpRequest, response: HttpResponse, bank_statement_id: UUID) -> Any:
    """Take in the lines that no earlier statement brought."""
    get_statement(statement_id=bank_statement_id, by=request.user)
    take_statement(statement_id=bank_statement_id, by=request.user, at=now())
    return Status(200, _statement(response, bank_statement_id, request.user))


@router.delete("/bank-statements/{bank_statement_id}", response={204: None}, summary="Discard a draft")
def delete_statement(request: HttpRequest, bank_statement_id: UUID) -> Any:
    """Throw a draft away. A statement that was taken in stays."""
    get_statement(statement_id=bank_statement_id, by=request.user)
    discard_statement(statement_id=bank_statement_id, by=request.user, at=now())
    return Status(204, None)


@router.get("/bank-lines", response=Page[schemas.BankLineOut], summary="List bank lines")
def list_lines(request: HttpRequest, query: Query[schemas.BankLineQuery]) -> Any:
    """Lines, the newest first."""
    access_of(request.user).require("bank", "view")
    asked = query.dict(include={"bank_account_id", "statement_id", "status"}) | {
        "date__gte": query.since, "date__lte": query.until,
    }  # fmt: skip
    rows = visible_lines(by=request.user).filter(**{name: value for name, value in asked.items() if value})
    return page_of(rows, order=("-date", "-id"), query=query)


def _line(response: HttpResponse, bank_line_id: UUID, by: Actor) -> BankLine:
    line: Any = get_line(line_id=bank_line_id, by=by)
    line.standing = list(settlements_of([bank_line_id]))
    found = proposals_for(lines=[line] if line.status == "open" else [], by=by)
    match = found.matches.get(bank_line_id)
    parts = {}
    for one in match.proposals if match else ():
        made = parts_of(one, line.amount)
        parts[fingerprint(made)] = [_part(part) for part in made]
    line.proposals = [
        {"seen": one.seen, "certain": one.certain, "title": one.title, "reasons": one.reasons,
         "parts": parts[one.seen]}
        for one in shown_proposals(line, found)
    ]  # fmt: skip
    line.waits_for_payout_of = match.waits_for.account_id if match and match.waits_for else None
    response["ETag"] = etag(line.version)
    response["Location"] = f"/api/v1/bank-lines/{bank_line_id}"
    told: BankLine = line
    return told


def _part(part: Part) -> dict[str, Any]:
    return {
        "kind": part.kind, "amount": part.amount, "customer_id": part.customer_id, "payment_id": part.payment_id,
        "payout_id": part.payout_id, "role": part.role,
        "invoices": [
            {"invoice_id": str(key), "amount": f"{amount:f}" if amount is not None else ""}
            for key, amount in part.shares
        ],
    }  # fmt: skip


@router.get("/bank-lines/{bank_line_id}", response=schemas.WholeBankLineOut, summary="Show a bank line")
def read_line(request: HttpRequest, response: HttpResponse, bank_line_id: UUID) -> Any:
    """With what it is booked to, or what it may be."""
    return _line(response, bank_line_id, request.user)


@router.post("/bank-lines/{bank_line_id}/booking", response=schemas.WholeBankLineOut, summary="Book a bank line")
def post_booking(request: HttpRequest, response: HttpResponse, bank_line_id: UUID, body: schemas.LineBookingIn) -> Any:
    """Book the line as it was proposed (`seen`), or as `parts` say. One that is not identified yet is resolved so.

    With `If-Match` it is refused when somebody changed the line since."""
    line = get_line(line_id=bank_line_id, by=request.user)
    version = expected_version(request)
    if body.seen:
        accepted = [Accepted(bank_line_id, line.version if version is None else version, body.seen)]
        for refusal in accept_proposals(accepted=accepted, by=request.user, at=now()).values():
            raise refusal
    else:
        parts = [
            Part(
                one.kind, one.amount, one.customer_id, tuple((row.invoice_id, row.amount) for row in one.invoices),
                one.payment_id, one.role, one.payout_id,
            )
            for one in body.parts
        ]  # fmt: skip
        booking = Booking(
            bank_line_id, parts, version=version, note=body.note, booked_on=body.booked_on,
            giro_fee=body.giro_fee,
        )  # fmt: skip
        book_line(booking=booking, by=request.user, at=now())
    return Status(200, _line(response, bank_line_id, request.user))


@router.post("/bank-lines/{bank_line_id}/unbooking", response=schemas.WholeBankLineOut, summary="Take a booking back")
def post_unbooking(request: HttpRequest, response: HttpResponse, bank_line_id: UUID, body: schemas.UnbookingIn) -> Any:
    """The line waits again; payments that were recorded from it are reversed."""
    get_line(line_id=bank_line_id, by=request.user)
    unbook_line(line_id=bank_line_id, reason=body.reason, by=request.user, at=now())
    return Status(200, _line(response, bank_line_id, request.user))


@router.get("/known-payers", response=Page[schemas.KnownPayerOut], summary="List known payers")
def list_known_payers(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """Whose money it was when these accounts and names paid."""
    return page_of(known_payers(by=request.user), order=("-last_at", "-id"), query=query)


@router.delete("/known-payers/{known_payer_id}", response={204: None}, summary="Forget a payer")
def delete_known_payer(request: HttpRequest, known_payer_id: UUID) -> Any:
    forget_payer(payer_id=known_payer_id, by=request.user, at=now())
    return Status(204, None)
