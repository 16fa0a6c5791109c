"""What pricing refuses, and why."""

from django.utils.translation import gettext_lazy as _

from niaga.core.errors import Invalid


class BadPrices(Invalid):
    """Some of the prices cannot be; each is answered in `lines`. None was saved."""

    code = "bad_prices"
    text = _("Some prices need your attention. Nothing was saved.")


class DatesReversed(Invalid):
    code = "dates_reversed"
    text = _("The last day lies before the first.")
