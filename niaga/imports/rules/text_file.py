"""Reading a CSV of unknown origin: its encoding, delimiter and rows, in one pass each and in little memory."""

import codecs
import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from niaga.imports.rules.refusals import UnreadableFile

UNREADABLE = "\ufffd"
"""What stands in for bytes that mean nothing, and for NUL; a cell that holds it is refused, by row."""
LONGEST_LINE = 1024 * 1024
LONGEST_CELL = 32_767
"""Excel's own limit."""
_CHUNK = 1024 * 1024
_DELIMITERS = ",;\t|"
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class TextFacts:
    """What a look through the whole file tells. `has_nul`: some cell holds the character NUL."""

    encoding: str
    delimiter: str
    has_nul: bool


def look_through(path: Path) -> TextFacts:
    """Find the encoding (UTF-8, UTF-16, else Windows-1252) and the delimiter; refuse what is no table of lines.

    :raises UnreadableFile: empty, binary, or lines that never end
    """
    with path.open("rb") as file:
        head = file.read(_CHUNK)
    if not head.strip():
        raise UnreadableFile("empty")
    encoding = next((name for bom, name in _BOMS if head.startswith(bom)), "") or _wide(head)
    has_nul = False
    if not encoding:
        if head.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"\x7fELF")):
            raise UnreadableFile("not_a_table")
        encoding, has_nul = _narrow(path)
    elif encoding == "utf-8-sig":
        has_nul = _narrow(path)[1]
    sample = head.decode(encoding, errors="ignore")
    return TextFacts(encoding, _delimiter(sample), has_nul or "\x00" in sample)


def _wide(head: bytes) -> str:
    """UTF-16 without its mark: every second byte of western text is zero."""
    sample = head[:4096]
    if len(sample) >= 4 and b"\x00" in sample:
        even, odd = sample[0::2].count(0), sample[1::2].count(0)
        half = len(sample) // 2
        if odd > half * 0.7 and even < half * 0.1:
            return "utf-16-le"
        if even > half * 0.7 and odd < half * 0.1:
            return "utf-16-be"
    return ""


def _narrow(path: Path) -> tuple[str, bool]:
    """UTF-8 when the bytes are it, or are it but for a few broken places; else Windows-1252. Also: whether any NUL."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    has_nul = broken = False
    since_line = good = bad = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            has_nul = has_nul or b"\x00" in chunk
            last = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
            since_line = since_line + len(chunk) if last < 0 else len(chunk) - last
            if since_line > 2 * LONGEST_LINE:
                raise UnreadableFile("not_a_table")
            if chunk.isascii() and not broken:
                continue
            if not broken:
                try:
                    decoder.decode(chunk)
                    continue
                except UnicodeDecodeError:
                    broken = True
            if bad + good < 100_000:
                text = chunk.decode("utf-8", errors="replace")
                bad += text.count(UNREADABLE)
                good += len(text) - text.count(UNREADABLE) - sum(map(text.count, _ASCII))
    if not broken:
        return "utf-8", has_nul
    return ("utf-8" if good > bad else "cp1252"), has_nul


_ASCII = tuple(map(chr, range(128)))


def _delimiter(sample: str) -> str:
    """The delimiter that splits the first lines into most cells, and alike."""
    lines = [line for line in sample.splitlines()[:20] if line.strip()]
    if not lines:
        raise UnreadableFile("empty")
    best, score = ",", 0.0
    for delimiter in _DELIMITERS:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
        if not widths or widths[0] < 2:
            continue
        alike = sum(width == widths[0] for width in widths) / len(widths)
        if widths[0] * alike > score:
            best, score = delimiter, widths[0] * alike
    return best


@contextmanager
def csv_rows(path: Path, facts: TextFacts) -> Iterator[Iterator[list[str]]]:
    """The file's rows, headings first, blank lines left out by the reader as empty lists.

    :raises UnreadableFile: while reading, a cell or line without end
    """
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding=facts.encoding, errors="replace", newline="", buffering=_CHUNK) as file:
        lines: Iterator[str] = iter(partial(file.readline, 4 * LONGEST_LINE), "")
        if facts.has_nul:
            lines = (line.replace("\x00", UNREADABLE) for line in lines)
        yield csv.reader(lines, delimiter=facts.delimiter)
