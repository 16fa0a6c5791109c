from datetime import datetime

from django.db import transaction

from niaga.shipping.models import VisitPosition


@transaction.atomic
def forget_positions(*, at: datetime) -> int:
    """Delete where drivers stood at doors, once the company's time for it is over. How many."""
    count, _each = VisitPosition.objects.filter(delete_after__lt=at.date()).delete()
    return count
