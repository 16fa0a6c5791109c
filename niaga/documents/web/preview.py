"""What a paper looks like while its design is being changed: the first pages as pictures."""

import base64
from dataclasses import replace
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from niaga.core.clock import now, today
from niaga.core.errors import NotFound, Refusal
from niaga.documents.errors import InvalidDesign
from niaga.documents.queries.company_print import company_print
from niaga.documents.queries.templates import template_for
from niaga.documents.registry import papers, trial_papers
from niaga.documents.rules.contrast import COLOUR, LEAST, contrast_with_white
from niaga.documents.rules.print_document import PrintDocument, PrintKind
from niaga.documents.rules.read_design import read_design
from niaga.documents.rules.sample_document import SAMPLE_ADDRESS, sample_document, sample_qris
from niaga.documents.services.render_pdf import render_preview
from niaga.documents.web.design_form import design_data
from niaga.documents.web.design_words import setting_words
from niaga.organization.access import access_of

MOST_FOUND = 12


@login_required
@require_POST
def preview(request: HttpRequest, paper_template_id: UUID) -> HttpResponse:
    """Of what is typed so far; what cannot be is named and shown as usual. Nothing is kept."""
    access_of(request.user).require("setting", "manage")
    kind = PrintKind(template_for(template_id=paper_template_id, by=request.user).kind)
    design, faults = read_design(kind, design_data(kind, request.POST))
    told = [(setting_words(one["line"]), one["message"]) for one in InvalidDesign.of(faults).lines] if faults else []
    language = request.POST.get("trial_language", "")
    language = language if language in ("id", "en") else get_language() or "id"
    facts: dict[str, object] = {"faults": told, "contrast": _contrast(request.POST.get("accent", ""))}
    try:
        data, kind = _document(request, kind, language)
        shown = render_preview(kind=kind, data=data, language=language, design=design)
    except Refusal as refusal:
        facts["refusal"] = refusal.message
    else:
        pages = [base64.b64encode(page).decode() for page in shown.pages]
        facts |= {"pages": pages, "count": shown.count, "sheet": str(design.sheet)}
    return render(request, "documents/parts/preview.html", facts)


def _document(request: HttpRequest, kind: PrintKind, language: str) -> tuple[PrintDocument, PrintKind]:
    """The real document that was chosen, else a sample.

    :raises NotFound: none that the person may know of
    """
    chosen, trial = request.POST.get("trial", ""), trial_papers.get(kind)
    if chosen and trial is not None:
        try:
            key = UUID(chosen)
        except ValueError as error:
            raise NotFound() from error
        source = papers.get(trial.paper)
        if source is None:
            raise NotFound()
        paper = source(subject_id=key, by=request.user, language=language, variant=trial.variant)
        data = paper.data
        return replace(data, public_url=SAMPLE_ADDRESS, qris=sample_qris(data.currency, data.day)), paper.kind
    company = access_of(request.user).current_company
    sender = company_print(company_id=company.id, currency=company.currency)
    sample = sample_document(
        kind, company=sender.company, logo=sender.logo, banks=sender.banks, foot=sender.foot,
        currency=company.currency, day=today(at=now(), zone=company.zone), language=language,
    )  # fmt: skip
    return sample, kind


def _contrast(colour: str) -> dict[str, object] | None:
    told = colour.strip().lower()
    if not COLOUR.fullmatch(told):
        return None
    ratio = contrast_with_white(told)
    return {"ratio": round(ratio, 1), "good": ratio >= LEAST}


@login_required
@require_GET
def trial(request: HttpRequest, kind: str) -> HttpResponse:
    """Real documents to try a template on; the latest, or those of a number or a customer."""
    access_of(request.user).require("setting", "manage")
    found = trial_papers.get(kind)
    rows = found.find(text=request.GET.get("q", "").strip()[:80], by=request.user) if found else ()
    answer = [{"id": str(row.id), "label": row.number, "detail": row.party} for row in rows[:MOST_FOUND]]
    return JsonResponse(answer, safe=False)
