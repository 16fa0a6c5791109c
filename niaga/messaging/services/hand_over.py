"""Giving one mail to an SMTP server, and saying for certain what is known of it afterwards."""

import smtplib
import ssl
from dataclasses import dataclass
from email.utils import formataddr
from enum import StrEnum
from typing import Any, cast

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.utils.functional import cached_property

from niaga.messaging.rules.server import Server

TIMEOUT = 20
"""Seconds to wait for any single answer of the server."""


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    LATER = "later"
    """Surely not sent; another attempt may succeed."""
    NEVER = "never"
    """Surely not sent, and it would be refused again."""
    UNKNOWN = "unknown"
    """The text was given to the server and no answer came back."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`reason` is a code of `queries.reasons`, `error` the server's own words."""

    outcome: Outcome
    reason: str = ""
    error: str = ""


class _Watched(smtplib.SMTP):
    """Remembers whether the text is with the server while its answer is not here yet, and whom the server refused."""

    in_doubt = False
    refused: dict[str, Any] | None = None

    def data(self, msg: Any) -> Any:
        self.in_doubt = True
        try:
            answer = super().data(msg)
        except smtplib.SMTPDataError:
            self.in_doubt = False  # the server answered: it does not take the text
            raise
        self.in_doubt = False
        return answer

    def sendmail(self, *args: Any, **options: Any) -> Any:
        self.refused = super().sendmail(*args, **options)
        return self.refused


class _WatchedTls(_Watched, smtplib.SMTP_SSL):
    pass


class _Backend(EmailBackend):
    @property
    def connection_class(self) -> Any:
        return _WatchedTls if self.use_ssl else _Watched

    @cached_property
    def ssl_context(self) -> ssl.SSLContext:
        """Checks the server's certificate and name."""
        return ssl.create_default_context()


def hand_over(*, server: Server, message: EmailMultiAlternatives) -> Answer:
    """Connect, give the mail, read the answer. Never raises for what a server or network does."""
    message.from_email = formataddr((server.sender_name, server.sender)) if server.sender_name else server.sender
    backend = _Backend(
        host=server.host,
        port=server.port,
        username=server.username,
        password=server.password,
        use_tls=server.security == "starttls",
        use_ssl=server.security == "tls",
        timeout=getattr(settings, "EMAIL_TIMEOUT", None) or TIMEOUT,
        fail_silently=False,
    )
    connection: _Watched | None = None
    try:
        backend.open()
        connection = cast("_Watched | None", backend.connection)
        backend.send_messages([message])
        refused = connection.refused if connection is not None else None
        return Answer(Outcome.ACCEPTED, "partly" if refused else "", ", ".join(sorted(refused or ())))
    except smtplib.SMTPAuthenticationError as error:
        return Answer(Outcome.NEVER, "login", _said(error))
    except smtplib.SMTPRecipientsRefused as error:
        final = all(code >= 500 for code, _text in error.recipients.values())
        who = "; ".join(f"{name}: {code} {_words(text)}" for name, (code, text) in sorted(error.recipients.items()))
        return Answer(Outcome.NEVER if final else Outcome.LATER, "address", who)
    except smtplib.SMTPResponseException as error:
        return Answer(Outcome.NEVER if error.smtp_code >= 500 else Outcome.LATER, "refused", _said(error))
    except smtplib.SMTPNotSupportedError as error:
        return Answer(Outcome.NEVER, "unable", _words(str(error)))
    except ssl.SSLCertVerificationError as error:
        return Answer(Outcome.NEVER, "certificate", _words(error.verify_message))
    except (smtplib.SMTPException, OSError) as error:
        if connection is not None and connection.in_doubt:
            return Answer(Outcome.UNKNOWN, "broken", _words(str(error)))
        return Answer(Outcome.LATER, "unreachable", _words(str(error) or type(error).__name__))
    finally:
        try:
            backend.close()
        except (smtplib.SMTPException, OSError):
            pass


def _words(text: bytes | str) -> str:
    return (text.decode("utf-8", "replace") if isinstance(text, bytes) else text)[:300]


def _said(error: smtplib.SMTPResponseException) -> str:
    return f"{error.smtp_code} {_words(error.smtp_error)}"
