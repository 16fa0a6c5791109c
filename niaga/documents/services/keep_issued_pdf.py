import hashlib
from datetime import datetime
from uuid import UUID

from niaga.core.ids import new_id
from niaga.documents.models import IssuedPdf


def keep_issued_pdf(
    *,
    subject_kind: str,
    subject_id: UUID,
    company_id: UUID,
    language: str,
    content: bytes,
    at: datetime,
    template_version_id: UUID | None = None,
) -> bytes:
    """Keep the PDF of an issued document, once. Answers the kept bytes: of two at once, those that came first."""
    IssuedPdf.objects.bulk_create(
        [
            IssuedPdf(
                id=new_id(),
                company_id=company_id,
                subject_kind=subject_kind,
                subject_id=subject_id,
                language=language,
                template_version_id=template_version_id,
                sha256=hashlib.sha256(content).hexdigest(),
                content=content,
                at=at,
            )
        ],
        ignore_conflicts=True,
    )
    return bytes(IssuedPdf.objects.values_list("content", flat=True).get(subject_id=subject_id, language=language))
