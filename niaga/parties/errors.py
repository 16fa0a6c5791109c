"""Why parties refuse."""

from django.utils.translation import gettext_lazy as _

from niaga.core.errors import Invalid, Refusal


class CodeTaken(Refusal):
    """Another record of the company has this code or name."""

    code = "code_taken"
    text = _("This code is taken.")


class BadReference(Invalid):
    """Something named does not exist in this company, or is archived."""

    code = "unknown_reference"
    text = _("This was not found.")


class StillInUse(Refusal):
    """It cannot go while others need it."""

    code = "still_in_use"
    text = _("This is still in use.")


class Archived(Refusal):
    """An archived record does not change."""

    code = "archived"
    text = _("This is archived. Restore it first.")
