"""Named refusals. Whatever Niaga will not do, it says why, in one shape for pages and API."""

from collections.abc import Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Refusal(Exception):
    """A deed that is not done. Nothing was written; the transaction rolls back.

    `status` is the HTTP status (RFC 9110), `code` the stable machine name, `message` the words for a person,
    `field` the input it is about, `lines` one answer per line of a document, each a dict with at least `line`.
    """

    status = 409
    code = "refused"
    text: Text = _("This cannot be done.")

    def __init__(
        self,
        message: Text | None = None,
        *,
        field: str | None = None,
        lines: Sequence[dict[str, Any]] = (),
        **facts: Any,
    ) -> None:
        self.message: Text = message if message is not None else self.text
        self.field = field
        self.lines = list(lines)
        self.facts = facts
        super().__init__(str(self.message))


class NotFound(Refusal):
    """No such thing, or none that this person may know of."""

    status = 404
    code = "not_found"
    text = _("This was not found, or you may not see it.")


class Forbidden(Refusal):
    status = 403
    code = "forbidden"
    text = _("Your role does not allow this.")


class Invalid(Refusal):
    """Input that can never be right, whatever the state."""

    status = 422
    code = "invalid"
    text = _("Please check what you entered.")


class WrongState(Refusal):
    """The document's state does not allow the move."""

    code = "wrong_state"
    text = _("The document's state no longer allows this.")


class StaleVersion(Refusal):
    """Somebody else saved in between (RFC 9110: 412)."""

    status = 412
    code = "stale_version"
    text = _("Somebody changed this in the meantime. Reload to see it; what you typed is kept.")
