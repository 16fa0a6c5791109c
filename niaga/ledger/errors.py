"""What the ledger refuses."""

from datetime import date
from typing import Self

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from niaga.core.errors import Refusal


class PeriodClosed(Refusal):
    """The books of that month are closed."""

    code = "period_closed"
    text = _("The books of %(month)s are closed. Choose a later date, or ask finance to open the month.")

    @classmethod
    def on(cls, day: date) -> Self:
        """The refusal for a posting of that day; it names the month."""
        return cls(cls.text % {"month": date_format(day, "F Y", use_l10n=False)}, field="date")


class AccountMissing(Refusal):
    """No account plays a role that the posting names."""

    code = "account_missing"
    text = _("The chart of accounts lacks an account for this posting. An administrator can add it in the settings.")


class BooksMovedOn(Refusal):
    """The days of an export hold more than they held when it was made."""

    code = "books_moved_on"
    text = _("Something was posted in these days since. Export them again; a closed month stays as it is.")


class TooLongForASheet(Refusal):
    """An export has more lines than a spreadsheet."""

    code = "too_long_for_a_sheet"
    text = _("These are more lines than a spreadsheet holds. Take the CSV file, or fewer days.")


class ProfileNotReady(Refusal):
    """The columns of an accounting program's file are not all pointed at."""

    code = "profile_not_ready"
    text = _("Say first what stands in the columns of this file.")
