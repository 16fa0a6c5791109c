"""Mails and mail settings for tests, made by the real services."""

from typing import Any
from uuid import UUID

from niaga.core.batch import Batch
from niaga.messaging.models import Email
from niaga.messaging.services.change_mail_settings import change_mail_settings
from niaga.messaging.services.queue_email import queue_email
from niaga.organization.access import SYSTEM
from niaga.organization.models import Company
from niaga.organization.tests.makers import AT


def make_email(company: Company, **values: Any) -> Email:
    """A mail that waits."""
    batch = Batch()
    given: dict[str, Any] = {
        "to": ["maya@example.com"], "subject": "Penawaran Q-1", "text": "Halo", "by": None, "at": AT, **values
    }  # fmt: skip
    email_id = queue_email(batch=batch, company_id=company.id, **given)
    batch.write()
    return Email.objects.get(pk=email_id)


def use_server(company: Company, port: int, **values: Any) -> None:
    """Mail of the company goes to this port of this machine."""
    given: dict[str, Any] = {"security": "none", "sender": "sales@nusa.example", "sender_name": "PT Nusa", **values}
    change_mail_settings(company_id=company.id, host="127.0.0.1", port=port, by=SYSTEM, at=AT, **given)


def status_of(email_id: UUID) -> str:
    return Email.objects.get(pk=email_id).status
