"""What a promotion can do, as its pages offer it: a word, an example, and what its form asks for."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, slots=True)
class KindWords:
    """`least` and `figure` head the two columns of its steps; without `least` it has one figure."""

    code: str
    label: Text
    example: Text
    icon: str
    figure: Text
    least: Text = ""
    is_percent: bool = False
    by_value: bool = False
    """Its steps begin at a value of the document."""
    figure_hint: Text = ""
    usual: str = ""
    """The figure that stands in a new form."""


_FROM_UNITS, _FROM_VALUE = _("From how many units"), _("From which value")

KINDS = {
    one.code: one
    for one in (
        KindWords(
            "percent", _("Percent off"), _("10% off all shoes, 15% from 12 pairs"), "percent", _("Percent off"),
            _FROM_UNITS, is_percent=True,
        ),
        KindWords(
            "amount", _("Amount off each unit"), _("Rp 5,000 less for every bottle"), "tag", _("Off each base unit"),
            _FROM_UNITS,
        ),
        KindWords(
            "fixed_price", _("Special price"), _("Every T-shirt at Rp 49,000"), "badge-percent",
            _("Price of each base unit"), _FROM_UNITS, figure_hint=_("Holds only where it is less."),
        ),
        KindWords(
            "buy_get", _("Buy and get"), _("Buy 2, get 1 free; every third at half price"), "copy-plus",
            _("Percent off what is given"), is_percent=True, figure_hint=_("100: it is free. The cheapest are given."),
            usual="100",
        ),
        KindWords(
            "bundle_price", _("Bundle at one price"), _("A shirt and trousers together for Rp 199,000"), "package",
            _("Price of the bundle"),
        ),
        KindWords(
            "basket_percent", _("Percent off the document"), _("5% off from Rp 1,000,000, 8% from Rp 5,000,000"),
            "receipt-text", _("Percent off"), _FROM_VALUE, is_percent=True, by_value=True,
        ),
        KindWords(
            "basket_amount", _("Amount off the document"), _("Rp 50,000 off from Rp 500,000"), "wallet",
            _("Off the document"), _FROM_VALUE, by_value=True,
        ),
        KindWords(
            "gift", _("Gift"), _("A mug for free from Rp 500,000"), "gift", _("How many"), _FROM_VALUE, by_value=True,
            usual="1",
        ),
        KindWords(
            "free_delivery", _("Free delivery"), _("No delivery costs from Rp 300,000"), "truck",
            _("Percent off delivery"), _FROM_VALUE, is_percent=True, by_value=True, figure_hint=_("100: it is free."),
            usual="100",
        ),
    )
}  # fmt: skip
"""By code, in the order in which they are offered."""
