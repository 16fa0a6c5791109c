from django.db import models

from niaga.core.fields import IdField


class CompanyQris(models.Model):
    """A company's static QRIS code, as its acquirer gave it."""

    id = IdField()
    company = models.OneToOneField("organization.Company", models.PROTECT)
    text = models.CharField(max_length=512)
    merchant = models.CharField(max_length=25)
