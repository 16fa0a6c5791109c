"""Why a coupon opens nothing, in words for the person who typed it."""

from django.utils.translation import gettext as _


def coupon_refusal_text(code: str, reason: str) -> str:
    """A sentence beside the code. `reason` is that of `PromotionFacts.refused`; one of a later version is told plainly.

    A code that nobody gave and one that was withdrawn read alike, so that codes cannot be guessed at.
    """
    text = {
        "unknown": _("There is no coupon “%(code)s”. Check how it is written."),
        "expired": _("Coupon “%(code)s” has expired."),
        "ended": _("The promotion of coupon “%(code)s” has ended."),
        "not_yours": _("Coupon “%(code)s” is not for this customer, branch or channel."),
        "used_up": _("Coupon “%(code)s” is used up."),
        "used_by_customer": _("This customer has used coupon “%(code)s” as often as they may."),
        "same_promotion": _("Coupon “%(code)s” is for a promotion that another coupon opened already."),
    }.get(reason, _("Coupon “%(code)s” cannot be used."))
    return text % {"code": code}
