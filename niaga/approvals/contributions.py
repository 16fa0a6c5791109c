"""What approvals adds to the pages of all: its place and badge, the places of its settings, what must always hold."""

from collections.abc import Mapping

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from niaga.approvals.queries.invariants import INVARIANTS
from niaga.approvals.queries.requests import waiting_for
from niaga.approvals.web.words import STATES
from niaga.core.clock import now
from niaga.core.registry import invariants, state_words
from niaga.organization.access import access_of
from niaga.ui.registry import (
    BadgeCount,
    NavigationGroup,
    NavigationItem,
    SettingsGroup,
    SettingsPlace,
    badges,
    navigation,
    settings_places,
)


def contribute() -> None:
    state_words.add("approval", STATES)
    navigation.add(
        NavigationItem(
            key="approvals", label=_("Approvals"), icon="stamp", url_name="approvals:approvals",
            group=NavigationGroup.SELLING, order=22, shortcut="a",
            allowed=lambda request: access_of(request.user).allows("approval", "view"),
        )
    )  # fmt: skip
    badges.add("approvals", _waiting)
    settings_places.add(
        SettingsPlace(
            key="approval-rules", label=_("Approval rules"), icon="stamp", url_name="approvals:rules",
            text=_("Which discounts, margins and terms need a yes, and whose"), group=SettingsGroup.SELLING, order=60,
            allowed=lambda request: access_of(request.user).allows("approval", "manage"),
        ),
        SettingsPlace(
            key="delegations", label=_("Absence"), text=_("Who decides in whose place, and when"), icon="users",
            url_name="approvals:delegations", group=SettingsGroup.SELLING, order=61,
            allowed=lambda request: access_of(request.user).allows("approval", "decide"),
        ),
    )  # fmt: skip
    for name, check in INVARIANTS.items():
        invariants.add(f"approvals.{name}", check)


def _waiting(request: HttpRequest) -> Mapping[str, BadgeCount]:
    if not access_of(request.user).allows("approval", "decide"):
        return {}
    return {"approvals": BadgeCount(waiting_for(by=request.user, at=now()))}
