"""Mails, as far as a person may see them."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from niaga.core.errors import NotFound
from niaga.messaging.models import Email, EmailFile
from niaga.organization.access import Actor, access_of


def visible_emails(*, by: Actor) -> QuerySet[Email]:
    """Mails of the current company within the person's reach, newest first; log-in links for managers only."""
    access = access_of(by)
    found = Email.objects.filter(access.filter("email", branch=None, salesperson="created_by"))
    if not access.allows("user", "manage"):
        found = found.filter(secret=False)
    return found.order_by("-created_at", "-id")


def get_email(*, email_id: UUID, by: Actor) -> Email:
    """:raises NotFound: no such mail, or not for this person"""
    email = visible_emails(by=by).prefetch_related("files").filter(pk=email_id).first()
    if email is None:
        raise NotFound()
    return email


def get_file(*, email_id: UUID, file_id: UUID, by: Actor) -> EmailFile:
    """:raises NotFound: no such file, or not for this person"""
    found = EmailFile.objects.filter(pk=file_id, email__in=visible_emails(by=by).filter(pk=email_id)).first()
    if found is None:
        raise NotFound()
    return found


def email_for_change(*, email_id: UUID, by: Actor, action: str) -> Email:
    """The mail with its row locked.

    :raises NotFound: no such mail, or not for this person
    :raises Forbidden: the person may not do this to mails
    """
    access = access_of(by)
    access.require("email", action)
    email = visible_emails(by=by).select_for_update().filter(pk=email_id).first()
    if email is None:
        raise NotFound()
    return email


def emails_about(subject_ids: Iterable[UUID]) -> QuerySet[Email]:
    """Mails about documents that the caller has already found visible; for their timelines."""
    return (
        Email.objects.filter(subject_id__in=set(subject_ids))
        .only("id", "subject_id", "subject", "to", "status", "error", "created_at", "sent_at", "created_by")
        .order_by("-created_at")
    )


def matching(rows: QuerySet[Email], text: str) -> QuerySet[Email]:
    """Mails whose subject or recipient has the text."""
    return rows.filter(Q(subject__icontains=text) | Q(to__icontains=text))
