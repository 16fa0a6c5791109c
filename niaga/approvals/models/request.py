from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from niaga.core.bases import AppendOnly, frozen_once
from niaga.core.fields import AmountField, CurrencyField, IdField


class RequestStatus(models.TextChoices):
    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"  # taken back, asked anew, or no longer needed


class StepStatus(models.TextChoices):
    LATER = "later"
    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    PASSED_ON = "passed_on"  # nobody answered in time, or nobody was left: the next step decides


class ApprovalRequest(models.Model):
    """Somebody asks for a yes about a subject: its kind, its key and the figures as they were. A later change of the
    subject is compared with these. Once settled it never changes."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    branch = models.ForeignKey("organization.Branch", models.PROTECT, db_index=False)
    salesperson = models.ForeignKey("organization.User", models.PROTECT, null=True, related_name="+", db_index=False)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    number = models.CharField(max_length=40, help_text="What the subject is called.")
    party_id = models.UUIDField(help_text="The customer it is for.")
    party = models.CharField(max_length=200)
    amount = AmountField()
    currency = CurrencyField()
    facts = models.JSONField(help_text="The figures that are decided about, frozen.")
    rules = models.JSONField(help_text="The rules that ask for it, as they were: id, revision, name, condition.")
    facts_hash = models.CharField(max_length=64, help_text="SHA-256 of the facts and the rules.")
    note = models.TextField(default="", blank=True)
    asked_by = models.ForeignKey("organization.User", models.PROTECT, null=True, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    excluded = ArrayField(models.UUIDField(), help_text="Whose own it is: who asked, who sells it, who wrote it.")
    status = models.CharField(max_length=9, choices=RequestStatus.choices, default=RequestStatus.WAITING)
    waits_for = ArrayField(models.UUIDField(), default=list, help_text="The people of the open step; else nobody.")
    settled_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"], name="one_waiting_approval",
                condition=models.Q(status="waiting"),
            )
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["subject_id", "-asked_at"], name="approval_subject"),
            models.Index(fields=["company", "status", "-asked_at", "-id"], name="approval_by_status"),
            models.Index(fields=["company", "-asked_at", "-id"], name="approval_recent"),
            GinIndex(fields=["waits_for"], name="approval_waits_for", condition=models.Q(status="waiting")),
        ]
        triggers = [frozen_once(name="settled_for_good", condition="OLD.status <> 'waiting'")]

    def __str__(self) -> str:
        return self.number


class ApprovalStep(models.Model):
    """One step of a request: who may decide, and what became of it."""

    id = IdField()
    request = models.ForeignKey(ApprovalRequest, models.PROTECT, related_name="steps", db_index=False)
    position = models.PositiveSmallIntegerField()
    is_all = models.BooleanField(default=False, help_text="Everybody must say yes; else one is enough.")
    approvers = models.JSONField(help_text="As the rule names them: a person, the team's manager, a role.")
    people = ArrayField(models.UUIDField(), help_text="Who that is.")
    hours = models.PositiveIntegerField(null=True)
    then = models.UUIDField(null=True, help_text="To whom it goes when the time is over; nobody: to the next step.")
    status = models.CharField(max_length=9, choices=StepStatus.choices, default=StepStatus.LATER)
    opened_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=20, default="", blank=True, help_text="Why it was passed on: late, nobody.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "position"], name="one_approval_step")]
        indexes = [models.Index(fields=["due_at"], name="approval_due", condition=models.Q(status="open"))]


class ApprovalDecision(AppendOnly):
    """One person's yes or no in a step."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    request = models.ForeignKey(ApprovalRequest, models.PROTECT, related_name="decisions", db_index=False)
    step = models.ForeignKey(ApprovalStep, models.PROTECT, related_name="decisions", db_index=False)
    approved = models.BooleanField()
    reason = models.TextField(default="", blank=True)
    decided_by = models.ForeignKey("organization.User", models.PROTECT, related_name="+", db_index=False)
    on_behalf_of = models.ForeignKey("organization.User", models.PROTECT, null=True, related_name="+", db_index=False)
    facts_hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.UniqueConstraint(fields=["step", "decided_by"], name="one_decision_a_person"),
            models.CheckConstraint(
                condition=models.Q(approved=True) | ~models.Q(reason=""), name="a_no_says_why"
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["request", "at"], name="approval_decisions")]
