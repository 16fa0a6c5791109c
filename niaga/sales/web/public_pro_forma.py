"""What the customer sees of a pro-forma through their link: what is to be paid now, where, and the PDF."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from niaga.core.clock import now
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound
from niaga.documents.queries.company_print import company_print
from niaga.documents.queries.public_look import public_look
from niaga.documents.registry import OpenedLink
from niaga.documents.rules.print_document import PrintKind
from niaga.documents.services.print_paper import LANGUAGES, print_paper
from niaga.documents.web.serving import serve_pdf
from niaga.organization.access import SYSTEM
from niaga.sales.queries.pro_formas import current_state, get_pro_forma


def pro_forma_page(request: HttpRequest, link: OpenedLink, rest: str) -> HttpResponse:
    """The page of a pro-forma, or with `rest` `pdf` its PDF as it was made. One that holds no longer says so, and
    tells no bank account.

    :raises NotFound: nothing is there, or the PDF of one that holds no longer
    """
    if rest not in ("", "pdf"):
        raise NotFound()
    found = get_pro_forma(pro_forma_id=link.subject_id, by=SYSTEM)
    state = current_state(found, today=day_at(at=now(), zone=found.order.branch.zone))
    sender = company_print(company_id=found.company_id, currency=found.currency)
    chosen = request.COOKIES.get("niaga_language", "")
    language = chosen if chosen in LANGUAGES else found.order.customer.language or sender.language
    with translation.override(language):
        if rest == "pdf":
            if state != "valid":
                raise NotFound()
            paper = print_paper(kind="pro_forma", subject_id=found.id, by=SYSTEM, at=now(), language=language)
            return serve_pdf(paper.content, name=paper.name, download="download" in request.GET)
        context = {
            "found": found, "order": found.order, "sender": sender, "state": state,
            "later": found.total - found.tax_by_buyer - found.pay_now,
            "look": public_look(
                PrintKind.PRO_FORMA, company_id=found.company_id, customer_id=found.order.customer_id,
                branch_id=found.order.branch_id, channel_id=found.order.channel_id, logo=sender.logo,
            ),
            "replaced_by": getattr(found, "replaced_by", None), "pdf": f"/l/{link.token}/pdf",
        }  # fmt: skip
        answer = render(request, "sales/public_pro_forma.html", context)
        answer["Content-Language"] = language
    return answer
