"""The statement of account: on the page, as PDF, and as a file."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.dateparse import parse_date
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from niaga.core import clock
from niaga.core.errors import NotFound
from niaga.documents.services.print_paper import print_paper
from niaga.documents.web.serving import serve_pdf
from niaga.invoicing.queries.statement import Statement, StatementLine, statement_of
from niaga.invoicing.queries.statement_paper import variant_of
from niaga.invoicing.rules.statement_period import statement_period
from niaga.invoicing.web.statement_page import MOVED, statement_file
from niaga.invoicing.web.words import KINDS
from niaga.portal.queries.visitors import Visitor
from niaga.portal.web.door import portal_page
from niaga.portal.web.frame import show

LAST = 200
"""Movements that the page itself shows; files have all."""


@require_safe
@portal_page("statement")
def statement(request: HttpRequest, visitor: Visitor) -> HttpResponseBase:
    today = clock.today(at=clock.now(), zone=visitor.zone)
    until = min(_day(request, "until") or today, today)
    since, until = statement_period(_day(request, "since"), until, today=today)
    since = min(since, until)
    wanted = request.GET.get("export", "")
    if wanted == "pdf":
        return _pdf(request, visitor, since, until)
    found = statement_of(customer_id=visitor.customer_id, since=since, until=until, by=visitor.actor)
    if wanted in ("csv", "xlsx"):
        return statement_file(found, wanted)
    facts = {
        "since": since, "until": until, "accounts": [_shown(found, one) for one in found.accounts],
        "query": f"since={since.isoformat()}&until={until.isoformat()}", "periods": _periods(today), "last": LAST,
    }  # fmt: skip
    return show(request, visitor, "portal/statement.html", facts, place="invoices")


def _shown(found: Statement, account: Any) -> dict[str, Any]:
    lines = account.lines[-LAST:]
    return {
        "account": account, "left_out": len(account.lines) - len(lines),
        "lines": [{"line": line, "label": MOVED[line.kind], "url": _url(line)} for line in lines],
    }  # fmt: skip


def _url(line: StatementLine) -> str:
    return f"/portal/invoices/{line.document_id}" if line.kind in KINDS else ""


def _pdf(request: HttpRequest, visitor: Visitor, since: date, until: date) -> HttpResponseBase:
    currency = request.GET.get("currency", "")
    if len(currency) != 3 or not currency.isalpha():
        raise NotFound(field="currency")
    paper = print_paper(
        kind="statement", subject_id=visitor.customer_id, by=visitor.actor, at=clock.now(),
        language=get_language() or "id", variant=variant_of(since, until, currency.upper()),
    )  # fmt: skip
    return serve_pdf(paper.content, name=paper.name, download="download" in request.GET)


def _day(request: HttpRequest, name: str) -> date | None:
    try:
        return parse_date(request.GET.get(name, ""))
    except ValueError:
        return None


def _periods(today: date) -> list[tuple[str, str]]:
    first = today.replace(day=1)
    before = first - timedelta(days=1)
    spans = (
        (pgettext("period", "This month"), first, today), (_("Last month"), before.replace(day=1), before),
        (_("This year"), today.replace(month=1, day=1), today),
    )  # fmt: skip
    return [(label, f"since={start.isoformat()}&until={end.isoformat()}") for label, start, end in spans]
