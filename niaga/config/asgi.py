"""The web process: live updates under /live/, everything else Django's pages and API."""

import os
import sys
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "niaga.config.settings")

from niaga.config.process import die_with_parent

if os.environ.get("NIAGA_SUPERVISED"):
    die_with_parent()

from django.conf import settings
from django.core.wsgi import get_wsgi_application

pages = get_wsgi_application()

from niaga.config.bridge import Bridge, Receive, Scope, Send  # noqa: E402
from niaga.config.live import Live  # noqa: E402

# A request of pure computing must not keep the event loop waiting for the interpreter's lock for 5 ms at a time.
sys.setswitchinterval(0.001)

_bridge = Bridge(pages, limit=settings.MAX_BODY_BYTES)
_live = Live()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Route by path."""
    if scope["type"] == "http":
        handler: Any = _live if scope["path"].startswith("/live/") else _bridge
        await handler(scope, receive, send)
    elif scope["type"] == "lifespan":
        await _lifespan(receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.shutdown":
            await _live.close()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
