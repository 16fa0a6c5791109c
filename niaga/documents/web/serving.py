"""Handing out stored files: what was written anew may be shown, everything else is a download."""

from urllib.parse import quote

from csp.constants import NONE, SELF
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase

from niaga.documents import store
from niaga.documents.errors import FileLost

# A shown file runs nothing; `object-src` lets browsers use their own PDF viewer.
FILE_POLICY = {
    "default-src": [NONE],
    "img-src": [SELF],
    "object-src": [SELF],
    "style-src": ["'unsafe-inline'"],
    "frame-ancestors": [NONE],
}


def disposition(name: str, *, inline: bool) -> str:
    """RFC 6266: a plain ASCII name for old clients, the real one beside it."""
    plain = "".join(char if char.isascii() and (char.isalnum() or char in "-_. ()") else "_" for char in name)
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def harden(response: HttpResponseBase) -> None:
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, max-age=3600"
    response._csp_config = FILE_POLICY  # type: ignore[attr-defined]


def serve_file(
    request: HttpRequest, *, sha256: str, media_type: str, name: str, inline: bool, download: bool = False
) -> HttpResponseBase:
    """A stored file to who may have it.

    :raises FileLost: the bytes are not in the data folder
    """
    tag = f'"{sha256}"'
    if request.headers.get("If-None-Match") == tag:
        unchanged = HttpResponseNotModified()
        unchanged["ETag"] = tag
        return unchanged
    try:
        file = store.path_of(sha256).open("rb")
    except OSError as error:
        raise FileLost() from error
    response = FileResponse(file, content_type=media_type if inline else "application/octet-stream")
    response["Content-Disposition"] = disposition(name, inline=inline and not download)
    response["ETag"] = tag
    harden(response)
    return response


def serve_pdf(content: bytes, *, name: str, download: bool = False) -> HttpResponse:
    """A PDF that Niaga made, shown in the browser unless it is asked for as a download."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = disposition(name, inline=not download)
    harden(response)
    response["Cache-Control"] = "private, no-cache"
    return response
