from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid, NotFound
from niaga.core.ids import new_id
from niaga.ledger.models import JournalProfile
from niaga.ledger.queries.journal_profiles import MOST_PROFILES
from niaga.ledger.rules.import_template import MOST_BYTES, UnreadableTemplate, read_template
from niaga.ledger.rules.journal_columns import DATES, DECIMALS, SOURCES, fault_of, propose
from niaga.ledger.wording import FAULTS, SOURCE_WORDS, UNREADABLE
from niaga.organization.access import Actor, access_of

LONGEST_NAME = 80


@transaction.atomic
def add_journal_profile(
    *, company_id: UUID, name: str, chunks: Iterable[bytes], by: Actor, at: datetime
) -> JournalProfile:
    """Read the empty import file of an accounting program and propose what stands in its columns.

    :raises Forbidden: the person may not export the books
    :raises Invalid: the file cannot be read as one to fill; no name, or one that another has; too many
    """
    access_of(by).require("ledger", "export", company_id=company_id)
    try:
        template = read_template(_content(chunks))
    except UnreadableTemplate as error:
        raise Invalid(str(UNREADABLE[error.reason]), field="file") from error
    standing = JournalProfile.objects.filter(company_id=company_id)
    if standing.count() >= MOST_PROFILES:
        raise Invalid(_("There are 20 already. Remove one that nobody uses."), field="name")
    profile = JournalProfile(
        id=new_id(), company_id=company_id, name=_name(company_id, name, None), layout=template.as_dict(),
        columns=propose(template.levels), dates=DATES[0], decimal=DECIMALS[0], created_by=by.id, created_at=at,
    )  # fmt: skip
    profile.save(force_insert=True)
    _note(profile, "create", {"name": profile.name}, by=by, at=at)
    return profile


@transaction.atomic
def change_journal_profile(
    *, profile_id: UUID, name: str, columns: Sequence[Sequence[str]], dates: str, decimal: str, by: Actor, at: datetime
) -> JournalProfile:
    """Say what stands in each column, and how days and amounts are written.

    :raises Forbidden: the person may not export the books
    :raises NotFound: there is no such profile
    :raises Invalid: columns that do not fit the file or do not hold the journal; no such way to write; the name
    """
    profile = _locked(profile_id, by)
    asked = [list(level) for level in columns]
    if [len(level) for level in asked] != [len(level.headings) for level in profile.template.levels]:
        raise Invalid(_("These are not the columns of this file. Open it again."), field="columns")
    if dates not in DATES or decimal not in DECIMALS or any(one and one not in SOURCES for row in asked for one in row):
        raise Invalid(field="columns")
    if fault := fault_of(asked):
        words = ", ".join(str(SOURCE_WORDS[source]) for source in fault.sources)
        raise Invalid(str(FAULTS[fault.reason]) % {"columns": words}, field="columns")
    before = {"name": profile.name, "columns": profile.columns, "dates": profile.dates, "decimal": profile.decimal}
    profile.name, profile.columns = _name(profile.company_id, name, profile.pk), asked
    profile.dates, profile.decimal = dates, decimal
    after = {"name": profile.name, "columns": asked, "dates": dates, "decimal": decimal}
    changed = {key: [before[key], value] for key, value in after.items() if before[key] != value}
    if changed:
        profile.save()
        _note(profile, "change", changed, by=by, at=at)
    return profile


@transaction.atomic
def remove_journal_profile(*, profile_id: UUID, by: Actor, at: datetime) -> str:
    """Forget a file's columns; what was exported stays as it is. Answers its name.

    :raises Forbidden: the person may not export the books
    :raises NotFound: there is no such profile
    """
    profile = _locked(profile_id, by)
    _note(profile, "remove", {"name": profile.name}, by=by, at=at)
    profile.delete()
    return profile.name


def _locked(profile_id: UUID, by: Actor) -> JournalProfile:
    access = access_of(by)
    seen = access.filter("ledger", branch=None, salesperson=None)
    found = JournalProfile.objects.select_for_update().filter(seen, pk=profile_id).first()
    if found is None:
        raise NotFound()
    access.require("ledger", "export", company_id=found.company_id)
    return found


def _content(chunks: Iterable[bytes]) -> bytes:
    """At most one byte more than may be: what is longer is refused for it, without being read to its end."""
    content = b""
    for chunk in chunks:
        content += chunk
        if len(content) > MOST_BYTES:
            break
    return content[: MOST_BYTES + 1]


def _name(company_id: UUID, name: str, own: UUID | None) -> str:
    tidy = " ".join(name.replace("\x00", "").split())
    if not tidy:
        raise Invalid(_("Give it a name."), field="name")
    if len(tidy) > LONGEST_NAME:
        raise Invalid(_("This name is too long."), field="name")
    others = JournalProfile.objects.filter(company_id=company_id, name=tidy)
    if (others.exclude(pk=own) if own else others).exists():
        raise Invalid(_("Another has this name."), field="name")
    return tidy


def _note(profile: JournalProfile, verb: str, data: Mapping[str, object], *, by: Actor, at: datetime) -> None:
    batch = Batch()
    record(
        batch=batch, subject_kind="journal_profile", subject_id=profile.pk, verb=verb, by=by.id, at=at,
        company_id=profile.company_id, data=dict(data),
    )  # fmt: skip
    batch.write()
