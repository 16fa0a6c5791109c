"""Messages, as far as a person may see them: mail and WhatsApp alike."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import CharField, F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from niaga.core.errors import NotFound
from niaga.core.queries.told import joined, sql_of, told
from niaga.messaging.models import Email, Message, WhatsappMessage
from niaga.messaging.queries.emails import visible_emails
from niaga.organization.access import Actor, access_of

_COLUMNS = (
    "id", "channel", "title", "recipient", "status", "reason", "subject_kind", "subject_id", "created_at", "sent_at",
)  # fmt: skip


def visible_whatsapp(*, by: Actor) -> QuerySet[WhatsappMessage]:
    """WhatsApp messages of the current company within the person's reach, newest first."""
    reach = access_of(by).filter("email", branch=None, salesperson="created_by")
    return WhatsappMessage.objects.filter(reach).order_by("-created_at", "-id")


def visible_messages(*, by: Actor) -> QuerySet[Message]:
    """Mails and WhatsApp messages within the person's reach, as one list."""
    addresses = Func(F("to"), Value(", "), function="array_to_string", output_field=TextField())
    mails: QuerySet[Email] = visible_emails(by=by).order_by()
    one = mails.annotate(channel=_word("email"), title=Cast("subject", TextField()), recipient=addresses)
    two = (
        visible_whatsapp(by=by)
        .order_by()
        .annotate(channel=_word("whatsapp"), title=F("text"), recipient=Cast("to", TextField()))
    )
    inside = [sql_of(rows.values(*_COLUMNS)) for rows in (one, two)]
    named = "SELECT id, channel, title AS subject, recipient AS to, status, reason, subject_kind, subject_id,"
    parts = [f"{named} created_at, sent_at FROM ("]
    return told(Message, joined(parts[0], inside[0], "UNION ALL", inside[1], ") m"))


def _word(text: str) -> Cast:
    return Cast(Value(text), CharField(max_length=10))


def get_whatsapp(*, message_id: UUID, by: Actor) -> WhatsappMessage:
    """:raises NotFound: no such message, or not for this person"""
    found = visible_whatsapp(by=by).filter(pk=message_id).first()
    if found is None:
        raise NotFound()
    return found


def whatsapp_for_change(*, message_id: UUID, by: Actor, action: str) -> WhatsappMessage:
    """The message with its row locked.

    :raises NotFound: no such message, or not for this person
    :raises Forbidden: the person may not do this to messages
    """
    access_of(by).require("email", action)
    found = visible_whatsapp(by=by).select_for_update().filter(pk=message_id).first()
    if found is None:
        raise NotFound()
    return found


def matching_messages(rows: QuerySet[Message], text: str) -> QuerySet[Message]:
    """Messages whose words or recipient have the text."""
    return rows.filter(Q(subject__icontains=text) | Q(to__icontains=text))


def states_of(*, emails: Collection[UUID], whatsapp: Collection[UUID]) -> dict[UUID, str]:
    """How messages stand that the caller has already found visible, by their ids."""
    found = dict(Email.objects.filter(pk__in=emails).values_list("id", "status")) if emails else {}
    if whatsapp:
        found |= dict(WhatsappMessage.objects.filter(pk__in=whatsapp).values_list("id", "status"))
    return found
