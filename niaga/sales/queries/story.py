"""Who did what with a document, and when: audit rows, mails and openings of its link, the latest first."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

MOST = 60

_STORY = """
SELECT story.*, coalesce(nullif(u.name, ''), u.username, '') FROM (
  SELECT 'deed', verb, at, actor_id, note, data::text, id, subject_kind, subject_id
    FROM core_auditentry WHERE subject_id = ANY(%s::uuid[])
  UNION ALL
  SELECT 'mail', status, created_at, created_by, array_to_string("to", ', '),
         json_build_object('subject', subject, 'id', id)::text, id, subject_kind, subject_id
    FROM messaging_email WHERE subject_id = ANY(%s::uuid[])
  UNION ALL
  SELECT 'opening', '', o.at, NULL, '', json_build_object('turn', row_number() OVER (ORDER BY o.at))::text, o.id,
         l.subject_kind, l.subject_id
    FROM documents_linkopening o JOIN documents_publiclink l ON l.id = o.link_id
   WHERE l.subject_id = ANY(%s::uuid[])
) AS story(kind, what, at, actor_id, note, data, id, about, about_id)
  LEFT JOIN organization_user u ON u.id = story.actor_id ORDER BY story.at DESC, story.id DESC LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Event:
    """`kind` is `deed` (with the verb in `what`), `mail` (with its status) or `opening`."""

    kind: str
    what: str
    at: datetime
    by: str
    note: str
    subject_kind: str
    subject_id: UUID
    data: dict[str, Any] = field(default_factory=dict)


def story_of(*, subject_ids: Iterable[UUID]) -> list[Event]:
    """At most 60 events of some documents that belong together. One statement; the caller has checked access."""
    ids = list(subject_ids)
    with connection.cursor() as cursor:
        cursor.execute(_STORY, [ids, ids, ids, MOST])
        rows = cursor.fetchall()
    return [
        Event(kind, what, at, who, note, about, about_id, orjson.loads(data) if data else {})
        for kind, what, at, _actor_id, note, data, _id, about, about_id, who in rows
    ]
