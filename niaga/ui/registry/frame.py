"""Who is looking and from where, for the top bar; and the bell."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.utils.functional import Promise

from niaga.ui.registry.contributions import Contributions


@dataclass(frozen=True, slots=True)
class Choice:
    """Another company or branch one can switch to by a POST to `url`."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """`place` is branch and team (`Surabaya · Tim Timur`), `role` the words under the name in the menu.

    `links` are entries of the avatar menu: (label, url, Lucide icon).
    """

    name: str
    place: str = ""
    role: str = ""
    choices: Sequence[Choice] = ()
    links: Sequence[tuple[str | Promise, str, str]] = field(default=())


@dataclass(frozen=True, slots=True)
class Notices:
    """The bell: where it leads, and what fills its menu; its number is the badge with the key `notices`."""

    url_name: str
    menu_url_name: str = ""


# organization sets "identity"; messaging sets "notices"; the highest order wins
identity: Contributions[Callable[[HttpRequest], Identity]] = Contributions()
notices: Contributions[Notices] = Contributions()


def identity_of(request: HttpRequest) -> Identity:
    found: Identity | None = None
    for _, source in identity:
        found = source(request)
    if found is not None:
        return found
    user = request.user
    return Identity(name=(user.get_full_name() or user.get_username()) if user.is_authenticated else "")


def initials(name: str) -> str:
    """`DW` of Dewi Wulandari; two letters of a single name."""
    words = [word for word in name.replace(".", " ").split() if word[:1].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + words[-1][0]).upper() if len(words) > 1 else words[0][:2].upper()
