from uuid import UUID

from niaga.ui.models import SavedView


def delete_view(*, user_id: UUID, view_id: UUID) -> bool:
    """Take a saved view away; False when the person has no such view."""
    deleted, _by_model = SavedView.objects.filter(user_id=user_id, pk=view_id).delete()
    return deleted > 0
