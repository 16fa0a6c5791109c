"""Ctrl+K: contributions that find things, and commands that do things with what was found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise

from niaga.ui.registry.contributions import Contributions

PER_GROUP = 5


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found. `kind` and `id` let commands build on it ("New quotation for …"); `title` is shown bold.

    `detail` follows the title, `meta` stands at the right, with `tone` and `icon` when it is a status.
    """

    title: str
    url: str
    kind: str = ""
    id: str = ""
    detail: str = ""
    meta: str | Promise = ""
    tone: str = ""
    meta_icon: str = ""


@dataclass(frozen=True, slots=True)
class SearchContribution:
    """`find(request, query, limit)`: one statement, access-checked, at most `limit` hits, p95 within a few ms."""

    label: str | Promise
    icon: str
    find: Callable[[HttpRequest, str, int], Sequence[Hit]]


@dataclass(frozen=True, slots=True)
class Command:
    """Something to do. `{subject}` in `label` is replaced by `subject` in bold."""

    label: str | Promise
    url: str
    icon: str = "arrow-right"
    subject: str = ""
    meta: str | Promise = ""
    key: str = ""

    @property
    def parts(self) -> tuple[str, str]:
        before, _, after = str(self.label).partition("{subject}")
        return before, after


# offer(request, query, hits): reads only what was found, so it costs no statement of its own
CommandSource = Callable[[HttpRequest, str, Sequence[Hit]], Sequence[Command]]

search: Contributions[SearchContribution] = Contributions()
commands: Contributions[CommandSource] = Contributions()


@dataclass(frozen=True, slots=True)
class Found:
    label: str | Promise
    icon: str
    hits: Sequence[Hit]


def search_everything(request: HttpRequest, query: str) -> tuple[list[Command], list[Found]]:
    """Every contribution is called once. An empty query only offers commands."""
    groups: list[Found] = []
    hits: list[Hit] = []
    if query:
        for _, source in search:
            found = source.find(request, query, PER_GROUP)[:PER_GROUP]
            if found:
                groups.append(Found(source.label, source.icon, found))
                hits.extend(found)
    offered: list[Command] = []
    for _, offer in commands:
        offered.extend(offer(request, query, hits))
    return offered[:6], groups
