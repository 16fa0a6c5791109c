"""A statement file of whatever format."""

from datetime import date

from niaga.payments.rules.layout import Layout, ready_layout
from niaga.payments.rules.read_camt import read_camt
from niaga.payments.rules.read_csv import decoded, read_csv, rows_of
from niaga.payments.rules.read_lines import MOST_BYTES, ReadStatement, UnreadableStatement
from niaga.payments.rules.read_mt940 import read_mt940

SAMPLE = 12


def format_of(raw: bytes) -> str:
    """`camt`, `mt940` or `csv`, by what the file begins with.

    :raises UnreadableStatement: too large, empty, or of a kind that is no statement
    """
    if len(raw) > MOST_BYTES:
        raise UnreadableStatement("too_large", text=str(MOST_BYTES // 1024 // 1024))
    head = raw[:2000].lstrip(b"\xef\xbb\xbf \r\n\t")
    if head.startswith(b"<"):
        return "camt"
    text = decoded(raw)
    return "mt940" if ":20:" in text[:2000] and ":61:" in text and ":25:" in text[:4000] else "csv"


def sample_rows(raw: bytes, layout: Layout) -> list[list[str]]:
    """The first rows of a CSV as they stand, for pointing at columns."""
    rows = rows_of(decoded(raw), layout.delimiter)
    return rows[: max(SAMPLE, layout.skip + SAMPLE)]


def first_layout(raw: bytes, kept: Layout | None) -> Layout:
    """How a new file is read at first: by a known heading, else as this account's last one where it has as many
    columns, else by nothing."""
    text = decoded(raw)
    found = ready_layout(rows_of(text))
    if found is not None or kept is None:
        return found or Layout()
    fits = any(len(row) >= len(kept.columns) for row in rows_of(text, kept.delimiter)[kept.skip :])
    return kept if fits else Layout()


def read_statement(raw: bytes, file_format: str, layout: Layout, *, today: date) -> ReadStatement:
    """:raises UnreadableStatement: why the file is not taken"""
    if file_format == "camt":
        return read_camt(raw)
    text = decoded(raw)
    return read_mt940(text) if file_format == "mt940" else read_csv(text, layout, today=today)
