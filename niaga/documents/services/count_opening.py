from datetime import datetime, timedelta

from niaga.core.batch import Batch
from niaga.core.outbox import announce
from niaga.documents.events import LinkOpened
from niaga.documents.models import LinkOpening
from niaga.documents.registry import OpenedLink
from niaga.documents.rules.link_previews import is_preview

AGAIN_AFTER = timedelta(minutes=10)


def count_opening(*, link: OpenedLink, at: datetime, address: str | None, agent: str) -> bool:
    """Write down that a person opened a link, and announce it: who has the document's page open sees it at once.

    Answers whether it counted. Programs that look for a preview do not, nor does the same reader within ten minutes.
    """
    if is_preview(agent):
        return False
    agent = agent[:200].replace("\x00", "")
    again = LinkOpening.objects.filter(link_id=link.id, address=address, agent=agent, at__gt=at - AGAIN_AFTER)
    if again.exists():
        return False
    batch = Batch()
    batch.insert(LinkOpening, [{"link_id": link.id, "at": at, "address": address, "agent": agent}])
    event = LinkOpened(link.subject_kind, link.subject_id, link.id, link.purpose)
    announce(batch=batch, event=event, company_id=link.company_id, by=None, at=at)  # type: ignore[arg-type]
    batch.write()
    return True
