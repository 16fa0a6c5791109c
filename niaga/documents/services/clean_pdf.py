"""PDFs are taken apart and written again without what acts: scripts, launches, forms that send, files inside."""

import io
import logging
from typing import Any

import pikepdf

log = logging.getLogger(__name__)

_HARMLESS = {"/URI", "/GoTo", "/Named", "/Thread"}
_ACTING_KEYS = ("/AA", "/OpenAction", "/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/AF", "/RichMediaContent",
                "/Collection", "/Rendition")  # fmt: skip
_ACTION_KEYS = ("/A", "/PA", "/Next")
_BAD_NOTES = {"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D", "/Widget"}
_DEEPEST = 60
_MOST_PAGES = 2000


class UnreadablePdf(ValueError):
    """Encrypted, broken beyond repair, or not what it claims to be."""


def clean_pdf(*, content: bytes) -> bytes:
    """The same pages without actions. The same input gives the same bytes.

    :raises UnreadablePdf: it cannot be opened without a password, or not at all
    """
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if pdf.is_encrypted or len(pdf.pages) > _MOST_PAGES:
                raise UnreadablePdf("encrypted or too many pages")
            for thing in pdf.objects:
                _scrub(thing, 0)
            root = pdf.Root
            for key in ("/AcroForm", *_ACTING_KEYS):
                if key in root:
                    del root[key]
            for page in pdf.pages:
                _scrub_notes(page.obj)
            out = io.BytesIO()
            pdf.save(out, deterministic_id=True, linearize=False, preserve_pdfa=False)
            return out.getvalue()
    except UnreadablePdf:
        raise
    except (
        pikepdf.PdfError,
        pikepdf.PasswordError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        RuntimeError,
        RecursionError,
    ) as error:
        raise UnreadablePdf(type(error).__name__) from error


def _scrub(thing: Any, depth: int) -> None:
    """Take the acting keys out of a dictionary (or stream's dictionary) and of what lies directly in it."""
    if depth > _DEEPEST:
        raise UnreadablePdf("nested too deeply")
    if isinstance(thing, pikepdf.Array):
        for item in thing:
            if isinstance(item, pikepdf.Dictionary | pikepdf.Array) and not item.is_indirect:
                _scrub(item, depth + 1)
        return
    if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        return
    for key in list(thing.keys()):
        if key in _ACTING_KEYS:
            del thing[key]
            continue
        value = thing[key]
        if key in _ACTION_KEYS and _acts(value):
            del thing[key]
        elif isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect:
            _scrub(value, depth + 1)


def _acts(value: Any) -> bool:
    """Whether an action does more than go to a place or an address."""
    if isinstance(value, pikepdf.Array):
        return any(_acts(item) for item in value)
    if not isinstance(value, pikepdf.Dictionary) or "/S" not in value:
        return False
    kind = str(value["/S"])
    if kind == "/URI":
        return not str(value.get("/URI", "")).lower().startswith(("http://", "https://", "mailto:", "tel:"))
    return kind not in _HARMLESS


def _scrub_notes(page: Any) -> None:
    notes = page.get("/Annots")
    if isinstance(notes, pikepdf.Array):
        kept = [note for note in notes if not (_is_dictionary(note) and str(note.get("/Subtype", "")) in _BAD_NOTES)]
        if len(kept) != len(notes):
            page["/Annots"] = pikepdf.Array(kept)


def _is_dictionary(thing: Any) -> bool:
    return isinstance(thing, pikepdf.Dictionary)
