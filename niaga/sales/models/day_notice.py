from django.db import models

from niaga.core.fields import IdField


class NoticeMode(models.TextChoices):
    """Whether a customer hears of a promised day that changes."""

    NONE = "none"
    ASK = "ask"
    ALWAYS = "always"


class DayNoticeRule(models.Model):
    """Whether a customer is told, and in which words; without a customer: those who have no rule of their own. Words
    and WhatsApp template are the company's alone."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    customer = models.ForeignKey("parties.Customer", models.PROTECT, null=True, related_name="+")
    mode = models.CharField(max_length=8, choices=NoticeMode.choices)
    by_email = models.BooleanField(default=True)
    whatsapp_template = models.CharField(max_length=120, default="", blank=True, help_text="Empty: no WhatsApp.")
    words = models.JSONField(default=dict, help_text="By language: subject and text; none: the usual ones.")
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "customer"], name="one_day_notice_rule", nulls_distinct=False)
        ]


class NoticeState(models.TextChoices):
    ASKED = "asked"
    WAITING = "waiting"
    TOLD = "told"
    DROPPED = "dropped"
    UNREACHABLE = "unreachable"


class DayNotice(models.Model):
    """That the days promised of an order changed, told once: `before` are the days by line when the first of several
    changes came, `told` what the customer heard."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    order = models.ForeignKey("sales.SalesOrder", models.PROTECT, related_name="day_notices")
    state = models.CharField(max_length=12, choices=NoticeState.choices)
    before = models.JSONField()
    told = models.JSONField(default=list)
    due_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField(null=True)
    email_id = models.UUIDField(null=True)
    whatsapp_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=models.Q(state__in=["asked", "waiting"]), name="one_open_day_notice"
            ),
            models.CheckConstraint(
                condition=models.Q(settled_at=None, state__in=["asked", "waiting"])
                | models.Q(settled_at__isnull=False, state__in=["told", "dropped", "unreachable"]),
                name="day_notice_settled_when_it_ended",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["due_at"], name="day_notice_due", condition=models.Q(state="waiting"))]
