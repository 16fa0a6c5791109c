"""The door to what carries files: found by the resolver of the app that owns it."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from niaga.core.errors import Forbidden, NotFound
from niaga.documents.registry import Subject, subjects
from niaga.organization.access import Actor, access_of


def subject_of(*, kind: str, subject_id: UUID, by: Actor, change: bool = False) -> Subject:
    """:raises NotFound: no app has such a kind, or the subject is not there for `by`
    :raises Forbidden: it may be seen but not changed
    """
    resolver = subjects.get(kind)
    if resolver is None:
        raise NotFound(field="subject_kind")
    return resolver(subject_id=subject_id, by=by, change=change)


def require_any(*, by: Actor, kind: str, actions: Collection[str], document: Any) -> None:
    """One of several rights lets a person put files on a document: who may change it, ship it, or hand it over.

    :raises Forbidden: none of them
    """
    access = access_of(by)
    if not any(access.reaches(kind, action, document) for action in actions):
        raise Forbidden()
