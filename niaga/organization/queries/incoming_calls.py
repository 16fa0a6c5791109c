"""Calls of other systems, as far as a person may see them."""

from typing import Any

from django.db.models import QuerySet

from niaga.core.queries.incoming import calls_of
from niaga.organization.access import Actor, access_of


def incoming_calls(*, by: Actor) -> QuerySet[Any]:
    """Calls for the current company, with `state`: parked, waiting or handled.

    :raises Forbidden: `by` may not manage settings
    """
    access = access_of(by)
    access.require("setting", "manage")
    return calls_of(access.current_company.id)
