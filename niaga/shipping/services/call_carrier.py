"""Asking a carrier. Called by jobs only."""

import httpx
from django.conf import settings

from niaga.core.rules.call import Call
from niaga.core.services.call_out import Answer, call_out

TIMEOUT = httpx.Timeout(15, connect=5)
LARGEST_LABEL = 2 * 1024 * 1024


def call_carrier(call: Call, *, for_bytes: bool = False) -> Answer:
    """Send one call. Never raises for what a server or network does; redirects are not followed. The address was typed
    by somebody, so it must be outside, but where tests are allowed."""
    return call_out(
        call, timeout=TIMEOUT, bytes_up_to=LARGEST_LABEL if for_bytes else 0, outside_only=not settings.INNER_ADDRESSES
    )
