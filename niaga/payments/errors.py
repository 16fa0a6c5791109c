"""What payments refuses."""

from django.utils.translation import gettext_lazy as _

from niaga.core.errors import Invalid


class WrongCurrency(Invalid):
    code = "wrong_currency"
    text = _("This bank account is in another currency than the payment.")


class NotThisCustomers(Invalid):
    code = "not_this_customers"
    text = _("This invoice belongs to another customer.")


class AllocatedTooMuch(Invalid):
    """More was asked to be allocated than was paid, or than is open."""

    code = "allocated_too_much"
    text = _("More is allocated than was paid or than is open on the invoice.")


class ReasonMissing(Invalid):
    code = "reason_missing"
    text = _("Give a reason; it stays with the document.")


class NoGiro(Invalid):
    code = "no_giro"
    text = _("Only a giro can be returned by the bank.")
