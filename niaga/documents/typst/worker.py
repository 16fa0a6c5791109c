"""A process that turns documents into PDFs, one after another, until its standard input ends.

It runs outside Django, by itself: `python -I worker.py`. A request on standard input is four bytes of length and JSON
`{"data": text, "images": {name: base64}, "standards": [..], "timestamp": seconds, "shown": pages}`; the answer on
standard output is one byte (`+` or `-`), four bytes of length, and the PDF or the reason. With `shown` it is no PDF but
JSON: so many first pages as PNG in base64, and how many there are. It can be killed at any moment: the time limit
is kept by who asked, memory and file size by the limits set here. Its root is an empty folder of its own with a copy
of the template and the images of the one document at hand.
"""

import base64
import contextlib
import json
import os
import select
import shutil
import signal
import struct
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
IDLE_SECONDS = 300
MOST_JOBS = 300
PREVIEW_PPI = 96.0


def limit(memory: int) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 2**20, 64 * 2**20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: no orphan when the parent is killed


def read(size: int) -> bytes:
    parts = []
    while size:
        part = os.read(0, min(size, 1 << 20))
        if not part:
            sys.exit(0)
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def answer(mark: bytes, body: bytes) -> None:
    message = mark + struct.pack(">I", len(body)) + body
    while message:
        message = message[os.write(1, message) :]


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limit(int(sys.argv[1]) * 2**20)
    import typst

    root = Path(tempfile.mkdtemp(prefix="niaga-typst-"))
    try:
        for part in HERE.glob("*.typ"):
            shutil.copy(part, root / part.name)
        extra = [folder for folder in sys.argv[2:] if Path(folder).is_dir()]
        fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(HERE / "fonts"), *extra]
        )
        own = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=extra) if extra else None
        families = own.families() if own else []
        compiler = typst.Compiler(root / "document.typ", root=root, font_paths=fonts, ignore_system_fonts=True)
        for _job in range(MOST_JOBS):
            if not select.select([0], [], [], IDLE_SECONDS)[0]:
                return
            request = json.loads(read(struct.unpack(">I", read(4))[0]))
            data = json.loads(request["data"])
            data["extra_fonts"] = families
            names = []
            for name, content in request["images"].items():
                path = root / Path(name).name
                path.write_bytes(base64.b64decode(content))
                names.append(path)
            try:
                given = {"sys_inputs": {"data": json.dumps(data)}, "timestamp": request["timestamp"]}
                if shown := request.get("shown"):
                    drawn = compiler.compile(format="png", ppi=PREVIEW_PPI, **given)
                    pages = drawn if isinstance(drawn, list) else [drawn]
                    texts = [base64.b64encode(page).decode() for page in pages[:shown] if page]
                    answer(b"+", json.dumps({"pages": texts, "count": len(pages)}).encode())
                    continue
                pdf = compiler.compile(format="pdf", pdf_standards=request["standards"], **given)
                assert isinstance(pdf, bytes)
                answer(b"+", pdf)
            except typst.TypstError as error:
                answer(b"-", f"{error.message}\n{error.diagnostic}".encode(errors="replace")[:4000])
            finally:
                for path in names:
                    path.unlink(missing_ok=True)
    finally:
        shutil.rmtree(root, ignore_errors=True)


if __name__ == "__main__":
    main()
