from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from niaga.core.errors import NotFound
from niaga.documents.queries.issued_pdf import issued_pdf
from niaga.documents.queries.templates import design_of, version_for
from niaga.documents.registry import papers, payment_codes
from niaga.documents.rules.file_kinds import clean_name
from niaga.documents.services.keep_issued_pdf import keep_issued_pdf
from niaga.documents.services.link_paper import link_paper
from niaga.documents.services.render_pdf import render_pdf
from niaga.organization.access import Actor

LANGUAGES = ("id", "en")


@dataclass(frozen=True, slots=True)
class Printed:
    content: bytes
    name: str
    language: str


def print_paper(
    *, kind: str, subject_id: UUID, by: Actor, at: datetime, language: str = "", variant: str = ""
) -> Printed:
    """The PDF of a document, for its page, for a mail or for the customer's link.

    It looks as the template says that holds for it. A final paper is rendered once per language and its bytes are
    kept; later answers are those very bytes.

    :raises NotFound: no such document, no such variant of it, or none that `by` may know of
    :raises PdfFailed: see `render_pdf`
    """
    source = papers.get(kind)
    if source is None:
        raise NotFound(field="kind")
    paper = source(subject_id=subject_id, by=by, language=language if language in LANGUAGES else "", variant=variant)
    name = clean_name(f"{paper.data.number.replace('/', '-')}.pdf")
    kept = issued_pdf(subject_id=paper.subject_id, language=paper.language) if paper.final else None
    if kept is None:
        version = version_for(paper)
        design = design_of(version, paper.kind)
        if not language and not paper.final and design.tongue in LANGUAGES and design.tongue != paper.language:
            paper = source(subject_id=subject_id, by=by, language=design.tongue, variant=variant)
        data = paper.data
        if paper.shared and design.shows("link", paper.kind):
            data = replace(data, public_url=link_paper(paper=paper, by=by, at=at))
        if paper.shared and design.shows("qris", paper.kind) and (code := payment_codes.get(paper.subject_kind)):
            data = replace(data, qris=code(paper=paper, at=at))
        kept = render_pdf(kind=paper.kind, data=data, language=paper.language, design=design)
        if paper.final:
            kept = keep_issued_pdf(
                subject_kind=paper.subject_kind,
                subject_id=paper.subject_id,
                company_id=paper.company_id,
                language=paper.language,
                content=kept,
                template_version_id=version.id if version else None,
                at=at,
            )
    return Printed(kept, name, paper.language)
