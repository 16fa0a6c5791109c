import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from django.conf import settings

from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.documents.models import PublicLink


def token_hash(token: str) -> bytes:
    """What is kept of a token. It has 192 random bits, so a fast hash is enough."""
    return hashlib.sha256(token.encode()).digest()


def create_link(
    *,
    batch: Batch,
    subject_kind: str,
    subject_id: UUID,
    company_id: UUID,
    by: UUID | None,
    at: datetime,
    expires_at: datetime | None = None,
    purpose: str = "view",
) -> str:
    """Add a public link to the batch and return its token: the only time it is seen, for only its hash is kept.

    Each recipient gets a link of their own, so that one can be taken back. The owner of the subject decides what the
    page shows (`documents.registry.public_pages`).
    """
    token = secrets.token_urlsafe(24)
    batch.insert(
        PublicLink,
        [
            {
                "id": new_id(),
                "company_id": company_id,
                "token_hash": token_hash(token),
                "subject_kind": subject_kind,
                "subject_id": subject_id,
                "purpose": purpose,
                "created_by": by,
                "created_at": at,
                "expires_at": expires_at,
            }
        ],
    )
    return token


def link_url(token: str) -> str:
    """The whole address, for mails and paper."""
    return f"{settings.BASE_URL}/l/{token}"
