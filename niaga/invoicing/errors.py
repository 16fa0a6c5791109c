"""What invoicing refuses."""

from django.utils.translation import gettext_lazy as _

from niaga.core.errors import Forbidden, Invalid, NotFound, Refusal


class NothingToInvoice(Refusal):
    code = "nothing_to_invoice"
    text = _("There is nothing left to invoice.")


class BalanceChanged(Refusal):
    """More would be settled than is open."""

    code = "balance_changed"
    text = _("What is open on this invoice changed in the meantime. Reload and try again.")


class CreditsTooMuch(Invalid):
    """A credit note for more than was invoiced and not yet credited."""

    code = "credits_too_much"
    text = _("More would be credited than was invoiced.")


class ChargesTooMuch(CreditsTooMuch):
    """What is kept of a credit note for something else is as much as it credits, or more."""

    code = "charges_too_much"
    text = _("What is kept of the credit is more than is credited.")


class NothingToCredit(Refusal):
    code = "nothing_to_credit"
    text = _("Everything on this invoice has been credited already.")


class ReasonMissing(Invalid):
    code = "reason_missing"
    text = _("Give a reason; it stays with the document.")


class OtherCustomers(Invalid):
    code = "other_customers"
    text = _("Both documents must be of the same customer and currency.")


class CreditUsedUp(Invalid):
    """More would be settled than is left of the credit, or is open on the invoice."""

    code = "credit_used_up"
    text = _("More than what is left of the credit, or than is open on the invoice.")


class SettlesAsDiscount(Invalid):
    """The credit note is an early-payment discount: it belongs to its invoice."""

    code = "settles_as_discount"
    text = _("This credit note is an early-payment discount of its invoice. Take the discount back instead.")


class NoTaxByBuyer(Refusal):
    """A slip for an invoice whose buyer is no collector."""

    code = "no_tax_by_buyer"
    text = _("The buyer pays the tax of this invoice to you: there is no slip to wait for.")


class SlipTooLarge(Invalid):
    """A slip over more than the tax that the buyer pays to the state."""

    code = "slip_too_large"
    text = _("More than what is left of the tax that the buyer pays to the state.")


class SlipNumberTaken(Invalid):
    code = "slip_number_taken"
    text = _("This slip is recorded on the invoice already.")


class NotFit(Invalid):
    """An invoice cannot be filed as it is: `lines` name each fault by `code`, with the invoice and what it is about."""

    code = "not_fit"
    text = _("Some invoices cannot be filed as they are.")


class SerialsRefused(Invalid):
    """Serial numbers that do not fit their invoices: `lines` name each."""

    code = "serials_refused"
    text = _("Some serial numbers do not fit; nothing was recorded.")


class CurrencyRatesRefused(Invalid):
    """Tax rates of currencies that cannot be: `lines` name each."""

    code = "currency_rates_refused"
    text = _("Some rates cannot be; nothing was written.")


class NoBuyerFacts(Refusal):
    code = "no_buyer_facts"
    text = _("The customer's tax facts say nothing new. Write them at the customer first.")


class PartOfAccount(Forbidden):
    """A statement of what a person happens to see would not be the customer's account."""

    code = "part_of_account"
    text = _("You see only a part of this customer's invoices and payments, so the statement would not be whole.")


class NoPeriod(Invalid):
    code = "no_period"
    text = _("A statement goes from a day to the same or a later one.")


class PeriodTooFull(Invalid):
    code = "period_too_full"
    text = _("More happened in these days than fits on a statement. Choose a shorter period.")


class InstalmentsDiffer(Invalid):
    """A plan of instalments whose amounts are not exactly what the invoice claims."""

    code = "instalments_differ"
    text = _("The instalments do not add up to what is to be paid.")


class BadInstalments(Invalid):
    """Instalments that can never be: `lines` name each."""

    code = "bad_instalments"
    text = _("Some instalments need your attention.")


class NothingToIssue(NotFound):
    code = "nothing_to_issue"
    text = _("There is no draft among these that you may issue.")


class Broken(Refusal):
    """The database refuses it: a draft whose lines do not make its totals."""

    code = "broken"
    text = _("Its figures contradict each other. Discard this draft and write it anew.")


class BadReminderPlan(Invalid):
    """A plan that cannot be followed: `lines` name each fault by the level's place."""

    code = "bad_reminder_plan"
    text = _("Some levels need your attention.")


class PlanTaken(Invalid):
    code = "plan_taken"
    text = _("These customers have a plan already.")


class InDispute(Refusal):
    """The invoice has an open dispute already."""

    code = "in_dispute"
    text = _("This invoice is disputed already. Settle that first.")


class NothingOpen(Refusal):
    """What would be promised or disputed is paid."""

    code = "nothing_open"
    text = _("Nothing is open there.")


class DayIsPast(Invalid):
    code = "day_is_past"
    text = _("Choose today or a later day.")


class MoreThanOpen(Invalid):
    code = "more_than_open"
    text = _("More than what is open.")


class InAnotherRound(Refusal):
    """An invoice waits for its exchange on another round."""

    code = "in_another_round"
    text = _("One of these invoices is on another round already.")


class ExchangedAlready(Refusal):
    code = "exchanged_already"
    text = _("One of these invoices was taken in already.")


class DecidedAlready(Refusal):
    """Somebody noted what came of it, meanwhile or before."""

    code = "decided_already"
    text = _("What came of one of these was noted already.")


class ReceiptMissing(Invalid):
    code = "receipt_missing"
    text = _("Write the receipt's number or who took them in, or take a photo of the receipt.")


class PutRightAlready(Refusal):
    """Somebody put this invoice right: what is wrong now is on the new one."""

    code = "put_right_already"
    text = _("This invoice was put right already. Open the invoice that took its place.")


class PartlyCredited(Refusal):
    """A part was returned or credited, or a credit note is being written."""

    code = "partly_credited"
    text = _("A part of this invoice is credited already. Credit the rest of it, and bill it anew on its order.")


class OnlyInvoices(Refusal):
    """A down payment is credited and claimed anew on its order."""

    code = "only_invoices"
    text = _("Only an issued invoice is put right in one step. Credit a down payment, and ask for a new one.")


class FilingUnsure(Refusal):
    """It stands in a Coretax file of which nobody told whether it was uploaded."""

    code = "filing_unsure"
    text = _("It is in a Coretax file. Record its serial number, or withdraw the file, and then put it right.")


class SlipRecorded(Refusal):
    """A collector's slip proves the tax of this very invoice."""

    code = "slip_recorded"
    text = _("The buyer's tax slip is recorded on it. Take the slip back first, and record it on the new invoice.")


class NothingPutRight(Invalid):
    code = "nothing_put_right"
    text = _("Nothing differs from the invoice as it is. Change what is wrong on it.")


class SettledOtherwise(Refusal):
    """Something settles it that cannot simply move to another invoice."""

    code = "settled_otherwise"
    text = _("A part of it is written off. Claim that again first, then put the invoice right.")


class WritesOffTooMuch(Invalid):
    code = "writes_off_too_much"
    text = _("Write an amount above zero, and no more than what is open.")


class NoSmallRest(Refusal):
    """None of the named invoices has a rest small enough to be written off at once."""

    code = "no_small_rest"
    text = _("None of these has an open rest below your threshold for small differences.")


class NoDiscount(Refusal):
    """Its term has no early-payment discount, it was given before, or nothing is open."""

    code = "no_discount"
    text = _("There is no early-payment discount to give on it.")


class NotPaidUpToDiscount(Refusal):
    """More is open than the discount: `pay` is still to come."""

    code = "not_paid_up_to_discount"
    text = _("More is open than the discount. Record the payment of the rest first.")


class LateFeeRuleTaken(Invalid):
    code = "late_fee_rule_taken"
    text = _("There is a rule for these customers. Change that one.")


class BadLateFeeRule(Invalid):
    code = "bad_late_fee_rule"
    text = _("Write either a percentage a month or a fixed amount.")


class LateFeeTaxMissing(Refusal):
    """The tax category of a fee, for paying late or a returned giro, has no rate on its day."""

    code = "late_fee_tax_missing"
    text = _("The tax category of the fee has no rate today. Write one, or charge no tax.")


class NothingToWaive(Refusal):
    code = "nothing_to_waive"
    text = _("There is no late fee to waive on it.")
