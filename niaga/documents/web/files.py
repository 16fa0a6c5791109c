"""The files card of every document's page, and the files themselves."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from niaga.core.clock import now
from niaga.core.errors import Forbidden
from niaga.documents.queries.attachments import attachment_for, files_of, upload_url
from niaga.documents.queries.subjects import subject_of
from niaga.documents.queries.thumbnails import thumbnail_of
from niaga.documents.services.attach_files import attach_files
from niaga.documents.services.remove_attachment import remove_attachment
from niaga.documents.web.serving import serve_file
from niaga.ui.forms import once


@require_GET
@login_required
def file(request: HttpRequest, attachment_id: UUID) -> HttpResponseBase:
    found = attachment_for(attachment_id=attachment_id, by=request.user)
    return serve_file(
        request,
        sha256=found.file.sha256,
        media_type=found.file.media_type,
        name=found.name,
        inline=found.file.inline,
        download="download" in request.GET,
    )


@require_GET
@login_required
def thumbnail(request: HttpRequest, attachment_id: UUID) -> HttpResponseBase:
    """A small picture for lists; the size is one of few, so that each is made once."""
    found = attachment_for(attachment_id=attachment_id, by=request.user)
    small = thumbnail_of(found.file, wide=request.GET.get("size") == "m")
    return serve_file(request, sha256=small.sha256, media_type=small.media_type, name=found.name, inline=True)


@require_http_methods(["GET", "POST"])
@login_required
def panel(request: HttpRequest, kind: str, subject_id: UUID) -> HttpResponse:
    """The files card by itself; a POST puts the sent files on the subject first, all or none, and only once."""
    if request.method == "POST":
        files = [(sent.name or "", sent) for sent in request.FILES.getlist("files")]

        def deed() -> str:
            attach_files(
                subject_kind=kind,
                subject_id=subject_id,
                files=files,
                by=request.user,
                at=now(),
                purpose=request.POST.get("purpose", "")[:20],
            )
            return request.path

        once(request, deed)
    return _card(request, kind, subject_id)


@require_POST
@login_required
def removal(request: HttpRequest, attachment_id: UUID) -> HttpResponse:
    gone = remove_attachment(attachment_id=attachment_id, by=request.user, at=now())
    return _card(request, gone.subject_kind, gone.subject_id)


def _card(request: HttpRequest, kind: str, subject_id: UUID) -> HttpResponse:
    subject = subject_of(kind=kind, subject_id=subject_id, by=request.user)
    if request.method == "POST" and request.headers.get("HX-Request") != "true" and subject.url:
        return redirect(subject.url)
    try:
        subject_of(kind=kind, subject_id=subject_id, by=request.user, change=True)
    except Forbidden:
        changeable = False
    else:
        changeable = True
    facts = {
        "files": files_of(kind=kind, subject_id=subject_id, removable=changeable),
        "upload_url": upload_url(kind=kind, subject_id=subject_id) if changeable else "",
    }
    return render(request, "documents/files.html", facts)
