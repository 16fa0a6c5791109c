from uuid import UUID

from django.db.models import QuerySet

from niaga.ui.models import SavedView


def saved_views_of(*, user_id: UUID, list_key: str) -> QuerySet[SavedView]:
    """The person's own views of a list, oldest first."""
    return SavedView.objects.filter(user_id=user_id, list_key=list_key).order_by("created_at", "pk")[:30]
