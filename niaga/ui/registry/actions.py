"""Deeds that start from a document of an app below: upper apps offer them in its page's menu."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from django.http import HttpRequest

from niaga.ui.registry.chain import DocumentRef
from niaga.ui.registry.contributions import Contributions

if TYPE_CHECKING:
    from niaga.ui.documents import Action

# offer(request, document, its status) -> what can be started from it; no statement of its own
ActionSource = Callable[[HttpRequest, DocumentRef, str], "Sequence[Action]"]

document_actions: Contributions[ActionSource] = Contributions()


def offered_actions(request: HttpRequest, ref: DocumentRef, status: str) -> list[Action]:
    """What all apps offer, in the order of the contributions."""
    return [action for _name, offer in document_actions for action in offer(request, ref, status)]
