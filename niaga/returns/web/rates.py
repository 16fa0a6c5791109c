"""The page of rates of return."""

from datetime import date, timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from niaga.core import clock
from niaga.organization.access import access_of
from niaga.returns.queries.rates import rates_of_return

WAYS = {"product": _("By product"), "customer": _("By customer"), "reason": _("By reason")}
HEADINGS = {"product": _("Product"), "customer": _("Customer"), "reason": _("Reason")}


@login_required
@require_GET
def rates(request: HttpRequest) -> HttpResponse:
    access = access_of(request.user)
    access.require("return", "view")
    access.require("report", "view")
    today = clock.today(at=clock.now(), zone=access.current_company.zone)
    by = request.GET.get("by", "product")
    by = by if by in WAYS else "product"
    until = _day(request, "until") or today
    since = _day(request, "since") or until - timedelta(days=90)
    english = (get_language() or "id").startswith("en")
    context = {
        "by": by, "ways": WAYS.items(), "heading": HEADINGS[by], "since": since, "until": until,
        "rows": rates_of_return(by=request.user, of=by, since=since, until=until, english=english),
    }  # fmt: skip
    return render(request, "returns/rates.html", context)


def _day(request: HttpRequest, name: str) -> date | None:
    try:
        return parse_date(request.GET.get(name, ""))
    except ValueError:
        return None
