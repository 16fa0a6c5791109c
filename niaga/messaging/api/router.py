"""Mails and what became of them, and one's own notices."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from niaga.core.api import Page, PageQuery, page_of
from niaga.core.clock import now
from niaga.messaging.api import schemas
from niaga.messaging.queries.emails import get_email, matching, visible_emails
from niaga.messaging.queries.mail_servers import mail_settings
from niaga.messaging.queries.messages import get_whatsapp, visible_whatsapp
from niaga.messaging.queries.notices import notices
from niaga.messaging.queries.whatsapp_settings import whatsapp_settings
from niaga.messaging.services.change_mail_settings import change_mail_settings
from niaga.messaging.services.change_whatsapp_settings import change_whatsapp_settings
from niaga.messaging.services.read_notices import read_notices
from niaga.messaging.services.retry_email import retry_email
from niaga.messaging.services.retry_whatsapp import retry_whatsapp
from niaga.messaging.services.settle_email import settle_email
from niaga.messaging.services.settle_whatsapp import settle_whatsapp
from niaga.organization.access import access_of

router = Router(tags=["mail"])


@router.get("/emails", response=Page[schemas.EmailRow], summary="List mails")
def list_emails(request: HttpRequest, query: Query[schemas.EmailQuery]) -> Any:
    """Mails you may see with what became of them, the newest first."""
    access_of(request.user).require("email", "view")
    rows = visible_emails(by=request.user)
    if query.q:
        rows = matching(rows, query.q)
    asked = {"status": query.status, "subject_id": query.subject_id}
    rows = rows.filter(**{name: value for name, value in asked.items() if value})
    return page_of(rows.defer("text", "html"), order=("-created_at", "-id"), query=query)


@router.get("/emails/{email_id}", response=schemas.EmailOut, summary="Show a mail")
def read_email(request: HttpRequest, email_id: UUID) -> Any:
    return get_email(email_id=email_id, by=request.user)


@router.post("/emails/{email_id}/sending", response=schemas.EmailOut, summary="Send a mail again")
def post_email_sending(request: HttpRequest, response: HttpResponse, email_id: UUID) -> Any:
    """A failed, kept or uncertain mail goes out again, because a person wants it."""
    retry_email(email_id=email_id, by=request.user, at=now())
    response["Location"] = f"/api/v1/emails/{email_id}"
    return Status(200, get_email(email_id=email_id, by=request.user))


@router.post(
    "/emails/{email_id}/settlement",
    response=schemas.EmailOut,
    summary="Say that an uncertain mail arrived",
)
def post_email_settlement(request: HttpRequest, response: HttpResponse, email_id: UUID) -> Any:
    """The recipient was asked: it is there, so it is not sent again."""
    settle_email(email_id=email_id, by=request.user, at=now())
    response["Location"] = f"/api/v1/emails/{email_id}"
    return Status(200, get_email(email_id=email_id, by=request.user))


@router.get("/mail-settings", response=schemas.MailSettingsOut, summary="Show the mail server")
def read_mail_settings(request: HttpRequest) -> Any:
    """Through which server the company's mail goes; without a host mail is kept in the mailbox."""
    return mail_settings(by=request.user)


@router.put("/mail-settings", response=schemas.MailSettingsOut, summary="Set the mail server")
def put_mail_settings(request: HttpRequest, body: schemas.MailSettingsIn) -> Any:
    """Without `password` the one there is stays."""
    here = access_of(request.user).current_company
    change_mail_settings(company_id=here.id, by=request.user, at=now(), **body.dict())
    return mail_settings(by=request.user)


@router.get("/whatsapp-messages", response=Page[schemas.WhatsappOut], summary="List WhatsApp messages")
def list_whatsapp(request: HttpRequest, query: Query[schemas.WhatsappQuery]) -> Any:
    """WhatsApp messages you may see with what became of them, the newest first."""
    access_of(request.user).require("email", "view")
    asked = {"status": query.status, "subject_id": query.subject_id}
    rows = visible_whatsapp(by=request.user).filter(**{name: value for name, value in asked.items() if value})
    return page_of(rows, order=("-created_at", "-id"), query=query)


@router.get("/whatsapp-messages/{message_id}", response=schemas.WhatsappOut, summary="Show a WhatsApp message")
def read_whatsapp(request: HttpRequest, message_id: UUID) -> Any:
    return get_whatsapp(message_id=message_id, by=request.user)


@router.post(
    "/whatsapp-messages/{message_id}/sending", response=schemas.WhatsappOut, summary="Send a WhatsApp message again"
)
def post_whatsapp_sending(request: HttpRequest, response: HttpResponse, message_id: UUID) -> Any:
    """A failed, kept or uncertain message goes out again, because a person wants it."""
    retry_whatsapp(message_id=message_id, by=request.user, at=now())
    response["Location"] = f"/api/v1/whatsapp-messages/{message_id}"
    return Status(200, get_whatsapp(message_id=message_id, by=request.user))


@router.post(
    "/whatsapp-messages/{message_id}/settlement",
    response=schemas.WhatsappOut,
    summary="Say that an uncertain WhatsApp message arrived",
)
def post_whatsapp_settlement(request: HttpRequest, response: HttpResponse, message_id: UUID) -> Any:
    """The customer was asked: it is there, so it is not sent again."""
    settle_whatsapp(message_id=message_id, by=request.user, at=now())
    response["Location"] = f"/api/v1/whatsapp-messages/{message_id}"
    return Status(200, get_whatsapp(message_id=message_id, by=request.user))


@router.get("/whatsapp-settings", response=schemas.WhatsappSettingsOut, summary="Show the WhatsApp settings")
def read_whatsapp_settings(request: HttpRequest) -> Any:
    """Through which number messages go; without one they are kept."""
    return whatsapp_settings(by=request.user)


@router.put("/whatsapp-settings", response=schemas.WhatsappSettingsOut, summary="Set up WhatsApp")
def put_whatsapp_settings(request: HttpRequest, body: schemas.WhatsappSettingsIn) -> Any:
    """Without `token` or `app_secret` the ones there are stay."""
    here = access_of(request.user).current_company
    change_whatsapp_settings(
        company_id=here.id, phone_id=body.phone, by=request.user, at=now(), **body.dict(exclude={"phone"})
    )
    return whatsapp_settings(by=request.user)


@router.get("/notices", response=Page[schemas.NoticeOut], summary="List your notices")
def list_notices(request: HttpRequest, query: Query[PageQuery], unread: bool = False) -> Any:
    """What stands in your bell, the newest first."""
    rows = notices(by=request.user)
    if unread:
        rows = rows.filter(read_at=None)
    return page_of(rows, order=("-at", "-id"), query=query)


@router.post("/notices/reading", response=schemas.ReadOut, summary="Mark notices as read")
def post_reading(request: HttpRequest, body: schemas.ReadIn | None = None) -> Any:
    """Those that are named, or all."""
    ids = body.notice_ids if body else None
    return Status(200, {"read": read_notices(notice_ids=ids, by=request.user, at=now())})
