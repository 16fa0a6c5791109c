from django.db import models

from niaga.core.fields import IdField


class WhatsappTemplate(models.Model):
    """The words of a WhatsApp template in one language, and whether WhatsApp approved them.

    `text` is written with our own placeholders; WhatsApp has it with numbers (`rules.whatsapp_template`).
    """

    id = IdField()
    company_id = models.UUIDField()
    name = models.CharField(max_length=120, help_text="As at WhatsApp.")
    language = models.CharField(max_length=10)
    text = models.TextField()
    state = models.CharField(max_length=10, default="draft", help_text="draft, submitted, approved, rejected")
    note = models.CharField(max_length=300, default="", blank=True, help_text="Why it was rejected.")
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company_id", "name", "language"], name="one_whatsapp_template"),
            models.CheckConstraint(
                name="whatsapp_template_state_known",
                condition=models.Q(state__in=["draft", "submitted", "approved", "rejected"]),
            ),
        ]
