from django.contrib.postgres.fields import ArrayField
from django.db import models

from niaga.core.fields import IdField
from niaga.messaging.rules.dispatch import WhatsappStatus


class WhatsappSettings(models.Model):
    """A company's number at WhatsApp's Cloud API. Without a phone id messages are kept and not sent."""

    id = IdField()
    company_id = models.UUIDField(unique=True)
    phone_id = models.CharField(max_length=40, default="", blank=True, help_text="Phone number ID; not the number.")
    token = models.TextField(default="", blank=True, help_text="Encrypted with the installation's key.")
    app_secret = models.TextField(default="", blank=True, help_text="Encrypted; signs what WhatsApp tells us.")
    verify_token = models.CharField(max_length=80, default="", blank=True)


class WhatsappMessage(models.Model):
    """One WhatsApp message and what became of it. Its states are in `rules.dispatch`; its id goes along as its key."""

    id = IdField()
    company_id = models.UUIDField()
    subject_kind = models.CharField(max_length=40, default="", help_text="What it is about.")
    subject_id = models.UUIDField(null=True)
    to = models.CharField(max_length=20, help_text="E.164.")
    template = models.CharField(max_length=120)
    language = models.CharField(max_length=10)
    values = ArrayField(models.TextField(), default=list, help_text="For {{1}}, {{2}} …")
    text = models.TextField(help_text="As the customer reads it; without its secret.")
    secret = models.BooleanField(default=False, db_default=False, help_text="It bears a link that nobody may read.")
    sealed = models.TextField(default="", db_default="", help_text="The secret's values, encrypted, until it was sent.")
    secret_until = models.DateTimeField(null=True, help_text="Later its link is neither kept nor sent.")
    status = models.CharField(max_length=10, default="queued")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True, help_text="When the last hand-over began.")
    reason = models.CharField(max_length=20, default="", help_text="Why it was not simply sent; see `queries.reasons`.")
    error = models.TextField(default="", help_text="WhatsApp's own words.")
    provider_id = models.CharField(max_length=200, default="")
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="whatsapp_status_known",
                condition=models.Q(status__in=[status.value for status in WhatsappStatus]),
            ),
            models.CheckConstraint(
                name="whatsapp_secret_blanked",
                condition=models.Q(sealed="")
                | (models.Q(secret=True) & ~models.Q(status__in=["sent", "delivered", "read"])),
            ),
        ]
        indexes = [
            models.Index(fields=["company_id", "-created_at"], name="whatsapp_recent"),
            models.Index(fields=["subject_id"], name="whatsapp_subject"),
            models.Index(fields=["secret_until"], name="whatsapp_sealed", condition=~models.Q(sealed="")),
            models.Index(fields=["provider_id"], name="whatsapp_provider", condition=~models.Q(provider_id="")),
            models.Index(
                fields=["status", "next_attempt_at"],
                name="whatsapp_waiting",
                condition=models.Q(status__in=["queued", "sending"]),
            ),
        ]
