"""The import files of accounting programs that a company fills."""

from uuid import UUID

from django.db.models import QuerySet

from niaga.core.errors import NotFound
from niaga.ledger.models import JournalProfile
from niaga.organization.access import Actor, access_of

MOST_PROFILES = 20
"""Of a company: a list that is shown whole."""


def journal_profiles(*, by: Actor) -> QuerySet[JournalProfile]:
    return JournalProfile.objects.filter(access_of(by).filter("ledger", branch=None, salesperson=None))


def journal_profile_for(*, profile_id: UUID, by: Actor) -> JournalProfile:
    """:raises NotFound: there is none that this person may see"""
    found = journal_profiles(by=by).filter(pk=profile_id).first()
    if found is None:
        raise NotFound()
    return found
