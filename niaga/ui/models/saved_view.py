from django.db import models

from niaga.core.fields import IdField


class SavedView(models.Model):
    """A person's name for a filter and order of a list: `query` is the query string of the list's address."""

    id = IdField()
    user_id = models.UUIDField()
    list_key = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    query = models.TextField(max_length=2000)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user_id", "list_key", "name"], name="ui_saved_view_once"),
        ]

    def __str__(self) -> str:
        return self.name
