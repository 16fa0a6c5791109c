"""PDFs by Typst, in processes of their own that can be killed."""

from __future__ import annotations

import atexit
import base64
import json
import os
import select
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from niaga.core.errors import Refusal
from niaga.documents.rules.bar_code import bars_of
from niaga.documents.rules.paper_design import PaperDesign
from niaga.documents.rules.print_cells import picture_name
from niaga.documents.rules.print_document import PrintDocument, PrintKind
from niaga.documents.rules.print_payload import USUAL, document_title, print_payload
from niaga.documents.rules.printable import printable
from niaga.documents.rules.qr_code import qr_svg

WORKER = Path(__file__).resolve().parents[1] / "typst" / "worker.py"
SECONDS = 20.0
MEMORY_MB = 1536
WORKERS = 2
PREVIEW_SECONDS = 5.0
PREVIEW_PAGES = 3
LINK_IMAGE = "link.svg"
QRIS_IMAGE = "qris.svg"


class PdfFailed(Refusal):
    """The document could not be turned into a PDF within its limits. Nothing was changed; it may be tried again."""

    status = 503
    code = "pdf_failed"
    text = _("The PDF could not be made. Please try again; if it happens again, tell your administrator.")


def render_pdf(
    *,
    kind: PrintKind | str,
    data: PrintDocument,
    language: str,
    design: PaperDesign = USUAL,
    at: datetime | None = None,
    archive: bool = True,
    seconds: float = SECONDS,
) -> bytes:
    """The document in `language` (`id` or `en`), as `design` says it looks.

    The same data, language, design and `at` (the PDF's own date; without it midnight of the document's day) give the
    same bytes. `archive` makes it PDF/A-2b; when a text holds characters that no font has, a plain PDF is made instead.

    :raises PdfFailed: it took longer than `seconds`, too much memory, or the template failed
    """
    request = _request(PrintKind(kind), data, language, design, at) | {"standards": ["a-2b"] if archive else []}
    deadline = time.monotonic() + seconds
    good, body = _ask(request, deadline)
    if not good and archive:
        good, body = _ask(request | {"standards": []}, deadline)
    if not good:
        raise PdfFailed(reason=body.decode(errors="replace"))
    return body


@dataclass(frozen=True, slots=True)
class Preview:
    """The first pages as PNG, and how many there are."""

    pages: tuple[bytes, ...]
    count: int


def render_preview(*, kind: PrintKind, data: PrintDocument, language: str, design: PaperDesign) -> Preview:
    """What the paper looks like, to be shown while somebody changes its design.

    :raises PdfFailed: it took too long or too much memory
    """
    request = _request(kind, data, language, design, None) | {"standards": [], "shown": PREVIEW_PAGES}
    good, body = _ask(request, time.monotonic() + PREVIEW_SECONDS)
    if not good:
        raise PdfFailed(reason=body.decode(errors="replace"))
    found = json.loads(body)
    return Preview(tuple(map(base64.b64decode, found["pages"])), found["count"])


def _request(
    kind: PrintKind, data: PrintDocument, language: str, design: PaperDesign, at: datetime | None
) -> dict[str, object]:
    payload = print_payload(kind=kind, document=data, language=language, design=design)
    title = document_title(kind=kind, document=data, language=language, design=design)
    payload["doc_title"] = printable(title)
    images = {}
    if data.logo is not None:
        images["logo.img"] = data.logo
    for n, signature in enumerate(data.signatures):
        if signature.image is not None:
            images[f"sign-{n}.img"] = signature.image
    if payload["qris"] is not None:
        images[QRIS_IMAGE] = qr_svg(payload["qris"]["text"])
    if payload["link"] is not None:
        images[LINK_IMAGE] = qr_svg(payload["link"]["url"])
    for picture in {line.picture for line in data.lines if line.picture is not None}:
        images[picture_name(picture)] = picture
    if any(column["key"] == "barcode" for column in payload["columns"]):
        for bars in filter(None, map(bars_of, {line.barcode for line in data.lines})):
            images[picture_name(bars.svg, "svg")] = bars.svg
    moment = at or datetime(data.day.year, data.day.month, data.day.day, tzinfo=UTC)
    return {
        "data": json.dumps(payload),
        "images": {name: base64.b64encode(content).decode() for name, content in images.items()},
        "timestamp": int(moment.timestamp()),
    }


class _Dead(Exception):
    """The process ended or ran out of time."""


class _Worker:
    """One process. Used by one thread at a time."""

    def __init__(self) -> None:
        extra = Path(settings.DATA_DIR) / "fonts"
        self.process = subprocess.Popen(
            [sys.executable, "-I", str(WORKER), str(MEMORY_MB), str(extra)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PATH": os.environ.get("PATH", ""), "RAYON_NUM_THREADS": "1"},
            close_fds=True,
        )

    def ask(self, message: bytes, deadline: float) -> tuple[bool, bytes]:
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(struct.pack(">I", len(message)) + message)
            self.process.stdin.flush()
        except OSError as error:
            raise _Dead from error
        head = self._read(5, deadline)
        return head[:1] == b"+", self._read(struct.unpack(">I", head[1:])[0], deadline)

    def _read(self, size: int, deadline: float) -> bytes:
        assert self.process.stdout is not None
        handle = self.process.stdout.fileno()
        parts = []
        while size:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([handle], [], [], left)[0]:
                raise _Dead
            part = os.read(handle, min(size, 1 << 20))
            if not part:
                raise _Dead
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


class _Pool:
    """At most `WORKERS` processes, started when they are needed; an idle one ends by itself."""

    def __init__(self) -> None:
        self._free: list[_Worker] = []
        self._lock = threading.Lock()
        self._room = threading.BoundedSemaphore(WORKERS)
        self._pid = os.getpid()

    @contextmanager
    def worker(self, deadline: float) -> Iterator[_Worker]:
        if not self._room.acquire(timeout=max(0.0, deadline - time.monotonic())):
            raise PdfFailed
        worker = None
        try:
            with self._lock:
                if self._pid != os.getpid():  # a forked child must not share its parent's pipes
                    self._free, self._pid = [], os.getpid()
                while self._free and worker is None:
                    candidate = self._free.pop()
                    if candidate.alive:
                        worker = candidate
                    else:
                        candidate.kill()
            worker = worker or _Worker()
            yield worker
            with self._lock:
                self._free.append(worker)
        except BaseException:
            if worker is not None:
                worker.kill()
            raise
        finally:
            self._room.release()

    def close(self) -> None:
        with self._lock:
            workers, self._free = self._free, []
        for worker in workers:
            if self._pid == os.getpid():
                worker.kill()


_pool = _Pool()
atexit.register(_pool.close)


def _ask(request: dict[str, object], deadline: float) -> tuple[bool, bytes]:
    """One try in a warm process, one more in a fresh one: the first may have just ended of age."""
    message = json.dumps(request).encode()
    for attempt in (1, 2):
        try:
            with _pool.worker(deadline) as worker:
                return worker.ask(message, deadline)
        except _Dead:
            if attempt == 2 or time.monotonic() >= deadline:
                raise PdfFailed from None
    raise PdfFailed
