from uuid import UUID

from niaga.documents.models import IssuedPdf


def issued_pdf(*, subject_id: UUID, language: str) -> bytes | None:
    """The PDF of an issued document as it was first made, or none yet."""
    found = IssuedPdf.objects.filter(subject_id=subject_id, language=language).values_list("content", flat=True).first()
    return bytes(found) if found is not None else None
