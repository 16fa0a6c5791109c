"""Who opened a link: a person, or a program that only looks for a preview."""

from __future__ import annotations

import re

_ROBOTS = re.compile(
    r"bot\b|crawl|spider|preview|facebookexternalhit|whatsapp|telegram|slack|skype|discord|linkedin|twitter|curl|wget"
    r"|python-requests|headlesschrome|safelinks|scanner",
    re.IGNORECASE,
)


def is_preview(agent: str) -> bool:
    """Messengers and mail scanners fetch every link they carry; that is not the customer reading it."""
    return not agent.strip() or _ROBOTS.search(agent) is not None
