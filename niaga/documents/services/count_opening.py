from datetime import datetime, timedelta
from uuid import UUID

from niaga.documents.models import LinkOpening
from niaga.documents.rules.link_previews import is_preview

AGAIN_AFTER = timedelta(minutes=10)


def count_opening(*, link_id: UUID, at: datetime, address: str | None, agent: str) -> bool:
    """Write down that a person opened a link. Answers whether it counted.

    Programs that look for a preview do not count, nor does the same reader within ten minutes.
    """
    if is_preview(agent):
        return False
    agent = agent[:200]
    again = LinkOpening.objects.filter(link_id=link_id, address=address, agent=agent, at__gt=at - AGAIN_AFTER)
    if again.exists():
        return False
    LinkOpening.objects.create(link_id=link_id, at=at, address=address, agent=agent)
    return True
