"""What pricing refuses, and why."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.core.errors import Invalid, Refusal, WrongState


class BadPrices(Invalid):
    """Some of the prices cannot be; each is answered in `lines`. None was saved."""

    code = "bad_prices"
    text = _("Some prices need your attention. Nothing was saved.")


class DatesReversed(Invalid):
    code = "dates_reversed"
    text = _("The last day lies before the first.")


class HoursEmpty(Invalid):
    code = "hours_empty"
    text = _("These hours hold no moment: they end when they begin.")


class BadRules(Invalid):
    """Some of the formulas cannot be; each is answered in `lines`. None was saved."""

    code = "bad_rules"
    text = _("Some formulas need your attention. Nothing was saved.")


class ListInUse(WrongState):
    """Other lists stand on it, or it stands on one that is put away."""

    code = "list_in_use"
    text = _("Other price lists stand on this one.")


class PromotionUsedUp(Refusal):
    """A limit of a coupon or a promotion was reached, perhaps by another order a moment ago. Nothing was changed."""

    code = "promotion_used_up"
    text = _("A promotion is used up.")

    def __init__(self, *, name: str, field: str) -> None:
        words = gettext("“%(name)s” is used up. Take today's prices to go on without it.")
        super().__init__(words % {"name": name}, field=field, name=name)


class CouponRefused(Invalid):
    """A code opens nothing for this document."""

    code = "coupon_refused"
    text = _("This coupon cannot be used.")
