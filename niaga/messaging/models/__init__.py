from niaga.messaging.models.email import Email, EmailFile, MailSettings
from niaga.messaging.models.notice import Notice

__all__ = ["Email", "EmailFile", "MailSettings", "Notice"]
