from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.documents.models import Attachment
from niaga.documents.services.attach_file import attach_file
from niaga.documents.services.remove_attachment import remove_attachment
from niaga.documents.services.store_file import Readable
from niaga.organization.access import Actor
from niaga.organization.queries.companies import company_profile
from niaga.organization.services.change_company import change_company


@transaction.atomic
def set_logo(
    *, company_id: UUID, name: str, content: Readable | bytes | None, by: Actor, at: datetime
) -> Attachment | None:
    """Print this picture on the company's documents from now on; without content, none. Issued papers keep theirs.

    :raises Forbidden: `by` may not manage settings
    :raises NotAnImage, FileTooLarge, EmptyFile: see `store_file`
    """
    before = company_profile(company_id).logo_id
    logo = None
    if content is not None:
        logo = attach_file(
            subject_kind="company", subject_id=company_id, name=name, content=content, by=by, at=at, purpose="logo"
        )
    change_company(company_id=company_id, by=by, at=at, logo_id=logo.id if logo else None)
    if before is not None and Attachment.objects.filter(pk=before, archived_at=None).exists():
        remove_attachment(attachment_id=before, by=by, at=at)
    return logo
