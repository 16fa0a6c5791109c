from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid
from niaga.core.ids import new_id
from niaga.ledger.models import JournalProfile
from niaga.ledger.queries.journal_profiles import MOST_PROFILES
from niaga.ledger.rules.import_template import MOST_BYTES, UnreadableTemplate, read_template
from niaga.ledger.rules.journal_columns import DATES, DECIMALS, propose
from niaga.ledger.wording import UNREADABLE
from niaga.organization.access import Actor, access_of

LONGEST_NAME = 80


@transaction.atomic
def add_journal_profile(
    *, company_id: UUID, name: str, chunks: Iterable[bytes], by: Actor, at: datetime
) -> JournalProfile:
    """Read the empty import file of an accounting program and propose what stands in its columns.

    :raises Forbidden: the person may not keep the books
    :raises Invalid: the file cannot be read as one to fill; no name, or one that another has; too many
    """
    access_of(by).require("period", "close", company_id=company_id)
    try:
        template = read_template(_content(chunks))
    except UnreadableTemplate as error:
        raise Invalid(str(UNREADABLE[error.reason]), field="file") from error
    standing = JournalProfile.objects.filter(company_id=company_id)
    if standing.count() >= MOST_PROFILES:
        raise Invalid(_("There are 20 already. Remove one that nobody uses."), field="name")
    profile = JournalProfile(
        id=new_id(), company_id=company_id, name=profile_name(company_id, name, None), layout=template.as_dict(),
        columns=propose(template.levels), dates=DATES[0], decimal=DECIMALS[0], created_by=by.id, created_at=at,
    )  # fmt: skip
    profile.save(force_insert=True)
    note_profile(profile, "create", {"name": profile.name}, by=by, at=at)
    return profile


def _content(chunks: Iterable[bytes]) -> bytes:
    """At most one byte more than may be: what is longer is refused for it, without being read to its end."""
    content = b""
    for chunk in chunks:
        content += chunk
        if len(content) > MOST_BYTES:
            break
    return content[: MOST_BYTES + 1]


def profile_name(company_id: UUID, name: str, own: UUID | None) -> str:
    tidy = " ".join(name.replace("\x00", "").split())
    if not tidy:
        raise Invalid(_("Give it a name."), field="name")
    if len(tidy) > LONGEST_NAME:
        raise Invalid(_("This name is too long."), field="name")
    others = JournalProfile.objects.filter(company_id=company_id, name=tidy)
    if (others.exclude(pk=own) if own else others).exists():
        raise Invalid(_("Another has this name."), field="name")
    return tidy


def note_profile(profile: JournalProfile, verb: str, data: Mapping[str, object], *, by: Actor, at: datetime) -> None:
    batch = Batch()
    record(
        batch=batch, subject_kind="journal_profile", subject_id=profile.pk, verb=verb, by=by.id, at=at,
        company_id=profile.company_id, data=dict(data),
    )  # fmt: skip
    batch.write()
