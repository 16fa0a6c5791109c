"""What a list is made of, beside its columns and filters."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.safestring import SafeString

from niaga.ui.documents import Consequence
from niaga.ui.escaping import escaped
from niaga.ui.lists.columns import Column, Label
from niaga.ui.lists.filters import Filter

_SELECTED = " selected"


@dataclass(frozen=True, slots=True)
class Total:
    """A sum at the foot, over the whole filter. With `currency` (a field) one sum per currency: never two added."""

    field: str
    label: Label
    currency: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """A view that comes with the list: a name for a query such as `status=sent&sort=valid_until`."""

    label: Label
    query: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What a deed on many says afterwards; with `undo_url` the message offers Undo (a POST there). With `url` the
    person goes there, else back to the list."""

    message: Label
    undo_url: str = ""
    level: str = "success"
    url: str = ""


@dataclass(frozen=True, slots=True)
class BulkAction:
    """A deed on the selected rows. `act(request, ids)` makes ONE service call; a Refusal is shown as it is."""

    key: str
    label: Label
    act: Callable[[HttpRequest, list[UUID]], Done]
    icon: str = ""
    confirm: Consequence | None = None
    allowed: Callable[[HttpRequest], bool] | None = None


@dataclass(frozen=True, slots=True)
class Empty:
    """What an empty list teaches: what this is. Below it stands the list's own main button, for those who may."""

    title: Label
    text: Label
    icon: str = "inbox"


@dataclass(slots=True)
class ShownFilter:
    filter: Filter
    value: Any
    choices: list[tuple[str, Label]] = field(default_factory=list)

    @property
    def options(self) -> SafeString:
        """The choices as elements; not by a template, since there may be hundreds of branches."""
        return SafeString(
            "".join(
                f'<option value="{escaped(value)}"{_SELECTED if value == self.value else ""}>{escaped(label)}</option>'
                for value, label in self.choices
            )
        )


@dataclass(frozen=True, slots=True)
class Heading:
    column: Column
    sort_url: str
    direction: str
