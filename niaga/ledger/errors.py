"""What the ledger refuses."""

from django.utils.translation import gettext_lazy as _

from niaga.core.errors import Refusal


class PeriodClosed(Refusal):
    """The books of that month are closed."""

    code = "period_closed"
    text = _("The books of that month are closed. Choose a later date, or ask finance to open the month.")


class AccountMissing(Refusal):
    """No account plays a role that the posting names."""

    code = "account_missing"
    text = _("The chart of accounts lacks an account for this posting. An administrator can add it in the settings.")
