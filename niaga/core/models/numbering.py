from django.db import models

from niaga.core.fields import IdField


class NumberSeries(models.Model):
    """The counter of one kind of document of one company in one period. Gapless: drawn inside the issuing statement."""

    id = IdField()
    company_id = models.UUIDField()
    kind = models.CharField(max_length=40)
    period = models.CharField(max_length=10, help_text="The year, or whatever restarts the count.")
    prefix = models.CharField(max_length=30)
    width = models.PositiveSmallIntegerField(default=5)
    last = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company_id", "kind", "period"], name="one_series_per_period")]
