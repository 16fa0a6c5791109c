"""`/paper/<kind>/<id>.pdf`: any document as a PDF, for who may see it."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from niaga.core.clock import now
from niaga.documents.services.print_paper import print_paper
from niaga.documents.web.serving import serve_pdf


@require_GET
@login_required
def paper(request: HttpRequest, kind: str, subject_id: UUID) -> HttpResponse:
    printed = print_paper(
        kind=kind,
        subject_id=subject_id,
        by=request.user,
        at=now(),
        language=request.GET.get("language", ""),
        variant=request.GET.get("variant", ""),
    )
    return serve_pdf(printed.content, name=printed.name, download="download" in request.GET)
