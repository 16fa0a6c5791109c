"""Passwords of mail servers and tokens of WhatsApp are kept encrypted: a stolen dump of the database opens nothing."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

_PURPOSE = b"niaga.messaging.smtp"


def _box() -> Fernet:
    """A key of this purpose alone, derived from the installation's secret key."""
    digest = hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=32, person=_PURPOSE[:16]).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def seal_password(password: str) -> str:
    return _box().encrypt(password.encode()).decode() if password else ""


def open_password(sealed: str) -> str | None:
    """The password; None when the installation's key has changed since it was typed."""
    if not sealed:
        return ""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None
