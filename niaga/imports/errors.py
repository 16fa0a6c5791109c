from django.utils.translation import gettext_lazy as _

from niaga.core.errors import Invalid, Refusal


class BadFile(Invalid):
    """The file as a whole cannot be read; the message says why."""

    code = "bad_file"
    text = _("This file cannot be read.")


class ColumnsMissing(Invalid):
    """Columns that the kind needs are not named. `lines` names each."""

    code = "columns_missing"
    text = _("Some columns that are needed are missing.")


class UnknownKind(Invalid):
    code = "unknown_kind"
    text = _("Say what the file holds: its headings fit nothing that can be imported.")


class StillRunning(Refusal):
    code = "still_running"
    text = _("This import is running.")


class BuiltUpon(Refusal):
    """Later documents name rows of this import, so it cannot be undone. `lines` says which and how many."""

    code = "built_upon"
    text = _("Later work builds on what this import brought in, so it cannot be undone any more.")


class CompanyNeeded(Invalid):
    code = "company_needed"
    text = _("Say which company: there are several, or none yet.")
