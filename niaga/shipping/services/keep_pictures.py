from datetime import datetime
from typing import Any
from uuid import UUID

from niaga.documents.registry import Subject
from niaga.documents.services.attach_file import attach_file
from niaga.organization.access import Actor
from niaga.shipping.rules.visit import Visit


def keep_pictures(*, delivery: Any, visit: Visit, by: Actor, at: datetime) -> tuple[list[UUID], UUID | None]:
    """Put a visit's photos and signature on its delivery, made harmless. The ids of the photos, and the signature's.

    The caller has checked that `by` may tell of this door.

    :raises NotAnImage, FileTooLarge: a photo or the signature is no picture
    """
    shared: dict[str, Any] = {
        "subject_kind": "delivery", "subject_id": delivery.id, "by": by, "at": at,
        "subject": Subject("delivery", delivery.id, delivery.company_id, f"/deliveries/{delivery.id}"),
    }  # fmt: skip
    photos = [*visit.kept_photos]
    for place, content in enumerate(visit.photos, start=1):
        name = f"{delivery.number}-{place}.jpg"
        photos.append(attach_file(name=name, content=content, purpose="photo", **shared).id)
    signature_id = visit.kept_signature
    if visit.signature:
        name = f"{delivery.number}.png"
        signature_id = attach_file(name=name, content=visit.signature, purpose="signature", **shared).id
    return photos, signature_id
