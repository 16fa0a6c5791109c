import base64
import hashlib
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.conf import settings

from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.documents.models import PublicLink
from niaga.documents.services.create_link import link_url, token_hash

PURPOSE = "paper"


def keep_links(
    *, batch: Batch, subject_kind: str, subject_ids: Collection[UUID], company_id: UUID, by: UUID | None, at: datetime
) -> dict[UUID, str]:
    """The lasting addresses of the customer's pages of many documents: the same each time they are asked for.

    Their tokens are not kept either: each is made of the link's id and the installation's secret key, so that the
    address can be told again, and a copy of the database alone opens nothing. A link that was taken back, or one of an
    earlier secret key, is followed by a new one, added to the batch. One statement however many there are.
    """
    found: dict[UUID, str] = {}
    links = PublicLink.objects.filter(
        subject_kind=subject_kind, subject_id__in=list(subject_ids), purpose=PURPOSE, revoked_at=None, expires_at=None
    )
    for link_id, subject_id, kept in links.order_by("-id").values_list("id", "subject_id", "token_hash"):
        if subject_id not in found and token_hash(_token(link_id)) == bytes(kept):
            found[subject_id] = link_url(_token(link_id))
    made = {subject_id: new_id() for subject_id in sorted(set(subject_ids) - set(found))}
    batch.insert(
        PublicLink,
        [
            {"id": link_id, "subject_id": subject_id, "token_hash": token_hash(_token(link_id))}
            for subject_id, link_id in made.items()
        ],
        company_id=company_id, subject_kind=subject_kind, purpose=PURPOSE, created_by=by, created_at=at,
        expires_at=None,
    )  # fmt: skip
    return found | {subject_id: link_url(_token(link_id)) for subject_id, link_id in made.items()}


def _token(link_id: UUID) -> str:
    key = hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=32, person=b"niaga.paper.link").digest()
    digest = hashlib.blake2b(link_id.bytes, digest_size=24, key=key).digest()
    return base64.urlsafe_b64encode(digest).decode()
