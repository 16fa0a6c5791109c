from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractUser
from django.db import models

from niaga.core.fields import IdField


class User(AbstractUser):
    """A person who works in Niaga. What they may do is in their memberships; `is_superuser` gives nothing here."""

    company_choice: UUID | None = None  # the company whose pages are open; set from the session or the token
    _access: Any

    id = IdField()
    name = models.CharField(max_length=120, default="")
    phone = models.CharField(max_length=30, default="", blank=True)
    language = models.CharField(max_length=5, default="id")
    theme = models.CharField(
        max_length=6,
        default="system",
        choices=[("system", "system"), ("light", "light"), ("dark", "dark")],
    )

    def __str__(self) -> str:
        return self.name or self.username
