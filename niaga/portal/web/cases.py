"""What the customer told, what was answered, and the files between."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from niaga.core import clock
from niaga.core.errors import NotFound, Refusal
from niaga.documents.queries.attachments import attachment_for, attachments_of
from niaga.documents.web.serving import serve_file
from niaga.portal.queries.bought import return_of
from niaga.portal.queries.cases import case_of, cases_of, notes_of
from niaga.portal.queries.visitors import Visitor
from niaga.portal.services.say_in_case import say_in_case
from niaga.portal.web import sent
from niaga.portal.web.door import portal_page
from niaga.portal.web.frame import show
from niaga.portal.web.lists import page_of
from niaga.portal.words import KINDS, REASON_WORDS, STATES
from niaga.ui.forms import once


@require_safe
@portal_page("cases")
def cases(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    rows, further = page_of(request, cases_of(visitor), day="created_at")
    shown = [{"row": row, "kind": KINDS[row.kind], "state": STATES[row.status]} for row in rows]
    return show(request, visitor, "portal/cases.html", {"cases": shown, "further": further}, place="cases")


@require_http_methods(["GET", "POST"])
@portal_page("case", "case_id")
def case(request: HttpRequest, visitor: Visitor, case_id: UUID) -> HttpResponse:
    found = case_of(visitor, case_id)
    refusal: Refusal | None = None
    if request.method == "POST":

        def deed() -> str:
            say_in_case(
                visitor=visitor, case_id=case_id, text=request.POST.get("text", ""), files=sent.files(request),
                at=clock.now(),
            )  # fmt: skip
            return f"{reverse('portal:case', args=[case_id])}?said=answered"

        try:
            return once(request, deed, principal_id=visitor.person_id)
        except Refusal as raised:
            refusal = raised
    files = attachments_of(kind="portal_case", ids=[case_id]).get(case_id, [])
    facts = {
        "case": found, "kind": KINDS[found.kind], "state": STATES[found.status], "notes": notes_of(case_id),
        "reason": REASON_WORDS.get(found.reason, ""), "files": files, "refusal": refusal, "typed": request.POST,
    }  # fmt: skip
    return show(request, visitor, "portal/case.html", facts, place="cases", status=422 if refusal else 200)


@require_safe
@portal_page("")
def file(request: HttpRequest, visitor: Visitor, attachment_id: UUID) -> HttpResponseBase:
    """A file of one of the customer's own cases or returns; of nothing else."""
    found = attachment_for(attachment_id=attachment_id, by=visitor.actor)
    if found.subject_kind == "portal_case":
        case_of(visitor, found.subject_id)
    elif found.subject_kind == "return" and found.purpose == "portal":
        return_of(visitor, found.subject_id)
    else:
        raise NotFound()
    return serve_file(
        request, sha256=found.file.sha256, media_type=found.file.media_type, name=found.name, inline=found.file.inline
    )
