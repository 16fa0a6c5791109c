from niaga.messaging.models.email import Email, EmailFile, MailSettings
from niaga.messaging.models.message import Message
from niaga.messaging.models.notice import Notice
from niaga.messaging.models.whatsapp import WhatsappMessage, WhatsappSettings

__all__ = [
    "Email",
    "EmailFile",
    "MailSettings",
    "Message",
    "Notice",
    "WhatsappMessage",
    "WhatsappSettings",
]
