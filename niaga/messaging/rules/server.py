"""An SMTP server."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed over and who it comes from. `security` is `none`, `starttls` or `tls`."""

    host: str
    port: int
    username: str
    password: str = field(repr=False)
    security: str
    sender: str
    sender_name: str
