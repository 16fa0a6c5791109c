"""Mail that Django and allauth send by themselves (a forgotten password, a new passkey) goes the way of all mail."""

import logging
from collections.abc import Sequence
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from niaga.core import clock
from niaga.core.batch import Batch
from niaga.core.errors import Invalid
from niaga.messaging.services.queue_email import queue_email
from niaga.organization.queries.companies import company_of_address

log = logging.getLogger(__name__)


class QueuedMail(BaseEmailBackend):
    """`EMAIL_BACKEND`: queues a message instead of sending it; its links are secret."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """How many messages were queued; one to an impossible address is logged and left out."""
        queued = 0
        for message in email_messages:
            company_id = company_of_address(message.to[0] if message.to else "")
            if company_id is None:
                log.warning("Mail to %s is dropped: there is no company yet", message.to)
                continue
            alternatives: list[Any] = list(getattr(message, "alternatives", []))
            html = next((str(body) for body, kind in alternatives if kind == "text/html"), "")
            try:
                with transaction.atomic():
                    batch = Batch()
                    queue_email(
                        batch=batch,
                        company_id=company_id,
                        to=message.to,
                        cc=message.cc,
                        subject=" ".join(str(message.subject).split()),
                        text=str(message.body),
                        html=html,
                        secret=True,
                        by=None,
                        at=clock.now(),
                    )
                    batch.write()
            except Invalid as refusal:
                log.warning("Mail to %s is dropped: %s", message.to, refusal.message)
                continue
            queued += 1
        return queued
