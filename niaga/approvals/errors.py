"""What approvals refuses."""

from django.utils.translation import gettext_lazy as _

from niaga.core.errors import Forbidden, Invalid, Refusal, WrongState


class ApprovalNeeded(Refusal):
    """The document needs a yes that it does not have. `lines` names each rule; `waiting` whether it was asked for."""

    code = "approval_needed"
    text = _("This needs an approval first.")


class NoApprovalNeeded(WrongState):
    code = "no_approval_needed"
    text = _("No rule asks for an approval of this, or it has one already.")


class ApprovalAskedAlready(WrongState):
    code = "approval_asked_already"
    text = _("This was asked already and nothing got worse since. It waits for an answer.")


class NobodyCanApprove(Refusal):
    """Every approver has left or would decide about their own."""

    code = "nobody_can_approve"


class NotAsked(WrongState):
    """The person is not among those the open step asks, nor a deputy of one."""

    code = "not_asked"
    text = _("You are not asked for this approval now.")


class OwnDocument(Forbidden):
    """Four eyes."""

    code = "own_document"
    text = _("This is your own, or you asked yourself. Somebody else decides about it.")


class DecidedAlready(WrongState):
    code = "decided_already"
    text = _("You have decided about this already. It waits for the others.")


class BadRule(Invalid):
    """A rule that cannot be; `field` says which part: `condition-2-value`, `steps-1-approvers`."""

    code = "bad_rule"
    text = _("Please check the rule.")


class BadDelegation(Invalid):
    code = "bad_delegation"
    text = _("Please check who decides for whom, and when.")
