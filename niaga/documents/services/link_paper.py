import base64
import hashlib
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.documents.models import PublicLink
from niaga.documents.registry import Paper
from niaga.documents.services.create_link import link_url, token_hash
from niaga.organization.access import Actor

PURPOSE = "paper"


@transaction.atomic
def link_paper(*, paper: Paper, by: Actor, at: datetime) -> str:
    """The address of the customer's page, for the code on a document's paper: the same on every print.

    Its token is not kept either: it is made of the link's id and the installation's secret key, so that the paper can
    be printed again, and a copy of the database alone opens nothing. A link that was taken back, or one of an earlier
    secret key, is followed by a new one.
    """
    links = PublicLink.objects.filter(
        subject_kind=paper.subject_kind, subject_id=paper.subject_id, purpose=PURPOSE, revoked_at=None
    )
    for link_id, kept in links.order_by("-id").values_list("id", "token_hash"):
        if token_hash(_token(link_id)) == bytes(kept):
            return link_url(_token(link_id))
    made = new_id()
    batch = Batch()
    batch.insert(
        PublicLink,
        [
            {
                "id": made,
                "company_id": paper.company_id,
                "token_hash": token_hash(_token(made)),
                "subject_kind": paper.subject_kind,
                "subject_id": paper.subject_id,
                "purpose": PURPOSE,
                "created_by": by.id,
                "created_at": at,
                "expires_at": None,
            }
        ],
    )
    batch.write()
    return link_url(_token(made))


def _token(link_id: UUID) -> str:
    key = hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=32, person=b"niaga.paper.link").digest()
    digest = hashlib.blake2b(link_id.bytes, digest_size=24, key=key).digest()
    return base64.urlsafe_b64encode(digest).decode()
