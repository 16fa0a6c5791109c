"""Text as it may stand on paper."""

import re
import unicodedata

LONGEST = 8000
"""Characters of one text on paper; what is beyond is cut with an ellipsis."""
_LONG_RUN = re.compile(r"[^\W\s]{25,}")
_PIECE = re.compile(r"(.{8})(?=.)")
# Characters that change how their neighbours are read, or break what comes after them.
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def printable(text: str) -> str:
    """The text without control and direction marks, long words made breakable, so that it stays within its column."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _UNSEEN.sub("", text)
    if len(text) > LONGEST:
        text = text[:LONGEST] + "…"
    return _LONG_RUN.sub(lambda run: _PIECE.sub("\\1\u200b", run.group()), text)
