from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.core.outbox import announce
from niaga.documents.services.attach_files import attach_files
from niaga.documents.services.store_file import Readable
from niaga.messaging.services.add_notice import add_notice
from niaga.parties.services.write_timeline import write_timeline
from niaga.portal.errors import BadProof
from niaga.portal.events import PortalCaseOpened
from niaga.portal.models import CaseNote, PortalCase
from niaga.portal.queries.visitors import Visitor

Files = Sequence[tuple[str, Readable]]
MOST_FILES, MOST_BYTES = 5, 10 * 1024 * 1024
TOLD = {
    "payment": gettext_noop("%(customer)s says that %(number)s is paid"),
    "dispute": gettext_noop("%(customer)s does not agree with %(number)s"),
    "change": gettext_noop("%(customer)s asks for a change of their data"),
}


def check_files(files: Files) -> None:
    """:raises BadProof: too many, or one too large"""
    if len(files) > MOST_FILES or any(getattr(content, "size", 0) > MOST_BYTES for _name, content in files):
        raise BadProof(field="files")


def open_case(
    *, visitor: Visitor, kind: str, text: str, files: Files, values: dict[str, Any], number: str, seller: UUID | None,
    at: datetime,
) -> UUID:  # fmt: skip
    """Write down what a customer told, in the caller's transaction, with their files. Returns the case's id.

    :raises BadProof: a file is neither a picture nor a PDF, or there are too many
    """
    check_files(files)
    key, batch = new_id(), Batch()
    batch.insert(
        PortalCase,
        [{"id": key, "company_id": visitor.company_id, "customer_id": visitor.customer_id,
          "person_id": visitor.person_id, "kind": kind, "created_at": at, **values}],
    )  # fmt: skip
    if text:
        batch.insert(
            CaseNote,
            [{"case_id": key, "by_customer": True, "name": visitor.name[:120], "text": text[:4000], "at": at}],
        )
    record(
        batch=batch, subject_kind="portal_case", subject_id=key, verb="open", by=None, at=at,
        company_id=visitor.company_id, to_status="open", note=visitor.address, data={"kind": kind},
    )  # fmt: skip
    write_timeline(
        batch=batch, customer_id=visitor.customer_id, company_id=visitor.company_id, kind=f"portal.{kind}",
        subject_kind="portal_case", subject_id=key, number=number, amount=values.get("amount"),
        currency=values.get("currency", "") if values.get("amount") else "", text=text[:500], actor_id=None, at=at,
    )  # fmt: skip
    add_notice(
        batch=batch, to=[seller] if seller else [], text=TOLD[kind],
        facts={"customer": visitor.here.customer, "number": number}, url=f"/portal-cases/{key}",
        subject_kind="portal_case", subject_id=key, at=at,
    )  # fmt: skip
    announce(
        batch=batch, event=PortalCaseOpened(key, visitor.customer_id, kind), company_id=visitor.company_id, by=None,
        at=at,
    )  # fmt: skip
    batch.write()
    attach_proof(case_id=key, visitor=visitor, files=files, at=at)
    return key


def attach_proof(*, case_id: UUID, visitor: Visitor, files: Files, at: datetime) -> None:
    """Put the customer's files on a case.

    :raises BadProof: one is neither a picture nor a PDF that can be read; nothing is kept
    """
    check_files(files)
    kept = attach_files(
        subject_kind="portal_case", subject_id=case_id, files=files, by=visitor.actor, at=at, purpose="proof"
    )
    if any(not one.file.inline for one in kept):
        raise BadProof(field="files")
