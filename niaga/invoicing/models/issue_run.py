from django.db import models

from niaga.core.fields import IdField
from niaga.invoicing.models.invoice import Invoice


class IssueRun(models.Model):
    """Many drafts that a person had issued at once, by a job that may be stopped or killed and goes on.

    `status`: see `rules/issue_run_flow.py`.
    """

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    status = models.CharField(max_length=12, default="queued")
    size = models.PositiveIntegerField(help_text="Drafts that it is to issue.")
    version = models.PositiveIntegerField(default=1)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["company", "-created_at", "-id"], name="issue_run_recent")]


class Outcome(models.TextChoices):
    WAITING = "waiting"
    ISSUED = "issued"
    REFUSED = "refused"
    LEFT = "left"


class IssueRunInvoice(models.Model):
    """One draft of a run and what became of it; left: the run was cancelled before."""

    id = IdField()
    run = models.ForeignKey(IssueRun, models.PROTECT, related_name="invoices", db_index=False)
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="issue_runs")
    position = models.PositiveIntegerField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.WAITING)
    code = models.CharField(max_length=60, default="", help_text="Of the refusal.")
    reason = models.TextField(default="", help_text="The refusal in the words of who asked.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "invoice"], name="one_invoice_per_run"),
            models.UniqueConstraint(fields=["run", "position"], name="one_place_per_run"),
            models.CheckConstraint(
                condition=models.Q(outcome="refused") ^ models.Q(code=""), name="a_refusal_has_its_code"
            ),
        ]
        indexes = [
            models.Index(
                fields=["run", "position"], name="issue_run_waiting", condition=models.Q(outcome="waiting")
            )
        ]  # fmt: skip
