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


class NeverPublished(WrongState):
    """It was only prepared: publishing brings it into force."""

    code = "never_published"
    text = _("This was only prepared and never published. Publish its change to bring it into force.")


class NothingPrepared(WrongState):
    code = "nothing_prepared"
    text = _("Nothing differs from what holds, so there is nothing to publish.")


class ListChanged(WrongState):
    """Somebody changed the list or promotion since the change was prepared; `lines` name what both touch."""

    code = "list_changed"
    text = _("Somebody changed it since this was prepared. Look at the figures again, then publish.")


class MomentPassed(Invalid):
    code = "moment_passed"
    text = _("This moment has passed. Choose a later one, or publish now.")


class NothingToRollBack(WrongState):
    code = "nothing_to_roll_back"
    text = _("All of this is already as it was before.")


class ChangedSince(WrongState):
    """Later changes touch what would be taken back; `lines` name them."""

    code = "changed_since"
    text = _("Later changes touch the same things. Rolling back would undo those too.")


class CannotHold(Invalid):
    """What was prepared can no longer be; `lines` say why."""

    code = "cannot_hold"
    text = _("This can no longer hold. Nothing was published.")


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
