"""Asking a carrier. Called by jobs only."""

import httpx

from niaga.core.services.call_out import Answer, call_out
from niaga.shipping.rules.carriers.shape import Call

TIMEOUT = httpx.Timeout(15, connect=5)
LARGEST_LABEL = 2 * 1024 * 1024


def call_carrier(call: Call, *, for_bytes: bool = False) -> Answer:
    """Send one call. Never raises for what a server or network does; redirects are not followed."""
    return call_out(
        method=call.method, url=call.url, headers=call.headers, body=call.body, timeout=TIMEOUT,
        bytes_up_to=LARGEST_LABEL if for_bytes else 0,
    )  # fmt: skip
