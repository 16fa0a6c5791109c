"""A real SMTP server on loopback, and ones that misbehave at a chosen moment."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword


@dataclass
class Inbox:
    """Takes everything, unless told what to answer to a recipient or to the text."""

    answer_to_rcpt: dict[str, str] = field(default_factory=dict)
    answer_to_data: str = ""
    received: list[Any] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.answer_to_rcpt:
            return self.answer_to_rcpt[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answer_to_data:
            return self.answer_to_data
        self.received.append(envelope)
        return "250 Taken"


@contextmanager
def smtp_server(*, password: str = "", **answers: Any) -> Iterator[Inbox]:
    """A server that works."""
    inbox = Inbox(**answers)

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: LoginPassword) -> AuthResult:
        return AuthResult(success=data.password == password.encode(), handled=False)

    options: dict[str, Any] = {}
    if password:
        options = {"authenticator": check, "auth_required": True, "auth_require_tls": False}
    controller = Controller(inbox, hostname="127.0.0.1", port=0, **options)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        controller.port = probe.getsockname()[1]
    controller.start()
    inbox.port = controller.port
    try:
        yield inbox
    finally:
        controller.stop()


@contextmanager
def broken_server(*, at: str, hang: bool = False) -> Iterator[int]:
    """A server that closes the connection, or falls silent, at `connect`, `mail`, or `text` (all of it received)."""
    listener = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def serve() -> None:
        listener.settimeout(0.1)
        while not stop.is_set():
            try:
                client, _ = listener.accept()
            except OSError:
                continue
            with client, client.makefile("rwb") as stream:
                _talk(stream)

    def _leave() -> None:
        if hang:
            stop.wait(10)

    def _talk(stream: Any) -> None:
        def say(text: str) -> None:
            stream.write(text.encode() + b"\r\n")
            stream.flush()

        if at == "connect":
            _leave()
            return
        say("220 broken")
        while line := stream.readline():
            word = line.strip().upper()[:4]
            if word == b"MAIL" and at == "mail":
                _leave()
                return
            if word == b"DATA":
                say("354 go on")
                while stream.readline() not in (b".\r\n", b""):
                    pass
                _leave()
                return
            say("250 OK")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        stop.set()
        listener.close()
        thread.join(timeout=3)
