from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.errors import Invalid, NotFound
from niaga.ledger.models import JournalProfile
from niaga.ledger.rules.journal_columns import DATES, DECIMALS, SOURCES, fault_of
from niaga.ledger.services.add_journal_profile import note_profile, profile_name
from niaga.ledger.wording import FAULTS, SOURCE_WORDS
from niaga.organization.access import Actor, access_of


@transaction.atomic
def change_journal_profile(
    *, profile_id: UUID, name: str, columns: Sequence[Sequence[str]], dates: str, decimal: str, by: Actor, at: datetime
) -> JournalProfile:
    """Say what stands in each column, and how days and amounts are written.

    :raises Forbidden: the person may not keep the books
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
    profile.name, profile.columns = profile_name(profile.company_id, name, profile.pk), asked
    profile.dates, profile.decimal = dates, decimal
    after = {"name": profile.name, "columns": asked, "dates": dates, "decimal": decimal}
    changed = {key: [before[key], value] for key, value in after.items() if before[key] != value}
    if changed:
        profile.save()
        note_profile(profile, "change", changed, by=by, at=at)
    return profile


@transaction.atomic
def remove_journal_profile(*, profile_id: UUID, by: Actor, at: datetime) -> str:
    """Forget a file's columns; what was exported stays as it is. Answers its name.

    :raises Forbidden: the person may not keep the books
    :raises NotFound: there is no such profile
    """
    profile = _locked(profile_id, by)
    note_profile(profile, "remove", {"name": profile.name}, by=by, at=at)
    profile.delete()
    return profile.name


def _locked(profile_id: UUID, by: Actor) -> JournalProfile:
    access = access_of(by)
    seen = access.filter("ledger", branch=None, salesperson=None)
    found = JournalProfile.objects.select_for_update().filter(seen, pk=profile_id).first()
    if found is None:
        raise NotFound()
    access.require("period", "close", company_id=found.company_id)
    return found
