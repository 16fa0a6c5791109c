"""The door to what carries files: found by the resolver of the app that owns it."""

from uuid import UUID

from niaga.core.errors import NotFound
from niaga.documents.registry import Subject, subjects
from niaga.organization.access import Actor


def subject_of(*, kind: str, subject_id: UUID, by: Actor, change: bool = False) -> Subject:
    """:raises NotFound: no app has such a kind, or the subject is not there for `by`
    :raises Forbidden: it may be seen but not changed
    """
    resolver = subjects.get(kind)
    if resolver is None:
        raise NotFound(field="subject_kind")
    return resolver(subject_id=subject_id, by=by, change=change)
