"""Asking a gateway, and saying for certain what is known of it afterwards. Called by jobs only."""

from niaga.core.rules.call import Call
from niaga.core.services.call_out import Answer, Outcome, call_out

__all__ = ["Answer", "Outcome", "call_gateway"]


def call_gateway(call: Call) -> Answer:
    """Send one call. Never raises for what a server or network does; redirects are not followed."""
    return call_out(call)
