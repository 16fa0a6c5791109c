"""Mails and notices on the wire."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

from niaga.core.api import PageQuery
from niaga.messaging.queries.notices import words


class EmailQuery(PageQuery):
    q: str = Field("", max_length=100, description="Part of the subject or of an address.")
    status: Literal["queued", "sending", "sent", "kept", "failed", "uncertain"] | None = None
    subject_id: UUID | None = Field(None, description="The document it is about.")


class EmailRow(Schema):
    """`status` is kept when there is no mail server, uncertain when the server never answered; `error`: its words."""

    id: UUID
    subject_kind: str
    subject_id: UUID | None
    to: list[str]
    subject: str
    status: str
    attempts: int
    next_attempt_at: datetime | None
    reason: str
    error: str
    created_at: datetime
    sent_at: datetime | None


class EmailFileOut(Schema):
    id: UUID
    name: str
    media_type: str


class EmailOut(EmailRow):
    text: str
    files: list[EmailFileOut]

    @staticmethod
    def resolve_files(email: Any) -> list[Any]:
        return list(email.files.all())


class MailSettingsIn(Schema):
    """Without `host` mail is kept and not sent. `password`: nothing leaves the one there is."""

    model_config = ConfigDict(extra="forbid")

    host: str = Field(max_length=200)
    port: int = Field(587, ge=1, le=65_535)
    username: str = Field("", max_length=200)
    password: str | None = Field(None, max_length=500)
    security: Literal["none", "starttls", "tls"] = "starttls"
    sender: str = Field("", max_length=254)
    sender_name: str = Field("", max_length=120)


class MailSettingsOut(Schema):
    """The password is never told, only whether there is one."""

    host: str
    port: int
    username: str
    has_password: bool
    security: str
    sender: str
    sender_name: str


class WhatsappQuery(PageQuery):
    status: Literal["queued", "sending", "sent", "delivered", "read", "kept", "failed", "uncertain"] | None = None
    subject_id: UUID | None = Field(None, description="What it is about.")


class WhatsappOut(Schema):
    """`sent` is handed over, `uncertain` that WhatsApp never answered; `error`: its words."""

    id: UUID
    subject_kind: str
    subject_id: UUID | None
    to: str
    template: str
    language: str
    text: str
    status: str
    attempts: int
    next_attempt_at: datetime | None
    reason: str
    error: str
    created_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    read_at: datetime | None


class WhatsappSettingsIn(Schema):
    """Without `phone` messages are kept and not sent. `token`, `app_secret`: nothing leaves the one there is."""

    model_config = ConfigDict(extra="forbid")

    phone: str = Field(max_length=40, description="The phone number ID, as Meta shows it beside your number.")
    token: str | None = Field(None, max_length=1000)
    app_secret: str | None = Field(None, max_length=1000)
    verify_token: str = Field("", max_length=80)


class WhatsappSettingsOut(Schema):
    """Token and secret are never told, only whether they are there. `webhook_url` is typed at Meta."""

    phone: str
    has_token: bool
    has_app_secret: bool
    verify_token: str
    webhook_url: str

    @staticmethod
    def resolve_phone(held: Any) -> str:
        return str(held.phone_id)


class NoticeOut(Schema):
    id: UUID
    text: str
    url: str
    subject_kind: str
    subject_id: UUID | None
    at: datetime
    read_at: datetime | None

    @staticmethod
    def resolve_text(notice: Any) -> str:
        return words(notice)


class ReadIn(Schema):
    notice_ids: list[UUID] | None = Field(None, max_length=1000)


class ReadOut(Schema):
    """How many were unread."""

    read: int
