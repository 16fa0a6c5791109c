"""The frame around every page: places, badges, who is looking, theme. Nothing is computed unless a template asks."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from niaga.ui import assets
from niaga.ui.client_strings import client_strings
from niaga.ui.registry.badges import Badge, badge_counts
from niaga.ui.registry.frame import Identity, identity_of, initials, notices
from niaga.ui.registry.navigation import NavigationGroup, navigation


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the navigation as one page shows it."""

    key: str
    label: str | Promise
    icon: str
    url: str
    shortcut: str
    phone: int
    current: bool
    badge: Badge | None


class Frame:
    def __init__(self, request: HttpRequest, *, badges: bool = True) -> None:
        self.request = request
        self._count = badges

    @cached_property
    def badges(self) -> dict[str, Badge]:
        return badge_counts(self.request) if self._count and self._known else {}

    @property
    def _known(self) -> bool:
        user = getattr(self.request, "user", None)
        return user is not None and user.is_authenticated

    @cached_property
    def _places(self) -> list[tuple[NavigationGroup, Place]]:
        if not self._known:
            return []
        items = []
        for item in navigation:
            try:
                url = reverse(item.url_name, kwargs=item.url_kwargs or None)
            except NoReverseMatch:
                continue  # the room that serves it is not opened yet
            if item.allowed(self.request):
                items.append((item, url))
        path = self.request.path
        here = max(
            (url for _, url in items if path == url or (url != "/" and path.startswith(url))), key=len, default=""
        )
        return [
            (
                item.group,
                Place(
                    key=item.key,
                    label=item.label,
                    icon=item.icon,
                    url=url,
                    shortcut=item.shortcut,
                    phone=item.phone,
                    current=url == here,
                    badge=self.badges.get(item.key),
                ),
            )
            for item, url in items
        ]

    @cached_property
    def rail(self) -> SafeString:
        """The places as links, drawn once though they stand twice: at the page's side and in the phone's drawer."""
        return render_to_string("ui/parts/rail.html", {"frame": self})

    @property
    def places(self) -> list[Place]:
        return [place for _, place in self._places]

    @property
    def groups(self) -> list[list[Place]]:
        groups: dict[NavigationGroup, list[Place]] = {}
        for group, place in self._places:
            groups.setdefault(group, []).append(place)
        return list(groups.values())

    @property
    def phone_places(self) -> list[Place]:
        return sorted((place for _, place in self._places if place.phone), key=lambda place: place.phone)[:4]

    @cached_property
    def identity(self) -> Identity:
        return identity_of(self.request)

    @property
    def initials(self) -> str:
        return initials(self.identity.name)

    @property
    def bell(self) -> tuple[str, Badge | None, str] | None:
        """Where the bell leads, its badge, and the address of its menu."""
        for _, item in notices:
            try:
                menu = reverse(item.menu_url_name) if item.menu_url_name else ""
                return reverse(item.url_name), self.badges.get("notices"), menu
            except NoReverseMatch:
                continue
        return None

    @property
    def layout(self) -> str:
        """The layout for pages that both colleagues and strangers see."""
        return "ui/app.html" if self._known else "ui/bare.html"

    @property
    def theme(self) -> str:
        """`light`, `dark`, or empty for the system's choice. The cookie wins over what the user's record says."""
        chosen = self.request.COOKIES.get("niaga_theme") or getattr(getattr(self.request, "user", None), "theme", "")
        return chosen if chosen in ("light", "dark") else ""

    @property
    def sprite(self) -> str:
        return assets.sprite()

    @property
    def facts(self) -> dict[str, Any]:
        """What the scripts read once (`page.ts`)."""
        return {
            "strings": client_strings(),
            "user": str(self.request.user.pk) if self._known else "",
            "urls": {name: _url(route) for name, route in URLS.items()},
            "most_bytes": settings.MAX_BODY_BYTES,
        }

    @property
    def csrf(self) -> str:
        return get_token(self.request)


URLS = {"search": "ui:search", "session": "ui:session", "login": "account_login"}


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `frame` in every template."""
    return {"frame": Frame(request)}
